using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Hls;
using Hls4Net.Operators.Onnx.Proto;
using Hls4Net.Operators.Trees;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// Reads an ONNX model into a <see cref="Graph"/> in the imported form: real numbers, one event, constants folded exactly. Names of values
/// and nodes are those of the file. Every problem of the file is collected, not only the first.
/// </summary>
public static class OnnxImporter
{
    /// <summary>The oldest operator set that is read.</summary>
    public const int OldestOpset = 7;

    /// <summary>The newest operator set that is known.</summary>
    public const int NewestOpset = 25;

    /// <summary>A fixed first extent above this is the batch of an example, not part of an event.</summary>
    private const int LargestRows = 4096;

    /// <summary>Imports a file.</summary>
    /// <param name="path">The .onnx file; external data are looked for in its folder.</param>
    /// <param name="options">Where to cut the graph.</param>
    /// <param name="diagnostics">Receives warnings and errors.</param>
    /// <exception cref="UserErrorException">The model cannot be used.</exception>
    public static Graph Import(string path, ImportOptions options, DiagnosticBag diagnostics)
    {
        var bytes = ModelFile.ReadBytes(path, diagnostics);
        diagnostics.ThrowIfErrors();
        return Import(bytes!, path, Path.GetDirectoryName(Path.GetFullPath(path)), options, diagnostics);
    }

    /// <summary>Imports a model from memory.</summary>
    /// <param name="name">Names the file in messages, and the graph if it has no name.</param>
    /// <param name="folder">Where external data lie; null if there is no such place.</param>
    /// <exception cref="UserErrorException">The model cannot be used.</exception>
    public static Graph Import(byte[] model, string name, string? folder, ImportOptions options, DiagnosticBag diagnostics) =>
        Import(model, name, folder, options, diagnostics, observe: null);

    /// <summary>Imports a file and tells of every node that was imported, in the order in which they were.</summary>
    /// <exception cref="UserErrorException">The model cannot be used.</exception>
    public static (Graph Graph, IReadOnlyList<SourceNode> Nodes) ImportWithSource(string path, ImportOptions options, DiagnosticBag diagnostics)
    {
        var bytes = ModelFile.ReadBytes(path, diagnostics);
        diagnostics.ThrowIfErrors();
        var nodes = new List<SourceNode>();
        var graph = Import(bytes!, path, Path.GetDirectoryName(Path.GetFullPath(path)), options, diagnostics, n => nodes.Add(n.ToSource()));
        return (graph, nodes);
    }

    /// <param name="observe">Sees every node after its import function has run.</param>
    internal static Graph Import(byte[] model, string name, string? folder, ImportOptions options, DiagnosticBag diagnostics, Action<OnnxNode>? observe)
    {
        var proto = ModelFile.Parse(model, name, diagnostics);
        diagnostics.ThrowIfErrors();
        var graph = Import(new FlatModel(proto!), name, folder, options, diagnostics, observe);
        diagnostics.ThrowIfErrors();
        return graph!;
    }

    private static Graph? Import(FlatModel model, string name, string? folder, ImportOptions options, DiagnosticBag diagnostics, Action<OnnxNode>? observe)
    {
        if (model.Nodes.Count > FunctionInliner.MaximumNodes)
        {
            diagnostics.Add(Messages.ModelTooLarge(name, $"The model has {model.Nodes.Count} nodes; at most {FunctionInliner.MaximumNodes} are read."));
            return null;
        }
        var cut = GraphCut.Make(model, options.Outputs, name, diagnostics);
        CheckOpsets(cut, name, diagnostics);
        var state = new ImportState(model, cut.Values, new TensorReader(folder), diagnostics) { Float32Folding = options.Float32Folding, HlsLayers = options.HlsLayers };
        var inputs = AddInputs(model, cut, state, diagnostics);
        foreach (var node in cut.Nodes)
            ImportNode(node, state, diagnostics, observe);
        foreach (var output in cut.Outputs)
            CheckOutput(output, state, diagnostics);
        foreach (var output in cut.Outputs.Where(inputs.Contains))
            diagnostics.Add(Messages.InputAsOutput(output));
        if (diagnostics.HasErrors)
            return null;
        var title = model.Graph.Name.Length > 0 ? model.Graph.Name : Path.GetFileNameWithoutExtension(name);
        return new Graph(title, state.Values.ToSeq(), inputs.ToSeq(), cut.Outputs.ToSeq(), [], state.Nodes.ToSeq()).WithoutDeadNodes();
    }

    private static void CheckOpsets(GraphCut cut, string name, DiagnosticBag diagnostics)
    {
        foreach (var node in cut.Nodes)
        {
            if (!node.Opsets.TryGetValue(node.Domain, out var version))
                diagnostics.Add(node.Domain.Length == 0 ? Messages.NoOpset(name) : Messages.MissingOpsetImport(name, node.Domain));
            else if (node.Domain.Length == 0 && version < OldestOpset)
                diagnostics.Add(Messages.OpsetTooOld(name, version, OldestOpset));
            else if (node.Domain.Length == 0 && version > NewestOpset)
                diagnostics.Add(Messages.OpsetTooNew(name, version, NewestOpset));
        }
    }

    private static List<string> AddInputs(FlatModel model, GraphCut cut, ImportState state, DiagnosticBag diagnostics)
    {
        var inputs = new List<string>();
        foreach (var input in model.Graph.Input.Where(i => !model.IsInitializer(i.Name)).DistinctBy(i => i.Name, StringComparer.Ordinal))
        {
            if (!cut.Values.Contains(input.Name))
            {
                diagnostics.Add(Messages.UnusedInput(input.Name));
                continue;
            }
            inputs.Add(input.Name);
            if (ReadInput(input, cut, diagnostics) is { } found)
                state.AddInput(input.Name, found.Shape, found.Type);
        }
        return inputs;
    }

    private static (Seq<int> Shape, DataType Type)? ReadInput(ValueInfoProto input, GraphCut cut, DiagnosticBag diagnostics)
    {
        var where = $"input '{input.Name}'";
        if (input.Type is { ValueCase: not TypeProto.ValueOneofCase.None and not TypeProto.ValueOneofCase.TensorType } other)
            return Refuse(Messages.NotATensor(where, other.ValueCase.ToString().Replace("Type", "", StringComparison.Ordinal).ToLowerInvariant()));
        var type = (DataType)(input.Type?.TensorType?.ElemType ?? 0);
        if (!ElementTypes.IsSupported(type))
            return Refuse(Messages.ElementType(where, ElementTypes.NameOf(type)));
        if (input.Type?.TensorType?.Shape is not { } stated)
            return Refuse(Messages.InputShape(input.Name));
        var extents = new long[stated.Dim.Count];
        var isComplete = true;
        for (var k = 0; k < extents.Length; k++)
        {
            var isFixed = stated.Dim[k].HasDimValue && stated.Dim[k].DimValue >= 0;
            extents[k] = isFixed ? stated.Dim[k].DimValue : 1;
            if (isFixed || k == 0)
                continue;
            if (k == 1 && extents.Length == 2 && FeatureCount.Of(input.Name, cut) is > 0 and var features)
            {
                diagnostics.Add(Messages.OpenFeatures(input.Name, features));
                extents[k] = features;
                continue;
            }
            diagnostics.Add(Messages.DynamicDimension(input.Name, k, stated.Dim[k].DimParam));
            isComplete = false;
        }
        if (extents.Contains(0))
            return Refuse(Messages.ZeroExtent(where, $"[{string.Join(", ", extents)}]"));
        if (extents.Length > 1 && extents[0] > LargestRows)
        {
            diagnostics.Add(Messages.BakedBatch(input.Name, $"[{string.Join(", ", extents)}]"));
            extents[0] = 1;
        }
        try
        {
            return isComplete ? (TensorReader.ReadShape(extents, where).Shape, type) : null;
        }
        catch (ImportException e)
        {
            return Refuse(e.Diagnostic);
        }

        (Seq<int>, DataType)? Refuse(Diagnostic diagnostic)
        {
            diagnostics.Add(diagnostic);
            return null;
        }
    }

    private static void ImportNode(FlatNode flat, ImportState state, DiagnosticBag diagnostics, Action<OnnxNode>? observe)
    {
        var origin = GraphCut.OriginOf(flat);
        try
        {
            if (flat.Problem is { } problem)
                throw new ImportException(Messages.Function(Messages.At(origin), problem));
            // The operators of channels last have no versions of their own.
            var opset = flat.Domain == ChannelsLast.Domain ? NewestOpset
                : (int)Math.Clamp(flat.Opsets.GetValueOrDefault(flat.Domain, 1), 1, flat.Domain.Length == 0 ? NewestOpset : int.MaxValue);
            var ownImport = state.HlsLayers && flat.Domain.Length == 0 ? HlsImports.Find(flat.Proto.OpType) : null;
            var import = ownImport ?? Catalogue.Find(flat, opset, origin).Import;
            // Every input is read, so that all damaged constants are reported.
            if (flat.Proto.Input.Where(i => i.Length > 0).Count(i => !state.Prepare(i)) == 0)
            {
                var node = new OnnxNode(state, flat.Proto, opset, origin);
                Run(import, node, diagnostics);
                observe?.Invoke(node);
            }
            else if (ownImport is null)
            {
                CheckAttributeNames(Catalogue.Find(flat, opset, origin), flat, origin, diagnostics);
            }
        }
        catch (ImportException e)
        {
            diagnostics.Add(e.Diagnostic);
        }
        foreach (var output in flat.Proto.Output.Where(o => o.Length > 0))
            state.Break(output);
    }

    /// <summary>What can be said of a node whose inputs are unknown because an earlier node was refused.</summary>
    private static void CheckAttributeNames(CatalogueEntry entry, FlatNode flat, Origin origin, DiagnosticBag diagnostics)
    {
        if (flat.Proto.Attribute.Count == 0)
            return;
        var known = entry.Attributes;
        foreach (var name in flat.Proto.Attribute.Select(a => a.Name).Except(known).Except(entry.IgnoredAttributes).Order(StringComparer.Ordinal))
            diagnostics.Add(Messages.UnreadAttribute(Messages.At(origin), name, known));
    }

    private static void Run(Action<OnnxNode> import, OnnxNode node, DiagnosticBag diagnostics)
    {
        try
        {
            import(node);
            foreach (var leftover in node.Leftovers())
                diagnostics.Add(leftover);
        }
        catch (ShapeException e)
        {
            diagnostics.Add(Messages.ShapeMismatch(node.Where, e.Message));
        }
        catch (OverflowException)
        {
            diagnostics.Add(Messages.TensorTooLarge(node.Where, "An extent or a position exceeds 2^31."));
        }
        catch (DivideByZeroException)
        {
            diagnostics.Add(Messages.ConstantArithmetic(node.Where, "A constant is divided by zero."));
        }
    }

    private static void CheckOutput(string output, ImportState state, DiagnosticBag diagnostics)
    {
        if (!state.Prepare(output))
            return;
        var value = state[output].Value;
        if (value.Constant is null)
            return;
        diagnostics.Add(value.Shape.Contains(0) ? Messages.ZeroExtent($"output '{output}'", value.Shape.ToString()) : Messages.ConstantOutput(output));
    }
}
