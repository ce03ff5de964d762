using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// The second output of ONNX MaxPool: where in the whole tensor the largest element of each window stands, the first of equal ones. Each element of
/// a window that equals the largest offers its place; the smallest place wins.
/// </summary>
internal static class MaxPoolIndices
{
    /// <param name="isColumnMajor">Whether the spatial dimensions of the place count from the first on.</param>
    public static void Output(OnnxNode node, Operand x, Windows windows, bool isColumnMajor)
    {
        var positions = windows.Positions(x.Shape);
        var (elements, places) = Elements(x.Shape, windows, positions, isColumnMajor);
        var (rows, size) = (x.Shape[0] * x.Shape[1] * Shapes.Count(positions), Shapes.Count(windows.Kernel));
        var flat = node.Emit("flat", new Reshape([1, Shapes.Count(x.Shape)]), x);
        var window = node.Emit("windows", new Gather(1, Seq.Own(elements), [rows, size]), flat);
        var largest = node.Emit("largest", new ReduceExtremum([2], true, true), window);
        var isLargest = node.Emit("is_largest", DataType.Bool, new Relation(Comparison.Equal), window, largest);
        // The order in a window is the leading part of a place, so that the first of equal elements is the smallest also column by column.
        var bits = BitOperations.Log2((uint)Shapes.Count(x.Shape)) + 1;
        var offers = places.Select((p, k) => new Dyadic(((BigInteger)(k % size) << bits) + p, 0)).ToSeq();
        var never = new Dyadic((BigInteger)size << bits, 0);
        var offered = node.Emit("offers", DataType.Int64, new Choice(), isLargest,
            node.Constant("places", Numbers.WithExactType(ConstantTensor.Of([1, rows, size], offers)), DataType.Int64),
            node.Constant("never", Numbers.WithExactType(ConstantTensor.Of([], [never])), DataType.Int64));
        var first = node.Emit("first", DataType.Int64, new ReduceExtremum([2], false, false), offered);
        var place = node.Emit("place", DataType.Int64, new Quantize(new(new FixedType(false, bits, bits), Rounding.Trn, Overflow.Wrap)), first);
        node.Output(1, DataType.Int64, new Reshape([x.Shape[0], x.Shape[1], .. positions]), place);
    }

    /// <summary>For each element of each window, row-major, its position in the tensor and its place; padding stands for the window's first element.</summary>
    private static (int[] Elements, int[] Places) Elements(Seq<int> x, Windows windows, Seq<int> positions, bool isColumnMajor)
    {
        var (planes, spatial, outputs, size) = (x[0] * x[1], Shapes.Count(x) / (x[0] * x[1]), Shapes.Count(positions), Shapes.Count(windows.Kernel));
        var (elements, places) = (new int[planes * outputs * size], new int[planes * outputs * size]);
        var (position, element) = (new int[positions.Count], new int[positions.Count]);
        for (var o = 0; o < planes * outputs; o++)
        {
            Shapes.Unravel(o % outputs, positions, position);
            var first = -1;
            for (var k = 0; k < size; k++)
            {
                Shapes.Unravel(k, windows.Kernel, element);
                var (row, column, step, isInside) = (0, 0, 1, true);
                for (var d = 0; d < position.Length; d++)
                {
                    var at = position[d] * windows.Strides[d] + element[d] * windows.Dilations[d] - windows.Before[d];
                    isInside &= at >= 0 && at < x[d + 2];
                    (row, column, step) = (row * x[d + 2] + at, column + at * step, step * x[d + 2]);
                }
                if (isInside && first < 0)
                    first = o * size + k;
                var start = o / outputs * spatial;
                (elements[o * size + k], places[o * size + k]) = isInside ? (start + row, start + (isColumnMajor ? column : row)) : (-1, 0);
            }
            for (var k = o * size; k < (o + 1) * size; k++)
            {
                if (elements[k] < 0)
                    (elements[k], places[k]) = (elements[first], places[first]);
            }
        }
        return (elements, places);
    }
}
