using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>Arithmetic on constant tensors, broadcast as ONNX does it.</summary>
public static class Constants
{
    public static ConstantTensor Scalar(Dyadic value) => ConstantTensor.Of([], [value]);

    public static ConstantTensor Map(ConstantTensor tensor, Func<Dyadic, Dyadic> function) =>
        ConstantTensor.Of(tensor.Shape, tensor.Values.Select(function).ToSeq());

    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static ConstantTensor Combine(ConstantTensor left, ConstantTensor right, Func<Dyadic, Dyadic, Dyadic> function)
    {
        var shape = Broadcasting.Shape(left.Shape, right.Shape);
        var values = new Dyadic[Shapes.Count(shape)];
        for (var k = 0; k < values.Length; k++)
            values[k] = function(left.Values[Broadcasting.Element(k, shape, left.Shape)], right.Values[Broadcasting.Element(k, shape, right.Shape)]);
        return ConstantTensor.Of(shape, Seq.Own(values));
    }

    /// <summary>A vector of one number per channel, so that it broadcasts to a tensor with channels in a dimension; scalars stay.</summary>
    public static ConstantTensor Along(ConstantTensor vector, int rank, int dimension)
    {
        if (vector.Values.Count == 1)
            return ConstantTensor.Of([], vector.Values);
        var shape = Enumerable.Repeat(1, rank).ToArray();
        shape[dimension] = vector.Values.Count;
        return ConstantTensor.Of(Seq.Own(shape), vector.Values);
    }
}
