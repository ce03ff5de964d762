using Hls4Net.Operators;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;
using Generator = System.Func<Hls4Net.Sweep.Draw, Hls4Net.Operators.CatalogueEntry, Hls4Net.Operators.OperatorCase>;

namespace Hls4Net.Sweep;

/// <summary>Operators that work element by element, with broadcasting.</summary>
internal static class ElementwiseCases
{
    private static readonly string[] Unary = ["Neg", "Abs", "Sign", "Relu", "Identity", "HardSwish", "Floor", "Ceil", "Round", "Dropout", "IsNaN"];

    private static readonly string[] Arithmetic = ["Add", "Sub", "Mul"];

    private static readonly string[] Relations = ["Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Equal"];

    private static readonly string[] AnyNumber = ["Max", "Min", "Sum", "Mean"];

    private static readonly string[] Logic = ["And", "Or", "Xor"];

    public static IEnumerable<KeyValuePair<string, Generator>> Generators =>
    [
        .. Unary.Select(n => KeyValuePair.Create<string, Generator>(n, (d, e) =>
        {
            var drawn = d.New(e).Input(d.Shape(0, 5), n is "Abs" or "Neg" or "Identity" && d.Chance(0.2) ? d.Any(DataType.Int8, DataType.Int32) : DataType.Float);
            return drawn.WithOutputs(1, n == "IsNaN" ? DataType.Bool : drawn.Inputs[0].Type);
        })),
        .. Arithmetic.Select(n => KeyValuePair.Create<string, Generator>(n, (d, e) => Binary(d, e, NumberType(d)))),
        .. Relations.Select(n => KeyValuePair.Create<string, Generator>(n, (d, e) => Binary(d, e, NumberType(d)).WithOutputs(1, DataType.Bool))),
        .. Logic.Select(n => KeyValuePair.Create<string, Generator>(n, (d, e) => Binary(d, e, DataType.Bool))),
        .. AnyNumber.Select(n => KeyValuePair.Create<string, Generator>(n, Several)),
        new("Not", (d, e) => d.New(e).Input(d.Shape(0, 4), DataType.Bool).WithOutputs(1, DataType.Bool)),
        new("Div", Division),
        new("Pow", (d, e) => d.New(e).Input(d.Shape(0, 4)).Constant([.. Enumerable.Repeat(1, d.Number(0, 1))], [d.Number(1, 4)])),
        new("PRelu", Slopes),
        new("LeakyRelu", (d, e) => Maybe(d, d.New(e).Input(d.Shape(0, 4)), "alpha", -1, 1)),
        new("ThresholdedRelu", (d, e) => Maybe(d, d.New(e).Input(d.Shape(0, 4)), "alpha", -1, 2)),
        new("HardSigmoid", (d, e) => Maybe(d, Maybe(d, d.New(e).Input(d.Shape(0, 4)), "alpha", -0.5, 1), "beta", -1, 1)),
        new("Clip", Clip),
        new("Where", Where),
        new("Cast", Cast),
        new("BatchNormalization", Normalisation),
    ];

    private static DataType NumberType(Draw draw) => draw.Chance(0.8) ? DataType.Float : draw.Any(DataType.Int32, DataType.Int64);

    private static OperatorCase Maybe(Draw draw, OperatorCase to, string attribute, double low, double high) =>
        draw.Chance(0.8) ? to.With(attribute, draw.Float(low, high)) : to;

    private static OperatorCase Binary(Draw draw, CatalogueEntry entry, DataType type)
    {
        var shape = draw.Shape(0, 5, 4);
        var (left, right) = (draw.Broadcast(shape), draw.Broadcast(shape));
        var constant = draw.Number(0, 3);
        var drawn = constant == 0 ? draw.Constant(draw.New(entry), left, type) : draw.New(entry).Input(left, type);
        return (constant == 1 ? draw.Constant(drawn, right, type) : drawn.Input(right, type)).WithOutputs(1, type);
    }

    private static OperatorCase Several(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(0, 4, 4);
        var drawn = draw.New(entry).Input(draw.Broadcast(shape));
        for (var n = draw.Number(0, 4); n > 0; n--)
            drawn = draw.Operand(drawn, draw.Broadcast(shape));
        return drawn;
    }

    private static OperatorCase Division(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(0, 4, 4);
        var divisor = draw.Broadcast(shape);
        var values = Enumerable.Range(0, divisor.Aggregate(1, (a, b) => a * b)).Select(_ => draw.Number(1, 40) * (draw.Chance(0.4) ? -0.125 : 0.125)).ToArray();
        return draw.New(entry).Input(draw.Broadcast(shape)).Constant(divisor, values);
    }

    /// <summary>A slope broadcasts to the data, never the other way round.</summary>
    private static OperatorCase Slopes(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(1, 4, 4);
        int[] slope = [.. shape.Skip(draw.Number(0, shape.Length - 1)).Select(e => draw.Chance(0.5) ? 1 : e)];
        return draw.Operand(draw.New(entry).Input(shape), slope, constant: 0.7);
    }

    private static OperatorCase Clip(Draw draw, CatalogueEntry entry)
    {
        var drawn = draw.New(entry).Input(draw.Shape(0, 4));
        if (drawn.Opset < 11)
            return Maybe(draw, Maybe(draw, drawn, "min", -3, 0), "max", 0, 3);
        drawn = draw.Chance(0.3) ? drawn.Omit() : draw.Operand(drawn, [], constant: 0.8);
        return draw.Chance(0.3) ? drawn : draw.Operand(drawn, [], constant: 0.8);
    }

    private static OperatorCase Where(Draw draw, CatalogueEntry entry)
    {
        var (shape, type) = (draw.Shape(0, 4, 4), NumberType(draw));
        var drawn = draw.Operand(draw.New(entry), draw.Broadcast(shape), DataType.Bool, constant: 0.2);
        drawn = draw.Operand(drawn, draw.Broadcast(shape), type, constant: 0.3);
        return drawn.Input(draw.Broadcast(shape), type).WithOutputs(1, type);
    }

    private static OperatorCase Cast(Draw draw, CatalogueEntry entry)
    {
        var from = draw.Any(DataType.Float, DataType.Float, DataType.Int32, DataType.Int64, DataType.Int8, DataType.Uint8, DataType.Bool);
        var to = draw.Any(DataType.Float, DataType.Int32, DataType.Int64, DataType.Int8, DataType.Bool);
        return draw.New(entry).Input(draw.Shape(0, 4), from).With("to", (int)to).WithOutputs(1, to);
    }

    private static OperatorCase Normalisation(Draw draw, CatalogueEntry entry)
    {
        var shape = draw.Shape(2, 5, 4);
        var drawn = draw.New(entry).Input(shape);
        for (var k = 0; k < 3; k++)
            drawn = draw.Constant(drawn, [shape[1]]);
        drawn = drawn.Constant([shape[1]], [.. Enumerable.Range(0, shape[1]).Select(_ => draw.Number(1, 64) / 16.0)]);
        return draw.Chance(0.5) ? drawn.With("epsilon", draw.Float(1e-6, 0.1)).With("momentum", 0.5f) : drawn;
    }
}
