using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Hardware;

/// <summary>Typed networks of the usual kinds, with weights from a seed, for tests that need one of a real size.</summary>
internal static class SampleDesigns
{
    private static readonly FixedType Weight = new(true, 6, 2);

    /// <summary>A row of dense layers, each but the last rectified and rounded; the last is only rounded. Half of the weights are zero.</summary>
    /// <param name="sizes">Inputs, then the outputs of each layer.</param>
    public static Design Encoder(int seed, params ReadOnlySpan<int> sizes)
    {
        var random = new Random(seed);
        var input = new FixedType(true, 8, 6);
        var network = new NetworkWriter("encoder");
        var x = network.Input("x", [1, sizes[0]], input);
        for (var layer = 1; layer < sizes.Length; layer++)
        {
            var name = $"fc{layer}";
            var weights = network.Constant($"{name}.weight", [sizes[layer - 1], sizes[layer]], Weight, () => random.Next(2) == 0 ? 0 : random.Next(-31, 32));
            var bias = network.Constant($"{name}.bias", [sizes[layer]], new(true, 8, 4), () => random.Next(-100, 100));
            x = network.Add($"{name}_sum", new Dense(), [x, weights, bias], [1, sizes[layer]], null);
            var isLast = layer == sizes.Length - 1;
            if (!isLast)
                x = network.Add($"{name}_relu", new Rectify(), [x], [1, sizes[layer]], null);
            var type = isLast ? new FixedType(true, 12, 8) : new FixedType(false, 8, 5);
            x = network.Add(name, new Quantize(new(type, Rounding.RndConv, Overflow.Sat)), [x], [1, sizes[layer]], type);
        }
        return network.ToDesign(x);
    }
}

/// <summary>Writes a typed graph node by node.</summary>
internal sealed class NetworkWriter(string name)
{
    private readonly List<Value> _values = [];
    private readonly List<Node> _nodes = [];
    private readonly List<string> _inputs = [];
    private readonly List<string> _settings = [];

    public string Input(string input, Seq<int> shape, FixedType type, bool isSetting = false)
    {
        _values.Add(new(input, shape, type, null));
        _inputs.Add(input);
        if (isSetting)
            _settings.Add(input);
        return input;
    }

    public string Constant(string constant, Seq<int> shape, FixedType type, Func<int> raw)
    {
        var integers = Enumerable.Range(0, Core.Primitives.Shapes.Count(shape)).Select(_ => (long)raw()).ToArray();
        var values = integers.Select(r => new Dyadic(r, -type.Fraction)).ToSeq();
        _values.Add(new(constant, shape, type, new ConstantTensor(shape, values, type, Seq.Own(integers))));
        return constant;
    }

    /// <summary>Adds a node that is called like its output.</summary>
    /// <param name="type">Null for the exact type, which the range analysis finds.</param>
    public string Add(string output, Operator @operator, Seq<string> inputs, Seq<int> shape, FixedType? type)
    {
        _values.Add(new(output, shape, type, null));
        _nodes.Add(new(output, @operator, inputs, [output], new Origin(output, @operator.Name)));
        return output;
    }

    public Design ToDesign(params ReadOnlySpan<string> outputs)
    {
        var graph = new Graph(name, _values.ToSeq(), _inputs.ToSeq(), Seq.Create(outputs), _settings.ToSeq(), _nodes.ToSeq());
        return DesignBuilder.Build(graph).WithTypedOutputs();
    }
}

/// <summary>Designs made fit for hardware.</summary>
internal static class HardwareDesigns
{
    /// <summary>The design with types on its outputs: hardware has no untyped ports.</summary>
    public static Design WithTypedOutputs(this Design design)
    {
        var ranges = RangeAnalysis.Run(design);
        var channels = design.Channels.Select(c => c.Type is null && design.Outputs.Contains(c.Name)
            ? c with { Type = ranges.Hull(c.Name).Type } : c).ToSeq();
        return new(design.Name, design.Inputs, design.Settings, design.Outputs, channels, design.Constants, design.Stages);
    }
}
