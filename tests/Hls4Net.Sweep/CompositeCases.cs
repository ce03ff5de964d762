using Hls4Net.Operators;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;
using Generator = System.Func<Hls4Net.Sweep.Draw, Hls4Net.Operators.CatalogueEntry, Hls4Net.Operators.OperatorCase>;

namespace Hls4Net.Sweep;

/// <summary>Operators that are made of several steps: softmax and its kin, places of extremes, normalisations, divisions.</summary>
internal static class CompositeCases
{
    public static IEnumerable<KeyValuePair<string, Generator>> Generators =>
    [
        .. new[] { "Softmax", "LogSoftmax", "Hardmax" }.Select(n => KeyValuePair.Create<string, Generator>(n, WithAxis)),
        .. new[] { "ArgMax", "ArgMin" }.Select(n => KeyValuePair.Create<string, Generator>(n, Place)),
        new("CumSum", CumulativeSum),
        new("LpNormalization", (d, e) => d.Chance(0.5) ? WithAxis(d, e).With("p", d.Number(1, 2)) : WithAxis(d, e)),
        new("LayerNormalization", Layer),
        new("InstanceNormalization", Instance),
        new("GroupNormalization", Group),
        new("MeanVarianceNormalization", MeanVariance),
    ];

    private static OperatorCase WithAxis(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 4, 6);
        var drawn = draw.New(entry).Input(shape);
        return draw.Chance(0.8) || shape.Length < 2 ? drawn.With("axis", (int)draw.Axis(draw.Number(0, shape.Length - 1), shape.Length)) : drawn;
    }

    private static OperatorCase Place(Draw draw, CatalogueEntry entry)
    {
        var drawn = WithAxis(draw, entry).WithOutputs(1, DataType.Int64);
        drawn = draw.Chance(0.6) ? drawn.With("keepdims", draw.Number(0, 1)) : drawn;
        return drawn.Opset >= 12 && draw.Chance(0.5) ? drawn.With("select_last_index", draw.Number(0, 1)) : drawn;
    }

    private static OperatorCase CumulativeSum(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 4, 9);
        var drawn = draw.New(entry).Input(shape).Constant([], [draw.Axis(draw.Number(0, shape.Length - 1), shape.Length)], DataType.Int64);
        drawn = draw.Chance(0.5) ? drawn.With("exclusive", draw.Number(0, 1)) : drawn;
        return draw.Chance(0.5) ? drawn.With("reverse", draw.Number(0, 1)) : drawn;
    }

    private static OperatorCase Layer(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 4, 6);
        var axis = draw.Number(0, shape.Length - 1);
        var drawn = draw.Constant(draw.New(entry).Input(shape), shape[axis..]);
        drawn = draw.Chance(0.6) ? draw.Constant(drawn, shape[axis..]) : drawn;
        drawn = Epsilon(draw, drawn);
        drawn = draw.Chance(0.3) ? drawn.WithOutputs(drawn.Inputs.Count) : drawn;
        return axis < shape.Length - 1 || draw.Chance(0.5) ? drawn.With("axis", (int)draw.Axis(axis, shape.Length)) : drawn;
    }

    private static OperatorCase Instance(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(3, 4, 4);
        return Epsilon(draw, draw.Constant(draw.Constant(draw.New(entry).Input(shape), [shape[1]]), [shape[1]]));
    }

    private static OperatorCase Group(Draw draw, CatalogueEntry entry)
    {
        var (groups, each) = (draw.Number(1, 3), draw.Number(1, 3));
        var drawn = draw.New(entry);
        int[] channels = [drawn.Opset < 21 ? groups : groups * each];
        drawn = drawn.Input([1, groups * each, .. draw.Shape(1, 2, 3)]).With("num_groups", groups);
        return Epsilon(draw, draw.Constant(draw.Constant(drawn, channels), channels));
    }

    private static OperatorCase MeanVariance(Draw draw, CatalogueEntry entry)
    {
        // Of one element, or of equal ones, ONNX Runtime's result is not a number.
        int[] shape = [.. draw.Shape(1, 3, 4), 6];
        return draw.New(entry).Input(shape).With("axes", (long[])[.. draw.Axes(shape.Length - 1, 0, shape.Length - 1), -1]);
    }

    private static OperatorCase Epsilon(Draw draw, OperatorCase drawn) => draw.Chance(0.6) ? drawn.With("epsilon", draw.Float(1e-6, 0.5)) : drawn;
}
