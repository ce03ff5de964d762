using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>
/// QONNX quantisers. One whose scale is a power of two is a type. Another is three layers: x / scale + zero point, a linear activation
/// with the type of the integers, and (q − zero point) · scale; of a constant only the last one is left.
/// </summary>
internal sealed partial class ReadProject
{
    private void ReadQuantiser(PreparedNode node)
    {
        var x = Value(node.Source.Inputs[0]!);
        var (type, scale, zero) = QuantiserOf(node.Source);
        if (!IsType(type, scale, zero))
            x = AddQuantiserScale(node, "scale", x, Reciprocal(scale), zero);
        var quantised = AddQuantiserActivation(node, x, "linear", type, isLast: IsType(type, scale, zero));
        if (!IsType(type, scale, zero))
            AddQuantiserScale(node, "rescale", quantised, scale, Negative(zero) * scale, Output(node, x.Order));
    }

    /// <summary>±1 by the sign, held in one bit, times the scale.</summary>
    private void ReadBipolar(PreparedNode node)
    {
        var x = Value(node.Source.Inputs[0]!);
        var scale = Parameter(node.Source, 1);
        var isOne = scale.IsAll(Dyadic.One);
        var quantised = AddQuantiserActivation(node, x, "binary_tanh", HlsType.Binary, isLast: isOne);
        if (!isOne)
            AddQuantiserScale(node, "rescale", quantised, scale, FloatTensor.Fill([], Dyadic.Zero), Output(node, x.Order));
    }

    private ProjectValue AddQuantiserActivation(PreparedNode node, ProjectValue x, string function, HlsType type, bool isLast)
    {
        var name = $"{node.Name}_act";
        _settings.Rename(node.Name, QuantiserClass(node.Source), name);
        var output = isLast ? Output(node, x.Order) : Inner(node, x, "integers");
        var layer = new ProjectLayer { Name = name, Class = LayerClass.Activation, Origin = node.Source.Origin, Inputs = [x], Output = output, Function = function };
        layer.Types["result"] = type;
        Add(layer);
        return output;
    }

    private ProjectValue AddQuantiserScale(PreparedNode node, string part, ProjectValue x, FloatTensor scale, FloatTensor offset, ProjectValue? last = null)
    {
        var name = $"{node.Name}_{part}";
        _settings.Rename(node.Name, QuantiserClass(node.Source), name);
        var output = last ?? Inner(node, x, part);
        Add(new() { Name = name, Class = LayerClass.ApplyAlpha, Origin = node.Source.Origin, Inputs = [x], Output = output, Weight = scale, Bias = offset });
        return output;
    }

    /// <summary>A value between the layers of one node.</summary>
    private ProjectValue Inner(PreparedNode node, ProjectValue x, string part)
    {
        var name = $"{node.Source.Outputs[0].Name}.{part}";
        return _values[name] = x with { Name = name };
    }

    private static string QuantiserClass(SourceNode node) => node.Operator == "BipolarQuant" ? "BipolarQuant" : "Quant";

    /// <summary>A constant with its quantiser, seen through nodes that rearrange.</summary>
    private ProjectConstant Constant(SourceValue value)
    {
        var constant = value.Constant ?? throw new HlsLayerException($"the value '{value.Name}' is not constant");
        if (!_producers.TryGetValue(value.Name, out var producer))
            return new(FloatTensor.Of(constant), null, null);
        switch (producer.Operator)
        {
            case "Quant" or "IntQuant" or "BipolarQuant":
                return Quantised(producer);
            case "Transpose":
                var rank = value.Shape.Count;
                return Constant(producer.Inputs[0]!).Arranged(t => t.Transpose(producer.Integers("perm") ?? [.. Enumerable.Range(0, rank).Reverse()]));
            case "Reshape" or "Identity" or "Flatten" or "Squeeze" or "Unsqueeze":
                return Constant(producer.Inputs[0]!).Arranged(t => t.Reshape(value.Shape));
            default:
                return new(FloatTensor.Of(constant), null, null);
        }
    }

    private ProjectConstant Quantised(SourceNode node)
    {
        var numbers = FloatTensor.Of(node.Inputs[0]!.Constant!);
        if (node.Operator == "BipolarQuant")
        {
            var factor = Parameter(node, 1);
            return new(numbers, HlsType.Binary, factor.IsAll(Dyadic.One) ? null : RescaleOf(node, numbers.Shape, factor, FloatTensor.Fill([], Dyadic.Zero)));
        }
        var (type, scale, zero) = QuantiserOf(node);
        return IsType(type, scale, zero)
            ? new(numbers, type, null)
            : new(numbers / scale + zero, type, RescaleOf(node, numbers.Shape, scale, Negative(zero) * scale));
    }

    private Rescale RescaleOf(SourceNode node, Seq<int> shape, FloatTensor scale, FloatTensor offset)
    {
        var prepared = _quantisers[node];
        var name = $"{prepared}_rescale";
        _settings.Rename(prepared, QuantiserClass(node), name);
        return new(name, node.Origin, scale.Broadcast(shape), offset.Broadcast(shape));
    }

    /// <summary>[u]fixed&lt;bits, integer, RND_CONV | TRN, SAT_SYM | SAT&gt;, where the scale takes part in a power of two; scale and zero point.</summary>
    private static (HlsType Type, FloatTensor Scale, FloatTensor Zero) QuantiserOf(SourceNode node)
    {
        var (scale, zero, bits) = (Parameter(node, 1), Parameter(node, 2), Parameter(node, 3));
        if (bits.Values.Length != 1)
            throw new HlsLayerException("hls4ml's quantisers have one number of bits");
        var mode = node.Attributes.TryGetValue("rounding_mode", out var text) ? text.Text.ToUpperInvariant() : "ROUND";
        if (mode is not ("ROUND" or "HALF_EVEN" or "FLOOR"))
            throw new HlsLayerException($"hls4ml knows the rounding modes ROUND and FLOOR, not {mode}");
        var (signed, narrow) = (node.Integer("signed", 1) != 0, node.Integer("narrow", 0) != 0);
        if (narrow && !signed)
            throw new HlsLayerException("hls4ml's quantisers are narrow only with a sign");
        // The next whole number.
        var width = -(int)Casting.Round(-bits.Values[0].Mantissa, -bits.Values[0].Exponent, Rounding.Trn);
        var integer = width + (IsPowerOfTwo(scale) && zero.IsAll(Dyadic.Zero) ? scale.Values[0].Exponent : 0);
        var type = new FixedType(signed, width, integer);
        return (new(new(type, mode == "FLOOR" ? Rounding.Trn : Rounding.RndConv, narrow ? Overflow.SatSym : Overflow.Sat), false), scale, zero);
    }

    private static bool IsType(HlsType type, FloatTensor scale, FloatTensor zero) => !type.IsBinary && IsPowerOfTwo(scale) && zero.IsAll(Dyadic.Zero);

    private static bool IsPowerOfTwo(FloatTensor scale) => scale.Values[0].Mantissa == 1 && scale.IsAll(scale.Values[0]);

    private static FloatTensor Parameter(SourceNode node, int input)
    {
        if (node.Inputs.Count <= input || node.Inputs[input]?.Constant is not { } constant)
            throw new HlsLayerException("hls4ml's quantisers have constant parameters");
        var numbers = FloatTensor.Of(constant);
        // Without the batch, which hls4ml's tensors do not have.
        return numbers.Values.Length == 1 ? numbers.Reshape([]) : numbers;
    }

    private static FloatTensor Reciprocal(FloatTensor scale) =>
        scale with { Values = Array.ConvertAll(scale.Values, v => v.IsZero ? throw new HlsLayerException("a scale is 0") : Float32.Round(Dyadic.One / v)) };

    private static FloatTensor Negative(FloatTensor numbers) => numbers with { Values = Array.ConvertAll(numbers.Values, v => -v) };
}
