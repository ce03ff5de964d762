using System.Globalization;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Lowering;

/// <summary>An element of a channel where modules meet: a net of the top, or a number that is the same for every event.</summary>
/// <param name="Net">−1 for a constant.</param>
/// <param name="Range">What the element can be, at the place of the binary point of the net's integers.</param>
internal readonly record struct Element(int Net, Interval Range)
{
    public bool IsConstant => Net < 0;

    public static Element Constant(Dyadic value) => new(-1, Grids.Point(value));
}

/// <summary>A group of stages as a module of its own.</summary>
internal sealed class LayerLowering
{
    private readonly Design _design;
    private readonly StageGroup _group;
    private readonly Func<string, IReadOnlyList<Element>> _channels;
    private readonly ModuleBuilder _builder;
    private readonly BitsAlgebra _algebra;
    private readonly SortedDictionary<string, InputBundle> _inputs = new(StringComparer.Ordinal);

    /// <param name="channels">The elements of the channels that the group reads, as the top knows them.</param>
    public LayerLowering(Design design, StageGroup group, string name, Func<string, IReadOnlyList<Element>> channels)
    {
        (_design, _group, _channels) = (design, group, channels);
        _builder = new ModuleBuilder(name);
        _algebra = new BitsAlgebra(_builder);
    }

    /// <summary>The elements of one channel that the module reads, and the nets that bring them.</summary>
    private sealed record InputBundle(string Port, SortedDictionary<int, int> Nets);

    /// <summary>A module, and how the top connects it.</summary>
    /// <param name="Inputs">For each input port the channel, and the element of it behind each net of the port.</param>
    /// <param name="Output">The elements that the module computes, in the order of its output port; the others are constants.</param>
    /// <param name="Ranges">What each element of the output channel can be, at the place of the binary point of its net.</param>
    public sealed record Result(Module Module, Seq<(string Channel, Seq<int> Elements)> Inputs, Seq<int> Output, Seq<Interval> Ranges);

    public Result Run()
    {
        var output = _builder.FreshName(_group.Output);
        var values = new Dictionary<string, Signal[]>(StringComparer.Ordinal);
        foreach (var stage in _group.Stages)
            values[stage.Output] = Evaluate(stage, output, values);
        var elements = new List<int>();
        var nets = new List<int>();
        var signals = values[_group.Output];
        var ranges = new Interval[signals.Length];
        for (var k = 0; k < signals.Length; k++)
        {
            _algebra.Stem = Numbered(output, k);
            if (signals[k].IsConstant(out var constant))
            {
                ranges[k] = Grids.Point(constant);
                continue;
            }
            var bits = _algebra.ToNet(signals[k]);
            ranges[k] = bits.Range;
            elements.Add(k);
            nets.Add(bits.Net);
        }
        foreach (var (channel, bundle) in _inputs)
            _builder.InputPort(bundle.Port, bundle.Nets.Values, _design.Settings.Contains(channel, StringComparer.Ordinal));
        _builder.OutputPort(output, nets);
        var module = _builder.ToModule(_group.Origins, Describe());
        return new(module, _inputs.Select(i => (i.Key, i.Value.Nets.Keys.ToSeq())).ToSeq(), elements.ToSeq(), Seq.Own(ranges));
    }

    private Signal[] Evaluate(Stage stage, string output, IReadOnlyDictionary<string, Signal[]> values)
    {
        var kernel = (Kernel)stage.Computation;
        var results = new Signal[Shapes.Count(kernel.Domain)];
        var indices = new int[kernel.Domain.Count];
        for (var k = 0; k < results.Length; k++)
        {
            Shapes.Unravel(k, kernel.Domain, indices);
            _algebra.Stem = Numbered(output, k);
            results[k] = Interpreter.Evaluate(_algebra, kernel.Body, indices,
                (input, element) => Load(stage.Inputs[input], element, values));
        }
        return results;
    }

    private Signal Load(string name, int element, IReadOnlyDictionary<string, Signal[]> values)
    {
        if (values.TryGetValue(name, out var inner))
            return inner[element];
        if (_design.Constant(name) is { } constant)
            return _algebra.Literal(constant.Typed(element));
        var outer = _channels(name)[element];
        if (outer.IsConstant)
            return _algebra.Literal(outer.Range.Minimum);
        if (!_inputs.TryGetValue(name, out var bundle))
            _inputs[name] = bundle = new(_builder.FreshName(name), []);
        if (!bundle.Nets.TryGetValue(element, out var net))
        {
            var range = outer.Range;
            net = _builder.InputNet(new(_builder.FreshName(Numbered(bundle.Port, element)), range.Type, range.Low, range.High));
            bundle.Nets[element] = net;
        }
        return BitsAlgebra.FromNet(net, outer.Range);
    }

    private string Describe()
    {
        var output = _design.Channel(_group.Output);
        var type = output.Type is { } t ? $" of {t}" : "";
        return $"Writes '{output.Name}', shape {output.Shape}{type}.";
    }

    private static string Numbered(string name, int element) => string.Create(CultureInfo.InvariantCulture, $"{name}_{element}");
}
