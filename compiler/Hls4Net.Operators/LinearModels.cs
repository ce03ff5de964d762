using System.Globalization;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Trees;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>LinearRegressor and LinearClassifier of ai.onnx.ml: a matrix product with what is done to its scores. What ONNX leaves open is as ONNX Runtime does it.</summary>
internal static class LinearModels
{
    public static void ImportRegressor(OnnxNode node)
    {
        var targets = node.Attributes.Int("targets", 1);
        var scores = Scores(node, targets, (node.Attributes.Floats("intercepts") ?? []).ToSeq());
        ScoreTransforms.Output(node, 0, scores, node.Attributes.Text("post_transform", "NONE"));
    }

    /// <summary>
    /// With one score s for two classes the second wins where s is positive, and the scores are (1 − s, s), or (σ(−s), σ(s)) for LOGISTIC; else the first
    /// of the largest scores wins.
    /// </summary>
    public static void ImportClassifier(OnnxNode node)
    {
        node.Attributes.Ignore("multi_class");
        var labels = ClassLabels.Read(node, "classlabels_ints");
        var intercepts = (node.Attributes.Floats("intercepts") ?? []).ToSeq();
        var transform = node.Attributes.Text("post_transform", "NONE");
        var scores = Scores(node, intercepts.Count, intercepts);
        if (intercepts.Count != labels.Length && (intercepts.Count, labels.Length) != (1, 2))
            throw node.Refuse(I($"{intercepts.Count} scores for {labels.Length} classes"));
        if (intercepts.Count > 1)
        {
            ClassLabels.Output(node, labels, node.Emit("winner", DataType.Int64, new ArgExtremum([1], KeepDimensions: false), scores));
            ScoreTransforms.Output(node, 1, scores, transform);
            return;
        }
        var isSecond = node.Emit("second", DataType.Bool, new Relation(Comparison.Less), node.Constant("zero", ConstantTensor.Of([], [Dyadic.Zero])), scores);
        ClassLabels.Output(node, labels, node.Emit("winner", DataType.Int64, new Reshape([scores.Shape[0]]), isSecond));
        var isLogistic = transform == "LOGISTIC";
        var other = isLogistic
            ? node.Emit("other", new Negation(), scores)
            : node.Emit("other", new Subtraction(), node.Constant("one", ConstantTensor.Of([], [Dyadic.One])), scores);
        var isPlain = transform is "SOFTMAX" or "SOFTMAX_ZERO";
        ScoreTransforms.Output(node, 1, node.Emit("both", new Concatenation(1), other, scores), isPlain ? "NONE" : transform);
    }

    /// <summary>Features times coefficients, which stand score by score, plus intercepts: shape [N, scores].</summary>
    private static Operand Scores(OnnxNode node, long count, Seq<Dyadic> intercepts)
    {
        var x = TreeImports.Features(node);
        var coefficients = node.Attributes.Floats("coefficients") ?? [];
        var features = x.Shape[1];
        if (count < 1 || coefficients.LongLength != count * features)
            throw node.Refuse(I($"{coefficients.Length} coefficients for {count} scores of {features} features"));
        if (intercepts.Count != 0 && intercepts.Count != count)
            throw node.Refuse(I($"{intercepts.Count} intercepts for {count} scores"));
        var columns = new Dyadic[coefficients.Length];
        for (var k = 0; k < columns.Length; k++)
            columns[k] = coefficients[k % (int)count * features + k / (int)count];
        var weights = node.Constant("coefficients", ConstantTensor.Of([features, (int)count], Seq.Own(columns)));
        var bias = intercepts.Count == 0 ? null : node.Constant("intercepts", ConstantTensor.Of([intercepts.Count], intercepts));
        return node.Emit("scores", DataType.Float, new Dense(), x, weights, bias);
    }

    public static IEnumerable<OperatorCase> RegressorCases() =>
    [
        Case("LinearRegressor", "one target", 3, 1).With("intercepts", new[] { 0.25f }),
        Case("LinearRegressor", "without intercepts", 4, 1).With("targets", 1),
        Case("LinearRegressor", "three targets, softmax", 2, 3).With("targets", 3).With("intercepts", new[] { 0.25f, 0, -1.5f }).With("post_transform", "SOFTMAX"),
        Case("LinearRegressor", "two targets, softmax of what is not zero", 2, 2).With("targets", 2).With("intercepts", new[] { 0.25f, 1 }).With("post_transform", "SOFTMAX_ZERO"),
        Case("LinearRegressor", "logistic", 3, 2).With("targets", 2).With("intercepts", new[] { 0.1f, 0.7f }).With("post_transform", "LOGISTIC"),
    ];

    public static IEnumerable<OperatorCase> ClassifierCases() =>
    [
        Classifier("three classes", 3, 3, 3).With("multi_class", 1),
        Classifier("three classes, softmax", 3, 3, 3).With("post_transform", "SOFTMAX"),
        Classifier("two scores", 3, 2, 2).With("post_transform", "LOGISTIC"),
        Classifier("one score", 3, 1, 2),
        Classifier("one score, logistic", 3, 1, 2).With("post_transform", "LOGISTIC"),
        Classifier("one score, softmax", 3, 1, 2).With("post_transform", "SOFTMAX"),
        Case("LinearClassifier", "named classes", 3, 3).With("intercepts", new[] { 0.5f, -1, 0.25f })
            .With("classlabels_strings", new[] { "a", "b", "c" }).WithOutputs(1, DataType.String).AndOutput(DataType.Float).WithoutReference(),
    ];

    private static OperatorCase Classifier(string name, int features, int scores, int labels) => Case("LinearClassifier", name, features, scores)
        .With("intercepts", Enumerable.Range(0, scores).Select(k => (k * 5 % 7 - 2.5f) / 4).ToArray())
        .With("classlabels_ints", Enumerable.Range(0, labels).Select(k => k * 4L - 3).ToArray())
        .WithOutputs(1, DataType.Int64).AndOutput(DataType.Float);

    private static OperatorCase Case(string type, string name, int features, int scores) => OperatorCase.Of(type, name, 1, TreeCases.Domain).Input(1, features)
        .With("coefficients", Enumerable.Range(0, features * scores).Select(k => (k * 7 % 11 - 4.75f) / 4).ToArray());

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
