using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// The nearest whole number in a direction: ONNX Floor, Ceil and Round (half to even). In a typed graph it is a cast to a type without
/// fraction bits that holds every result.
/// </summary>
/// <param name="Rounding">The direction.</param>
/// <param name="Negated">Whether the operand is negated before and the result after: so that a ceiling is a floor.</param>
/// <param name="Type">The type of the result before it is negated back; null in the imported form, where numbers have no limit.</param>
public sealed record RoundToWhole(Rounding Rounding, bool Negated, FixedType? Type = null) : ElementwiseUnary
{
    /// <summary>More bits than any typed value has: nothing overflows.</summary>
    private static readonly FixedType Unlimited = new(true, FixedType.MaximumWidth, FixedType.MaximumWidth);

    /// <summary>The same operator for operands of a range.</summary>
    public RoundToWhole For(Interval range)
    {
        var operand = Negated ? new Interval(-range.High, -range.Low, range.Fraction) : range;
        var rounded = new Interval(Casting.Round(operand.Low, operand.Fraction, Rounding), Casting.Round(operand.High, operand.Fraction, Rounding), 0);
        return this with { Type = rounded.Type };
    }

    protected override Term Map(BlockBuilder block, Term element)
    {
        var quantizer = new Quantizer(Type ?? Unlimited, Rounding, Overflow.Sat);
        if (!Negated)
            return element.Cast(quantizer);
        var zero = block.Literal(Dyadic.Zero);
        return zero - (zero - element).Cast(quantizer);
    }

    internal static void ImportFloor(OnnxNode node) => node.Output(new RoundToWhole(Rounding.Trn, Negated: false), node.Input(0, "input"));

    internal static void ImportCeil(OnnxNode node) => node.Output(new RoundToWhole(Rounding.Trn, Negated: true), node.Input(0, "input"));

    internal static void ImportRound(OnnxNode node) => node.Output(new RoundToWhole(Rounding.RndConv, Negated: false), node.Input(0, "input"));

    internal static IEnumerable<OperatorCase> FloorCases() => CasesOf("Floor", 7);

    internal static IEnumerable<OperatorCase> CeilCases() => CasesOf("Ceil", 7);

    internal static IEnumerable<OperatorCase> RoundCases() => CasesOf("Round", 11);
}
