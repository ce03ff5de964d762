using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>Functions that are computed from a mantissa and an exponent.</summary>
public enum NormalisedKind
{
    SquareRoot,
    Logarithm,
}

/// <summary>The types inside a function that is computed from a mantissa and an exponent.</summary>
/// <param name="Grid">Fraction bits of the operand.</param>
/// <param name="Smallest">Operands below count as this.</param>
/// <param name="Exponents">Where operands lie.</param>
/// <param name="Function">The tables of the mantissa.</param>
/// <param name="Result">The type of the result and the way into it.</param>
/// <param name="ErrorBound">
/// No result is farther than this from the real one; null where that is not known, because operands can lie outside the function's domain
/// or results outside their type.
/// </param>
public sealed record NormalisedTypes(int Grid, Dyadic Smallest, ExponentRange Exponents, Interpolation Function, Quantizer Result, Dyadic? ErrorBound);

/// <summary>
/// The root or logarithm of every element, accurate over the whole range of wide operands, such as exact sums: the operand is brought
/// between 1 and 2, or 4, by shifts, so that the tables stay small. Operands below the smallest positive one count as it for the
/// logarithm; the root of what is not positive is 0.
/// </summary>
/// <param name="Kind">The function.</param>
/// <param name="Types">Null before types are chosen.</param>
public sealed record NormalisedFunction(NormalisedKind Kind, NormalisedTypes? Types = null) : ElementwiseUnary
{
    protected override Dyadic? ErrorBound => Types?.ErrorBound;

    /// <summary>Results keep this many bits at least, however large they are.</summary>
    private const int SignificantBits = 17;

    /// <summary>The logarithm of 2 to 48 bits.</summary>
    internal static Dyadic LogarithmOf2 { get; } = new(195103586505167, -48);

    private static RealFunction Function(NormalisedKind kind) => new(kind == NormalisedKind.SquareRoot ? "sqrt" : "log", []);

    public override Operator WithInnerTypes(InnerTyping typing)
    {
        var x = typing.Hull(0);
        var unit = new Dyadic(1, -x.Fraction);
        var smallest = x.Low.Sign > 0 ? x.Minimum : unit;
        var largest = x.Maximum > smallest ? x.Maximum : smallest;
        var isRoot = Kind == NormalisedKind.SquareRoot;
        var exponents = ExponentRange.Of(smallest, largest, isRoot ? 2 : 1);
        var result = typing.Result ?? new Quantizer(isRoot
            ? LogSumTypes.TypeOf(Dyadic.Zero, new Dyadic(1, exponents.Most / 2), typing.FractionBits)
            : LogSumTypes.TypeOf(exponents.Least - 1, exponents.Most + 1, typing.FractionBits), Rounding.Rnd, Overflow.Sat);
        var fraction = Math.Max(0, result.Type.Fraction);
        var function = isRoot
            ? Interpolation.SquareRoot(Math.Min(fraction + Math.Max(0, exponents.Most / 2) + 3, Math.Max(SignificantBits, fraction + 3)))
            : Interpolation.Logarithm(fraction + 4);
        var range = result.Type.Range;
        var isSafe = isRoot
            ? x.Low.Sign >= 0 && range.Contains(new Dyadic(1, exponents.Most / 2))
            : x.Low.Sign > 0 && range.Contains(exponents.Least - 1) && range.Contains(exponents.Most + 1);
        // The root is shifted by half the exponent, and its error with it.
        var error = LogSumTypes.RoundingError(result)
            + (isRoot ? Math.ScaleB(function.ErrorBound, exponents.Most / 2 - 1) : function.ErrorBound + LogSumTypes.ErrorOfExponent(function.Fine));
        return this with { Types = new(x.Fraction, smallest, exponents, function, result, isSafe ? Dyadic.FromDouble(error) : null) };
    }

    protected override Term Map(BlockBuilder block, Term element)
    {
        if (Types is not { } types)
            return element.Lookup(new Table(Function(Kind), null));
        var mantissa = new Mantissa(block, element.Max(block.Literal(types.Smallest)), types.Grid, types.Exponents, types.Function.Fine);
        var value = types.Function.Apply(mantissa.Value);
        if (Kind == NormalisedKind.Logarithm)
            return (value + mantissa.Times(LogarithmOf2, types.Function.Fine)).Cast(types.Result);
        var zero = block.Literal(Dyadic.Zero);
        return element.LessOrEqual(zero).Select(zero, mantissa.Scale(value, 1)).Cast(types.Result);
    }

    internal static void ImportL2(OnnxNode node)
    {
        var (x, axes, keep) = ReducedAxes.Read(node, 18);
        node.RequireFloat(x);
        if (axes.Count == 0)
            node.Output(new AbsoluteValue(), x);
        else
            node.Output(new NormalisedFunction(NormalisedKind.SquareRoot), node.Emit("squares", new ReduceSum(axes, keep, SumOf.Squares), x));
    }

    internal static void ImportLogSum(OnnxNode node)
    {
        var (x, axes, keep) = ReducedAxes.Read(node, 18);
        node.RequireFloat(x);
        node.Output(new NormalisedFunction(NormalisedKind.Logarithm), axes.Count == 0 ? x : node.Emit("sum", new ReduceSum(axes, keep), x));
    }

    internal static IEnumerable<OperatorCase> L2Cases() => ReducedAxes.Cases("ReduceL2", 18);

    /// <summary>Of numbers that need not be positive only shapes are compared with others; those of positive constants entirely.</summary>
    internal static IEnumerable<OperatorCase> LogSumCases() =>
    [
        .. ReducedAxes.Cases("ReduceLogSum", 18).Select(c => c.WithoutReference()),
        OperatorCase.Of("ReduceLogSum", "positive").Constant([2, 3], [0.5, 1, 4, 0.125, 9, 2]).With("axes", new long[] { 1 }).With("keepdims", 0),
    ];
}
