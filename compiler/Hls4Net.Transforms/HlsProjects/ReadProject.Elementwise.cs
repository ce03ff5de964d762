using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Hls;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>Merges, scales and activations.</summary>
internal sealed partial class ReadProject
{
    /// <summary>ONNX operators of two tensors and hls4ml's names of them.</summary>
    private static readonly Dictionary<string, string> Merges = new(StringComparer.Ordinal)
    {
        ["Add"] = "add",
        ["Sum"] = "add",
        ["Sub"] = "subtract",
        ["Mul"] = "multiply",
        ["Div"] = "divide",
        ["Mean"] = "average",
        ["Max"] = "maximum",
        ["Min"] = "minimum",
    };

    private void ReadMerge(PreparedNode node)
    {
        var operands = Operands(node);
        if (operands.Length != 2)
            throw new HlsLayerException($"hls4ml merges two tensors at a time, and this has {operands.Length}");
        var function = Merges[node.Operator];
        if (operands.All(o => o.Constant is null))
        {
            if (function == "divide")
                throw new HlsLayerException("hls4ml divides by constants only");
            var values = operands.Select(o => Value(o)).ToList();
            _settings.Know(node.Name, nameof(LayerClass.Merge));
            var order = values.FirstOrDefault(v => v.Order.Count > 0)?.Order ?? [];
            Add(new() { Name = node.Name, Class = LayerClass.Merge, Origin = node.Source.Origin, Inputs = values, Output = Output(node, order), Function = function });
            return;
        }
        if (function is "maximum" or "minimum" or "average" || (function == "divide" && operands[1].Constant is null))
            throw new HlsLayerException($"hls4ml has no {function} of a tensor and a constant");
        AddScale(node, function, operands);
    }

    /// <summary>The tensors that meet; of the part of a Gemm the product and the constant.</summary>
    private SourceValue[] Operands(PreparedNode node)
    {
        if (node.Source.Operator != "Gemm")
            return [.. node.Source.Inputs.OfType<SourceValue>()];
        var result = node.Source.Outputs[0];
        var inner = $"{result.Name}.product";
        var scaled = $"{result.Name}.scaled";
        if (node.Operator == "Mul")
            return [new(inner, result.Shape, null), new("alpha", [], ConstantTensor.Of([], [node.Source.Number("alpha")!.Value]))];
        var bias = node.Source.Inputs[2]!;
        if (node.Source.Number("beta") is { } beta && beta != Dyadic.One && bias.Constant is { } constant)
            bias = bias with { Constant = ConstantTensor.Of(constant.Shape, constant.Values.Select(v => Float32.Round(v * beta)).ToSeq()) };
        return [new(_values.ContainsKey(scaled) ? scaled : inner, result.Shape, null), bias];
    }

    /// <summary>A tensor and a constant: an ApplyAlpha layer, x · scale + bias.</summary>
    private void AddScale(PreparedNode node, string function, SourceValue[] operands)
    {
        var isLeft = operands[0].Constant is not null;
        var (data, constant) = isLeft ? (operands[1], operands[0]) : (operands[0], operands[1]);
        var x = Value(data);
        var (number, quantizer, rescale) = Constant(constant);
        if (rescale is not null && function != "add")
            throw new HlsLayerException($"hls4ml cannot {function} by a constant whose quantiser has a scale that is no power of two, or a zero point");
        var (one, zero) = (FloatTensor.Fill([], Dyadic.One), FloatTensor.Fill([], Dyadic.Zero));
        var (scale, bias) = function switch
        {
            "add" => (one, number),
            "subtract" when isLeft => (FloatTensor.Fill([], -Dyadic.One), number),
            "subtract" => (one, FloatTensor.Fill([], -Dyadic.One) * number),
            "divide" => (number with { Values = Array.ConvertAll(number.Values, v => Float32.Round(Dyadic.One / v)) }, zero),
            _ => (number, zero),
        };
        var name = $"bn_{node.Name}";
        _settings.Rename(node.Name, nameof(LayerClass.Merge), name);
        var isInner = node.Source.Operator == "Gemm" && node.Operator == "Mul" && _nodes.Any(n => n.Source == node.Source && n.Operator == "Add");
        var output = isInner ? new ProjectValue($"{node.Source.Outputs[0].Name}.scaled", x.Shape, []) : Output(node, x.Order);
        _values[output.Name] = output;
        var isScaled = function is "multiply" or "divide";
        var layer = new ProjectLayer
        {
            Name = name,
            Class = LayerClass.ApplyAlpha,
            Origin = node.Source.Origin,
            Inputs = [x],
            Output = output,
            Weight = scale,
            Bias = bias,
            WeightQuantizer = isScaled ? quantizer : null,
            BiasQuantizer = isScaled ? null : quantizer,
            BiasRescale = rescale,
            IsConstantFirst = isLeft,
        };
        // What the operation itself fixes is an integer; the constant's own type is looked up or comes from its quantiser.
        layer.Types[isScaled ? "bias" : "scale"] = isScaled ? HlsType.Int(1, false)
            : function == "subtract" && isLeft ? HlsType.Int(2, true) : HlsType.Int(1, false);
        Add(layer);
    }

    private void ReadActivation(PreparedNode node)
    {
        var source = node.Source;
        var x = Data(node);
        var alpha = source.Number("alpha");
        var (kind, function, parameters) = node.Operator switch
        {
            "Relu" => (LayerClass.Activation, "ReLU", Array.Empty<Dyadic>()),
            "Sigmoid" or "Tanh" or "Softplus" or "Softsign" or "Selu" => (LayerClass.Activation, node.Operator.ToLowerInvariant(), []),
            "LeakyRelu" => (LayerClass.ParametrizedActivation, "LeakyReLU", [alpha ?? Dyadic.FromDouble(0.01f)]),
            "Elu" => (LayerClass.ParametrizedActivation, "ELU", [alpha ?? Dyadic.One]),
            "ThresholdedRelu" => (LayerClass.ParametrizedActivation, "ThresholdedReLU", [alpha ?? Dyadic.One]),
            "PRelu" => (LayerClass.PReLU, "PReLU", []),
            "HardSigmoid" => (LayerClass.HardActivation, "hard_sigmoid", [alpha ?? Dyadic.FromDouble(0.2f), source.Number("beta") ?? Dyadic.FromDouble(0.5f)]),
            "Clip" => ReadClip(source),
            "Softmax" => (LayerClass.Softmax, "softmax", []),
            _ => throw new HlsLayerException($"hls4ml has no layer for {node.Operator}"),
        };
        var slope = node.Operator == "PRelu" ? source.Inputs[1]?.Constant ?? throw new HlsLayerException("the slope must be constant") : null;
        _settings.Know(node.Name, kind.ToString());
        Add(new()
        {
            Name = node.Name,
            Class = kind,
            Origin = source.Origin,
            Inputs = [x],
            Output = Output(node, x.Order),
            Function = function,
            Parameters = parameters,
            Weight = slope is null ? null : FloatTensor.Of(slope),
            Axis = node.Operator == "Softmax" ? (source.Integer("axis", -1) + x.Shape.Count) % x.Shape.Count : 0,
        });
    }

    private void ReadLayerNormalization(PreparedNode node)
    {
        var x = Value(node.Source.Inputs[0]!);
        var norm = Imported<HlsLayerNorm>(node);
        if (node.Source.Outputs.Skip(1).Any(o => o.Name.Length > 0))
            throw new HlsLayerException("hls4ml's layer normalisation has no outputs for the mean and the deviation");
        FloatTensor Parameter(int input, Dyadic otherwise) => node.Source.Inputs.Count > input && node.Source.Inputs[input] is { } value
            ? Constant(value) is { Rescale: null } constant ? constant.Values : throw new HlsLayerException("hls4ml's layer normalisation has no quantised parameters")
            : FloatTensor.Fill([x.Shape[^1]], otherwise);
        _settings.Know(node.Name, nameof(LayerClass.LayerNormalization));
        Add(new()
        {
            Name = node.Name,
            Class = LayerClass.LayerNormalization,
            Origin = node.Source.Origin,
            Inputs = [x],
            Output = Output(node, x.Order),
            Weight = Parameter(1, Dyadic.One),
            Bias = Parameter(2, Dyadic.Zero),
            Parameters = [norm.Epsilon],
        });
    }

    /// <summary>Clip from 0 up is a ReLU, with a largest value or without.</summary>
    private static (LayerClass, string, Dyadic[]) ReadClip(SourceNode node)
    {
        var low = node.Number("min") ?? Bound(node, 1);
        var high = node.Number("max") ?? Bound(node, 2);
        if (low is not { IsZero: true })
            throw new HlsLayerException("hls4ml clips from 0 only");
        return (LayerClass.Activation, "ReLU", high is { } limit && limit.Magnitude < 100 ? [limit] : []);
    }

    private static Dyadic? Bound(SourceNode node, int position) =>
        node.Inputs.Count > position && node.Inputs[position]?.Constant is { } constant ? constant.Values[0] : null;
}
