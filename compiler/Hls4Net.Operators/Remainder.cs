using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// What a division that gives a whole number leaves over, exact, broadcast. A divisor of zero counts as the smallest positive number of
/// its type. ONNX Mod.
/// </summary>
/// <param name="FollowsDivisor">The remainder has the sign of the divisor, as the quotient is rounded down; else that of the dividend.</param>
/// <param name="ZeroAs">A divisor of zero counts as 2^−ZeroAs; null where the divisor cannot be zero.</param>
/// <param name="Type">Holds every remainder; null before types are chosen.</param>
public sealed record Remainder(bool FollowsDivisor, int? ZeroAs = 64, FixedType? Type = null) : ElementwiseBinary
{
    /// <summary>Wider than every whole quotient that occurs.</summary>
    private static readonly Quantizer Whole = new(new FixedType(true, 128, 128), Rounding.TrnZero, Overflow.Sat);

    public override Operator WithInnerTypes(InnerTyping typing)
    {
        var (left, right) = (typing.Hull(0), typing.Hull(1));
        var canBeZero = right.Low.Sign <= 0 && right.High.Sign >= 0;
        var fraction = Math.Max(left.Fraction, right.Fraction);
        // Smaller than the divisor, and no larger than the dividend.
        var largest = right.Largest <= left.Largest ? right.Largest : left.Largest;
        var raw = largest.ToRaw(fraction);
        return this with { ZeroAs = canBeZero ? right.Fraction : null, Type = new Interval(left.Low.Sign < 0 ? -raw : 0, raw, fraction).Type };
    }

    protected override Term Combine(BlockBuilder block, Term left, Term right)
    {
        var divisor = Quotient.NonZero(block, right, ZeroAs);
        var rest = left - divisor * left.Divide(divisor, 0).Cast(Whole);
        // The high bits of the difference cancel; intervals do not see it.
        if (Type is { } type)
            rest = rest.Cast(new Quantizer(type, Rounding.Trn, Overflow.Wrap));
        if (!FollowsDivisor)
            return rest;
        var zero = block.Literal(Dyadic.Zero);
        var fits = rest.Less(zero).EqualTo(divisor.Less(zero)).Max(rest.EqualTo(zero));
        return fits.Select(rest, rest + divisor);
    }

    internal static void Import(OnnxNode node)
    {
        var (left, right) = (node.Input(0, "dividend"), node.Input(1, "divisor"));
        var likeC = node.Attributes.Flag("fmod", otherwise: false);
        if (!likeC && ElementTypes.IsFloat(left.Type))
            throw node.Attributes.Value("fmod", "0", "for floats it must be 1");
        if (right.Constant is { } constant && constant.Values.Any(v => v.IsZero))
            throw new ImportException(Messages.ConstantArithmetic(node.Where, "The divisor holds a zero."));
        node.Arithmetic(new Remainder(!likeC), left, right);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Mod", "sign of the divisor").Input([1, 4, 3], DataType.Int8).Constant([3], [7, -5, 3], DataType.Int8)
            .WithOutputs(1, DataType.Int8),
        OperatorCase.Of("Mod", "sign of the dividend", 10).Input([1, 4, 3], DataType.Int8).Constant([3], [7, -5, 3], DataType.Int8)
            .With("fmod", 1).WithOutputs(1, DataType.Int8),
        OperatorCase.Of("Mod", "two inputs").Input([1, 4], DataType.Int32).Input([1, 4], DataType.Int32).WithOutputs(1, DataType.Int32),
        OperatorCase.Of("Mod", "floats").Input(1, 4, 2).Constant([2], [0.75, -1.25]).With("fmod", 1),
    ];
}
