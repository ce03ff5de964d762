using Hls4Net.Operators;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Sweep;

/// <summary>Random choices that make models: small ones, so that thousands are tried in minutes.</summary>
internal sealed class Draw(int seed)
{
    private const int MostElements = 200;

    private readonly Random _random = new(seed);

    /// <summary>A number from low to high, both included.</summary>
    public int Number(int low, int high) => _random.Next(low, high + 1);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public T Any<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <summary>A multiple of 1/16 between −4 and 4, so that ties and equal numbers occur.</summary>
    public double Real() => Number(-64, 64) / 16.0;

    /// <summary>A float32 of any digits, for attributes.</summary>
    public float Float(double low, double high) => (float)(low + _random.NextDouble() * (high - low));

    public int[] Shape(int lowRank, int highRank, int largest = 5)
    {
        var shape = new int[Number(lowRank, highRank)];
        var room = MostElements;
        for (var k = 0; k < shape.Length; k++)
        {
            shape[k] = Math.Min(Number(1, largest), Math.Max(1, room));
            room /= shape[k];
        }
        _random.Shuffle(shape);
        return shape;
    }

    public int[] Permutation(int rank)
    {
        var permutation = Enumerable.Range(0, rank).ToArray();
        _random.Shuffle(permutation);
        return permutation;
    }

    /// <summary>Some different dimensions of a tensor, in any order, at times counted from the end.</summary>
    public long[] Axes(int rank, int fewest, int most) =>
        [.. Permutation(rank).Take(Number(Math.Min(fewest, rank), Math.Min(most, rank))).Select(a => Axis(a, rank))];

    public long Axis(int axis, int rank) => Chance(0.4) ? axis - rank : axis;

    /// <summary>A shape that broadcasts with another: extents become 1, leading dimensions go or come.</summary>
    public int[] Broadcast(int[] shape)
    {
        var result = shape.Select(e => Chance(0.3) ? 1 : e).ToList();
        for (var n = Chance(0.3) ? Number(0, result.Count) : 0; n > 0; n--)
            result.RemoveAt(0);
        if (Chance(0.1) && result.Count == shape.Length && result.Count < 5)
            result.Insert(0, Number(1, 2));
        return [.. result];
    }

    /// <summary>Adds a constant of numbers as they come in models.</summary>
    public OperatorCase Constant(OperatorCase to, int[] shape, DataType type = DataType.Float) =>
        to.Constant(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => Value(type))], type);

    /// <summary>Adds an input, or at times a constant.</summary>
    public OperatorCase Operand(OperatorCase to, int[] shape, DataType type = DataType.Float, double constant = 0.4) =>
        Chance(constant) ? Constant(to, shape, type) : to.Input(shape, type);

    /// <summary>An element: a tie for floats, anything for short integers, a small number for long ones.</summary>
    public double Value(DataType type) => type switch
    {
        DataType.Bool => Number(0, 1),
        DataType.Uint8 => Number(0, 255),
        DataType.Int8 => Number(-128, 127),
        DataType.Int32 or DataType.Int64 => Number(-40, 40),
        _ => Real(),
    };
}
