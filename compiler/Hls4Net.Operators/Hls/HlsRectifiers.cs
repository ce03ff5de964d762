using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Operators.Hls;

/// <summary>x above zero and slope · x below, the slope being a parameter of the firmware.</summary>
public sealed record HlsLeakyRectify(Dyadic Slope) : ElementwiseUnary
{
    /// <summary>The same with its slope truncated to a type.</summary>
    public HlsLeakyRectify Typed(Quantizer parameter) => new(Casting.Apply(Slope, parameter));

    protected override Term Map(BlockBuilder block, Term element)
    {
        var zero = block.Literal(Dyadic.Zero);
        return zero.Less(element).Select(element, element * block.Literal(Slope));
    }
}

/// <summary>x above a threshold, which is a parameter of the firmware, and 0 elsewhere.</summary>
public sealed record HlsThresholdedRectify(Dyadic Threshold) : ElementwiseUnary
{
    /// <summary>The same with its threshold truncated to a type.</summary>
    public HlsThresholdedRectify Typed(Quantizer parameter) => new(Casting.Apply(Threshold, parameter));

    protected override Term Map(BlockBuilder block, Term element) =>
        block.Literal(Threshold).Less(element).Select(element, block.Literal(Dyadic.Zero));
}

/// <summary>slope · x + shift, confined to 0 … 1.</summary>
public sealed record HlsHardSigmoid(Dyadic Slope, Dyadic Shift) : ElementwiseUnary
{
    private static readonly Quantizer SlopeType = new(new FixedType(false, 16, 0), Rounding.Trn, Overflow.Wrap);

    private static readonly Quantizer ShiftType = new(new FixedType(false, 2, 0), Rounding.Trn, Overflow.Wrap);

    /// <summary>The same with slope and shift truncated to the types that the firmware gives them.</summary>
    public HlsHardSigmoid Typed() => new(Casting.Apply(Slope, SlopeType), Casting.Apply(Shift, ShiftType));

    protected override Term Map(BlockBuilder block, Term element)
    {
        var line = element * block.Literal(Slope) + block.Literal(Shift);
        return line.Max(block.Literal(Dyadic.Zero)).Min(block.Literal(Dyadic.One));
    }
}
