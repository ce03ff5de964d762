using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>The types inside a softmax.</summary>
/// <param name="Exponential">Of the exponentials.</param>
/// <param name="Reciprocal">Fraction bits of the reciprocal of their sum.</param>
/// <param name="Result">The type of the result and the way into it.</param>
public sealed record SoftmaxTypes(ExponentialTypes Exponential, int Reciprocal, Quantizer Result)
{
    /// <summary>Up to 2^this elements, the default resolution leaves the sum of the outputs close to 1.</summary>
    private const int FewElements = 4;

    /// <summary>The types with which every output of a group of <paramref name="count"/> is within a unit of the result's of the real one.</summary>
    public static SoftmaxTypes Choose(Interval x, int count, InnerTyping typing)
    {
        // Many small outputs round alike: with a bit more for each doubling, their sum stays as close to 1 as that of sixteen.
        var fraction = typing.FractionBits + Math.Max(0, ExponentialTypes.BitsFor(count) - FewElements);
        var result = typing.Result ?? new Quantizer(new FixedType(false, fraction + 1, 1), Rounding.Rnd, Overflow.Sat);
        var resolution = Math.Max(0, result.Type.Fraction);
        var exponential = ExponentialTypes.Choose(x, resolution + 1, resolution + ExponentialTypes.BitsFor(count - 1) + 2);
        return new(exponential, resolution + 3, result);
    }

    /// <summary>No output is farther than this from the real softmax of the same inputs, if the result's type holds 1.</summary>
    public double ErrorBound(int count) =>
        RoundingError + (count - 1) * Exponential.ErrorBound + Math.ScaleB(1, -Reciprocal) + Exponential.RoundingOfDistance / 2;

    /// <summary>The sum of the outputs is no farther than this from 1, if the result's type holds 1.</summary>
    public double SumBound(int count) => count * (RoundingError + Math.ScaleB(1, -Reciprocal));

    private double RoundingError => LogSumTypes.RoundingError(Result);
}

/// <summary>
/// exp(x) divided by the sum of exp(x) over some dimensions. The largest element is subtracted first; the sum of the exponentials is exact,
/// and one division for each group gives its reciprocal. No output exceeds 1. ONNX Softmax.
/// </summary>
/// <param name="Axes">The dimensions, ascending.</param>
/// <param name="Types">Null before types are chosen.</param>
public sealed record Softmax(Seq<int> Axes, SoftmaxTypes? Types = null) : Operator
{
    /// <summary>The resolution of a reciprocal before types are chosen, where only constants are computed with it.</summary>
    private const int Untyped = 64;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value];

    public override Operator WithInnerTypes(InnerTyping typing) =>
        this with { Types = SoftmaxTypes.Choose(typing.Hull(0), Count(typing.Shapes[0]!.Value), typing) };

    /// <summary>How many elements of a tensor of the shape share a sum.</summary>
    public int Count(Seq<int> shape) => Shapes.Count(ReducedAxes.Extents(shape, Axes));

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var largest = Exponentials.Largest(definition, x, Axes);
        var exponentials = Exponentials.Of(definition, x, largest, Axes, Types?.Exponential);
        var reciprocals = definition.Temporary("reciprocal", largest.Shape, (b, i) =>
            b.Literal(Dyadic.One).Divide(Exponentials.Sum(b, exponentials, Axes, i), Types?.Reciprocal ?? Untyped));
        var output = definition.Output(0, x.Shape, (b, i) =>
        {
            var share = b.At(exponentials, i) * b.At(reciprocals, ReducedAxes.Group(Axes, i));
            return Types is null ? share : share.Cast(Types.Result);
        });
        // No derivative of an output exceeds a quarter in either direction of the other inputs, which move by twice the error against it.
        var bound = Types is { Result.Type: var type } && type.Range.Contains(Dyadic.One) ? Types.ErrorBound(Count(x.Shape)) : (double?)null;
        definition.State(output, bound, slope: 0.5);
    }

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.RequireFloat(x);
        node.Output(new Softmax(ReducedAxes.OfSoftmax(node, x)), x);
    }

    internal static IEnumerable<OperatorCase> Cases() => CasesOf("Softmax");

    internal static IEnumerable<OperatorCase> CasesOf(string type) =>
    [
        OperatorCase.Of(type, "vector", 7).Input(1, 5),
        OperatorCase.Of(type, "flattened", 11).Input(2, 2, 3).With("axis", 1),
        OperatorCase.Of(type, "last dimension").Input(1, 2, 3),
        OperatorCase.Of(type, "inner dimension").Input(1, 3, 2).With("axis", -2),
        OperatorCase.Of(type, "one element").Input(1, 3).With("axis", 0),
    ];
}
