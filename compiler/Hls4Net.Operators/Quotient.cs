using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Operators;

/// <summary>
/// left / right, broadcast, truncated toward zero at a resolution. A divisor of zero counts as the smallest positive number of its type:
/// the quotient is the largest that the dividend has, with its sign, and 0 / 0 is 0.
/// </summary>
/// <param name="Fraction">Bits right of the binary point of the quotient.</param>
/// <param name="ZeroAs">A divisor of zero counts as 2^−ZeroAs; null where the divisor cannot be zero.</param>
/// <param name="IsWhole">True for the quotient of integers, which is an integer.</param>
public sealed record Quotient(int Fraction = Quotient.Untyped, int? ZeroAs = Quotient.Untyped, bool IsWhole = false) : ElementwiseBinary
{
    /// <summary>The resolution of quotients before types are chosen, where only constants are computed with it.</summary>
    private const int Untyped = 64;

    /// <summary>More bits behind the point than this no default asks for.</summary>
    private const int LargestFraction = 20;

    public static Quotient OfIntegers { get; } = new(0, 0, IsWhole: true);

    /// <summary>
    /// By default the resolution at which the smallest dividend over the largest divisor still shows, within reason: the dividend's, and
    /// as many bits more as the divisor has left of the point.
    /// </summary>
    public override Operator WithInnerTypes(InnerTyping typing)
    {
        var (left, right) = (typing.Hull(0), typing.Hull(1));
        var canBeZero = right.Low.Sign <= 0 && right.High.Sign >= 0;
        var bits = Math.Max(typing.FractionBits, Math.Min(left.Fraction + Math.Max(0, right.Type.Integer), LargestFraction));
        // Two bits below the result's last one, so that truncation here moves its rounding by a quarter of a unit at most.
        var fraction = IsWhole ? 0 : typing.Result is { } named ? Math.Max(named.Type.Fraction + 2, 0) : bits;
        return this with { Fraction = fraction, ZeroAs = canBeZero ? right.Fraction : null };
    }

    protected override Term Combine(BlockBuilder block, Term left, Term right) => left.Divide(NonZero(block, right, ZeroAs), Fraction);

    internal static Term NonZero(BlockBuilder block, Term divisor, int? zeroAs) =>
        zeroAs is { } bits ? divisor.EqualTo(block.Literal(Dyadic.Zero)).Select(block.Literal(new(1, -bits)), divisor) : divisor;
}
