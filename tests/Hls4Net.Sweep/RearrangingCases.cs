using Hls4Net.Operators;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;
using Generator = System.Func<Hls4Net.Sweep.Draw, Hls4Net.Operators.CatalogueEntry, Hls4Net.Operators.OperatorCase>;

namespace Hls4Net.Sweep;

/// <summary>Operators that only move elements.</summary>
internal static class RearrangingCases
{
    public static IEnumerable<KeyValuePair<string, Generator>> Generators =>
    [
        new("Reshape", Reshape),
        new("Flatten", (d, e) =>
        {
            var shape = d.Shape(0, 4);
            var drawn = d.New(e).Input(shape);
            return shape.Length == 0 || d.Chance(0.8) ? drawn.With("axis", drawn.Opset < 11 ? d.Number(0, shape.Length) : d.Number(-shape.Length, shape.Length)) : drawn;
        }),
        new("Transpose", (d, e) =>
        {
            var shape = d.Shape(0, 5, 4);
            return d.Chance(0.8) ? d.New(e).Input(shape).With("perm", Longs(d.Permutation(shape.Length))) : d.New(e).Input(shape);
        }),
        new("Squeeze", (d, e) => Squeeze(d, e)),
        new("Unsqueeze", Unsqueeze),
        new("Expand", (d, e) =>
        {
            var shape = d.Shape(0, 4, 4);
            return d.New(e).Input(d.Broadcast(shape)).Integers(Doubles(d.Broadcast(shape)));
        }),
        new("Tile", (d, e) =>
        {
            var shape = d.Shape(1, 4, 4);
            return d.New(e).Input(shape).Integers([.. shape.Select(_ => (double)d.Number(1, 3))]);
        }),
        new("Concat", Concat),
        new("Split", Split),
        new("Slice", Slice),
        new("Gather", Gather),
        new("Pad", Pad),
        new("DepthToSpace", (d, e) =>
        {
            var (block, drawn) = (d.Number(1, 3), d.New(e));
            drawn = drawn.Input(d.Number(1, 2), block * block * d.Number(1, 2), d.Number(1, 4), d.Number(1, 4)).With("blocksize", block);
            return drawn.Opset >= 11 && d.Chance(0.7) ? drawn.With("mode", d.Any("DCR", "CRD")) : drawn;
        }),
        new("SpaceToDepth", (d, e) =>
        {
            var block = d.Number(1, 3);
            return d.New(e).Input(d.Number(1, 2), d.Number(1, 3), block * d.Number(1, 3), block * d.Number(1, 3)).With("blocksize", block);
        }),
        new("Shape", (d, e) =>
        {
            var shape = d.Shape(1, 4);
            var drawn = d.New(e).Input(shape).WithOutputs(1, DataType.Int64);
            if (drawn.Opset < 15)
                return drawn;
            drawn = d.Chance(0.5) ? drawn.With("start", d.Number(-6, 2)) : drawn;
            return d.Chance(0.5) ? drawn.With("end", d.Number(-2, 6)) : drawn;
        }),
        new("Resize", ResizeCases.Resize),
        new("Upsample", ResizeCases.Upsample),
    ];

    private static OperatorCase Reshape(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(0, 4);
        var drawn = draw.New(entry).Input(shape);
        var target = draw.Permutation(shape.Length).Select(k => (double)shape[k]).ToList();
        while (target.Count > 1 && draw.Chance(0.4))
        {
            target[0] *= target[1];
            target.RemoveAt(1);
        }
        if (draw.Chance(0.4))
            target.Insert(draw.Number(0, target.Count), 1);
        for (var k = 0; k < Math.Min(target.Count, shape.Length); k++)
        {
            if (target[k] == shape[k] && draw.Chance(0.3))
                target[k] = 0;
        }
        if (target.Count > 0 && draw.Chance(0.4))
            target[draw.Number(0, target.Count - 1)] = -1;
        drawn = drawn.Integers([.. target]);
        return drawn.Opset >= 14 && draw.Chance(0.3) ? drawn.With("allowzero", target.Contains(0) ? 0 : draw.Number(0, 1)) : drawn;
    }

    private static OperatorCase Squeeze(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 5, 3).Select(e => draw.Chance(0.4) ? 1 : e).ToArray();
        var drawn = draw.New(entry).Input(shape);
        var axes = Enumerable.Range(0, shape.Length).Where(k => shape[k] == 1 && draw.Chance(0.7))
            .Select(k => drawn.Opset < 11 ? k : draw.Axis(k, shape.Length)).ToArray();
        return axes.Length == 0 ? drawn : drawn.Opset < 13 ? drawn.With("axes", axes) : drawn.Integers(Doubles(axes));
    }

    private static OperatorCase Unsqueeze(Draw draw, CatalogueEntry entry)
    {
        var (shape, more) = (draw.Shape(0, 4, 4), draw.Number(1, 2));
        var drawn = draw.New(entry).Input(shape);
        var rank = shape.Length + more;
        var axes = draw.Permutation(rank).Take(more).Select(a => drawn.Opset < 11 ? a : draw.Axis(a, rank)).ToArray();
        return drawn.Opset < 13 ? drawn.With("axes", drawn.Opset < 11 ? [.. axes.Order()] : axes) : drawn.Integers(Doubles(axes));
    }

    private static OperatorCase Concat(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 4, 3);
        var axis = draw.Number(0, shape.Length - 1);
        var drawn = draw.New(entry).Input(shape);
        for (var n = draw.Number(0, 3); n > 0; n--)
        {
            shape = [.. shape];
            shape[axis] = draw.Number(1, 4);
            drawn = draw.Operand(drawn, shape, constant: 0.2);
        }
        return drawn.With("axis", drawn.Opset < 11 ? axis : (int)draw.Axis(axis, shape.Length));
    }

    private static OperatorCase Split(Draw draw, CatalogueEntry entry)
    {
        var (shape, parts) = (draw.Shape(1, 4, 4), Enumerable.Range(0, draw.Number(1, 4)).Select(_ => draw.Number(1, 3)).ToArray());
        var axis = draw.Number(0, shape.Length - 1);
        var drawn = draw.New(entry);
        var way = draw.Number(0, 1);
        if (way == 0)
            Array.Fill(parts, parts[0]);
        shape[axis] = parts.Sum();
        var short1 = drawn.Opset >= 18 && way == 0 && parts[0] > 1 && parts.Length > 1 && draw.Chance(0.5) && parts[0] >= parts.Length;
        if (short1)
            shape[axis] -= draw.Number(1, parts[0] - 1);
        drawn = drawn.Input(shape).WithOutputs(parts.Length);
        if (axis > 0 || draw.Chance(0.5))
            drawn = drawn.With("axis", drawn.Opset < 11 ? axis : (int)draw.Axis(axis, shape.Length));
        if (way == 0)
            return drawn.Opset >= 18 ? drawn.With("num_outputs", parts.Length) : drawn;
        return drawn.Opset < 13 ? drawn.With("split", Longs(parts)) : drawn.Integers(Doubles(parts));
    }

    private static OperatorCase Slice(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 4);
        var drawn = draw.New(entry).Input(shape);
        var chosen = draw.Permutation(shape.Length).Take(draw.Number(1, shape.Length)).ToArray();
        var withAxes = draw.Chance(0.7);
        if (!withAxes)
            chosen = [.. Enumerable.Range(0, chosen.Length)];
        var (starts, ends, steps) = (new long[chosen.Length], new long[chosen.Length], new long[chosen.Length]);
        for (var k = 0; k < chosen.Length; k++)
        {
            var extent = shape[chosen[k]];
            steps[k] = drawn.Opset < 10 ? 1 : draw.Any(1, 1, 2, 3, -1, -2);
            var first = draw.Number(0, extent - 1);
            var last = draw.Number(first, extent - 1);
            (starts[k], ends[k]) = steps[k] > 0 ? (first, last + 1) : (last, first - 1);
            if (starts[k] >= 0 && draw.Chance(0.3))
                starts[k] -= extent;
            ends[k] = ends[k] < 0 ? -extent - draw.Number(1, 3) : ends[k] < extent && draw.Chance(0.3) ? ends[k] - extent : ends[k] >= extent ? draw.Any(extent, 1000, int.MaxValue) : ends[k];
            if (steps[k] > 0 && ends[k] == 0)
                ends[k] = extent;
        }
        var axes = chosen.Select(a => draw.Axis(a, shape.Length)).ToArray();
        if (drawn.Opset < 10)
        {
            drawn = drawn.With("starts", starts).With("ends", ends);
            return withAxes ? drawn.With("axes", Longs(chosen)) : drawn;
        }
        drawn = drawn.Integers(Doubles(starts)).Integers(Doubles(ends));
        drawn = withAxes ? drawn.Integers(Doubles(axes)) : drawn.Omit();
        return steps.Any(s => s != 1) || draw.Chance(0.3) ? drawn.Integers(Doubles(steps)) : drawn;
    }

    private static OperatorCase Gather(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 3, 5);
        var axis = draw.Number(0, shape.Length - 1);
        var indices = draw.Shape(0, 2, 4);
        var drawn = draw.New(entry).Input(shape);
        if (draw.Chance(0.3))
        {
            drawn = draw.Operand(draw.New(entry, 11), shape, constant: 0.6).Indices(indices, shape[axis]);
            return drawn.With("axis", (int)draw.Axis(axis, shape.Length));
        }
        var low = drawn.Opset >= 11 ? -shape[axis] : 0;
        var values = Enumerable.Range(0, indices.Aggregate(1, (a, b) => a * b)).Select(_ => (double)draw.Number(low, shape[axis] - 1)).ToArray();
        drawn = drawn.Constant(indices, values, draw.Any(DataType.Int32, DataType.Int64));
        return axis > 0 || draw.Chance(0.5) ? drawn.With("axis", (int)draw.Axis(axis, shape.Length)) : drawn;
    }

    private static OperatorCase Pad(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 4);
        var drawn = draw.New(entry).Input(shape);
        var mode = draw.Any(drawn.Opset >= 19 ? ["constant", "reflect", "edge", "wrap"] : new[] { "constant", "reflect", "edge" });
        var some = drawn.Opset >= 18 && draw.Chance(0.4);
        var chosen = some ? draw.Axes(shape.Length, 1, shape.Length) : [.. Enumerable.Range(0, shape.Length).Select(k => (long)k)];
        var extents = chosen.Select(a => shape[a < 0 ? a + shape.Length : a]).ToArray();
        var pads = extents.Concat(extents).Select(e => (double)(draw.Chance(0.4) ? 0
            : draw.Number(mode == "constant" && e > 2 && draw.Chance(0.3) ? -1 : 0, mode == "reflect" ? e - 1 : mode == "wrap" ? e : 3))).ToArray();
        drawn = mode != "constant" || draw.Chance(0.5) ? drawn.With("mode", mode) : drawn;
        if (drawn.Opset < 11)
        {
            drawn = drawn.With("pads", pads.Select(p => (long)p).ToArray());
            return draw.Chance(0.5) ? drawn.With("value", draw.Float(-2, 2)) : drawn;
        }
        drawn = drawn.Integers(pads);
        drawn = mode == "constant" && draw.Chance(0.6) ? draw.Operand(drawn, [], constant: 0.8) : some ? drawn.Omit() : drawn;
        return !some ? drawn : (drawn.Inputs.Count == 2 ? drawn.Omit() : drawn).Integers(Doubles(chosen));
    }

    private static long[] Longs(int[] values) => Array.ConvertAll(values, v => (long)v);

    private static double[] Doubles(int[] values) => Array.ConvertAll(values, v => (double)v);

    private static double[] Doubles(long[] values) => Array.ConvertAll(values, v => (double)v);
}
