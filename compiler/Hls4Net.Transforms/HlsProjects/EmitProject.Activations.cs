using System.Globalization;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Operators.Hls;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>Activations and pools.</summary>
internal sealed partial class EmitProject
{
    private void EmitActivation(ProjectLayer layer)
    {
        var x = In(layer);
        var value = layer.Function switch
        {
            "linear" => x,
            "binary_tanh" => _graph.Apply(new HlsBinarize(), layer.Origin, "", null, x, layer.Threshold is { } threshold
                ? Constant(layer, "threshold", threshold) : Parameter(layer, Dyadic.Zero, new(FixedType.Bit, Rounding.Trn, Overflow.Wrap))),
            "ReLU" => Rectified(layer, x),
            "PReLU" => _graph.Apply(new LeakyRectify(), layer.Origin, "", null, x, Constant(layer, "param", layer.Weight!)),
            _ => _graph.Apply(Activation(layer, x), layer.Origin, "", null, x),
        };
        Finish(layer, value);
    }

    /// <summary>An activation as an operator with its tables and parameters.</summary>
    private Operator Activation(ProjectLayer layer, string x)
    {
        Operator op = layer.Function switch
        {
            "LeakyReLU" => new HlsLeakyRectify(layer.Parameters[0]),
            "ThresholdedReLU" => new HlsThresholdedRectify(layer.Parameters[0]),
            "hard_sigmoid" => new HlsHardSigmoid(layer.Parameters[0], layer.Parameters[1]),
            "ELU" => new HlsTableActivation(HlsCurve.Elu, layer.Parameters[0]),
            "softmax" => new HlsSoftmaxLayer(layer.Axis),
            _ => new HlsTableActivation(Enum.Parse<HlsCurve>(layer.Function, ignoreCase: true), Dyadic.One),
        };
        var choices = ChoicesOf(layer);
        if (layer.Class == LayerClass.Softmax && choices.Softmax is not HlsSoftmax.Argmax)
            _surprises.Softmax(layer, $"{choices.Softmax}".ToLowerInvariant());
        var types = LayerTypes.None with { Accumulator = layer.Types.TryGetValue("accum", out var accumulator) ? accumulator!.Value.Quantizer : null, Hls = choices };
        var node = new Node(layer.Origin.Node, op, [x], [layer.Output.Name], layer.Origin);
        return new HlsTyping(_diagnostics).Type(node, types, _graph.TypeOf(x), _graph.ShapeOf(x)).Node.Operator;
    }

    private void EmitNormalization(ProjectLayer layer)
    {
        var choices = ChoicesOf(layer) with { TableRangePower = Number(layer, "table_range_power2") };
        var types = LayerTypes.None with { Accumulator = layer.Type("accum").Quantizer, Hls = choices };
        var x = In(layer);
        // The firmware writes ε as a power of ten.
        var epsilon = Number(layer, "epsilon_power_of_10") is { } power ? Dyadic.One / new Dyadic(System.Numerics.BigInteger.Pow(10, power), 0) : layer.Parameters[0];
        var node = new Node(layer.Origin.Node, new HlsLayerNorm(epsilon), [x], [layer.Output.Name], layer.Origin);
        var typed = new HlsTyping(_diagnostics).Type(node, types, _graph.TypeOf(x), _graph.ShapeOf(x)).Node.Operator;
        Finish(layer, _graph.Apply(typed, layer.Origin, "", null, x, Constant(layer, "scale", layer.Weight!), Constant(layer, "bias", layer.Bias!)));
    }

    private static int? Number(ProjectLayer layer, string attribute) =>
        layer.Attributes.TryGetValue(attribute, out var found) ? int.Parse(found.Text, CultureInfo.InvariantCulture) : null;

    private static HlsLayer ChoicesOf(ProjectLayer layer)
    {
        Quantizer? TypeOf(string variable) => layer.Types.TryGetValue(variable, out var type) ? type!.Value.Quantizer : null;
        var implementation = layer.Attributes.TryGetValue("implementation", out var text) ? text.Text : "stable";
        return new()
        {
            TableSize = Number(layer, "table_size"),
            TableType = TypeOf("table"),
            ExpTableType = TypeOf("exp_table"),
            InvTableType = TypeOf("inv_table"),
            InvInputType = TypeOf("inv_inp"),
            NormInputType = TypeOf("inp_norm"),
            ParameterType = TypeOf("param"),
            Softmax = Enum.TryParse<HlsSoftmax>(implementation, ignoreCase: true, out var method) ? method : HlsSoftmax.Stable,
        };
    }

    /// <summary>A number of the source text, cast to a type as C++ does: no decimal text between.</summary>
    private string Parameter(ProjectLayer layer, Dyadic number, Quantizer type, string name = "parameter") =>
        _graph.AddConstant($"{layer.Name}.{name}", [], type.Type, [(long)Casting.Cast(number, type)]);

    private string Rectified(ProjectLayer layer, string x)
    {
        var value = _graph.Apply(new Rectify(), layer.Origin, "", null, x);
        if (layer.Parameters.Length == 0)
            return value;
        var limit = layer.Parameters[0];
        var fraction = Math.Max(0, -limit.Exponent);
        var type = new FixedType(false, Math.Max(1, limit.Magnitude + 1 + fraction), limit.Magnitude + 1);
        return _graph.Apply(new ElementwiseMinimum(), layer.Origin, "limited", null, value, Parameter(layer, limit, new(type, Rounding.Trn, Overflow.Sat)));
    }

    private void EmitPooling(ProjectLayer layer)
    {
        var x = In(layer);
        var rank = layer.Inputs[0].Shape.Count;
        var isGlobal = layer.Class is LayerClass.GlobalPooling1D or LayerClass.GlobalPooling2D;
        if (layer.IsChannelsLast)
            x = _graph.Apply(new Transpose(ChannelsLast.ToFirst(rank)), layer.Origin, "first", null, x);
        var value = layer.Function == "Max" ? Largest(layer, x, isGlobal) : Mean(layer, x, isGlobal);
        var accumulator = layer.Type("accum").Quantizer;
        if (layer.Function == "Max")
            _surprises.Overflow(layer, "accumulator", accumulator, _graph.HullOf(value));
        value = _graph.Cast(value, accumulator, layer.Origin, "accumulator", null);
        if (layer.IsChannelsLast)
            value = _graph.Apply(new Transpose(ChannelsLast.ToLast(rank)), layer.Origin, "last", null, value);
        Finish(layer, value);
    }

    private string Largest(ProjectLayer layer, string x, bool isGlobal) => isGlobal
        ? _graph.Apply(new ReduceExtremum(Enumerable.Range(2, layer.Inputs[0].Shape.Count - 2).ToSeq(), true, true), layer.Origin, "", null, x)
        : _graph.Apply(new MaxPool(layer.Windows!), layer.Origin, "", null, x);

    /// <summary>Sum and quotient in the accumulator; the quotient is truncated toward zero.</summary>
    private string Mean(ProjectLayer layer, string x, bool isGlobal)
    {
        var types = new HlsMeanTypes(layer.Type("accum").Quantizer, null);
        var shape = _graph.ShapeOf(x);
        if (isGlobal)
            return _graph.Apply(new HlsMean(Enumerable.Range(2, shape.Count - 2).ToSeq(), true, types), layer.Origin, "", null, x);
        var windows = layer.Windows!;
        var positions = windows.Positions(shape);
        var (counts, position) = (new long[Shapes.Count(positions)], new int[positions.Count]);
        for (var k = 0; k < counts.Length; k++)
        {
            Shapes.Unravel(k, positions, position);
            counts[k] = windows.Count(shape, position, layer.CountPadding);
        }
        var isUniform = counts.All(c => c == counts[0]);
        var bits = System.Numerics.BitOperations.Log2((uint)counts.Max()) + 1;
        var constant = _graph.AddConstant($"{layer.Name}.counts", isUniform ? [] : positions, new FixedType(false, bits, bits), isUniform ? [counts[0]] : counts);
        return _graph.Apply(new HlsAveragePool(windows, types), layer.Origin, "", null, x, constant);
    }
}
