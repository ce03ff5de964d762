using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Trees;

/// <summary>The post_transform of ai.onnx.ml's operators, as ONNX Runtime computes it: it transforms a single score by PROBIT only.</summary>
internal static class ScoreTransforms
{
    /// <summary>Scores of at most this magnitude count as zero for SOFTMAX_ZERO.</summary>
    private const float Zero = 1e-7f;

    /// <summary>Far below any score; its exponential is 0 beside that of one.</summary>
    private static readonly Dyadic FarBelow = new(-1, 20);

    /// <summary>Makes scores of shape [N, targets] an output of the node, transformed.</summary>
    /// <exception cref="ImportException">The transform is unknown, or PROBIT.</exception>
    public static void Output(OnnxNode node, int position, Operand scores, string transform)
    {
        var isSingle = scores.Shape[1] == 1;
        switch (transform)
        {
            case "NONE":
            case "LOGISTIC" or "SOFTMAX" or "SOFTMAX_ZERO" when isSingle:
                node.Output(position, DataType.Float, new Reshape(scores.Shape), scores);
                break;
            case "LOGISTIC":
                node.Output(position, DataType.Float, Apply.Of("sigmoid"), scores);
                break;
            case "SOFTMAX":
                node.Output(position, DataType.Float, new Softmax([1]), scores);
                break;
            case "SOFTMAX_ZERO":
                OutputSoftmaxZero(node, position, scores);
                break;
            default:
                throw node.Attributes.Value("post_transform", $"'{transform}'", "there are NONE, LOGISTIC, SOFTMAX and SOFTMAX_ZERO; take the scores as they are and apply it where they arrive");
        }
    }

    /// <summary>A softmax of the scores that are not zero; the others become 0. Where all are zero, ONNX Runtime divides zero by zero, and this gives 0.</summary>
    private static void OutputSoftmaxZero(OnnxNode node, int position, Operand scores)
    {
        if (!node.Wants(position))
            return;
        var limit = node.Constant("zero", ConstantTensor.Of([], [Numbers.Exact(Zero)]));
        var isZero = node.Emit("is_zero", DataType.Bool, new Relation(Comparison.LessOrEqual), node.Emit("magnitude", new AbsoluteValue(), scores), limit);
        var far = node.Constant("far_below", Numbers.WithExactType(ConstantTensor.Of([], [FarBelow])));
        var shares = node.Emit("shares", new Softmax([1]), node.Emit("nonzero", DataType.Float, new Choice(), isZero, far, scores));
        node.Output(position, DataType.Float, new Choice(), isZero, node.Constant("nothing", ConstantTensor.Of([], [Dyadic.Zero])), shares);
    }
}
