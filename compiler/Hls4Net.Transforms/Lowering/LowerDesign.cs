using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// A typed design as combinational bits: one module for each group of stages, and a top that joins them. Sums are still
/// <see cref="LinearSum"/> cells, and nothing has a clock.
/// </summary>
[Pass(Promise.SameBits, "Turns kernels into combinational bits, one module for each layer, with rounding and saturation as cells.")]
internal sealed partial class LowerDesign
{
    private readonly Design _design;
    private readonly ModuleBuilder _top;
    private readonly Identifiers _moduleNames = new();
    private readonly List<Module> _modules = [];
    private readonly List<HardwarePort> _ports = [];
    private readonly Dictionary<string, IReadOnlyList<Element>> _channels = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private readonly Dictionary<string, FoldedFigures> _folded = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<StageGroup> _groups;
    private readonly StreamPlan? _plan;
    private readonly FoldedStarts _starts;
    private readonly LoadMap? _map;
    private readonly DecisionOptions _decision;
    private int _valid = -1;
    private int _bank = -1;

    private LowerDesign(Design design, string prefix, StreamOptions? stream, DecisionOptions decision)
    {
        (_design, _decision) = (design, decision);
        _groups = StageGroup.Of(design);
        _prefix = _moduleNames.Fresh(prefix);
        _top = new ModuleBuilder(_prefix);
        _starts = new FoldedStarts(_top);
        _map = design.Constants.Any(c => c.IsLoadable) ? new LoadMap() : null;
        _plan = stream is null ? null : StreamPlanner.Run(design, _groups, stream);
    }

    /// <summary>The netlist, its ports, and the net of the top for each element of each typed channel.</summary>
    /// <param name="Valid">Ports that say in which cycles events come and go; null if there is nothing folded, so that every cycle can.</param>
    /// <param name="Folded">What the folding of layers gave, by module.</param>
    internal sealed record Result(
        Netlist Netlist, Seq<HardwarePort> Ports, Seq<ChannelNets> Channels, ValidPorts? Valid, IReadOnlyDictionary<string, FoldedFigures> Folded)
    {
        /// <summary>Clock cycles from one event to the next, at least.</summary>
        public required int Interval { get; init; }

        /// <summary>Events start a multiple of so many cycles apart.</summary>
        public int Grid { get; init; } = 1;

        /// <summary>Who reads what how late in a streamed design; null in others.</summary>
        public LineRecorder? Lines { get; init; }

        /// <summary>Cycles from the event's first beat to its first result, but for those that registers will add.</summary>
        public int Wait { get; init; }

        /// <summary>The port that selects a bank of weights, and the tables that are loaded; null if none are.</summary>
        public (string Bank, IReadOnlyList<LoadableTable> Tables)? Loading { get; init; }
    }

    /// <summary>Where the elements of a channel are in the top.</summary>
    /// <param name="Cycles">For each element the cycles after the event's first beat, but for those that registers will add.</param>
    internal sealed record ChannelNets(Channel Channel, Origin Origin, Seq<Element> Elements, Seq<int> Cycles);

    /// <param name="prefix">The name of the top, and the start of the name of every other module.</param>
    /// <param name="stream">How the input comes piece by piece; null for an event at once.</param>
    /// <param name="decision">What is kept from event to event behind the last output; null for nothing.</param>
    /// <exception cref="UserErrorException">A layer cannot be streamed.</exception>
    public static Result Run(Design design, string prefix, StreamOptions? stream = null, DecisionOptions? decision = null) =>
        new LowerDesign(design, prefix, stream, decision ?? DecisionOptions.None).Run();

    private Result Run()
    {
        if (_map is not null)
            _top.Reserve(AxiLite.PortNames);
        var bank = _map is null ? "" : _top.FreshName("bank");
        foreach (var name in _design.Inputs)
            AddInput(_design.Channel(name));
        var outputs = _design.Outputs.Select(o => _top.FreshName(o)).ToArray();
        var valid = _plan is not null || _design.Stages.Any(s => s.Schedule is FoldedSchedule) ? AddValid() : null;
        if (_map is not null)
        {
            _bank = _top.InputNet(Net.Of(_top.FreshName("bank_of_event"), FixedType.Bit));
            _top.InputPort(bank, [_bank]);
        }
        if (_plan is not null)
            _stream = new StreamControl(_top, _valid, _plan, _bank);
        foreach (var group in _groups)
            AddGroup(group);
        var times = _plan?.Outputs ?? OutputTimes.AtOnce;
        for (var k = 0; k < outputs.Length; k++)
            AddOutput(_design.Channel(_design.Outputs[k]), outputs[k], times);
        if (!_decision.IsNone)
            AddDecision(valid is null ? -1 : _starts.After(_valid, _starts.Of(_design.Outputs)));
        if (valid is not null)
            _top.OutputPort(valid.Output, [_stream is null ? _starts.After(_valid, _starts.Of(_design.Outputs)) : _stream.Beats(times.Ticks)]);
        _modules.Add(_top.ToModule([], $"The network '{_design.Name}'."));
        var origins = _design.Stages.ToDictionary(s => s.Output, s => s.Origin, StringComparer.Ordinal);
        var channels = _design.Channels
            .Where(c => c.Type is not null && _channels.ContainsKey(c.Name))
            .Select(c => new ChannelNets(c, origins.GetValueOrDefault(c.Name, new Origin(c.Name, "input")), _channels[c.Name].ToSeq(), CyclesOf(c.Name)));
        return new(new Netlist(_modules.ToSeq()), _ports.ToSeq(), channels.ToSeq(), valid, _folded)
        {
            Interval = _plan?.Interval ?? _design.InitiationInterval,
            Grid = _plan?.Grid ?? 1,
            Wait = times.First * (_plan?.TickCycles ?? 1),
            Lines = _stream?.Lines,
            Loading = _map is null ? null : (bank, _map.Tables),
        };
    }

    private void AddInput(Channel channel)
    {
        var type = channel.Type ?? throw new InvalidOperationException($"The input '{channel.Name}' has no type.");
        var isSetting = _design.Settings.Contains(channel.Name, StringComparer.Ordinal);
        var port = _top.FreshName(channel.Name);
        if (_plan is not null && !isSetting)
        {
            AddBeats(channel, port, type);
            return;
        }
        var nets = Enumerable.Range(0, Shapes.Count(channel.Shape))
            .Select(k => _top.InputNet(Net.Of(_top.FreshName(Numbered(port, k)), type))).ToArray();
        _top.InputPort(port, nets, isSetting);
        _channels[channel.Name] = [.. nets.Select(n => new Element(n, type.Range))];
        _ports.Add(new(port, isSetting ? PortRole.Setting : PortRole.Input, channel.Name, channel.Source, channel.Shape, type));
    }

    /// <summary>The input that says in which cycle an event comes, delayed as the data are: it starts the counters of folded layers.</summary>
    private ValidPorts AddValid()
    {
        var ports = new ValidPorts(_top.FreshName("in_valid"), _top.FreshName("out_valid"));
        _valid = _top.InputNet(Net.Of(_top.FreshName("valid"), FixedType.Bit));
        _top.InputPort(ports.Input, [_valid]);
        return ports;
    }

    private void AddGroup(StageGroup group)
    {
        _starts.Note(group);
        if (group.Stages[0].Computation is Wiring wiring)
            _channels[group.Output] = Rearrange(group.Stages[0], wiring);
        else if (_plan is not null)
            AddPlanned(group, _plan.Groups[group]);
        else
            AddLayer(group);
    }

    private Element[] Rearrange(Stage stage, Wiring wiring)
    {
        var elements = new Element[wiring.Input.Count];
        for (var k = 0; k < elements.Length; k++)
        {
            var input = wiring.Input[k];
            elements[k] = input < 0
                ? Element.Constant(wiring.Fills[-1 - input])
                : _design.Constant(stage.Inputs[input]) is { } constant
                    ? Element.Constant(constant.Typed(wiring.Element[k]))
                    : _channels[stage.Inputs[input]][wiring.Element[k]];
        }
        return elements;
    }

    private void AddLayer(StageGroup group)
    {
        var elements = new Element[Shapes.Count(_design.ShapeOf(group.Output))];
        var classes = Position.ClassesOf(_design, group);
        if (classes.Count == 0)
            AddOwn(group, [.. Enumerable.Range(0, elements.Length)], elements);
        foreach (var positions in classes)
            AddShared(group, positions, elements);
        _channels[group.Output] = elements;
    }

    /// <summary>One module for some elements, made for just what they read.</summary>
    private void AddOwn(StageGroup group, IReadOnlyList<int> outputs, Element[] elements)
    {
        var layer = new LayerLowering(_design, group, ModuleName(group), (c, e) => _channels[c][e], outputs, map: _map).Run();
        _modules.Add(layer.Module);
        Use(group, layer, outputs, (channel, element) => _channels[channel][element], elements);
    }

    /// <summary>
    /// One module for many positions: made for what any of them reads. Not where inputs are constants at some positions (the zeros of a transposed
    /// convolution), which save most of the hardware there, nor where what is possible at no position but at all of them together exceeds the type.
    /// </summary>
    private void AddShared(StageGroup group, IReadOnlyList<Position> positions, Element[] elements)
    {
        var isMixed = positions.Any(p => p.Sources.Any(s => s.Value >= 0 && _channels[s.Key.Item1][s.Value].IsConstant));
        var layer = isMixed ? null : new LayerLowering(_design, group, ModuleName(group), (c, e) => Hull(positions, c, e), positions[0].Outputs, map: _map).Run();
        if (layer is null || _design.Channel(group.Output).Type is not { } type
            || layer.Results.Any(r => r.Range.Minimum < type.Range.Minimum || r.Range.Maximum > type.Range.Maximum))
        {
            AddOwn(group, [.. positions.SelectMany(p => p.Outputs)], elements);
            return;
        }
        _modules.Add(layer.Module);
        foreach (var position in positions)
            Use(group, layer, position.Outputs, (channel, element) => Source(position, channel, element), elements);
    }

    private Element Source(Position position, string channel, int element) =>
        position.Sources[(channel, element)] is var source && source < 0 ? Element.Constant(Dyadic.Zero) : _channels[channel][source];

    /// <summary>What stands in the place of an element at any position.</summary>
    private Element Hull(IReadOnlyList<Position> positions, string channel, int element)
    {
        var sources = positions.Select(p => Source(p, channel, element)).Distinct().ToArray();
        if (sources.Length == 1 && sources[0].IsConstant)
            return sources[0];
        // Zero is an integer in any units; it must not make them finer.
        var ranges = sources.Select(s => s.Range).Where(r => !r.Low.IsZero || !r.High.IsZero).ToArray();
        if (ranges.Length == 0)
            return Element.Constant(Dyadic.Zero);
        var hull = ranges.Aggregate((a, b) => a.Union(b));
        return new(0, ranges.Length == sources.Length ? hull : hull.Union(new Interval(0, 0, hull.Fraction)));
    }

    private string ModuleName(StageGroup group) => _moduleNames.Fresh($"{_prefix}_{Identifiers.Legal(group.Stages[0].Origin.Node)}");

    /// <summary>An instance of a layer's module.</summary>
    /// <param name="outputs">The elements that it computes here.</param>
    /// <param name="source">What stands here for an element that the module reads.</param>
    /// <param name="elements">Receives the results.</param>
    private void Use(StageGroup group, LayerLowering.Result layer, IReadOnlyList<int> outputs, Func<string, int, Element> source, Element[] elements)
    {
        // The layers of a streamed design that work on all of an event start in a tick of their own.
        var start = layer.Folded is null ? -1 : _plan is not null ? _valid : _starts.After(_valid, _starts.Before(group));
        var bank = !layer.IsLoaded ? -1 : _plan is not null ? _bank : _starts.After(_bank, _starts.Before(group), "bank");
        var results = Instantiate(layer, outputs, (channel, element, port) => Feed(source(channel, element), port), start, bank);
        for (var k = 0; k < outputs.Count; k++)
            elements[outputs[k]] = results[k];
    }

    /// <summary>An instance of a layer's module, and its results.</summary>
    /// <param name="outputs">The elements after which the results are called.</param>
    /// <param name="feed">The net for an element that the module reads.</param>
    /// <param name="start">1 in the cycle in which they are there.</param>
    /// <param name="bank">The bank of the event's weights in that cycle.</param>
    private Element[] Instantiate(LayerLowering.Result layer, IReadOnlyList<int> outputs, Func<string, int, Net, int> feed, int start, int bank)
    {
        var module = layer.Module;
        var inputs = layer.Inputs.Zip(module.Inputs)
            .Select(i => i.First.Elements.Zip(i.Second.Nets).Select(e => feed(i.First.Channel, e.First, module.Nets[e.Second])).ToSeq()).ToSeq();
        if (layer.Folded is { } folded)
        {
            _folded[module.Name] = folded;
            inputs = layer.IsLoaded ? [.. inputs, [bank], [start]] : [.. inputs, [start]];
        }
        var port = module.Outputs.Single();
        var nets = Enumerable.Range(0, outputs.Count).Where(k => layer.Results[k].Place >= 0)
            .Select(k => OutputNet(module.Nets[port.Nets[layer.Results[k].Place]], layer.Results[k].Range, Numbered(port.Name, outputs[k]))).ToArray();
        var results = _top.Use(_top.FreshName($"layer_{module.Name[(_prefix.Length + 1)..]}"), module, inputs, [nets]);
        return [.. layer.Results.Select(r => new Element(r.Place < 0 ? -1 : results[0][r.Place], r.Range))];
    }

    /// <summary>An element in the type of the port that it feeds.</summary>
    private int Feed(Element element, Net port)
    {
        if (element.IsConstant)
            return _top.Constant(element.Range.Minimum.ToRaw(port.Type.Fraction), port.Type);
        var net = _top.AppendZeros(element.Net, port.Type.Fraction - element.Range.Fraction);
        return _top.Reinterpret(_top.Resize(net, port.Width), port.Signed);
    }

    private Net OutputNet(Net inner, Interval range, string name)
    {
        var type = new FixedType(inner.Signed, inner.Width, inner.Width - range.Fraction);
        return new(_top.FreshName(name), type, range.Low, range.High);
    }

    private void AddOutput(Channel channel, string port, OutputTimes times)
    {
        var type = channel.Type ?? throw new InvalidOperationException($"The output '{channel.Name}' has no type.");
        if (_plan is not null)
        {
            AddOutputBeats(channel, port, type, times);
            return;
        }
        var nets = _channels[channel.Name].Select(e => InType(channel, e, type));
        _top.OutputPort(port, nets);
        _ports.Add(new(port, PortRole.Output, channel.Name, channel.Source, channel.Shape, type));
    }

    private int InType(Channel channel, Element element, FixedType type)
    {
        if (element.Range.Minimum < type.Range.Minimum || element.Range.Maximum > type.Range.Maximum)
            throw new InvalidOperationException($"An element of '{channel.Name}' can be {element.Range}, which is not in {type}.");
        if (element.IsConstant)
            return _top.Constant(element.Range.Minimum.ToRaw(type.Fraction), type);
        var net = element.Net;
        var finer = element.Range.Fraction - type.Fraction;
        // Numbers of the type on a finer grid have only zeros there; those below one unit of the type are zero.
        if (finer >= _top[net].Width)
            return _top.Constant(0, type);
        if (finer > 0)
            net = _top.Slice(net, finer, _top[net].Width - finer, _top[net].Signed);
        return _top.Reinterpret(_top.Resize(_top.AppendZeros(net, Math.Max(-finer, 0)), type.Width), type.Signed);
    }

    private static string Numbered(string name, int element) => string.Create(CultureInfo.InvariantCulture, $"{name}_{element}");
}
