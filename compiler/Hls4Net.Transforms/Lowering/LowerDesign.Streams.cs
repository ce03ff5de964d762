using System.Numerics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Transforms.Lowering;

/// <summary>The part of the lowering that follows the plan of a streamed design.</summary>
internal sealed partial class LowerDesign
{
    private StreamControl? _stream;

    private StreamControl Control => _stream!;

    private Seq<int> CyclesOf(string channel) => _plan is null ? _channels[channel].Select(_ => 0).ToSeq()
        : _plan.Channels[channel].Select(p => p.IsTimed ? p.Tick * _plan.TickCycles : 0).ToSeq();

    /// <summary>An input whose elements come one beat after the other on the same wires.</summary>
    private void AddBeats(Channel channel, string port, FixedType type)
    {
        var places = _plan!.Channels[channel.Name];
        var first = places.Min(p => p.Lane);
        var nets = Enumerable.Range(0, places.Max(p => p.Lane) - first + 1).Select(k => _top.InputNet(Net.Of(_top.FreshName(Numbered(port, k)), type))).ToArray();
        _top.InputPort(port, nets);
        _channels[channel.Name] = [.. places.Select(p => new Element(nets[p.Lane - first], type.Range))];
        _ports.Add(new(port, PortRole.Input, channel.Name, channel.Source, channel.Shape, type)
        {
            Beats = new(nets.Length, places.Select(p => p.Tick * _plan.TickCycles).ToSeq(), places.Select(p => p.Lane - first).ToSeq()),
        });
    }

    private void AddPlanned(StageGroup group, GroupPlan plan)
    {
        Control.Lines.Reader = (group.Stages[0].Origin.Node, plan is StreamedPlan ? LineReason.Meeting : LineReason.Collection);
        if (plan is StreamedPlan streamed)
        {
            AddStreamed(group, streamed);
            return;
        }
        if (plan is AccumulatedPlan accumulated)
        {
            AddAccumulated(group, accumulated);
            return;
        }
        // Whatever came earlier is kept until the last element is there.
        var tick = ((ParallelPlan)plan).Tick;
        _valid = Control.Start(tick);
        if (_map is not null)
            _bank = Control.Bank(tick);
        var (channels, inner) = (new List<(string Name, IReadOnlyList<Element> Elements)>(), group.Stages.Select(s => s.Output).ToHashSet(StringComparer.Ordinal));
        foreach (var name in group.Stages.SelectMany(s => s.Inputs).Where(i => _channels.ContainsKey(i) && !inner.Contains(i)).Distinct(StringComparer.Ordinal))
        {
            channels.Add((name, _channels[name]));
            _channels[name] = Kept(name, tick);
        }
        AddLayer(group);
        foreach (var (name, elements) in channels)
            _channels[name] = elements;
        if (_design.Channel(group.Output).Type is { } type)
            _channels[group.Output] = [.. _channels[group.Output].Select(e => Confined(e, type))];
    }

    /// <summary>A running reduction, and a module for what comes behind it.</summary>
    private void AddAccumulated(StageGroup group, AccumulatedPlan plan)
    {
        var (channel, places) = (_channels[plan.Reduction.Channel], _plan!.Channels[plan.Reduction.Channel]);
        var accumulator = new StreamAccumulator(_top, Control, _top.FreshName(Identifiers.Legal(group.Output)));
        var reduced = $"{group.Output}.reduced";
        _channels[reduced] = [.. plan.Reduction.Terms.Select(terms => accumulator.Reduce(plan.Reduction.Reduction, [.. terms.Select(e => (channel[e], places[e].Tick))]))];
        var outputs = Enumerable.Range(0, Shapes.Count(_design.ShapeOf(group.Output))).ToArray();
        var layer = new LayerLowering(_design, group, ModuleName(group), (c, e) => _channels[c][e], outputs, reduced).Run();
        _modules.Add(layer.Module);
        var elements = new Element[outputs.Length];
        Use(group, layer, outputs, (c, e) => _channels[c][e], elements);
        _channels.Remove(reduced);
        _channels[group.Output] = _design.Channel(group.Output).Type is { } type ? [.. elements.Select(e => Confined(e, type))] : elements;
    }

    /// <summary>The elements of a channel as they are in a tick.</summary>
    private Element[] Kept(string channel, int tick)
    {
        var (elements, places) = (_channels[channel], _plan!.Channels[channel]);
        var kept = elements.ToArray();
        // The latest first: a row of registers then has every element on its way.
        foreach (var k in Enumerable.Range(0, kept.Length).Where(k => places[k].IsTimed && !kept[k].IsConstant).OrderByDescending(k => places[k].Tick))
            kept[k] = kept[k] with { Net = Control.Tap(kept[k].Net, places[k].Lane, tick - places[k].Tick) };
        return kept;
    }

    private void AddStreamed(StageGroup group, StreamedPlan plan)
    {
        var elements = new Element[_plan!.Channels[group.Output].Length];
        foreach (var positions in plan.Classes)
        {
            var layer = new LayerLowering(_design, group, ModuleName(group), (c, e) => Hull(positions.Positions, c, e), positions.Positions[0].Outputs, map: _map).Run();
            _modules.Add(layer.Module);
            foreach (var slot in positions.Slots)
                AddSlot(group, layer, slot, elements);
        }
        _channels[group.Output] = elements;
    }

    /// <summary>An instance of a module that works on its positions one after the other.</summary>
    private void AddSlot(StageGroup group, LayerLowering.Result layer, Slot slot, Element[] elements)
    {
        var positions = slot.Positions;
        var ticks = positions.Select(p => p.Tick).ToArray();
        StreamCounter? counter = null;
        StreamCounter Counter() => counter ??= Control.Counter(Identifiers.Legal(group.Output), slot.Rhythm);
        var start = layer.Folded is null ? -1 : Counter().Pulses(ticks);
        var results = Instantiate(layer, positions[0].Position.Outputs, (channel, element, port) => FeedSlot(slot, (channel, element), port, ticks, Counter), start,
            layer.IsLoaded ? Control.HeldBank(slot.Rhythm.Start) : -1);
        var type = _design.Channel(group.Output).Type;
        foreach (var (position, _) in positions)
        {
            for (var k = 0; k < results.Length; k++)
                elements[position.Outputs[k]] = type is { } t ? Confined(results[k], t) : results[k];
        }
    }

    /// <summary>
    /// What is possible at all positions together can exceed the type although at no position anything does: then the bits above it only
    /// repeat what is known.
    /// </summary>
    private Element Confined(Element element, FixedType type)
    {
        if (element.Range.Minimum >= type.Range.Minimum && element.Range.Maximum <= type.Range.Maximum)
            return element;
        if (element.IsConstant)
            throw new InvalidOperationException($"The constant {element.Range} is not in {type}.");
        var (fraction, finer) = (element.Range.Fraction, element.Range.Fraction - type.Fraction);
        var (low, high) = finer >= 0 ? (type.MinimumRaw << finer, type.MaximumRaw << finer) : (type.MinimumRaw >> -finer, type.MaximumRaw >> -finer);
        var range = new Interval(BigInteger.Max(low, element.Range.Low), BigInteger.Min(high, element.Range.High), fraction);
        return new(_top.Reinterpret(_top.Resize(element.Net, Math.Min(range.Type.Width, _top[element.Net].Width)), range.Type.Signed), range);
    }

    /// <summary>
    /// The net for an element that a slot's module reads: what its lane brings, and in ticks in which another number stands there, this one. Numbers are
    /// padding, and channels that turned out to be the same for every event.
    /// </summary>
    private int FeedSlot(Slot slot, (string Channel, int Element) key, Net port, int[] ticks, Func<StreamCounter> counter)
    {
        var elements = slot.Positions.Select(p => Source(p.Position, key.Channel, key.Element)).ToArray();
        var real = Array.FindIndex(elements, e => !e.IsConstant);
        var numbers = elements.Where(e => e.IsConstant).Select(e => e.Range.Minimum).Distinct().ToList();
        int net;
        if (real < 0)
        {
            net = Feed(Element.Constant(numbers[0]), port);
            numbers.RemoveAt(0);
        }
        else
        {
            var source = slot.Source(key)!.Value;
            net = Feed(elements[real] with { Net = Control.Tap(elements[real].Net, source.Lane, source.Age ?? 0) }, port);
        }
        foreach (var number in numbers)
        {
            var condition = counter().Condition(ticks, [.. elements.Select(e => !e.IsConstant || e.Range.Minimum != number)]);
            var (yes, no) = (net, Feed(Element.Constant(number), port));
            net = _top.Add("inside", _top[net].Type, null, r => new Multiplexer(r, condition, yes, no));
        }
        return net;
    }

    private void AddOutputBeats(Channel channel, string port, FixedType type, OutputTimes times)
    {
        Control.Lines.Reader = (channel.Name, LineReason.Beat);
        var (elements, places) = (_channels[channel.Name], _plan!.Channels[channel.Name]);
        var lanes = new Dictionary<(int Lane, Dyadic? Number), int>();
        var (nets, ticks) = (new List<int>(), new List<HashSet<int>>());
        var (cycles, laneOf) = (new int[elements.Count], new int[elements.Count]);
        for (var k = 0; k < elements.Count; k++)
        {
            var (isTimed, isConstant) = (places[k].IsTimed, elements[k].IsConstant);
            var delay = isTimed ? times.DelayOf(places[k].Lane) : 0;
            var tick = isTimed ? places[k].Tick + delay : times.First;
            // Numbers that are the same for every event have lanes of their own, in the beats in which their places come.
            var key = isConstant || !isTimed ? (isTimed ? places[k].Lane : -1 - k, (Dyadic?)(isConstant ? elements[k].Range.Minimum : Dyadic.Zero)) : (places[k].Lane, null);
            if (!lanes.TryGetValue(key, out var lane))
            {
                lane = lanes[key] = nets.Count;
                var net = InType(channel, elements[k], type);
                nets.Add(isConstant || !isTimed ? net : Control.Tap(net, places[k].Lane, delay));
                ticks.Add([]);
            }
            ticks[lane].Add(tick);
            (laneOf[k], cycles[k]) = (lane, (tick - times.First) * _plan.TickCycles);
        }
        for (var lane = 0; lane < nets.Count; lane++)
            nets[lane] = Control.InBeats(nets[lane], times.Ticks, ticks[lane]);
        _top.OutputPort(port, nets);
        _ports.Add(new(port, PortRole.Output, channel.Name, channel.Source, channel.Shape, type)
        {
            Beats = new(nets.Count, Seq.Own(cycles), Seq.Own(laneOf)),
        });
    }
}
