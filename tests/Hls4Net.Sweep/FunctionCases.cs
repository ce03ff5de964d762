using Hls4Net.Operators;
using Generator = System.Func<Hls4Net.Sweep.Draw, Hls4Net.Operators.CatalogueEntry, Hls4Net.Operators.OperatorCase>;

namespace Hls4Net.Sweep;

/// <summary>Operators that are made of real functions.</summary>
internal static class FunctionCases
{
    private static readonly string[] Unary =
        ["Sigmoid", "Tanh", "Exp", "Softplus", "Softsign", "Erf", "Sin", "Cos", "Atan", "Sinh", "Cosh", "Asinh", "Mish"];

    public static IEnumerable<KeyValuePair<string, Generator>> Generators =>
    [
        .. Unary.Select(n => KeyValuePair.Create<string, Generator>(n, (d, e) => d.New(e).Input(d.Shape(0, 4)))),
        new("Elu", (d, e) => Maybe(d, d.New(e).Input(d.Shape(0, 4)), "alpha", 0.1, 2)),
        new("Celu", (d, e) => Maybe(d, d.New(e).Input(d.Shape(0, 4)), "alpha", 0.2, 2)),
        new("Selu", (d, e) => Maybe(d, Maybe(d, d.New(e).Input(d.Shape(0, 4)), "alpha", 0.1, 2), "gamma", 0.5, 2)),
        new("Gelu", (d, e) => d.Chance(0.5) ? d.New(e).Input(d.Shape(0, 4)) : d.New(e).Input(d.Shape(0, 4)).With("approximate", d.Any("none", "tanh"))),
    ];

    private static OperatorCase Maybe(Draw draw, OperatorCase to, string attribute, double low, double high) =>
        draw.Chance(0.8) ? to.With(attribute, draw.Float(low, high)) : to;
}
