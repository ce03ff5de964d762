using Hls4Net.Core.Graphs;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>ONNX's multidirectional broadcasting: shapes are aligned at their last dimension, and an extent of 1 stretches.</summary>
public static class Broadcasting
{
    /// <summary>The shape that two operands broadcast to.</summary>
    /// <exception cref="ShapeException">Two extents differ and neither is 1.</exception>
    public static Seq<int> Shape(Seq<int> left, Seq<int> right)
    {
        var result = new int[Math.Max(left.Count, right.Count)];
        for (var k = 1; k <= result.Length; k++)
        {
            var a = k <= left.Count ? left[^k] : 1;
            var b = k <= right.Count ? right[^k] : 1;
            if (a != b && a != 1 && b != 1)
                throw new ShapeException($"the shapes {left} and {right} do not broadcast: {a} meets {b} in dimension {k} from the end");
            result[^k] = a == 1 ? b : a;
        }
        return Seq.Own(result);
    }

    /// <summary>The indices of the operand's element that takes part in the result's element at <paramref name="indices"/>.</summary>
    public static Affine[] Indices(Seq<int> operand, ReadOnlySpan<Affine> indices)
    {
        var result = new Affine[operand.Count];
        for (var k = 1; k <= result.Length; k++)
            result[^k] = operand[^k] == 1 ? Affine.Constant(0) : indices[^k];
        return result;
    }

    /// <summary>The row-major position of the operand's element that takes part in the result's element at a row-major position.</summary>
    public static int Element(int position, Seq<int> result, Seq<int> operand)
    {
        var (element, stride) = (0, 1);
        for (var k = 1; k <= result.Count; k++)
        {
            var index = position % result[^k];
            position /= result[^k];
            if (k > operand.Count)
                continue;
            element += operand[^k] == 1 ? 0 : index * stride;
            stride *= operand[^k];
        }
        return element;
    }
}
