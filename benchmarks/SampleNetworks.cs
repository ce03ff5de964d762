using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Benchmarks;

/// <summary>A design to hold an estimate against.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Group">Unrolled, folded or streamed.</param>
internal sealed record Sample(string Name, string Group, HardwareDesign Hardware);

/// <summary>Random networks of random kinds, widths and schedules; the same ones for the same seed.</summary>
internal sealed class SampleNetworks
{
    private readonly Random _random;
    private readonly string _prefix;
    private string _value = "x";
    private int _nodes;
    private OnnxModelBuilder _model = new();

    private SampleNetworks(int seed, string prefix) => (_random, _prefix) = (new(seed), prefix);

    /// <summary>So many networks.</summary>
    /// <param name="seed">Of all of them.</param>
    /// <param name="names">Starts the names of their modules.</param>
    public static IEnumerable<Sample> Draw(int count, int seed, string names)
    {
        var random = new Random(seed);
        for (var k = 0; k < count;)
        {
            var prefix = $"{names}{k}";
            if (Make(k % 3, random.Next(), prefix) is not { } sample)
                continue;
            k++;
            yield return sample;
        }
    }

    /// <summary>Null where the drawn schedule does not fit the drawn network, or the compiler fails on it.</summary>
    private static Sample? Make(int group, int seed, string prefix)
    {
        var maker = new SampleNetworks(seed, prefix);
        try
        {
            return group switch { 0 => maker.Unrolled(), 1 => maker.Folded(), _ => maker.Streamed() };
        }
        catch (Exception e) when (e is UserErrorException or InvalidOperationException)
        {
            // What the compiler cannot build is no design to measure; that it should is for its own tests to say.
            return null;
        }
    }

    private int Between(int low, int high) => _random.Next(low, high + 1);

    private T OneOf<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    private Sample Unrolled()
    {
        var (inputs, bits) = (OneOf(2, 3, 4, 6, 8, 12), OneOf(2, 4, 6, 8, 8, 10, 12));
        _model.Input("x", [1, inputs]);
        var name = $"unrolled, {inputs} of {bits} bits";
        var width = inputs;
        for (var layers = Between(1, 3); layers > 0; layers--)
        {
            if (_random.Next(8) > 0)
                name += $" {Dense(ref width, OneOf(1, 2, 3, 4, 6, 8), OneOf(0, 0, 25, 50, 80))}";
            name += Activation(width);
        }
        return Finish(name, "unrolled", Configuration.Default with { Precision = SomePrecision(), WeightBits = OneOf(2, 3, 4, 6, 8) }, bits, _random.Next(3) > 0);
    }

    private Sample Folded()
    {
        var (inputs, bits, reuse) = (OneOf(4, 8, 12), OneOf(4, 6, 8, 10), OneOf(2, 4, 8));
        _model.Input("x", [1, inputs]);
        var name = $"folded by {reuse}, {inputs} of {bits} bits";
        var width = inputs;
        for (var layers = Between(1, 2); layers > 0; layers--)
        {
            name += $" {Dense(ref width, OneOf(2, 4, 8), OneOf(0, 0, 50))}";
            name += Activation(width);
        }
        return Finish(name, "folded", Configuration.Default with { Precision = SomePrecision(), WeightBits = OneOf(3, 4, 6, 8), ReuseFactor = reuse, ReusePlace = "sample" }, bits, true);
    }

    private Sample Streamed()
    {
        var (channels, height, width, bits) = (OneOf(1, 1, 2, 3), Between(3, 7), Between(3, 8), OneOf(2, 4, 6, 8));
        _model.Input("x", [1, channels, height, width]);
        var name = $"streamed, {channels}x{height}x{width} of {bits} bits";
        for (var layers = Between(1, 2); layers > 0; layers--)
        {
            var (kernel, filters, pad) = (OneOf(1, 2, 3), OneOf(1, 2, 3), _random.Next(2));
            pad = kernel == 3 ? pad : 0;
            if (height + 2 * pad < kernel || width + 2 * pad < kernel)
                break;
            var strides = _random.Next(4) == 0 ? 2 : 1;
            var weights = Constant([filters, channels, kernel, kernel], OneOf(0, 0, 50), channels * kernel * kernel);
            var bias = Constant([filters], 0, 8);
            Node("Conv", [_value, weights, bias], [("kernel_shape", new long[] { kernel, kernel }), ("pads", new long[] { pad, pad, pad, pad }), ("strides", new long[] { strides, strides })]);
            (channels, height, width) = (filters, (height + 2 * pad - kernel) / strides + 1, (width + 2 * pad - kernel) / strides + 1);
            name += $" conv{kernel}x{kernel}/{strides}x{filters}";
            name += Activation(channels, pictures: true);
            if (_random.Next(3) == 0 && height > 1 && width > 1)
            {
                Node(OneOf("MaxPool", "AveragePool"), [_value], [("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })]);
                (height, width) = (height / 2, width / 2);
                name += " pool";
            }
        }
        if (_random.Next(4) == 0)
        {
            Node("GlobalAveragePool", [_value], []);
            name += " mean";
        }
        int? reuse = _random.Next(4) == 0 ? OneOf(2, 3, 4) : null;
        return Finish(name, "streamed", Configuration.Default with
        {
            Precision = SomePrecision(),
            WeightBits = OneOf(2, 3, 4, 6),
            Stream = new StreamOptions(),
            ReuseFactor = reuse,
            ReusePlace = "sample",
        }, bits, true);
    }

    private string Dense(ref int inputs, int outputs, int zeros)
    {
        var weights = Constant([inputs, outputs], zeros, inputs);
        Node("Gemm", [_value, weights, Constant([outputs], 0, 4)], []);
        inputs = outputs;
        return $"dense {outputs}";
    }

    private string Activation(int width, bool pictures = false)
    {
        var kind = OneOf("Relu", "Relu", "Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSigmoid", "Abs", "Clip", "Softmax", "", "Square", "Max");
        switch (kind)
        {
            case "" or "Softmax" when pictures || kind.Length == 0 || width < 2:
                return "";
            case "Clip":
                Node("Clip", [_value, Scalar(-1), Scalar(1.5)], []);
                break;
            case "Square":
                Node("Mul", [_value, _value], []);
                break;
            case "Max":
                Node("Max", [_value, Scalar(0.25)], []);
                break;
            default:
                Node(kind, [_value], []);
                break;
        }
        return $" {kind}";
    }

    private string Scalar(double value)
    {
        var name = $"c{_nodes++}";
        _model.Constant(name, [], [value]);
        return name;
    }

    private string Constant(int[] shape, int zeros, int terms)
    {
        var name = $"c{_nodes++}";
        var scale = Math.Sqrt(3.0 / terms);
        _model.Constant(name, shape, [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b))
            .Select(_ => _random.Next(100) < zeros ? 0 : scale * (2 * _random.NextDouble() - 1))]);
        return name;
    }

    private void Node(string type, string[] inputs, (string, object)[] attributes)
    {
        var result = $"v{_nodes++}";
        _model.Node(type, inputs, [result], attributes);
        _value = result;
    }

    private Quantizer? SomePrecision() => _random.Next(2) == 0 ? null
        : new(new FixedType(true, OneOf(5, 6, 8, 8, 10, 12), OneOf(3, 4, 5)), OneOf(Rounding.Rnd, Rounding.Trn), OneOf(Overflow.Sat, Overflow.Sat, Overflow.Wrap));

    private Sample Finish(string name, string group, Configuration configuration, int bits, bool clocked)
    {
        var model = _model.Output(_value).ToBytes();
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(model, "sample", null, new ImportOptions(), diagnostics);
        var input = new Quantizer(new FixedType(true, bits, Math.Min(3, bits)), Rounding.Rnd, Overflow.Sat);
        configuration = configuration with { Inputs = new Dictionary<string, (Quantizer, long)>(StringComparer.Ordinal) { ["x"] = (input, 1) } };
        var compiled = Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics);
        diagnostics.ThrowIfErrors();
        var options = new HardwareOptions(_prefix, clocked ? OneOf(100.0, 200.0, 360.0) : null, Combinational: !clocked)
        {
            Multiplier = new SearchSharing(Effort.Quick),
            Stream = configuration.Stream,
            RegisterInputs = clocked && _random.Next(4) == 0,
        };
        return new(name, group, HardwareBuilder.Build(compiled!.Design, options));
    }
}
