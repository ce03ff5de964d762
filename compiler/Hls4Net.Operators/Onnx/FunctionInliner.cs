using Hls4Net.Operators.Onnx.Proto;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// Replaces each use of a function that the model defines by the function's nodes. Inner values get the caller's name as a prefix.
/// A use that cannot be replaced stays, with the reason; it matters only if an output depends on it.
/// </summary>
internal sealed class FunctionInliner
{
    /// <summary>The most nodes that a model may have when its functions are written out.</summary>
    public const int MaximumNodes = 100_000;

    private const int MaximumDepth = 32;

    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];
    private readonly HashSet<string> _names;
    private readonly List<FlatNode> _result = [];

    private FunctionInliner(ModelProto model)
    {
        foreach (var function in model.Functions)
            _functions.TryAdd((FlatNode.Normalize(function.Domain), function.Name, function.Overload), function);
        _names = new(_functions.Count == 0 ? [] : model.Graph.Node.SelectMany(n => n.Input.Concat(n.Output).Append(n.Name)), StringComparer.Ordinal);
    }

    /// <summary>The model's nodes in order, functions written out.</summary>
    public static IReadOnlyList<FlatNode> Inline(ModelProto model)
    {
        var inliner = new FunctionInliner(model);
        var opsets = FlatNode.ReadOpsets(model.OpsetImport);
        foreach (var node in model.Graph.Node)
            inliner.Add(node, opsets, 0);
        return inliner._result;
    }

    private void Add(NodeProto node, IReadOnlyDictionary<string, long> opsets, int depth)
    {
        if (!_functions.TryGetValue((FlatNode.Normalize(node.Domain), node.OpType, node.Overload), out var function))
        {
            _result.Add(new(node, opsets, null));
            return;
        }
        var problem = depth >= MaximumDepth ? $"The function {node.OpType} calls itself, or is nested more than {MaximumDepth} deep."
            : _result.Count >= MaximumNodes ? $"Written out, the functions of the model have more than {MaximumNodes} nodes."
            : node.Input.Count > function.Input.Count ? $"The function {node.OpType} takes {function.Input.Count} inputs and gets {node.Input.Count}."
            : node.Output.Count > function.Output.Count ? $"The function {node.OpType} has {function.Output.Count} outputs and is asked for {node.Output.Count}."
            : function.OpsetImport.Count == 0 && function.Node.Count > 0 ? $"The function {node.OpType} does not say which operator set its nodes belong to."
            : null;
        if (problem is null)
            Expand(node, function, depth);
        else
            _result.Add(new(node, opsets, problem));
    }

    private void Expand(NodeProto call, FunctionProto function, int depth)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "" };
        for (var k = 0; k < function.Input.Count; k++)
            names[function.Input[k]] = k < call.Input.Count ? call.Input[k] : "";
        for (var k = 0; k < function.Output.Count; k++)
        {
            if (k < call.Output.Count && call.Output[k].Length > 0 && !names.TryAdd(function.Output[k], call.Output[k]))
                AddIdentity(names[function.Output[k]], call.Output[k]);
        }
        var prefix = call.Name.Length > 0 ? call.Name : call.Output.FirstOrDefault(o => o.Length > 0) ?? call.OpType;
        var opsets = FlatNode.ReadOpsets(function.OpsetImport);
        foreach (var inner in function.Node)
        {
            var copy = new NodeProto { OpType = inner.OpType, Domain = inner.Domain, Overload = inner.Overload };
            copy.Name = Fresh($"{prefix}/{(inner.Name.Length > 0 ? inner.Name : inner.Output.FirstOrDefault(o => o.Length > 0) ?? inner.OpType)}");
            copy.Input.AddRange(inner.Input.Select(Rename));
            copy.Output.AddRange(inner.Output.Select(Rename));
            copy.Attribute.AddRange(inner.Attribute.Select(a => Resolve(a, call, function)).OfType<AttributeProto>());
            Add(copy, opsets, depth + 1);
        }

        string Rename(string name)
        {
            if (!names.TryGetValue(name, out var renamed))
                names[name] = renamed = Fresh($"{prefix}/{name}");
            return renamed;
        }
    }

    /// <summary>An output that is one of the function's inputs.</summary>
    private void AddIdentity(string input, string output)
    {
        var identity = new NodeProto { OpType = "Identity", Name = Fresh($"{output}/identity") };
        identity.Input.Add(input);
        identity.Output.Add(output);
        _result.Add(new(identity, new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 13 }, null));
    }

    private string Fresh(string name)
    {
        var candidate = name;
        for (var k = 2; !_names.Add(candidate); k++)
            candidate = $"{name}.{k}";
        return candidate;
    }

    /// <summary>The attribute with a reference to one of the call's replaced by its value; null if neither the call nor a default gives one.</summary>
    private static AttributeProto? Resolve(AttributeProto attribute, NodeProto call, FunctionProto function)
    {
        if (attribute.RefAttrName.Length == 0)
            return attribute;
        var given = call.Attribute.FirstOrDefault(a => a.Name == attribute.RefAttrName)
            ?? function.AttributeProto.FirstOrDefault(a => a.Name == attribute.RefAttrName);
        if (given is null)
            return null;
        var copy = given.Clone();
        copy.Name = attribute.Name;
        return copy;
    }
}
