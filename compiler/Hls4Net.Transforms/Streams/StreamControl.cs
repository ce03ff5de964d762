using System.Globalization;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Streams;

/// <summary>The clockwork of a streamed design in its top: when ticks begin, and what comes some ticks later.</summary>
internal sealed class StreamControl
{
    private readonly ModuleBuilder _top;
    private readonly StreamPlan _plan;
    private readonly SortedDictionary<int, int> _starts = [];
    private readonly Dictionary<int, SortedDictionary<int, int>> _taps = [];
    private readonly int _tick;
    private readonly Dictionary<int, int> _phases = [];
    private readonly SortedDictionary<int, int> _banks = [];
    private readonly Dictionary<int, int> _heldBanks = [];
    private StreamCounter? _results;

    /// <summary>Who reads what how late.</summary>
    public LineRecorder Lines { get; }

    /// <param name="valid">1 in the cycles in which the beats of an event come; only the first of an event matters.</param>
    /// <param name="bank">The bank that an event takes its weights from, in the cycle of its first beat; −1 if there are no banks.</param>
    public StreamControl(ModuleBuilder top, int valid, StreamPlan plan, int bank = -1)
    {
        (_top, _plan, Lines) = (top, plan, new(plan));
        var beats = new StreamCounter(top, "beat", valid, plan.TickCycles, new(0, plan.Ticks, 1));
        var first = beats.IsFirst;
        _starts[0] = first < 0 ? valid : top.Add("event_start", FixedType.Bit, null, r => new BitwiseAnd(r, valid, first));
        if (bank >= 0)
            _banks[0] = bank;
        _tick = plan.TickCycles == 1 ? top.Constant(1, FixedType.Bit) : IsAt("tick", Phase("cycle_of_tick", plan.TickCycles, _starts[0], top.Constant(1, FixedType.Bit)), 0);
    }

    /// <summary>Counts from 0 to below an extent and from there to 0 again, where the step is 1, and is 0 where an event starts.</summary>
    private int Phase(string name, int extent, int start, int step)
    {
        var bits = 32 - int.LeadingZeroCount(extent - 1);
        var type = new FixedType(false, bits, bits);
        var state = _top.Open(Net.Of(_top.FreshName(name), type), 0);
        var (zero, last) = (_top.Constant(0, type), _top.Constant(extent - 1, type));
        var now = _top.Add($"{name}_now", type, null, r => new Multiplexer(r, start, zero, state));
        var isLast = _top.Add($"{name}_is_last", FixedType.Bit, null, r => new EqualTo(r, now, last));
        var wraps = _top.Add($"{name}_wraps", FixedType.Bit, null, r => new BitwiseAnd(r, isLast, step));
        var wide = _top.Extend(step, bits);
        var next = _top.Add($"{name}_after", type, null, r => new Adder(r, now, wide));
        _top.Close(state, _top.Add($"{name}_next", type, null, r => new Multiplexer(r, wraps, zero, next)));
        return now;
    }

    private int IsAt(string name, int phase, int value)
    {
        var constant = _top.Constant(value, _top[phase].Type);
        return _top.Add(name, FixedType.Bit, null, r => new EqualTo(r, phase, constant));
    }

    /// <summary>1 in the cycles in which a lane with this period can bring something, whether or not there is an event.</summary>
    private int Enable(int period, int phase)
    {
        if (period == 1)
            return _tick;
        if (!_phases.TryGetValue(period, out var counter))
            _phases[period] = counter = Phase($"tick_of_{period}", period, _starts[0], _tick);
        var isAt = IsAt($"is_tick_{phase}_of_{period}", counter, phase);
        return _plan.TickCycles == 1 ? isAt : _top.Add("tick_of", FixedType.Bit, null, r => new BitwiseAnd(r, isAt, _tick));
    }

    /// <summary>1 in the cycle in which a tick of an event begins.</summary>
    /// <param name="tick">Counted from the event's first beat.</param>
    public int Start(int tick)
    {
        if (tick == 0)
            return _starts[0];
        var line = Delayed(_starts, tick, "start", _tick);
        return _plan.TickCycles == 1 ? line : _top.Add("start", FixedType.Bit, null, r => new BitwiseAnd(r, line, _tick));
    }

    /// <summary>The bank of the event of which a tick begins, in the cycle in which it does.</summary>
    /// <param name="tick">Counted from the event's first beat.</param>
    public int Bank(int tick) => Delayed(_banks, tick, "bank", _tick);

    /// <summary>The bank of the event whose tick began last, from then on.</summary>
    /// <param name="tick">Counted from the event's first beat.</param>
    public int HeldBank(int tick)
    {
        if (_heldBanks.TryGetValue(tick, out var held))
            return held;
        var (start, bank) = (Start(tick), Bank(tick));
        var state = _top.Open(Net.Of(_top.NumberedName("bank_kept"), FixedType.Bit), 0);
        held = _top.Add("bank_of_positions", FixedType.Bit, null, r => new Multiplexer(r, start, bank, state));
        _top.Close(state, held);
        return _heldBanks[tick] = held;
    }

    /// <summary>What a net was some ticks ago.</summary>
    /// <param name="lane">Its lane, which says how often something comes.</param>
    public int Tap(int net, int lane, int age)
    {
        if (!_taps.TryGetValue(net, out var taps))
            _taps[net] = taps = new() { [0] = net };
        var (period, phase) = _plan.Periods[lane];
        var words = (age + period - 1) / period;
        var end = Delayed(taps, words, _top[net].Name.Length > 0 ? _top[net].Name : "line", Enable(period, phase));
        Lines.Note(lane, words, _top[end].Width, end);
        return end;
    }

    /// <summary>A counter of the ticks of a rhythm of an event.</summary>
    public StreamCounter Counter(string name, Rhythm rhythm) => new(_top, name, Start(rhythm.Start), _plan.TickCycles, rhythm);

    /// <summary>1 in the cycles in which the given ticks of an event begin.</summary>
    public int Beats(IReadOnlyList<int> ticks) => ticks.Count == 1 ? Start(ticks[0]) : Results(ticks).Pulses(ticks);

    /// <summary>A lane of results in the beats in which it has some, and zero in the others.</summary>
    /// <param name="ticks">Those of all beats.</param>
    /// <param name="own">Those in which the lane has results.</param>
    public int InBeats(int net, IReadOnlyList<int> ticks, IReadOnlySet<int> own)
    {
        if (own.Count == ticks.Count)
            return net;
        var (zero, condition) = (_top.Constant(0, _top[net].Type), Results(ticks).Condition(ticks, [.. ticks.Select(own.Contains)]));
        return _top.Add("result", _top[net].Type, null, r => new Multiplexer(r, condition, net, zero));
    }

    private StreamCounter Results(IReadOnlyList<int> ticks) => _results ??= Counter("result", new(ticks[0], ticks[^1] - ticks[0] + 1, 1));

    private int Delayed(SortedDictionary<int, int> known, int ticks, string name, int enable)
    {
        if (known.TryGetValue(ticks, out var net))
            return net;
        var nearest = known.Keys.Last(k => k < ticks);
        var source = known[nearest];
        return known[ticks] = _top.Add(() => _top.FreshName(string.Create(CultureInfo.InvariantCulture, $"{name}_t{ticks}")), _top[source].Type, _top[source].Range,
            r => new DelayLine(r, source, enable, ticks - nearest));
    }
}
