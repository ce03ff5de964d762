using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>The types inside the logarithm of a sum of exponentials.</summary>
/// <param name="Exponential">Of the exponentials.</param>
/// <param name="Exponents">Where their sum lies.</param>
/// <param name="Logarithm">The tables of the logarithm.</param>
/// <param name="Low">The result is not below this.</param>
/// <param name="High">The result is not above this.</param>
/// <param name="Result">The type of the result and the way into it.</param>
public sealed record LogSumTypes(
    ExponentialTypes Exponential, ExponentRange Exponents, Interpolation Logarithm, Dyadic Low, Dyadic High, Quantizer Result)
{
    /// <summary>The types with which a result of a group of <paramref name="count"/> is within a unit of its type of the real one.</summary>
    /// <param name="x">What the elements can be.</param>
    /// <param name="count">How many elements share a sum.</param>
    /// <param name="low">The result is not below this.</param>
    /// <param name="high">The result is not above this.</param>
    /// <param name="typing">What the user wants of the result.</param>
    public static LogSumTypes Choose(Interval x, int count, Dyadic low, Dyadic high, InnerTyping typing)
    {
        var bits = typing.FractionBits;
        var result = typing.Result ?? new Quantizer(TypeOf(low - Dyadic.One, high + Dyadic.One, bits), Rounding.Rnd, Overflow.Sat);
        var resolution = Math.Max(0, result.Type.Fraction);
        var exponential = ExponentialTypes.Choose(x, resolution + 2, resolution + ExponentialTypes.BitsFor(count - 1) + 2);
        return new(exponential, ExponentRange.Of(Dyadic.One, count, 1), Interpolation.Logarithm(resolution + 5), low, high, result);
    }

    /// <summary>No result is farther than this from the real one of the same inputs; null if the result's type does not hold every value.</summary>
    /// <param name="count">How many elements share a sum.</param>
    public double? ErrorBound(int count) => Result.Type.Range.Contains(Low) && Result.Type.Range.Contains(High)
        ? RoundingError(Result) + (count - 1) * Exponential.ErrorBound + Logarithm.ErrorBound + ErrorOfExponent(Logarithm.Fine)
            + Exponential.RoundingOfDistance
        : null;

    /// <summary>How far a cast that does not overflow moves a number.</summary>
    internal static double RoundingError(Quantizer quantizer) =>
        Math.ScaleB(quantizer.Rounding is Rounding.Trn or Rounding.TrnZero ? 1 : 0.5, -quantizer.Type.Fraction);

    /// <summary>What at most eight rounded multiples of log 2 can be off by.</summary>
    internal static double ErrorOfExponent(int fraction) => Math.ScaleB(1, 2 - fraction);

    /// <summary>The narrowest type of a resolution that holds two numbers.</summary>
    internal static FixedType TypeOf(Dyadic low, Dyadic high, int fraction) => Interval.Between(
        new(Casting.Round(low.Mantissa, -low.Exponent - fraction, Rounding.Trn), -fraction),
        new(Casting.Round(high.Mantissa, -high.Exponent - fraction, Rounding.Trn) + 1, -fraction), fraction).Type;

    /// <summary>The logarithm of each group's sum of exponentials.</summary>
    internal static Term Of(BlockBuilder block, TensorHandle exponentials, Seq<int> axes, Affine[] group, LogSumTypes? types)
    {
        var sum = Exponentials.Sum(block, exponentials, axes, group);
        if (types is null)
            return sum.Lookup(new Table(new RealFunction("log", []), null));
        var mantissa = new Mantissa(block, sum, types.Exponential.Fraction, types.Exponents, types.Logarithm.Fine);
        return types.Logarithm.Apply(mantissa.Value) + mantissa.Times(NormalisedFunction.LogarithmOf2, types.Logarithm.Fine);
    }
}

/// <summary>x less the logarithm of the sum of exp(x) over some dimensions. ONNX LogSoftmax.</summary>
/// <param name="Axes">The dimensions, ascending.</param>
/// <param name="Types">Null before types are chosen.</param>
public sealed record LogSoftmax(Seq<int> Axes, LogSumTypes? Types = null) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value];

    public override Operator WithInnerTypes(InnerTyping typing)
    {
        var (x, count) = (typing.Hull(0), Shapes.Count(ReducedAxes.Extents(typing.Shapes[0]!.Value, Axes)));
        return this with { Types = LogSumTypes.Choose(x, count, x.Minimum - x.Maximum - ExponentialTypes.BitsFor(count), Dyadic.Zero, typing) };
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var largest = Exponentials.Largest(definition, x, Axes);
        var exponentials = Exponentials.Of(definition, x, largest, Axes, Types?.Exponential);
        var logarithms = definition.Temporary("logarithm", largest.Shape, (b, i) => LogSumTypes.Of(b, exponentials, Axes, i, Types));
        var output = definition.Output(0, x.Shape, (b, i) =>
        {
            var group = ReducedAxes.Group(Axes, i);
            var result = b.At(x, i) - b.At(largest, group) - b.At(logarithms, group);
            return Types is null ? result : result.Cast(Types.Result);
        });
        // An element and the logarithm of the sum move by no more than what moves the inputs.
        definition.State(output, Types?.ErrorBound(Shapes.Count(ReducedAxes.Extents(x.Shape, Axes))), slope: 2);
    }

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.RequireFloat(x);
        node.Output(new LogSoftmax(ReducedAxes.OfSoftmax(node, x)), x);
    }

    internal static IEnumerable<OperatorCase> Cases() => Softmax.CasesOf("LogSoftmax");
}

/// <summary>The logarithm of the sum of exp(x) over some dimensions. ONNX ReduceLogSumExp.</summary>
/// <param name="Axes">The dimensions, ascending.</param>
/// <param name="KeepDimensions">Whether they stay, with extent 1.</param>
/// <param name="Types">Null before types are chosen.</param>
public sealed record LogSumExp(Seq<int> Axes, bool KeepDimensions, LogSumTypes? Types = null) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [ReducedAxes.Shape(inputs[0]!.Value, Axes, KeepDimensions)];

    public override Operator WithInnerTypes(InnerTyping typing)
    {
        var (x, count) = (typing.Hull(0), Shapes.Count(ReducedAxes.Extents(typing.Shapes[0]!.Value, Axes)));
        return this with { Types = LogSumTypes.Choose(x, count, x.Minimum, x.Maximum + ExponentialTypes.BitsFor(count), typing) };
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var largest = Exponentials.Largest(definition, x, Axes);
        var exponentials = Exponentials.Of(definition, x, largest, Axes, Types?.Exponential);
        // The loops run over the dimensions with those that are reduced, whose row-major order is that of the result.
        var output = definition.Output(0, ReducedAxes.Shape(x.Shape, Axes, KeepDimensions), largest.Shape, (b, i) =>
        {
            var result = b.At(largest, i) + LogSumTypes.Of(b, exponentials, Axes, i, Types);
            return Types is null ? result : result.Cast(Types.Result);
        });
        definition.State(output, Types?.ErrorBound(Shapes.Count(ReducedAxes.Extents(x.Shape, Axes))), slope: 1);
    }

    internal static void Import(OnnxNode node)
    {
        var (x, axes, keep) = ReducedAxes.Read(node, 18);
        node.RequireFloat(x);
        // The logarithm of one exponential is the exponent.
        node.Output(axes.Count == 0 ? new Reshape(x.Shape) : new LogSumExp(axes, keep), x);
    }

    internal static IEnumerable<OperatorCase> Cases() => ReducedAxes.Cases("ReduceLogSumExp", 18);
}
