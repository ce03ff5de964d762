using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Emission;

/// <summary>The processes of a design that runs as a network, with the names of what joins them.</summary>
internal sealed class HlsCppNetwork
{
    /// <summary>Beats that a process can have taken before it gives its first: a guess of the depth of its pipeline.</summary>
    private const int PipelineBeats = 16;

    private readonly HlsCppLayout _layout;
    private readonly Dictionary<BeatSeries, string> _series = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<BeatStream, (string Name, Process Reader)> _streams = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Process, string> _functions = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<BeatSeries, List<BeatStream>> _readers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<BeatSeries, FixedType> _reduced = new(ReferenceEqualityComparer.Instance);

    public HlsCppNetwork(HlsCppLayout layout, ProcessNetwork network, bool isStreamed)
    {
        (_layout, Network, IsStreamed) = (layout, network, isStreamed);
        foreach (var process in network.Processes)
        {
            var (verb, channel) = process switch
            {
                ReceiveProcess p => ("receive", p.Channel),
                CollectProcess p => ("collect", p.Collected.Channel),
                ReduceProcess p => ("reduce", p.Group.Output),
                AtOnceProcess p => ("compute", p.Group.Output),
                PositionsProcess p => ("compute", p.Group.Output),
                WindowsProcess p => ("window", p.Group.Output),
                FoldedProcess p => ("compute", p.Group.Output),
                SendProcess p => ("send", p.Channel),
                _ => throw new InvalidOperationException($"No name for {process.GetType().Name}."),
            };
            var name = layout[channel].Identifier;
            // The layout keeps the first of these names free.
            _functions[process] = verb == "compute" && !_functions.ContainsValue($"compute_{name}") ? $"compute_{name}" : layout.Names.Fresh($"{verb}_{name}");
            foreach (var series in process.Outputs)
            {
                _series[series] = layout.Names.Fresh(verb == "reduce" ? $"{name}_reduced" : verb == "collect" ? $"{name}_collected" : verb == "window" ? $"{name}_window" : $"{name}_beats");
                _readers[series] = [];
                if (process is ReduceProcess reduce)
                    _reduced[series] = ReducedType(reduce.Reduction);
            }
        }
        foreach (var process in network.Processes)
        {
            foreach (var stream in process.Inputs)
            {
                _readers[stream.Series].Add(stream);
                _streams[stream] = (layout.Names.Fresh($"{_series[stream.Series]}_to_{_functions[process]}"), process);
            }
        }
        Traced = [.. network.Processes.Where(p => p is not SendProcess).SelectMany(p => p.Outputs).Where(s => s.IsOfDesign)];
    }

    public ProcessNetwork Network { get; }

    /// <summary>Whether events come beat by beat; else the ports are those of a parallel design.</summary>
    public bool IsStreamed { get; }

    /// <summary>The series that a testbench can look at; the number that <c>HLS4NET_TRACE</c> gets is a position in this list.</summary>
    public IReadOnlyList<BeatSeries> Traced { get; }

    /// <summary>All streams, in the order of the processes that write them.</summary>
    public IEnumerable<BeatStream> Streams => Network.Processes.SelectMany(p => p.Outputs).SelectMany(o => _readers[o]);

    /// <summary>Steps of the longest process for an event: clock cycles from one event to the next, if every step takes one.</summary>
    public int Cycles => Network.Processes.Max(p => p switch
    {
        FoldedProcess f => f.Result.Ticks.Count * ReuseOf(f.Group),
        AtOnceProcess a => ReuseOf(a.Group),
        _ => p.Last - p.First + 1,
    });

    private static int ReuseOf(StageGroup group) => group.Stages[0].Schedule is FoldedSchedule folded ? folded.Reuse : 1;

    public string NameOf(Process process) => _functions[process];

    public string NameOf(BeatSeries series) => _series[series];

    public string NameOf(BeatStream stream) => _streams[stream].Name;

    /// <summary>The process that takes the beats of a stream.</summary>
    public Process ReaderOf(BeatStream stream) => _streams[stream].Reader;

    /// <summary>The streams that a series goes to.</summary>
    public IReadOnlyList<BeatStream> ReadersOf(BeatSeries series) => _readers[series];

    /// <summary>
    /// The depth that is asked for: what the timetable needs, and room for the beats that come while a process on a longer way to the same
    /// reader fills its pipeline. More depth changes nothing but how often a writer waits.
    /// </summary>
    public int DepthOf(BeatStream stream)
    {
        var processes = Network.Processes.ToList();
        var between = _streams[stream].Reader.Inputs.Count < 2 ? 0 : processes.IndexOf(_streams[stream].Reader) - processes.IndexOf(Network.WriterOf(stream.Series)) - 1;
        return Math.Max(2, stream.Depth + Math.Min(stream.Series.Ticks.Count, PipelineBeats * between));
    }

    /// <summary>The type of the elements of a beat.</summary>
    public FixedType TypeOf(BeatSeries series) => _reduced.TryGetValue(series, out var type) ? type : _layout[series.Channel].Type;

    /// <summary>The same as it is written.</summary>
    public string TypeText(BeatSeries series) => _reduced.TryGetValue(series, out var type) ? HlsCppTypes.Text(type) : $"{_layout[series.Channel].Identifier}_t";

    /// <summary>The type of a stream's beats.</summary>
    public string BeatText(BeatSeries series) => string.Create(CultureInfo.InvariantCulture, $"beat<{TypeText(series)}, {series.Lanes.Count}>");

    /// <summary>Holds the reduction of any of the terms, whatever the order in which they come.</summary>
    private FixedType ReducedType(RunningReduction reduction)
    {
        var ranges = _layout.Ranges[reduction.Channel];
        var fraction = reduction.Terms.SelectMany(t => t).Max(e => ranges[e].Fraction);
        return reduction.Terms.Select(t => t.Select(e => ranges[e].OnGrid(fraction)).ToArray()).Select(t => reduction.Reduction == Reduction.Sum
            ? new Interval(t.Aggregate(BigInteger.Zero, (s, r) => s + BigInteger.Min(0, r.Low)), t.Aggregate(BigInteger.Zero, (s, r) => s + BigInteger.Max(0, r.High)), fraction)
            : t.Aggregate((a, b) => a.Union(b))).Aggregate((a, b) => a.Union(b)).Type;
    }
}
