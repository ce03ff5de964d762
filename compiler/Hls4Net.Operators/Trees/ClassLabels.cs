using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Trees;

/// <summary>The labels of classifiers of ai.onnx.ml: whole numbers, for texts were numbered when the file was read (<see cref="TextLabels"/>).</summary>
internal static class ClassLabels
{
    /// <summary>The label of each class.</summary>
    /// <param name="attribute">Its name, which differs from operator to operator.</param>
    public static long[] Read(OnnxNode node, string attribute)
    {
        node.Attributes.Strings(TextLabels.Attribute);
        return node.Attributes.Ints(attribute) is { Length: > 0 } numbers ? numbers : throw node.Refuse("there are no classes");
    }

    /// <summary>Makes the label of the class with a number between 0 and the number of classes the first output.</summary>
    public static void Output(OnnxNode node, long[] labels, Operand winner)
    {
        if (!node.Wants(0))
            return;
        if (labels.Select((l, k) => l == k).All(isOwn => isOwn))
        {
            node.Output(0, DataType.Int64, new Reshape(winner.Shape), winner);
            return;
        }
        var numbers = labels.Select(l => new Dyadic(l, 0)).ToSeq();
        node.Output(0, DataType.Int64, new TableRow(0),
            node.Constant("labels", Numbers.WithExactType(ConstantTensor.Of([numbers.Count], numbers)), DataType.Int64), winner);
    }
}
