using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Passes.Scales;

/// <summary>Rational numbers that broadcast to the shape of a value: its scales, for example one for each channel.</summary>
internal sealed class Spread
{
    private readonly Rational[] _values;

    private Spread(Seq<int> shape, Rational[] values) => (Shape, _values) = (shape, values);

    public static Spread One { get; } = Of(Rational.One);

    public static Spread Zero { get; } = Of(Rational.Zero);

    public Seq<int> Shape { get; }

    public IReadOnlyList<Rational> Values => _values;

    public bool IsScalar => _values.Length == 1;

    public static Spread Of(Rational value) => new([], [value]);

    public static Spread Of(ConstantTensor tensor) => Of(tensor.Shape, [.. Exactly(tensor)]);

    public static Spread Of(Seq<int> shape, Rational[] values) => new Spread(shape, values).Compact();

    /// <summary>The numbers that a tensor's constants stand for.</summary>
    public static IEnumerable<Rational> Exactly(ConstantTensor tensor) => tensor.Values.Select(Exact);

    /// <summary>A vector along a dimension, counted from 0, of a tensor.</summary>
    public static Spread Along(Rational[] vector, int rank, int dimension)
    {
        var shape = Enumerable.Repeat(1, rank).ToArray();
        shape[dimension] = vector.Length;
        return new Spread(Seq.Own(shape), vector).Compact();
    }

    public bool All(Func<Rational, bool> predicate) => Array.TrueForAll(_values, v => predicate(v));

    /// <summary>The number for the element of a tensor at a row-major position.</summary>
    public Rational At(int position, Seq<int> shape) => IsScalar ? _values[0] : _values[Broadcasting.Element(position, shape, Shape)];

    /// <summary>Whether the numbers are the same along a dimension of a tensor of the given rank.</summary>
    public bool IsUniformAlong(int dimension, int rank)
    {
        var own = dimension - rank + Shape.Count;
        return own < 0 || Shape[own] == 1;
    }

    /// <summary>Whether only one dimension of a tensor of the given rank makes a difference.</summary>
    public bool VariesOnlyAlong(int dimension, int rank) => Enumerable.Range(0, rank).All(d => d == dimension || IsUniformAlong(d, rank));

    public Spread Map(Func<Rational, Rational> function) => new(Shape, Array.ConvertAll(_values, v => function(v)));

    public static Spread Combine(Spread left, Spread right, Func<Rational, Rational, Rational> function)
    {
        var shape = Broadcasting.Shape(left.Shape, right.Shape);
        var values = new Rational[Shapes.Count(shape)];
        for (var k = 0; k < values.Length; k++)
            values[k] = function(left.At(k, shape), right.At(k, shape));
        return new Spread(shape, values).Compact();
    }

    public static Spread operator *(Spread a, Spread b) => Combine(a, b, (x, y) => x * y);

    public static Spread operator +(Spread a, Spread b) => Combine(a, b, (x, y) => x + y);

    public static Spread operator /(Spread a, Spread b) => Combine(a, b, (x, y) => x / y);

    /// <summary>The numbers for a rearranged tensor, whose element k was element source[k] of a tensor of the given shape.</summary>
    public Spread Rearranged(Seq<int> shape, int[] source, Seq<int> result) =>
        IsScalar ? this : new Spread(result, Array.ConvertAll(source, s => At(s, shape))).Compact();

    /// <summary>The tensor of constants; a number that is not dyadic to 160 bits.</summary>
    public ConstantTensor ToConstant() => ConstantTensor.Of(Shape, _values.Select(v => v.ToDyadic()).ToSeq());

    /// <summary>Without the dimensions along which nothing changes.</summary>
    private Spread Compact()
    {
        var (shape, values) = (Shape.ToArray(), _values);
        for (var d = 0; d < shape.Length; d++)
        {
            var (extent, inner) = (shape[d], shape[(d + 1)..].Aggregate(1, (a, b) => a * b));
            var current = values;
            if (extent == 1 || !Enumerable.Range(0, current.Length).All(k => current[k] == current[k - k / inner % extent * inner]))
                continue;
            values = [.. Enumerable.Range(0, current.Length).Where(k => k / inner % extent == 0).Select(k => current[k])];
            shape[d] = 1;
        }
        return new(shape.All(e => e == 1) ? [] : Seq.Own(shape), values);
    }

    /// <summary>
    /// The number that a constant stands for: the importer keeps the reciprocal of a count or divisor to 160 bits, and no other constant is the
    /// truncated reciprocal of a number of 64 bits.
    /// </summary>
    private static Rational Exact(Dyadic value)
    {
        if (value.IsZero || System.Numerics.BigInteger.Abs(value.Mantissa).GetBitLength() < 128)
            return value;
        var inverse = Dyadic.One / value;
        var drop = (int)System.Numerics.BigInteger.Abs(inverse.Mantissa).GetBitLength() - 64;
        var divisor = new Dyadic(Casting.Round(inverse.Mantissa, Math.Max(drop, 0), Rounding.Rnd), inverse.Exponent + Math.Max(drop, 0));
        return Dyadic.One / divisor == value ? Rational.One / divisor : value;
    }
}
