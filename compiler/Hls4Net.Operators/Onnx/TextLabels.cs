using Google.Protobuf.Collections;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx.Proto;
using Hls4Net.Operators.Trees;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// Labels that are texts become their places in the classifier's list of labels, wherever the file names them: hardware has numbers. ONNX Runtime, which
/// judges the firmware, gets the same numbers.
/// </summary>
internal static class TextLabels
{
    /// <summary>The attribute of all classifiers that holds labels as texts.</summary>
    public const string Attribute = "classlabels_strings";

    private static readonly (string Operator, string Numbers)[] Classifiers = [("TreeEnsembleClassifier", "classlabels_int64s"), ("LinearClassifier", "classlabels_ints")];

    private static readonly string[] Unchanged = ["Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze"];

    /// <summary>Numbers the labels of a model.</summary>
    /// <param name="path">Names the file in messages.</param>
    public static void Replace(ModelProto model, string path, DiagnosticBag diagnostics)
    {
        var named = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var node in model.Graph.Node)
        {
            if (node.Domain == TreeCases.Domain && Array.Find(Classifiers, c => c.Operator == node.OpType) is { Numbers: { } numbers })
                ReplaceLabels(node, numbers, named);
            else if (node.Domain == TreeCases.Domain && node.OpType == "LabelEncoder")
                ReplaceCodes(node, named);
            else if (Unchanged.Contains(node.OpType) && node.Input.Count > 0 && node.Output.Count == 1 && named.TryGetValue(node.Input[0], out var texts))
                named[node.Output[0]] = texts;
        }
        foreach (var output in model.Graph.Output.Where(o => named.ContainsKey(o.Name)))
        {
            diagnostics.Add(Messages.LabelsAreNumbered($"{path}: output '{output.Name}'", named[output.Name]));
            if (output.Type?.TensorType is { } type)
                type.ElemType = (int)DataType.Int64;
        }
        foreach (var value in model.Graph.ValueInfo.Where(v => named.ContainsKey(v.Name) && v.Type?.TensorType is not null))
            value.Type.TensorType.ElemType = (int)DataType.Int64;
    }

    private static void ReplaceLabels(NodeProto node, string numbers, Dictionary<string, string[]> named)
    {
        if (Texts(node, Attribute) is not { } texts || Find(node, numbers)?.Ints.Count > 0 || node.Output.Count == 0)
            return;
        Remove(node, Attribute, numbers);
        node.Attribute.Add(OnnxModelBuilder.Attribute(numbers, Places(texts.Length)));
        named[node.Output[0]] = texts;
    }

    /// <summary>A LabelEncoder from labels that are numbered now, or to texts.</summary>
    private static void ReplaceCodes(NodeProto node, Dictionary<string, string[]> named)
    {
        if (node.Input.Count != 1 || node.Output.Count != 1)
            return;
        if (Texts(node, "keys_strings") is { } keys && named.TryGetValue(node.Input[0], out var texts) && keys.All(k => texts.Contains(k)))
        {
            Remove(node, "keys_strings");
            node.Attribute.Add(OnnxModelBuilder.Attribute("keys_int64s", keys.Select(k => (long)Array.IndexOf(texts, k)).ToArray()));
        }
        if (Texts(node, "values_strings") is not { } values)
            return;
        string[] otherwise = Find(node, "default_string") is { } given ? [given.S.ToStringUtf8()] : [];
        var all = values.Concat(otherwise).Distinct().ToArray();
        Remove(node, "values_strings", "default_string");
        node.Attribute.Add(OnnxModelBuilder.Attribute("values_int64s", values.Select(v => (long)Array.IndexOf(all, v)).ToArray()));
        if (otherwise.Length > 0)
            node.Attribute.Add(OnnxModelBuilder.Attribute("default_int64", Array.IndexOf(all, otherwise[0])));
        named[node.Output[0]] = all;
    }

    private static long[] Places(int count) => [.. Enumerable.Range(0, count).Select(k => (long)k)];

    private static AttributeProto? Find(NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    private static string[]? Texts(NodeProto node, string name) =>
        Find(node, name)?.Strings is { Count: > 0 } texts ? [.. texts.Select(t => t.ToStringUtf8())] : null;

    private static void Remove(NodeProto node, params string[] names)
    {
        RepeatedField<AttributeProto> kept = [.. node.Attribute.Where(a => !names.Contains(a.Name))];
        node.Attribute.Clear();
        node.Attribute.AddRange(kept);
    }
}
