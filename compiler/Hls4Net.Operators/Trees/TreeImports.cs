using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Trees;

/// <summary>ONNX's ensembles of trees with numbers as results: TreeEnsembleRegressor, and TreeEnsemble of ai.onnx.ml 5.</summary>
internal static class TreeImports
{
    private static readonly string[] Aggregates = ["AVERAGE", "SUM", "MIN", "MAX"];

    /// <summary>
    /// As ONNX Runtime numbers them. The text of ONNX has LOGISTIC and SOFTMAX the other way round; what runs decides, and the difference is reported.
    /// </summary>
    private static readonly string[] Transforms = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"];

    public static void ImportRegressor(OnnxNode node) => Run(node, () =>
    {
        var targets = Targets(node);
        var source = TreeAttributes.Read(node, "target", targets);
        var bases = BaseValues(node);
        if (bases.Count != 0 && bases.Count != targets)
            throw node.Refuse(I($"'base_values' has {bases.Count} entries for {targets} targets"));
        var aggregate = node.Attributes.Text("aggregate_function", "SUM");
        var scores = Scores(node, "scores", source, [.. Enumerable.Range(0, targets)], bases, aggregate);
        ScoreTransforms.Output(node, 0, scores, node.Attributes.Text("post_transform", "NONE"));
    });

    public static void ImportEnsemble(OnnxNode node) => Run(node, () =>
    {
        var targets = Targets(node);
        var source = TreeAttributes5.Read(node, targets);
        var aggregate = Name(node, "aggregate_function", 1, Aggregates);
        var scores = Scores(node, "scores", source, [.. Enumerable.Range(0, targets)], [], aggregate);
        var transform = Name(node, "post_transform", 0, Transforms);
        if (targets > 1 && transform is ("LOGISTIC" or "SOFTMAX"))
            node.Warn(Messages.TransformUnclear(node.Where, Array.IndexOf(Transforms, transform), transform));
        ScoreTransforms.Output(node, 0, scores, transform);
    });

    /// <summary>Turns what is wrong with the nodes of a file into a refusal of the ONNX node.</summary>
    public static void Run(OnnxNode node, Action import)
    {
        try
        {
            import();
        }
        catch (TreeException e)
        {
            throw node.Refuse(e.Message);
        }
    }

    /// <summary>The base values, by either of their attributes.</summary>
    public static Seq<Dyadic> BaseValues(OnnxNode node) => TreeAttributes.Numbers(node, "base_values");

    /// <summary>The combined trees of some targets, shape [N, targets].</summary>
    public static Operand Scores(OnnxNode node, string suffix, TreeSource source, int[] targets, Seq<Dyadic> bases, string aggregate)
    {
        if (!Aggregates.Contains(aggregate))
            throw node.Attributes.Value("aggregate_function", $"'{aggregate}'", $"there are {string.Join(", ", Aggregates)}");
        if (aggregate is "MIN" or "MAX" && !targets.All(source.IsGivenByTree))
            throw node.Refuse($"the {aggregate} of trees in which some leaves have a weight for a target and others have not");
        var reduction = aggregate switch { "MIN" => Reduction.Minimum, "MAX" => Reduction.Maximum, _ => Reduction.Sum };
        var count = new Dyadic(source.Roots.Count, 0);
        var (trees, leaves) = source.Write(targets, aggregate == "AVERAGE" ? w => w / count : w => w, reduction);
        var values = node.Constant("leaves", ConstantTensor.Of([leaves.Count], leaves));
        var added = bases.Count == 0 ? null : node.Constant("base", ConstantTensor.Of([bases.Count], bases));
        return node.Emit(suffix, DataType.Float, trees, Features(node), values, added);
    }

    /// <summary>The features as rows.</summary>
    public static Operand Features(OnnxNode node)
    {
        var x = node.Input(0, "features");
        return x.Rank is 1 or 2 ? Rows(node, x) : throw node.Refuse($"features of shape {x.Shape}; trees take rows of them");
    }

    /// <summary>A vector as a row; all else as it is.</summary>
    public static Operand Rows(OnnxNode node, Operand x) => x.Rank == 1 ? node.Emit("row", new Reshape([1, x.Shape[0]]), x) : x;

    private static int Targets(OnnxNode node) => node.Attributes.Int("n_targets", 1) is >= 1 and <= TensorReader.MaximumElements and var targets
        ? (int)targets
        : throw node.Attributes.Value("n_targets", "it", "it must be a positive number");

    private static string Name(OnnxNode node, string attribute, int otherwise, string[] names) =>
        node.Attributes.Int(attribute, otherwise) is var k && k >= 0 && k < names.Length
            ? names[k]
            : throw node.Attributes.Value(attribute, k.ToString(CultureInfo.InvariantCulture), I($"there are 0 to {names.Length - 1}"));

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
