using System.Globalization;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Trees;

/// <summary>
/// TreeEnsembleClassifier: a label, and a score for each class. Where ONNX leaves open what two classes mean, it is what ONNX Runtime does.
/// </summary>
internal sealed class TreeClassifier
{
    private readonly OnnxNode _node;
    private readonly TreeSource _source;
    private readonly long[] _labels;
    private readonly Seq<Dyadic> _bases;
    private readonly string _transform;

    private TreeClassifier(OnnxNode node)
    {
        _node = node;
        _labels = ClassLabels.Read(node, "classlabels_int64s");
        _source = TreeAttributes.Read(node, "class", _labels.Length);
        _bases = TreeImports.BaseValues(node);
        _transform = node.Attributes.Text("post_transform", "NONE");
        if (_bases.Count != 0 && _bases.Count != _labels.Length && (_labels.Length > 2 || _bases.Count > 2))
            throw node.Refuse(I($"'base_values' has {_bases.Count} entries for {_labels.Length} classes"));
    }

    public static void Import(OnnxNode node) => TreeImports.Run(node, () =>
    {
        var classifier = new TreeClassifier(node);
        if (classifier._labels.Length == 1)
            throw node.Refuse("a single class");
        if (classifier._labels.Length > 2)
            classifier.Many();
        else if (classifier.ClassesOfWeights() is [var only])
            classifier.OneOfTwo(only);
        else
            classifier.Two();
    });

    private int[] ClassesOfWeights() => [.. _source.Nodes.SelectMany(n => n.Weights).Select(w => w.Target).Distinct().Order()];

    /// <summary>More than two classes: the first of the largest scores wins, among the classes for which the event has weights.</summary>
    private void Many()
    {
        int[] classes = [.. Enumerable.Range(0, _labels.Length)];
        var scores = TreeImports.Scores(_node, "scores", _source, classes, _bases, "SUM");
        var compared = scores;
        if (_bases.Count == 0 && !classes.All(_source.IsAlwaysGiven))
        {
            var (trees, leaves) = _source.Write(classes, _ => Dyadic.One, Reduction.Maximum);
            var isGiven = _node.Emit("given", DataType.Bool, trees, TreeImports.Features(_node), Exact("flags", DataType.Bool, leaves));
            compared = _node.Emit("compared", new Choice(), isGiven, scores, Exact("least", DataType.Float, [BelowAllScores()]));
        }
        ClassLabels.Output(_node, _labels, _node.Emit("winner", DataType.Int64, new ArgExtremum([1], KeepDimensions: false), compared));
        ScoreTransforms.Output(_node, 1, scores, _transform);
    }

    /// <summary>A number below every sum of leaves.</summary>
    private Dyadic BelowAllScores()
    {
        var least = _source.Nodes.SelectMany(n => n.Weights).Select(w => w.Weight).Append(Dyadic.Zero).Min();
        return least.IsZero ? -1 : -new Dyadic(1, least.Magnitude + 2 + (int)Math.Ceiling(Math.Log2(_source.Roots.Count)));
    }

    /// <summary>
    /// Two classes with weights p for one of them, which wins where p exceeds a half if p is a probability (no weight is negative), else 0. The
    /// scores are (1 − p, p) for a probability, else (−p, p), also before LOGISTIC, and SOFTMAX is not applied; but they are (p, 0) or (0, p), and
    /// any function of those, where the weights are of the second class, or both have base values.
    /// </summary>
    private void OneOfTwo(int given)
    {
        if (given == 1 && _bases.Count == 2)
            throw _node.Refuse("two base values beside weights of the second class alone, which ONNX Runtime does not add");
        if (given == 1 && !_source.IsAlwaysGiven(given))
            throw _node.Refuse("weights of the second class alone, of which an event may have none");
        var score = TreeImports.Scores(_node, "scores", _source, [given], given == 0 ? [.. _bases.Take(1)] : [], "SUM");
        var isProbability = _source.Nodes.SelectMany(n => n.Weights).All(w => w.Weight.Sign >= 0);
        var limit = Exact("limit", DataType.Float, [isProbability ? new Dyadic(1, -1) : Dyadic.Zero]);
        var isSecond = _node.Emit("second", DataType.Bool, new Relation(Comparison.Less), limit, score);
        ClassLabels.Output(_node, _labels, _node.Emit("winner", DataType.Int64, new Reshape([score.Shape[0]]), isSecond));
        if (given == 1 || _bases.Count == 2)
        {
            ScoreTransforms.Output(_node, 1, _node.Emit("both", Selection.By([score.Shape[0], 2], i => i[1] == given ? i[0] : Selection.Zero), score), _transform);
            return;
        }
        var other = isProbability && _transform != "LOGISTIC"
            ? _node.Emit("other", new Subtraction(), Exact("one", DataType.Float, [Dyadic.One]), score)
            : _node.Emit("other", new Negation(), score);
        var both = _node.Emit("both", new Concatenation(1), other, score);
        ScoreTransforms.Output(_node, 1, both, _transform.StartsWith("SOFTMAX", StringComparison.Ordinal) ? "NONE" : _transform);
    }

    /// <summary>Two classes, both with weights: the labels are 1 and 0 whatever the classes are called, and 1 wins where the second score exceeds 0.</summary>
    private void Two()
    {
        if (!_source.IsAlwaysGiven(0) || !_source.IsAlwaysGiven(1))
            throw _node.Refuse("two classes, of which an event may have weights for one only");
        if (_bases.Count == 2)
            throw _node.Refuse("two base values beside weights of both classes, which ONNX Runtime does not add");
        var scores = TreeImports.Scores(_node, "scores", _source, [0, 1], _bases.Count == 0 ? [] : [_bases[0], Dyadic.Zero], "SUM");
        var second = _node.Emit("second", new Gather(1, [1], [1]), scores);
        var isSecond = _node.Emit("winner", DataType.Bool, new Relation(Comparison.Less), Exact("limit", DataType.Float, [Dyadic.Zero]), second);
        _node.Output(0, DataType.Int64, new Reshape([scores.Shape[0]]), isSecond);
        ScoreTransforms.Output(_node, 1, scores, _transform);
    }

    private Operand Exact(string suffix, DataType type, Seq<Dyadic> numbers) =>
        _node.Constant(suffix, Numbers.WithExactType(ConstantTensor.Of([numbers.Count], numbers)), type);

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
