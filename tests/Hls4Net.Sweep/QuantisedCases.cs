using Hls4Net.Operators;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;
using Generator = System.Func<Hls4Net.Sweep.Draw, Hls4Net.Operators.CatalogueEntry, Hls4Net.Operators.OperatorCase>;

namespace Hls4Net.Sweep;

/// <summary>Quantisers, products of quantised tensors, and norms over windows.</summary>
internal static class QuantisedCases
{
    public static IEnumerable<KeyValuePair<string, Generator>> Generators =>
    [
        new("QuantizeLinear", Quantiser),
        new("DequantizeLinear", Dequantiser),
        new("MatMulInteger", IntegerProduct),
        new("QLinearMatMul", QuantisedProduct),
        new("ConvInteger", (d, e) => Convolution(d, e, isQuantised: false)),
        new("QLinearConv", (d, e) => Convolution(d, e, isQuantised: true)),
        new("LRN", Normalisation),
        new("LpPool", Pool),
        new("Swish", (d, e) => d.Chance(0.7) ? d.New(e).Input(d.Shape(0, 4)).With("alpha", d.Float(-2, 2)) : d.New(e).Input(d.Shape(0, 4))),
        new("Mod", Remainder),
    ];

    private static DataType Code(Draw draw) => draw.Any(DataType.Uint8, DataType.Int8);

    private static double Scale(Draw draw) => draw.Chance(0.4) ? Math.ScaleB(1, draw.Number(-6, 1)) : draw.Float(0.01, 1);

    private static OperatorCase Scales(Draw draw, OperatorCase to, int[] shape) =>
        to.Constant(shape, [.. Enumerable.Range(0, Count(shape)).Select(_ => Scale(draw))]);

    private static int Count(int[] shape) => shape.Aggregate(1, (a, b) => a * b);

    private static OperatorCase Quantiser(Draw draw, CatalogueEntry entry)
    {
        var (shape, type) = (draw.Shape(1, 4), Code(draw));
        var (drawn, parameters) = Layout(draw, draw.New(entry).Input(shape), shape);
        drawn = Scales(draw, drawn, parameters);
        if (draw.Chance(0.7))
            return draw.Constant(drawn, parameters, type).WithOutputs(1, type);
        return drawn.WithOutputs(1, DataType.Uint8);
    }

    private static OperatorCase Dequantiser(Draw draw, CatalogueEntry entry)
    {
        var (shape, type) = (draw.Shape(1, 4), Code(draw));
        var (drawn, parameters) = Layout(draw, draw.New(entry).Input(shape, type), shape);
        drawn = Scales(draw, drawn, parameters);
        return draw.Chance(0.7) ? draw.Constant(drawn, parameters, type) : drawn;
    }

    /// <summary>One scale, one for each place along an axis, or one for each block along it.</summary>
    private static (OperatorCase Drawn, int[] Parameters) Layout(Draw draw, OperatorCase drawn, int[] shape)
    {
        if (drawn.Opset < 13 || draw.Chance(0.4))
            return (drawn, draw.Chance(0.5) || drawn.Opset < 13 ? [] : [1]);
        var isDefault = shape.Length > 1 && draw.Chance(0.3);
        var axis = isDefault ? 1 : draw.Number(0, shape.Length - 1);
        drawn = isDefault ? drawn : drawn.With("axis", draw.Axis(axis, shape.Length));
        if (drawn.Opset < 21 || draw.Chance(0.6))
            return (drawn, [shape[axis]]);
        var size = draw.Number(1, shape[axis]);
        var parameters = (int[])shape.Clone();
        parameters[axis] = (shape[axis] + size - 1) / size;
        return (drawn.With("block_size", size), parameters);
    }

    private static OperatorCase IntegerProduct(Draw draw, CatalogueEntry entry)
    {
        var (left, right) = Matrices(draw);
        var (a, b) = (Code(draw), Code(draw));
        var drawn = draw.Operand(draw.New(entry).Input(left, a), right, b, constant: 0.7).WithOutputs(1, DataType.Int32);
        if (draw.Chance(0.3))
            return drawn;
        drawn = draw.Constant(drawn, [], a);
        return draw.Chance(0.5) ? draw.Constant(drawn, draw.Chance(0.5) ? [] : [right[^1]], b) : drawn;
    }

    private static OperatorCase QuantisedProduct(Draw draw, CatalogueEntry entry)
    {
        var (left, right) = Matrices(draw);
        var type = Code(draw);
        var drawn = Parameters(draw, draw.New(entry).Input(left, type), [], type);
        int[] columns = right.Length == 2 && type == DataType.Int8 && draw.Chance(0.3) ? [right[^1]] : [];
        drawn = draw.Operand(drawn, right, type, constant: 0.7);
        drawn = Parameters(draw, drawn, columns, type);
        return Parameters(draw, drawn, [], type).WithOutputs(1, type);
    }

    private static OperatorCase Parameters(Draw draw, OperatorCase to, int[] shape, DataType type) => draw.Constant(Scales(draw, to, shape), shape, type);

    private static (int[] Left, int[] Right) Matrices(Draw draw)
    {
        var (rows, terms, columns) = (draw.Number(1, 4), draw.Number(1, 6), draw.Number(1, 4));
        var batch = draw.Shape(0, 2, 3);
        int[] right = draw.Chance(0.6) ? [terms, columns] : [.. batch, terms, columns];
        return ([.. batch, rows, terms], right);
    }

    private static OperatorCase Convolution(Draw draw, CatalogueEntry entry, bool isQuantised)
    {
        int[] spatial = draw.Chance(0.4) ? [draw.Number(2, 9)] : [draw.Number(2, 6), draw.Number(2, 6)];
        var (group, channels, results) = (draw.Chance(0.6) ? 1 : draw.Number(2, 3), draw.Number(1, 3), draw.Number(1, 3));
        var kernel = spatial.Select(e => draw.Number(1, Math.Min(e, 3))).ToArray();
        var (x, w) = (isQuantised ? Code(draw) : DataType.Uint8, isQuantised ? Code(draw) : DataType.Uint8);
        int[] filter = [results * group, channels, .. kernel];
        var drawn = draw.New(entry).Input([draw.Number(1, 2), channels * group, .. spatial], x);
        if (isQuantised)
        {
            drawn = Parameters(draw, drawn, [], x);
            drawn = draw.Constant(drawn, filter, w);
            int[] scales = w == DataType.Int8 && draw.Chance(0.5) ? [filter[0]] : [];
            drawn = Scales(draw, drawn, scales).Constant(scales, [.. Enumerable.Repeat(scales.Length == 0 && w == DataType.Uint8 ? draw.Number(0, 255) : 0.0, Count(scales))], w);
            drawn = Parameters(draw, drawn, [], x).WithOutputs(1, x);
            if (draw.Chance(0.5))
                drawn = drawn.Constant([filter[0]], [.. Enumerable.Range(0, filter[0]).Select(_ => (double)draw.Number(-20000, 20000))], DataType.Int32);
        }
        else
        {
            drawn = draw.Operand(drawn, filter, w, constant: 0.8).WithOutputs(1, DataType.Int32);
            drawn = draw.Chance(0.6) ? draw.Constant(drawn, [], x) : drawn;
            drawn = drawn.Inputs.Count == 3 && draw.Chance(0.6) ? draw.Constant(drawn, [], w) : drawn;
        }
        drawn = group > 1 || draw.Chance(0.3) ? drawn.With("group", group) : drawn;
        return WindowCases.Windows(draw, drawn, spatial, kernel, dilations: true, largestPad: 2);
    }

    private static OperatorCase Normalisation(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(4, 4);
        var drawn = draw.New(entry).Input(shape).With("size", (long)(2 * draw.Number(0, 2) + 1));
        drawn = draw.Chance(0.5) ? drawn.With("alpha", draw.Float(0.0001, 1)) : drawn;
        drawn = draw.Chance(0.5) ? drawn.With("beta", draw.Any(0.5f, 0.75f, 1f)) : drawn;
        return draw.Chance(0.5) ? drawn.With("bias", draw.Float(0.5, 2)) : drawn;
    }

    private static OperatorCase Pool(Draw draw, CatalogueEntry entry)
    {
        int[] spatial = draw.Chance(0.4) ? [draw.Number(2, 9)] : [draw.Number(2, 6), draw.Number(2, 6)];
        var kernel = spatial.Select(e => draw.Number(1, Math.Min(e, 3))).ToArray();
        var drawn = draw.New(entry).Input([draw.Number(1, 2), draw.Number(1, 3), .. spatial]).With("kernel_shape", Array.ConvertAll(kernel, v => (long)v));
        drawn = draw.Chance(0.7) ? drawn.With("p", (long)draw.Number(1, 3)) : drawn;
        drawn = drawn.Opset >= 18 && draw.Chance(0.3) ? drawn.With("ceil_mode", draw.Number(0, 1)) : drawn;
        return WindowCases.Windows(draw, drawn, spatial, kernel, drawn.Opset >= 18, kernel.Min() - 1);
    }

    private static OperatorCase Remainder(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(0, 4, 4);
        var isFloat = draw.Chance(0.5);
        var type = isFloat ? DataType.Float : draw.Any(DataType.Int8, DataType.Int32, DataType.Int64);
        var divisor = draw.Broadcast(shape);
        double[] divisors = [.. Enumerable.Range(0, Count(divisor)).Select(_ => (draw.Chance(0.5) ? -1 : 1) * (isFloat ? draw.Number(1, 40) / 16.0 : draw.Number(1, 40)))];
        var drawn = draw.New(entry).Input(shape, type).Constant(divisor, divisors, type).WithOutputs(1, type);
        return isFloat ? drawn.With("fmod", 1) : draw.Chance(0.5) ? drawn.With("fmod", draw.Number(0, 1)) : drawn;
    }
}
