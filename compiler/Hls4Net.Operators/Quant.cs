using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// QONNX Quant: q = clamp(round(x / s + z)), value = s · (q − z), with scale s, zero point z and a number of bits as constant inputs.
/// Computed exactly for every scale: the integers by <see cref="UniformQuantize"/>, the scale as a factor behind them.
/// </summary>
internal static class Quant
{
    private const int MaximumBits = 32;

    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "value");
        var scale = node.Constant(1, "scale");
        var zero = node.Constant(2, "zero point");
        var code = ReadCode(node);
        if (scale.Values.Any(s => s.Sign <= 0))
            throw Refuse(node, "The scale must be positive.");
        if (zero.Values.Any(z => z.Exponent < 0))
            throw Refuse(node, "The zero point must be a whole number.");
        foreach (var (parameter, name) in new[] { (scale, "scale"), (zero, "zero point") })
        {
            if (parameter.Values.Count == 0 || parameter.Shape.Count > x.Rank && parameter.Values.Count > 1)
                throw Refuse(node, $"The {name} of shape {parameter.Shape} does not broadcast to {x.Shape}.");
        }
        var isSimple = scale.Values.Count == 1 && Numbers.IsPowerOfTwo(scale.Values[0]) && zero.Values.All(z => z.IsZero) && code.IsPlain;
        if (isSimple)
            node.Output(new Quantize(code.Quantizer(scale.Values[0].Exponent)), x);
        else
            Emit(node, x, scale, zero, code);
    }

    public static IEnumerable<OperatorCase> QuantCases() => CasesOf("Quant", "qonnx.custom_op.general");

    public static IEnumerable<OperatorCase> IntQuantCases() => CasesOf("IntQuant", "onnx.brevitas");

    private static IEnumerable<OperatorCase> CasesOf(string type, string domain)
    {
        yield return Case("defaults", [], [0.25], 0, 4);
        yield return Case("unsigned", [], [0.5], 0, 3).With("signed", 0);
        yield return Case("narrow", [], [0.5], 0, 2).With("narrow", 1);
        yield return Case("unsigned narrow", [], [0.5], 0, 2).With("narrow", 1).With("signed", 0);
        yield return Case("zero point", [], [0.25], 3, 4);
        yield return Case("channels", [3, 1], [0.25, 2, 0.5], 0, 3);
        yield return Case("any scale", [], [0.3], 0, 4);
        yield return Case("any scale and zero point", [], [0.3], -5, 5).With("narrow", 1);
        yield return Case("channels of any scale", [3, 1], [0.3, 0.11, 1.7], 2, 3).With("signed", 0);
        yield return Case("ties of a scale with a factor of three", [], [0.75], 0, 5);
        foreach (var mode in new[] { "ROUND", "HALF_EVEN", "CEIL", "FLOOR", "UP", "DOWN", "ROUND_TO_ZERO", "HALF_UP", "HALF_DOWN" })
        {
            yield return Case(mode, [], [1], 0, 4).With("rounding_mode", mode);
            yield return Case($"{mode} with an odd zero point", [], [1], 1, 4).With("rounding_mode", mode).With("narrow", 1);
            yield return Case($"{mode} with ties of a scale with a factor of three", [], [0.375], 1, 4).With("rounding_mode", mode);
        }
        yield return OperatorCase.Of(type, "weights with any scale", 1, domain)
            .Constant(2, 3, 5).Constant([3, 1], [0.3, 0.11, 1.7]).Constant([], [1]).Constant([], [4]);

        OperatorCase Case(string name, int[] shape, double[] scale, double zero, double bits) =>
            OperatorCase.Of(type, name, 1, domain).Input(1, 3, 24).Constant(shape, scale).Constant([], [zero]).Constant([], [bits]);
    }

    private static QuantCode ReadCode(OnnxNode node)
    {
        var width = node.Constant(3, "bit width");
        var signed = node.Attributes.Flag("signed", otherwise: true);
        var narrow = node.Attributes.Flag("narrow", otherwise: false);
        var mode = node.Attributes.Text("rounding_mode", "ROUND");
        if (width.Values.Count != 1 || Numbers.Integers(width.Values) is not [var bits and >= 1 and <= MaximumBits] || (narrow && bits == 1))
            throw Refuse(node, $"The bit width must be one whole number from {(narrow ? 2 : 1)} to {MaximumBits}.");
        return QuantCode.Parse(mode, signed, narrow, (int)bits)
            ?? throw node.Attributes.Value("rounding_mode", $"'{mode}'", $"there are {string.Join(", ", QuantCode.Modes)}");
    }

    private static void Emit(OnnxNode node, Operand x, ConstantTensor scale, ConstantTensor zero, QuantCode code)
    {
        // A power of two is a place of the binary point.
        var point = scale.Values.Count == 1 && Numbers.IsPowerOfTwo(scale.Values[0]) ? scale.Values[0].Exponent : 0;
        var parameters = UniformQuantize.Parameters.ZeroFirst(scale, zero);
        var hasZero = zero.Values.Any(z => !z.IsZero);
        var rest = Constants.Map(scale, s => s.Scale(-point));
        var isDone = rest.Values.All(s => s == Dyadic.One);
        if (!hasZero && isDone)
        {
            UniformQuantize.Output(node, x.Type, code, point, x, parameters);
            return;
        }
        var codes = UniformQuantize.Emit(node, "codes", x.Type, code, point, x, parameters);
        var zeros = hasZero ? node.Constant("zero", Numbers.WithExactType(Constants.Map(zero, z => z.Scale(point)))) : null;
        if (isDone)
            node.Output(new Subtraction(), codes, zeros);
        else
            node.Output(new Multiplication(), zeros is null ? codes : node.Emit("centred", new Subtraction(), codes, zeros), node.Constant("scale", Numbers.WithExactType(rest)));
    }

    private static ImportException Refuse(OnnxNode node, string what) => new(Messages.QuantParameter(node.Where, what));
}
