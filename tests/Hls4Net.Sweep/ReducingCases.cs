using Hls4Net.Operators;
using Generator = System.Func<Hls4Net.Sweep.Draw, Hls4Net.Operators.CatalogueEntry, Hls4Net.Operators.OperatorCase>;

namespace Hls4Net.Sweep;

/// <summary>Reductions and products of matrices.</summary>
internal static class ReducingCases
{
    public static IEnumerable<KeyValuePair<string, Generator>> Generators =>
    [
        .. new[] { ("ReduceMean", 18), ("ReduceMax", 18), ("ReduceMin", 18), ("ReduceL1", 18), ("ReduceSumSquare", 18), ("ReduceSum", 13),
            ("ReduceProd", 18), ("ReduceL2", 18), ("ReduceLogSumExp", 18) }
            .Select(r => KeyValuePair.Create<string, Generator>(r.Item1, (d, e) => Reduction(d, e, r.Item2))),
        new("MatMul", MatMul),
        new("Gemm", Gemm),
    ];

    public static OperatorCase Reduction(Draw draw, CatalogueEntry entry, int inputSince)
    {
        var shape = draw.Shape(1, 5, 4);
        var drawn = draw.New(entry).Input(shape);
        var axes = draw.Axes(shape.Length, draw.Chance(0.1) ? 0 : 1, shape.Length);
        if (draw.Chance(0.7))
            drawn = drawn.With("keepdims", draw.Number(0, 1));
        if (drawn.Opset < inputSince)
            return axes.Length > 0 && draw.Chance(0.8) ? drawn.With("axes", axes) : drawn;
        if (draw.Chance(0.3))
            drawn = drawn.With("noop_with_empty_axes", draw.Number(0, 1));
        return draw.Chance(0.8) ? drawn.Integers([.. axes.Select(a => (double)a)]) : drawn;
    }

    private static OperatorCase MatMul(Draw draw, CatalogueEntry entry)
    {
        var (batch, inner) = (draw.Shape(0, 2, 3), draw.Number(1, 5));
        int[] left = draw.Chance(0.2) ? [inner] : [.. draw.Broadcast(batch), draw.Number(1, 4), inner];
        int[] right = draw.Chance(0.2) ? [inner] : [.. draw.Broadcast(batch), inner, draw.Number(1, 4)];
        var constant = draw.Number(0, 2);
        var drawn = constant == 0 ? draw.Constant(draw.New(entry), left) : draw.New(entry).Input(left);
        return constant == 1 ? draw.Constant(drawn, right) : drawn.Input(right);
    }

    private static OperatorCase Gemm(Draw draw, CatalogueEntry entry)
    {
        var (m, k, n) = (draw.Number(1, 4), draw.Number(1, 5), draw.Number(1, 4));
        var (transA, transB) = (draw.Chance(0.5), draw.Chance(0.5));
        var constant = draw.Number(0, 3);
        int[] a = transA ? [k, m] : [m, k];
        int[] b = transB ? [n, k] : [k, n];
        var drawn = constant == 0 ? draw.Constant(draw.New(entry), a) : draw.New(entry).Input(a);
        drawn = constant is 1 or 2 ? draw.Constant(drawn, b) : drawn.Input(b);
        if (drawn.Opset < 11 || draw.Chance(0.8))
            drawn = draw.Operand(drawn, draw.Any<int[]>([m, n], [n], [1, n], [m, 1], [1, 1], [1], []), constant: 0.6);
        drawn = transA || draw.Chance(0.3) ? drawn.With("transA", transA ? 1 : 0) : drawn;
        drawn = transB || draw.Chance(0.3) ? drawn.With("transB", transB ? 1 : 0) : drawn;
        drawn = draw.Chance(0.4) ? drawn.With("alpha", draw.Float(-2, 2)) : drawn;
        return draw.Chance(0.4) ? drawn.With("beta", draw.Float(-2, 2)) : drawn;
    }
}
