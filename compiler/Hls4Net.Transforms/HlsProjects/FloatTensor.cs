using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>
/// An array of NumPy: hls4ml folds constants in it before it writes them as text, and whether a step is rounded to float32 or float64
/// decides the last decimals. Every operation rounds each result to the wider format of its operands.
/// </summary>
/// <param name="Shape">Extents.</param>
/// <param name="Values">Row-major.</param>
/// <param name="IsDouble">Whether the numbers are float64 (or int64, which NumPy widens to it) rather than float32.</param>
internal sealed record FloatTensor(Seq<int> Shape, Dyadic[] Values, bool IsDouble)
{
    /// <summary>A constant of the file: float32, as ONNX stores it.</summary>
    public static FloatTensor Of(ConstantTensor constant) => new(constant.Shape, [.. constant.Values], false);

    /// <summary>The same number everywhere, in float64 as NumPy's own constants are.</summary>
    public static FloatTensor Fill(Seq<int> shape, Dyadic value)
    {
        var values = new Dyadic[Shapes.Count(shape)];
        Array.Fill(values, value);
        return new(shape, values, true);
    }

    /// <summary>1 as a constant of Python, which does not widen what it meets.</summary>
    public static FloatTensor One(FloatTensor with) => with with { Shape = [], Values = [Dyadic.One] };

    public static FloatTensor operator *(FloatTensor a, FloatTensor b) => Combine(a, b, (x, y) => x * y);

    public static FloatTensor operator +(FloatTensor a, FloatTensor b) => Combine(a, b, (x, y) => x + y);

    public static FloatTensor operator -(FloatTensor a, FloatTensor b) => Combine(a, b, (x, y) => x - y);

    public static FloatTensor operator /(FloatTensor a, FloatTensor b) => Combine(a, b, (x, y) => x / y);

    /// <summary>Whether every number is this one.</summary>
    public bool IsAll(Dyadic value) => Values.All(v => v == value);

    /// <summary>The same numbers in another shape.</summary>
    public FloatTensor Reshape(Seq<int> shape) => this with { Shape = shape };

    /// <summary>Dimensions in another order.</summary>
    public FloatTensor Transpose(params int[] order)
    {
        var shape = order.Select(d => Shape[d]).ToSeq();
        var strides = Shapes.Strides(Shape);
        var result = new Dyadic[Values.Length];
        Span<int> indices = stackalloc int[shape.Count];
        for (var k = 0; k < result.Length; k++)
        {
            Shapes.Unravel(k, shape, indices);
            var from = 0;
            for (var d = 0; d < order.Length; d++)
                from += indices[d] * strides[order[d]];
            result[k] = Values[from];
        }
        return new(shape, result, IsDouble);
    }

    /// <summary>What a quantiser of a type makes of each number.</summary>
    public FloatTensor Quantised(HlsType type) => this with
    {
        Values = Array.ConvertAll(Values, v => type.IsBinary ? v.Sign < 0 ? -Dyadic.One : Dyadic.One : Casting.Apply(v, type.Quantizer)),
    };

    /// <summary>One number if all are the same, else the tensor.</summary>
    public FloatTensor Narrowed() => IsAll(Values[0]) ? this with { Shape = [], Values = [Values[0]] } : this;

    /// <summary>The numbers repeated along dimensions of extent 1 and missing ones.</summary>
    public FloatTensor Broadcast(Seq<int> shape)
    {
        if (Shape == shape)
            return this;
        var (strides, missing) = (Shapes.Strides(Shape), shape.Count - Shape.Count);
        var result = new Dyadic[Shapes.Count(shape)];
        Span<int> indices = stackalloc int[shape.Count];
        for (var k = 0; k < result.Length; k++)
        {
            Shapes.Unravel(k, shape, indices);
            var from = 0;
            for (var d = 0; d < Shape.Count; d++)
                from += Shape[d] == 1 ? 0 : indices[missing + d] * strides[d];
            result[k] = Values[from];
        }
        return new(shape, result, IsDouble);
    }

    /// <summary>The root of every number.</summary>
    public FloatTensor Sqrt() => this with { Values = Array.ConvertAll(Values, v => Round(v.Sqrt(), IsDouble)) };

    /// <summary>Every number with a constant of Python added, which does not widen the array.</summary>
    public FloatTensor Add(Dyadic value) => this with { Values = Array.ConvertAll(Values, v => Round(v + Round(value, IsDouble), IsDouble)) };

    private static FloatTensor Combine(FloatTensor a, FloatTensor b, Func<Dyadic, Dyadic, Dyadic> combine)
    {
        var shape = a.Shape.Count >= b.Shape.Count ? Widest(a.Shape, b.Shape) : Widest(b.Shape, a.Shape);
        var (left, right, wide) = (a.Broadcast(shape), b.Broadcast(shape), a.IsDouble || b.IsDouble);
        var values = new Dyadic[left.Values.Length];
        for (var k = 0; k < values.Length; k++)
            values[k] = Round(combine(left.Values[k], right.Values[k]), wide);
        return new(shape, values, wide);
    }

    private static Seq<int> Widest(Seq<int> more, Seq<int> fewer) =>
        more.Select((extent, d) => d < more.Count - fewer.Count ? extent : Math.Max(extent, fewer[d - more.Count + fewer.Count])).ToSeq();

    private static Dyadic Round(Dyadic value, bool toDouble) => toDouble ? Dyadic.FromDouble(value.ToDouble()) : Float32.Round(value);
}
