using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Operators.Hls;

/// <summary>From the types that a user chooses for a softmax to its tables.</summary>
public static class HlsSoftmaxTypes
{
    /// <summary>The type that exponentials, reciprocals and sums have where the user names none.</summary>
    public static Quantizer Default { get; } = new(new FixedType(true, 18, 8), Rounding.Rnd, Overflow.Sat);

    /// <summary>The largest operand is subtracted first.</summary>
    /// <param name="input">Type of the operands.</param>
    /// <param name="distance">Type of the distances from the largest; null for the operands' without sign.</param>
    /// <param name="size">Number of entries, before it is cut to what the operands and the reciprocals can tell apart.</param>
    public static HlsSoftmaxMethod Stable(FixedType input, Quantizer? distance, int size, Quantizer exponentials, Quantizer accumulator,
        Quantizer divisor, Quantizer reciprocals)
    {
        var sign = input.Signed ? 1 : 0;
        var norm = distance ?? new(new FixedType(false, Math.Max(1, input.Width - sign), input.Integer - sign), Rounding.Trn, Overflow.Wrap);
        var inverseSize = Cut(size, input, reciprocals);
        var powerSize = Shrink(inverseSize, norm.Type.Width);
        var exp = HlsTables.MakeByLeadingBits(HlsFunctions.Of("hls_exp", -1, Dyadic.Zero), norm.Type, powerSize, exponentials, x => HlsFloat.Exp(-x));
        return new HlsSoftmaxByTables(norm, exp, accumulator, divisor, Reciprocals(divisor, inverseSize, reciprocals));
    }

    /// <summary>The operands themselves address the exponentials.</summary>
    public static HlsSoftmaxMethod Latency(FixedType input, int size, Quantizer exponentials, Quantizer accumulator, Quantizer divisor, Quantizer reciprocals)
    {
        var cut = Cut(size, input, reciprocals);
        var exp = HlsTables.MakeByLeadingBits(HlsFunctions.Of("hls_exp", 1, Dyadic.Zero), input, cut, exponentials, HlsFloat.Exp);
        return new HlsSoftmaxByTables(null, exp, accumulator, divisor, Reciprocals(divisor, cut, reciprocals));
    }

    /// <summary>One look-up for each pair of operands.</summary>
    public static HlsSoftmaxMethod Legacy(int size, Quantizer entry)
    {
        var step = new Dyadic(1, 4) / size;
        var exp = HlsTables.Make(HlsFunctions.Of("hls_exp", step, Dyadic.Zero), size, size / 2, entry,
            i => HlsFloat.Exp(HlsFloat.Divide(new Dyadic(2 * i - size, 3), size)!.Value));
        // The reciprocal stays in float64 here; entry 0 is zero and not infinite.
        var inverse = HlsTables.Make(HlsFunctions.Of("hls_reciprocal", new Dyadic(1, 6) / size, Dyadic.Zero), size, 0, entry,
            i => i == 0 ? Dyadic.Zero : HlsFloat.Float64(Dyadic.One / HlsFloat.Divide(new Dyadic(i, 6), size)!.Value));
        return new HlsSoftmaxLegacy(size, exp, inverse, entry);
    }

    /// <summary>More entries than the operands or the reciprocals have codes are cut.</summary>
    public static int Cut(int size, FixedType input, Quantizer reciprocals) => Shrink(size, Math.Min(input.Width, reciprocals.Type.Width));

    private static int Shrink(int size, int bits) => bits < 31 ? Math.Min(size, 1 << bits) : size;

    private static Table Reciprocals(Quantizer divisor, int size, Quantizer type) => HlsTables.MakeByLeadingBits(
        HlsFunctions.Of("hls_reciprocal", Dyadic.One, Dyadic.Zero), divisor.Type, size, type, x => HlsFloat.Divide(Dyadic.One, x));
}
