using Hls4Net.Operators;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;
using Generator = System.Func<Hls4Net.Sweep.Draw, Hls4Net.Operators.CatalogueEntry, Hls4Net.Operators.OperatorCase>;

namespace Hls4Net.Sweep;

/// <summary>Operators that choose, replace or sort elements.</summary>
internal static class IndexingCases
{
    public static IEnumerable<KeyValuePair<string, Generator>> Generators =>
    [
        new("GatherElements", (d, e) => Indices(d, d.New(e), scatter: false)),
        new("ScatterElements", (d, e) => Indices(d, d.New(e), scatter: true)),
        new("Scatter", (d, e) => Indices(d, d.New(e), scatter: true)),
        new("GatherND", GatherND),
        new("ScatterND", ScatterND),
        new("Compress", Compress),
        new("Trilu", (d, e) =>
        {
            var drawn = d.New(e).Input(d.Shape(2, 4));
            drawn = d.Chance(0.6) ? drawn.Constant([], [d.Number(-4, 4)], DataType.Int64) : drawn;
            return d.Chance(0.7) ? drawn.With("upper", d.Number(0, 1)) : drawn;
        }),
        new("OneHot", (d, e) =>
        {
            var (indices, depth) = (d.Shape(1, 3, 3), d.Number(1, 5));
            var drawn = d.New(e).Input(indices, DataType.Int64).Constant([], [depth], DataType.Int64).Constant([2], [d.Real(), d.Real()]);
            return d.Chance(0.7) ? drawn.With("axis", d.Number(-indices.Length - 1, indices.Length)) : drawn;
        }),
        new("TopK", TopK),
        new("EyeLike", (d, e) => d.New(e).Input(d.Shape(2, 2)).With("k", d.Number(-3, 3))),
        new("Range", (d, e) =>
        {
            var (start, step) = (d.Real(), d.Any(0.25, -0.5, 1, 0.75, -0.125));
            return d.New(e).Constant([], [start]).Constant([], [start + step * d.Number(1, 20) + d.Any(0, step / 2)]).Constant([], [step]);
        }),
        new("Einsum", Einsum),
    ];

    private static OperatorCase Indices(Draw draw, OperatorCase drawn, bool scatter)
    {
        var shape = draw.Shape(1, 4, 4);
        var axis = draw.Number(0, shape.Length - 1);
        var indices = shape.Select((e, d) => d == axis ? draw.Number(1, 4) : draw.Number(1, e)).ToArray();
        var values = Enumerable.Range(0, Count(indices)).Select(_ => (double)draw.Number(-shape[axis], shape[axis] - 1)).ToArray();
        drawn = drawn.Input(shape).Constant(indices, values, DataType.Int64);
        drawn = scatter ? draw.Operand(drawn, indices, constant: 0.2) : drawn;
        drawn = axis > 0 || draw.Chance(0.5) ? drawn.With("axis", (int)draw.Axis(axis, shape.Length)) : drawn;
        return scatter ? Reduction(draw, drawn) : drawn;
    }

    private static OperatorCase Reduction(Draw draw, OperatorCase drawn) => drawn.Opset switch
    {
        < 16 => drawn,
        < 18 => drawn.With("reduction", draw.Any("none", "add", "mul")),
        _ => drawn.With("reduction", draw.Any("none", "add", "mul", "min", "max")),
    };

    private static OperatorCase GatherND(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 4, 4);
        var drawn = draw.New(entry).Input(shape);
        var batch = drawn.Opset >= 12 && draw.Chance(0.4) ? draw.Number(0, shape.Length - 1) : 0;
        var depth = draw.Number(1, shape.Length - batch);
        int[] indices = [.. shape.Take(batch), .. draw.Shape(0, 1, 3), depth];
        var values = Enumerable.Range(0, Count(indices)).Select(k => (double)draw.Number(-shape[batch + k % depth], shape[batch + k % depth] - 1)).ToArray();
        drawn = drawn.Constant(indices, values, DataType.Int64);
        return batch > 0 ? drawn.With("batch_dims", batch) : drawn;
    }

    private static OperatorCase ScatterND(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 4, 4);
        var depth = draw.Number(1, shape.Length);
        int[] indices = [.. draw.Shape(0, 2, 3), depth];
        var values = Enumerable.Range(0, Count(indices)).Select(k => (double)draw.Number(0, shape[k % depth] - 1)).ToArray();
        var drawn = draw.New(entry).Input(shape).Constant(indices, values, DataType.Int64);
        return Reduction(draw, draw.Operand(drawn, [.. indices[..^1], .. shape[depth..]], constant: 0.2));
    }

    private static OperatorCase Compress(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 3);
        var drawn = draw.New(entry).Input(shape);
        var axis = draw.Number(-1, shape.Length - 1);
        var count = draw.Number(1, axis < 0 ? Count(shape) : shape[axis]);
        drawn = drawn.Constant([count], [1, .. Enumerable.Range(1, count - 1).Select(_ => (double)draw.Number(0, 1))], DataType.Bool);
        return axis < 0 ? drawn : drawn.With("axis", (int)draw.Axis(axis, drawn.Opset < 11 ? 0 : shape.Length));
    }

    private static OperatorCase TopK(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 3);
        var axis = draw.Chance(0.5) ? shape.Length - 1 : draw.Number(0, shape.Length - 1);
        var drawn = draw.New(entry).Input(shape).AndOutput(DataType.Int64);
        var count = draw.Number(1, shape[axis]);
        drawn = drawn.Opset < 10 ? drawn.With("k", count) : drawn.Integers(count);
        drawn = axis < shape.Length - 1 || draw.Chance(0.5) ? drawn.With("axis", (int)draw.Axis(axis, shape.Length)) : drawn;
        return drawn.Opset >= 11 && draw.Chance(0.6) ? drawn.With("largest", draw.Number(0, 1)).With("sorted", 1) : drawn;
    }

    /// <summary>An equation of random labels for one to three operands, with an ellipsis, a repeated label or without an arrow at times.</summary>
    private static OperatorCase Einsum(Draw draw, CatalogueEntry entry)
    {
        var extents = "abcde".ToDictionary(c => c, _ => draw.Number(1, 3));
        var (hidden, drawn) = (draw.Chance(0.3) ? draw.Shape(1, 2, 2) : [], draw.New(entry));
        var terms = new List<string>();
        for (var operands = draw.Any(1, 2, 2, 2, 3); operands > 0; operands--)
        {
            var term = string.Concat(draw.Permutation(5).Take(draw.Number(1, 3)).Select(k => "abcde"[k]));
            term = draw.Chance(0.1) && term.Length > 1 ? term + term[0] : term;
            var withDots = hidden.Length > 0 && draw.Chance(0.8);
            int[] shape = [.. withDots ? hidden.Select(e => draw.Chance(0.2) ? 1 : e) : [], .. term.Select(c => extents[c])];
            terms.Add(withDots ? "..." + term : term);
            drawn = draw.Operand(drawn, shape, constant: terms.Count > 1 ? 0.4 : 0);
        }
        var used = string.Concat(terms).Replace(".", "", StringComparison.Ordinal).Distinct().ToArray();
        var result = string.Concat(draw.Permutation(used.Length).Take(draw.Number(0, used.Length)).Select(k => used[k]));
        var dots = terms.Exists(t => t.StartsWith('.')) ? "..." : "";
        return drawn.With("equation", string.Join(draw.Any(",", ", "), terms) + (draw.Chance(0.15) ? "" : draw.Any("->", " -> ") + dots + result));
    }

    private static int Count(int[] shape) => shape.Aggregate(1, (a, b) => a * b);
}
