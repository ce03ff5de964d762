using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx.Proto;
using Hls4Net.Operators.Trees;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// scikit-learn's exporter ends a classifier with ZipMap, which makes a map from class to number of each row. What it maps are the rows themselves, in the
/// order of the classes: ZipMap(x) → x, under the map's name.
/// </summary>
internal static class ZipMaps
{
    private const string Type = "ZipMap";
    private const int IdentityOpset = 13;

    /// <summary>Puts the rows in place of the maps that are outputs of the model; others stay and are refused by name.</summary>
    public static void Replace(ModelProto model, string path, DiagnosticBag diagnostics)
    {
        foreach (var node in model.Graph.Node.Where(n => n.OpType == Type && n.Domain == TreeCases.Domain && n.Input.Count == 1 && n.Output.Count == 1))
        {
            if (model.Graph.Output.FirstOrDefault(o => o.Name == node.Output[0]) is not { } output)
                continue;
            diagnostics.Add(Messages.MapBecomesRows($"{path}: output '{output.Name}'"));
            (node.OpType, node.Domain) = ("Identity", "");
            node.Attribute.Clear();
            output.Type = null;
            if (!model.OpsetImport.Any(o => FlatNode.Normalize(o.Domain).Length == 0))
                model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = IdentityOpset });
        }
    }
}
