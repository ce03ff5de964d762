using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;

namespace Hls4Net.Operators.Trees;

/// <summary>
/// How many features an input of open size has. Exporters of scikit-learn leave it open; the trees say which features they read, and linear models how many coefficients they have.
/// </summary>
internal static class FeatureCount
{
    private static readonly string[] Elementwise = ["Cast", "Identity", "Scaler", "Normalizer", "Imputer", "Binarizer"];

    /// <summary>The features up to the last one that the trees or linear models behind a value read, or 0 if other operators read it as well.</summary>
    public static int Of(string value, GraphCut cut)
    {
        var most = 0;
        foreach (var reader in cut.Nodes.Select(n => n.Proto).Where(n => n.Input.Contains(value)))
        {
            var count = reader.Domain == TreeCases.Domain && reader.OpType.StartsWith("TreeEnsemble", StringComparison.Ordinal) ? OfTrees(reader)
                : reader.Domain == TreeCases.Domain && reader.OpType is "LinearRegressor" or "LinearClassifier" ? OfCoefficients(reader)
                : Elementwise.Contains(reader.OpType) && reader.Output.Count == 1 ? Of(reader.Output[0], cut)
                : 0;
            if (count == 0)
                return 0;
            most = Math.Max(most, count);
        }
        return most;
    }

    private static int OfCoefficients(NodeProto node)
    {
        var coefficients = node.Attribute.FirstOrDefault(a => a.Name == "coefficients")?.Floats.Count ?? 0;
        var scores = node.OpType == "LinearRegressor"
            ? node.Attribute.FirstOrDefault(a => a.Name == "targets")?.I ?? 1
            : node.Attribute.FirstOrDefault(a => a.Name == "intercepts")?.Floats.Count ?? 0;
        return scores is > 0 and < TensorReader.MaximumElements && coefficients % scores == 0 ? (int)(coefficients / scores) : 0;
    }

    private static int OfTrees(NodeProto node)
    {
        var features = node.Attribute.FirstOrDefault(a => a.Name == "nodes_featureids")?.Ints.DefaultIfEmpty(0).Max() ?? 0;
        return features is >= 0 and < TensorReader.MaximumElements ? (int)features + 1 : 0;
    }
}
