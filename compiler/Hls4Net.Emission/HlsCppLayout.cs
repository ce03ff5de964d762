using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Emission;

/// <summary>A tensor in the C++ of a design: an array of <c>Identifier_t</c>.</summary>
/// <param name="Name">The channel's name in the design.</param>
/// <param name="Identifier">Its name in C++.</param>
/// <param name="Type">The element type; for a temporary the narrowest that holds all its values.</param>
/// <param name="Elements">Number of elements.</param>
public sealed record HlsArray(string Name, string Identifier, FixedType Type, int Elements)
{
    /// <summary>How the elements come one beat after the other; null if all of an event are there at once.</summary>
    public HlsBeats? Beats { get; init; }
}

/// <summary>How the elements of an array travel: in beats of so many lanes.</summary>
/// <param name="Places">For each element beat · Lanes + lane.</param>
public sealed record HlsBeats(int Beats, int Lanes, IReadOnlyList<int> Places);

/// <summary>
/// The names and types that the C++ of a design uses: what the printer, the testbench and a program that links the firmware agree on.
/// </summary>
public sealed class HlsCppLayout
{
    private static readonly string[] Reserved =
        ["std", "hls", "top", "main", "from_raw", "from_hexadecimal", "with_point", "bits_of", "copy_elements", "inline", "size_t", "hls_stream", "beats", "defines", "raw_bits"];

    private static readonly string[] ReservedInNetworks =
        [.. Reserved, "beat", "take_beat", "pass_line", "shift_in", "tick", "now", "all", "port", "running", "leaving", "result", "window", "n", "step", "phase", "inner", "outer", "flags_0"];

    private readonly Dictionary<string, HlsArray> _byName;
    private readonly Dictionary<TableData, string> _tables = [];

    private HlsCppLayout(Design design, HlsOptions options, RangeAnalysis ranges)
    {
        Ranges = ranges;
        var isNetwork = options.Stream is not null || design.Stages.Any(s => s.Schedule is FoldedSchedule);
        Names = new Identifiers(isNetwork ? ReservedInNetworks : Reserved);
        Prefix = Names.Of(Wish(options.Prefix));
        Channels = [.. design.Channels.Select(c => new HlsArray(c.Name, FreshName(c.Name), TypeOf(c, ranges), Shapes.Count(c.Shape)))];
        Constants = [.. design.Constants.Select(c => new HlsArray(c.Name, FreshName(c.Name), TypeOf(c.Tensor), c.Tensor.Raw.Count))];
        _byName = Channels.Concat(Constants).ToDictionary(a => a.Name, StringComparer.Ordinal);
        Network = isNetwork ? new(this, ProcessNetwork.Of(design, options.Stream), options.Stream is not null) : null;
        Inputs = [.. design.Inputs.Select(n => _byName[n] with { Beats = InputBeats(n) })];
        Outputs = [.. design.Outputs.Select(n => _byName[n] with { Beats = OutputBeats(n) })];
    }

    /// <summary>The processes of a design that is folded or streamed; null for one that is unrolled.</summary>
    internal HlsCppNetwork? Network { get; }

    /// <summary>The namespace.</summary>
    public string Prefix { get; }

    /// <summary>The function to synthesise, outside of the namespace: it takes the inputs, then the outputs, each as an array.</summary>
    public string TopFunction => $"{Prefix}_top";

    public IReadOnlyList<HlsArray> Inputs { get; }

    public IReadOnlyList<HlsArray> Outputs { get; }

    /// <summary>All channels in the design's order.</summary>
    public IReadOnlyList<HlsArray> Channels { get; }

    /// <summary>Whether the design is a network of processes, because it is folded or streamed.</summary>
    public bool IsNetwork => Network is not null;

    /// <summary>Whether events come beat by beat.</summary>
    public bool IsStreamed => Network is { IsStreamed: true };

    /// <summary>What a testbench can look at: the number that <c>HLS4NET_TRACE</c> gets is a position in this list.</summary>
    public IReadOnlyList<HlsArray> Traced => Network is null ? Channels
        : [.. Network.Traced.Select(s => new HlsArray(s.Channel, Network.NameOf(s), _byName[s.Channel].Type, s.Lanes.Count * s.Ticks.Count))];

    internal IReadOnlyList<HlsArray> Constants { get; }

    /// <summary>The tables that were asked for, in order, with their names.</summary>
    internal IReadOnlyCollection<KeyValuePair<TableData, string>> Tables => _tables;

    internal Identifiers Names { get; }

    /// <summary>The ranges of all channels, which do not depend on the schedule.</summary>
    public RangeAnalysis Ranges { get; }

    /// <summary>The layout of a typed design.</summary>
    public static HlsCppLayout Of(Design design, HlsOptions options) => Of(design, options, RangeAnalysis.Run(design));

    /// <summary>The layout of a typed design whose ranges are known; they are the same under every schedule.</summary>
    public static HlsCppLayout Of(Design design, HlsOptions options, RangeAnalysis ranges) => new(design, options, ranges);

    private HlsBeats? InputBeats(string name)
    {
        if (Network is not { IsStreamed: true } || Network.Network.Processes.OfType<ReceiveProcess>().FirstOrDefault(p => p.Channel == name) is not { Series: var series })
            return null;
        return BeatsOf(series, Network.Network.Plan.Channels[name]);
    }

    private HlsBeats? OutputBeats(string name)
    {
        if (Network is not { IsStreamed: true })
            return null;
        var send = Network.Network.Processes.OfType<SendProcess>().First(p => p.Channel == name);
        var delays = send.Sources.SelectMany(s => s.Series.Lanes.Select(l => (l, s.Delay))).ToDictionary(p => p.l, p => p.Delay);
        return BeatsOf(send.Port, [.. Network.Network.Plan.Channels[name].Select(p => p.IsTimed ? p with { Tick = p.Tick + delays[p.Lane] } : p)]);
    }

    /// <summary>What does not change has a lane of its own, behind all others, in every beat.</summary>
    private static HlsBeats BeatsOf(BeatSeries series, IReadOnlyList<Place> places)
    {
        var beats = series.Ticks.Select((t, n) => (t, n)).ToDictionary(p => p.t, p => p.n);
        var lanes = new Dictionary<int, int>();
        for (var n = 0; n < series.Lanes.Count; n++)
            lanes.TryAdd(series.Lanes[n], n);
        var unchanging = series.Lanes.Count - places.Count(p => !p.IsTimed);
        return new(series.Ticks.Count, series.Lanes.Count, [.. places.Select(p => p.IsTimed ? (beats[p.Tick] * series.Lanes.Count) + lanes[p.Lane] : unchanging++)]);
    }

    /// <summary>The array of a channel or constant.</summary>
    internal HlsArray this[string name] => _byName[name];

    /// <summary>The name of a table; the same for equal tables.</summary>
    internal string TableName(TableData table, string stem)
    {
        if (!_tables.TryGetValue(table, out var name))
            _tables[table] = name = FreshName($"{stem}_table");
        return name;
    }

    /// <summary>A name of the file scope. Others hang on it: <c>name_t</c>, <c>name_port</c> and <c>compute_name</c>.</summary>
    private string FreshName(string wish)
    {
        while (true)
        {
            var name = Names.Fresh(Wish(wish));
            if (Names.TryTake($"{name}_t", $"{name}_port", $"compute_{name}"))
                return name;
        }
    }

    /// <summary>Everything that begins with ap_ belongs to the vendor's headers, their macros included.</summary>
    private static string Wish(string name)
    {
        var legal = Identifiers.Legal(name);
        return legal.StartsWith("ap_", StringComparison.OrdinalIgnoreCase) ? $"x_{legal}" : legal;
    }

    private static FixedType TypeOf(Channel channel, RangeAnalysis ranges)
    {
        var hull = ranges.Hull(channel.Name);
        if (channel.Type is not { } type)
            return hull.Type;
        if (!type.Contains(hull))
            throw new InvalidOperationException($"The channel '{channel.Name}' has type {type}, and its values are {hull}.");
        return type;
    }

    private static FixedType TypeOf(ConstantTensor tensor) =>
        tensor.Type ?? throw new InvalidOperationException("A constant of the design has no type.");
}
