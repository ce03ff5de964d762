using System.Globalization;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Reuse;

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
    private readonly Func<string, int, Element> _channels;
    private readonly IReadOnlyList<int> _outputs;
    private readonly ModuleBuilder _builder;
    private readonly BitsAlgebra _algebra;
    private readonly SortedDictionary<string, InputBundle> _inputs = new(StringComparer.Ordinal);
    private readonly string? _reduced;
    private readonly string _name;
    private readonly LoadMap? _map;
    private FoldedFigures? _folded;

    /// <param name="channels">What the module has to know of an element of a channel; which net it is does not matter.</param>
    /// <param name="outputs">The elements that the module computes.</param>
    /// <param name="reduced">A channel that holds what the reduction of the first stage gives; null to compute it here.</param>
    /// <param name="map">Where loadable tables go; null where nothing is loaded.</param>
    public LayerLowering(Design design, StageGroup group, string name, Func<string, int, Element> channels, IReadOnlyList<int> outputs, string? reduced = null, LoadMap? map = null)
    {
        (_design, _group, _channels, _outputs, _reduced, _name, _map) = (design, group, channels, outputs, reduced, name, map);
        _builder = new ModuleBuilder(name);
        _algebra = new BitsAlgebra(_builder);
    }

    /// <summary>The elements of one channel that the module reads, and the nets that bring them.</summary>
    private sealed record InputBundle(string Port, SortedDictionary<int, int> Nets);

    /// <summary>A module, and how the top connects it.</summary>
    /// <param name="Inputs">For each input port the channel, and the element of it behind each net of the port.</param>
    /// <param name="Results">
    /// For each element that the module computes, its place in the output port, or −1 for a constant, and what it can be.
    /// </param>
    /// <param name="Folded">What the folding of a layer gave; null for an unrolled one. A folded module has one more input: <see cref="Start"/>.</param>
    public sealed record Result(Module Module, Seq<(string Channel, Seq<int> Elements)> Inputs, Seq<(int Place, Interval Range)> Results, FoldedFigures? Folded)
    {
        /// <summary>Whether its weights are loaded. It then has one more input before the start: the bank that the event takes them from.</summary>
        public bool IsLoaded { get; init; }
    }

    /// <summary>The last input port of a folded module: 1 in the cycle in which an event's inputs are there.</summary>
    private const string Start = "start";

    public Result Run()
    {
        var isFolded = _group.Stages[0].Schedule is FoldedSchedule;
        var startPort = isFolded ? _builder.FreshName(Start) : "";
        var start = isFolded ? _builder.InputNet(Net.Of(_builder.FreshName("starts"), FixedType.Bit)) : -1;
        var isLoaded = isFolded && _map is not null && _group.Stages[0].Inputs.Any(_design.IsLoadable);
        var bankPort = isLoaded ? _builder.FreshName("bank") : "";
        var bank = isLoaded ? _builder.InputNet(Net.Of(_builder.FreshName("bank_in"), FixedType.Bit)) : -1;
        var output = _builder.FreshName(_group.Output);
        var values = new Dictionary<string, Signal[]>(StringComparer.Ordinal);
        foreach (var stage in _group.Stages)
            values[stage.Output] = stage.Schedule is FoldedSchedule folded ? Fold(stage, folded.Reuse, (start, bank), output, values) : Evaluate(stage, output, values);
        var nets = new List<int>();
        var results = _outputs.Select(k => ToPort(values[_group.Output][k], Numbered(output, k), nets)).ToSeq();
        foreach (var (channel, bundle) in _inputs)
            _builder.InputPort(bundle.Port, bundle.Nets.Values, _design.Settings.Contains(channel, StringComparer.Ordinal));
        if (isLoaded)
            _builder.InputPort(bankPort, [bank]);
        if (isFolded)
            _builder.InputPort(startPort, [start]);
        _builder.OutputPort(output, nets);
        var module = _builder.ToModule(_group.Origins, Describe());
        return new(module, _inputs.Select(i => (i.Key, i.Value.Nets.Keys.ToSeq())).ToSeq(), results, _folded) { IsLoaded = isLoaded };
    }

    private (int Place, Interval Range) ToPort(Signal signal, string name, List<int> nets)
    {
        _algebra.Stem = name;
        if (signal.IsConstant(out var constant))
            return (-1, Grids.Point(constant));
        var bits = _algebra.ToNet(signal);
        if (bits.Range.Low == bits.Range.High)
            return (-1, Grids.Point(bits.Range.Minimum));
        nets.Add(bits.Net);
        return (nets.Count - 1, bits.Range);
    }

    private Signal[] Fold(Stage stage, int reuse, (int Start, int Bank) control, string output, IReadOnlyDictionary<string, Signal[]> values)
    {
        var loading = control.Bank < 0 ? null : new LayerLoading(control.Bank, input => _design.IsLoadable(stage.Inputs[input]) ? _design.Constant(stage.Inputs[input])!.Type : null,
            input => stage.Inputs[input], _map!, _name, stage.Origin.Node);
        var product = new FoldedProduct(_algebra, (Kernel)stage.Computation, reuse, _outputs,
            (input, element) => Load(stage.Inputs[input], element, values), control.Start, output, loading);
        var results = product.Run();
        _folded = product.Figures;
        return results;
    }

    private Signal[] Evaluate(Stage stage, string output, IReadOnlyDictionary<string, Signal[]> values)
    {
        var kernel = (Kernel)stage.Computation;
        var results = new Signal[Shapes.Count(kernel.Domain)];
        var indices = new int[kernel.Domain.Count];
        foreach (var k in _outputs)
        {
            Shapes.Unravel(k, kernel.Domain, indices);
            _algebra.Stem = Numbered(output, k);
            results[k] = _reduced is not null && ReferenceEquals(stage, _group.Stages[0])
                ? BehindReduction(kernel.Body, indices, (input, element) => Load(stage.Inputs[input], element, values), Load(_reduced, k, values))
                : Interpreter.Evaluate(_algebra, kernel.Body, indices, (input, element) => Load(stage.Inputs[input], element, values));
        }
        return results;
    }

    private Signal BehindReduction(Block body, int[] indices, Func<int, int, Signal> load, Signal reduced)
    {
        var values = new Signal[body.Instructions.Count];
        for (var k = 0; k < values.Length; k++)
            values[k] = body.Instructions[k] is Reduce ? reduced : Interpreter.Apply(_algebra, body.Instructions[k], values, indices, load);
        return values[^1];
    }

    private Signal Load(string name, int element, IReadOnlyDictionary<string, Signal[]> values)
    {
        if (values.TryGetValue(name, out var inner))
            return inner[element];
        if (_design.Constant(name) is { } constant)
            return _algebra.Literal(constant.Typed(element));
        var outer = _channels(name, element);
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
