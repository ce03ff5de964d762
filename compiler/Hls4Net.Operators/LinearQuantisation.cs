using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// ONNX QuantizeLinear: q = saturate(round(x / scale) + zero point), a tie to even; and DequantizeLinear: (q − zero point) · scale. Exact, where
/// ONNX Runtime divides in float32.
/// </summary>
internal static class LinearQuantisation
{
    public static void ImportQuantize(OnnxNode node)
    {
        node.Attributes.Ignore("saturate"); // For 8-bit floats only; integers always saturate.
        var x = node.Input(0, "input");
        var given = node.Optional(2, "zero point");
        var stated = (DataType)node.Attributes.Int("output_dtype", 0);
        node.Attributes.Ignore("precision"); // Of the quotient, which is exact here.
        var type = given?.Type ?? (stated == DataType.Undefined ? DataType.Uint8 : stated);
        if (stated != DataType.Undefined && stated != type)
            throw node.Attributes.Value("output_dtype", ElementTypes.NameOf(stated), $"the zero point is {ElementTypes.NameOf(type)}");
        var code = CodeOf(node, type);
        var layout = Layout.Read(node, x.Shape);
        var (scale, zero) = (Scale(node, 1, "scale", layout), ZeroPoint(node, 2, "zero point", layout));
        UniformQuantize.Output(node, type, code, 0, x, UniformQuantize.Parameters.ZeroLast(Constants.Scalar(Dyadic.One), scale, zero));
    }

    public static void ImportDequantize(OnnxNode node)
    {
        var x = node.Input(0, "input");
        if (!ElementTypes.IsInteger(x.Type))
            throw new ImportException(Messages.ElementType(node.Where, ElementTypes.NameOf(x.Type)));
        var layout = Layout.Read(node, x.Shape);
        var (scale, zero) = (Scale(node, 1, "scale", layout), ZeroPoint(node, 2, "zero point", layout));
        node.Attributes.Ignore("output_dtype"); // Values are exact, whatever float should hold them.
        const DataType type = DataType.Float;
        if (x.Constant is { } constant)
            node.Output(Numbers.WithExactType(Constants.Combine(Constants.Combine(constant, zero, (q, z) => q - z), scale, (q, s) => q * s)), type);
        else
            node.Output(0, type, new Multiplication(), Centred(node, "centred", x, zero), node.Constant("scale", Numbers.WithExactType(scale)));
    }

    public static IEnumerable<OperatorCase> QuantizeCases() =>
    [
        OperatorCase.Of("QuantizeLinear", "unsigned", 10).Input(1, 24).Constant([], [0.25]).Constant([], [3], DataType.Uint8).WithOutputs(1, DataType.Uint8),
        OperatorCase.Of("QuantizeLinear", "signed", 13).Input(1, 24).Constant([], [0.03125]).Constant([], [-5], DataType.Int8).WithOutputs(1, DataType.Int8),
        OperatorCase.Of("QuantizeLinear", "no zero point", 13).Input(1, 24).Constant([], [0.125]).WithOutputs(1, DataType.Uint8),
        OperatorCase.Of("QuantizeLinear", "a scale that is no power of two", 13).Input(1, 24).Constant([], [0.01930501]).Constant([], [-3], DataType.Int8)
            .WithOutputs(1, DataType.Int8),
        OperatorCase.Of("QuantizeLinear", "channels", 13).Input(1, 3, 8).Constant([3], [0.25, 0.0306, 0.5]).Constant([3], [1, 0, 7], DataType.Uint8)
            .WithOutputs(1, DataType.Uint8),
        OperatorCase.Of("QuantizeLinear", "channels in the last dimension", 19).Input(1, 6, 2).Constant([2], [0.25, 0.0306]).Constant([2], [-1, 9], DataType.Int8)
            .With("axis", -1).With("saturate", 1).WithOutputs(1, DataType.Int8),
        OperatorCase.Of("QuantizeLinear", "sixteen bits", 21).Input(1, 24).Constant([], [0.0009]).WithOutputs(1, DataType.Int16)
            .With("output_dtype", (int)DataType.Int16),
        OperatorCase.Of("QuantizeLinear", "blocks", 21).Input(1, 6).Constant([1, 3], [0.25, 0.5, 0.125]).With("block_size", 2).WithOutputs(1, DataType.Uint8),
        OperatorCase.Of("QuantizeLinear", "stated precision", 21).Input(1, 6).Constant([], [0.25]).With("precision", 1).WithOutputs(1, DataType.Uint8)
            .WithoutReference(),
        OperatorCase.Of("QuantizeLinear", "ties and odd zero points", 13).Input(1, 3, 8).Constant([3], [0.125, 0.375, 0.75]).Constant([3], [1, 2, 3], DataType.Uint8)
            .WithOutputs(1, DataType.Uint8),
        OperatorCase.Of("QuantizeLinear", "constants", 13).Constant([3], [0.125, 0.375, -1]).Constant([], [0.25]).WithOutputs(1, DataType.Uint8),
    ];

    public static IEnumerable<OperatorCase> DequantizeCases() =>
    [
        OperatorCase.Of("DequantizeLinear", "unsigned", 10).Input([1, 8], DataType.Uint8).Constant([], [0.3]).Constant([], [100], DataType.Uint8),
        OperatorCase.Of("DequantizeLinear", "signed", 13).Input([1, 8], DataType.Int8).Constant([], [0.07]).Constant([], [-7], DataType.Int8),
        OperatorCase.Of("DequantizeLinear", "thirty-two bits", 13).Input([1, 8], DataType.Int32).Constant([], [0.3]),
        OperatorCase.Of("DequantizeLinear", "channels", 13).Input([1, 3, 2], DataType.Int8).Constant([3], [0.3, 0.5, 0.07]).Constant([3], [1, 0, -3], DataType.Int8),
        OperatorCase.Of("DequantizeLinear", "channels in the last dimension", 19).Input([1, 3, 2], DataType.Int8).Constant([2], [0.3, 0.5]).With("axis", 2),
        OperatorCase.Of("DequantizeLinear", "blocks of constants", 21).Constant([2, 4], [1, -2, 3, 7, -8, 5, 6, 4], DataType.Int8)
            .Constant([2, 2], [0.3, 0.5, 2, 0.75]).With("axis", 1).With("block_size", 2),
        OperatorCase.Of("DequantizeLinear", "stated type", 21).Input([1, 8], DataType.Int8).Constant([], [0.5]).With("output_dtype", 1).WithoutReference(),
    ];

    /// <summary>The integers of an ONNX type.</summary>
    internal static QuantCode CodeOf(OnnxNode node, DataType type) =>
        type is DataType.Uint8 or DataType.Int8 or DataType.Uint16 or DataType.Int16 or DataType.Uint4 or DataType.Int4
            ? new QuantCode(ElementTypes.IntegerType(type)!.Value.Signed, false, ElementTypes.Bits(type), QuantRounding.Direct, Rounding.RndConv)
            : throw new ImportException(Messages.ElementType(node.Where, ElementTypes.NameOf(type)));

    /// <summary>q − zero, which needs no node for a zero point of zero.</summary>
    internal static Operand Centred(OnnxNode node, string suffix, Operand q, ConstantTensor zero)
    {
        if (zero.Values.All(z => z.IsZero))
            return q.Constant is { } kept ? node.Constant(suffix, Numbers.WithExactType(kept), q.Type) : q;
        return q.Constant is { } constant
            ? node.Constant(suffix, Numbers.WithExactType(Constants.Combine(constant, zero, (a, z) => a - z)), DataType.Int32)
            : node.Emit(suffix, DataType.Int32, new Subtraction(), q, node.Constant($"{suffix}.zero", Numbers.WithExactType(zero), DataType.Int32));
    }

    internal static ConstantTensor Scale(OnnxNode node, int position, string role, Layout layout)
    {
        var scale = node.Constant(position, role);
        if (scale.Values.Any(s => s.Sign <= 0))
            throw new ImportException(Messages.QuantParameter(node.Where, $"The {role} must be positive."));
        return layout.Spread(node, scale, role);
    }

    /// <summary>A zero point; 0 if it is left out.</summary>
    internal static ConstantTensor ZeroPoint(OnnxNode node, int position, string role, Layout layout) =>
        node.Optional(position, role) is null ? Constants.Scalar(Dyadic.Zero) : layout.Spread(node, node.Constant(position, role), role);

    /// <summary>Which elements share a scale: all, those of a channel, or those of a block of a channel.</summary>
    internal sealed record Layout(Seq<int> Shape, int Axis, int Block)
    {
        public static Layout Read(OnnxNode node, Seq<int> shape)
        {
            var axis = node.Attributes.Int("axis", 1);
            var block = node.Attributes.Int("block_size", 0);
            if (block is < 0 or > int.MaxValue)
                throw node.Attributes.Value("block_size", $"{block}", "it must not be negative");
            // A tensor of one scale has no use for the dimension, which by default need not exist.
            return new(shape, axis >= -shape.Count && axis < shape.Count ? node.Axis(axis, shape.Count) : -1, (int)block);
        }

        /// <summary>Scales per channel along a dimension.</summary>
        public static Layout Along(Seq<int> shape, int axis) => new(shape, axis, 0);

        public ConstantTensor Spread(OnnxNode node, ConstantTensor parameter, string role)
        {
            if (parameter.Values.Count == 1 && Block == 0)
                return Constants.Scalar(parameter.Values[0]);
            if (Block > 0 && Axis >= 0 && parameter.Shape.Count == Shape.Count)
                return Blocks(node, parameter, role);
            if (Block > 0 || Axis < 0 || parameter.Shape.Count != 1 || parameter.Values.Count != Shape[Axis])
                throw node.Refuse($"the {role} of shape {parameter.Shape} does not fit {Shape} along dimension {Axis}");
            return Constants.Along(parameter, Shape.Count, Axis);
        }

        private ConstantTensor Blocks(OnnxNode node, ConstantTensor parameter, string role)
        {
            for (var k = 0; k < Shape.Count; k++)
            {
                if (parameter.Shape[k] != (k == Axis ? (Shape[k] + Block - 1) / Block : Shape[k]))
                    throw node.Refuse($"the {role} of shape {parameter.Shape} does not fit {Shape} in blocks of {Block} along dimension {Axis}");
            }
            var values = new Dyadic[Shapes.Count(Shape)];
            var (indices, strides) = (new int[Shape.Count], Shapes.Strides(parameter.Shape));
            for (var k = 0; k < values.Length; k++)
            {
                Shapes.Unravel(k, Shape, indices);
                values[k] = parameter.Values[Enumerable.Range(0, indices.Length).Sum(d => (d == Axis ? indices[d] / Block : indices[d]) * strides[d])];
            }
            return ConstantTensor.Of(Shape, Seq.Own(values));
        }
    }
}
