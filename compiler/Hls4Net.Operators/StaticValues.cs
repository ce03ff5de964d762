using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>ONNX Range, EyeLike, NonZero, IsNaN and IsInf: constants here, because shapes are fixed and fixed point has no such numbers.</summary>
internal static class StaticValues
{
    public static void ImportRange(OnnxNode node)
    {
        var (start, limit, delta) = (One(node, 0, "start"), One(node, 1, "limit"), One(node, 2, "step"));
        if (delta.IsZero)
            throw node.RefuseValue("step", "it must not be 0");
        var quotient = (limit - start) / delta;
        // ⌈(limit − start) / step⌉, exact by a comparison with the quotient, which is rounded.
        var count = quotient.Sign <= 0 ? 0 : (long)Casting.Round(quotient.Mantissa, -quotient.Exponent, Rounding.Trn);
        while (count > 0 && !IsInside(count - 1))
            count--;
        while (count < TensorReader.MaximumElements && IsInside(count))
            count++;
        if (count >= TensorReader.MaximumElements)
            throw new ImportException(Messages.TensorTooLarge(node.Where, $"The range has more than {TensorReader.MaximumElements} elements."));
        node.Output(ConstantTensor.Of([(int)count], Enumerable.Range(0, (int)count).Select(k => start + delta * k).ToSeq()), node.Input(0, "start").Type);

        bool IsInside(long k) => delta.Sign > 0 ? start + delta * new Dyadic(k, 0) < limit : start + delta * new Dyadic(k, 0) > limit;
    }

    public static void ImportEyeLike(OnnxNode node)
    {
        var x = node.Input(0, "input");
        if (x.Rank != 2)
            throw node.Refuse($"EyeLike takes a matrix, and got {x.Shape}");
        var type = (DataType)node.Attributes.Int("dtype", (int)x.Type);
        if (!ElementTypes.IsSupported(type))
            throw node.Attributes.Value("dtype", ElementTypes.NameOf(type), "it must be a float, integer or bool");
        var diagonal = node.Attributes.Int("k", 0);
        var values = Enumerable.Range(0, Shapes.Count(x.Shape)).Select(e => e % x.Shape[1] - (long)(e / x.Shape[1]) == diagonal ? Dyadic.One : Dyadic.Zero);
        node.Output(ConstantTensor.Of(x.Shape, values.ToSeq()), type);
    }

    public static void ImportNonZero(OnnxNode node)
    {
        var x = ForeignOperators.DecidingSize(node, 0, "input");
        var indices = new int[x.Shape.Count];
        var found = Enumerable.Range(0, x.Values.Count).Where(k => !x.Values[k].IsZero).Select(k =>
        {
            Shapes.Unravel(k, x.Shape, indices);
            return (int[])indices.Clone();
        }).ToArray();
        var values = Enumerable.Range(0, indices.Length).SelectMany(d => found.Select(f => (Dyadic)f[d])).ToSeq();
        node.Output(ConstantTensor.Of([indices.Length, found.Length], values), DataType.Int64);
    }

    public static void ImportIsNaN(OnnxNode node) => Never(node);

    public static void ImportIsInf(OnnxNode node)
    {
        node.Attributes.Ignore("detect_negative");
        node.Attributes.Ignore("detect_positive");
        Never(node);
    }

    public static IEnumerable<OperatorCase> RangeCases() =>
    [
        OperatorCase.Of("Range", "integers", 11).Constant([], [10], DataType.Int64).Constant([], [4], DataType.Int64).Constant([], [-2], DataType.Int64)
            .WithOutputs(1, DataType.Int64),
        OperatorCase.Of("Range", "reals", 11).Constant([], [0.5]).Constant([], [3]).Constant([], [0.75]),
    ];

    public static IEnumerable<OperatorCase> EyeLikeCases() =>
    [
        OperatorCase.Of("EyeLike", "diagonal", 9).Input(3, 4).With("k", 1),
        OperatorCase.Of("EyeLike", "another type", 9).Input(2, 2).With("dtype", (int)DataType.Int32).WithOutputs(1, DataType.Int32),
    ];

    public static IEnumerable<OperatorCase> NonZeroCases() =>
        [OperatorCase.Of("NonZero", "matrix", 9).Constant([2, 3], [1, 0, -2, 0, 0, 3]).WithOutputs(1, DataType.Int64)];

    public static IEnumerable<OperatorCase> IsNaNCases() => [OperatorCase.Of("IsNaN", "never", 9).Input(1, 3).WithOutputs(1, DataType.Bool)];

    public static IEnumerable<OperatorCase> IsInfCases() => [OperatorCase.Of("IsInf", "never", 10).Input(1, 3).With("detect_negative", 0).WithOutputs(1, DataType.Bool)];

    private static void Never(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.Output(ConstantTensor.Of(x.Shape, Enumerable.Repeat(Dyadic.Zero, Shapes.Count(x.Shape)).ToSeq()), DataType.Bool);
    }

    private static Dyadic One(OnnxNode node, int position, string role) =>
        node.Constant(position, role).Values is [var one] ? one : throw node.RefuseValue(role, "it must be one number");
}
