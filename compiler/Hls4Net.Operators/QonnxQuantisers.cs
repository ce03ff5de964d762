using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// QONNX BipolarQuant: s where x ≥ 0, else −s; and Trunc: the integers that x stands for, with fewer low bits. Version 1 of Trunc has five
/// inputs and keeps the scale, version 2 has six and gives the scale of the result.
/// </summary>
internal static class QonnxQuantisers
{
    /// <summary>Integers between the two roundings of Trunc are not limited; no network holds wider ones.</summary>
    private const int Unlimited = 32;

    public static void ImportBipolarQuant(OnnxNode node)
    {
        var (x, scale) = (node.Input(0, "value"), PositiveScale(node, 1, "scale"));
        // ⌊x + 1⌋, limited to 0 and 1, tells the sign; twice that and one less is ±1.
        var one = Constants.Scalar(Dyadic.One);
        var bit = UniformQuantize.Emit(node, "bit", x.Type, new QuantCode(false, false, 1, QuantRounding.Direct, Rounding.Trn), 1, x, new(one, one, one, null));
        Scaled(node, node.Emit("sign", new Subtraction(), bit, node.Constant("one", Numbers.WithExactType(one))), scale);
    }

    public static void ImportTrunc(OnnxNode node)
    {
        var isSecond = node.InputCount > 5;
        var (x, scale, zero) = (node.Input(0, "value"), PositiveScale(node, 1, "scale"), node.Constant(2, "zero point"));
        if (zero.Values.Any(z => z.Exponent < 0))
            throw Refuse(node, "The zero point must be a whole number.");
        var from = Bits(node, 3, "input width");
        var (outScale, to) = isSecond ? (PositiveScale(node, 4, "output scale"), Bits(node, 5, "output width")) : (scale, Bits(node, 4, "output width"));
        if (outScale.Values.Count != 1 && isSecond)
            throw Refuse(node, "The output scale must be one number.");
        var mode = node.Attributes.Text("rounding_mode", "FLOOR");
        var power = isSecond ? NearestPower(node, scale, outScale) : from - to;
        var code = isSecond
            ? QuantCode.Parse(mode, node.Attributes.Flag("signed", otherwise: true), node.Attributes.Flag("narrow", otherwise: false), to)
            : QuantCode.Parse(mode, true, false, Unlimited);
        if (code is null)
            throw node.Attributes.Value("rounding_mode", $"'{mode}'", $"there are {string.Join(", ", QuantCode.Modes)}");
        var whole = UniformQuantize.Emit(node, "whole", x.Type, QuantCode.Parse("ROUND", true, false, Unlimited)!, 0, x, UniformQuantize.Parameters.ZeroFirst(scale, zero));
        var (one, none) = (Constants.Scalar(Dyadic.One), Constants.Scalar(Dyadic.Zero));
        var fewer = UniformQuantize.Emit(node, "fewer", x.Type, code, 0, whole, new(one, none, Constants.Scalar(new Dyadic(1, power)), null));
        var moved = Constants.Map(zero, z => isSecond ? z.Scale(-power) : z);
        var centred = zero.Values.All(z => z.IsZero) ? fewer : node.Emit("centred", new Subtraction(), fewer, node.Constant("zero", Numbers.WithExactType(moved)));
        Scaled(node, centred, outScale);
    }

    public static IEnumerable<OperatorCase> BipolarQuantCases() =>
    [
        OperatorCase.Of("BipolarQuant", "one scale", 1, "qonnx.custom_op.general").Input(1, 3, 24).Constant([], [0.3]),
        OperatorCase.Of("BipolarQuant", "channels", 1, "qonnx.custom_op.general").Input(1, 3, 8).Constant([3, 1], [0.25, 1, 1.7]),
        OperatorCase.Of("BipolarQuant", "weights", 1, "qonnx.custom_op.general").Constant([1, 1, 4], [-0.25, 0, 3, -7]).Constant([], [0.3]),
    ];

    public static IEnumerable<OperatorCase> TruncCases()
    {
        yield return First("defaults", 0.0625, 0);
        yield return First("zero point", 0.0625, 3);
        yield return First("any scale", 0.3, 0);
        foreach (var mode in new[] { "ROUND", "CEIL", "FLOOR" })
        {
            yield return First(mode, 0.0625, 0).With("rounding_mode", mode);
            yield return Second($"{mode} with a scale for the result", 4).With("rounding_mode", mode);
        }
        yield return Second("unsigned", 4).With("signed", 0);
        yield return Second("narrow", 4).With("narrow", 1);

        static OperatorCase First(string name, double scale, double zero) => OperatorCase.Of("Trunc", name, 1, "qonnx.custom_op.general")
            .Input(1, 3, 24).Constant([], [scale]).Constant([], [zero]).Constant([], [8]).Constant([], [5]);

        static OperatorCase Second(string name, double bits) => OperatorCase.Of("Trunc", name, 2, "qonnx.custom_op.general")
            .Input(1, 3, 24).Constant([], [0.0625]).Constant([], [0]).Constant([], [8]).Constant([], [0.25]).Constant([], [bits]);
    }

    private static void Scaled(OnnxNode node, Operand codes, ConstantTensor scale) =>
        node.Output(new Multiplication(), codes, node.Constant("scale", Numbers.WithExactType(scale)));

    private static ConstantTensor PositiveScale(OnnxNode node, int position, string role)
    {
        var scale = node.Constant(position, role);
        return scale.Values.Count > 0 && scale.Values.All(s => s.Sign > 0) ? scale : throw Refuse(node, $"The {role} must be positive.");
    }

    private static int Bits(OnnxNode node, int position, string role) =>
        Numbers.Integers(node.Constant(position, role).Values) is [var bits and >= 1 and <= Unlimited]
            ? (int)bits
            : throw Refuse(node, $"The {role} must be one whole number from 1 to {Unlimited}.");

    /// <summary>The whole k nearest to the logarithm of the ratio of scales.</summary>
    private static int NearestPower(OnnxNode node, ConstantTensor scale, ConstantTensor outScale)
    {
        if (scale.Values.Any(s => s != scale.Values[0]))
            throw Refuse(node, "The scale must be one number where the result has its own.");
        var ratio = (Rational)outScale.Values[0] / scale.Values[0];
        var power = (int)(ratio.Numerator.GetBitLength() - ratio.Denominator.GetBitLength());
        var square = ratio * ratio;
        while (square > Rational.One.Scale(2 * power + 1))
            power++;
        while (square < Rational.One.Scale(2 * power - 1))
            power--;
        return power;
    }

    private static ImportException Refuse(OnnxNode node, string what) => new(Messages.QuantParameter(node.Where, what));
}
