using Hls4Net.Core.Kernels;

namespace Hls4Net.Transforms.Streams;

/// <summary>In which ticks results leave a design. Lanes that carry results in the same rhythm wait for the last of them, so that they share beats.</summary>
internal sealed class OutputTimes
{
    private readonly Dictionary<int, int> _delays = [];

    /// <summary>A design that takes an event at once.</summary>
    public static OutputTimes AtOnce { get; } = new();

    private OutputTimes()
    {
    }

    public OutputTimes(Design design, IReadOnlyDictionary<string, Place[]> channels)
    {
        var lanes = design.Outputs.Distinct(StringComparer.Ordinal).SelectMany(o => channels[o]).Where(p => p.IsTimed).GroupBy(p => p.Lane)
            .Select(g => (Lane: g.Key, Ticks: g.Select(p => p.Tick).Distinct().Order().ToArray())).ToArray();
        foreach (var alike in lanes.GroupBy(l => string.Join(',', l.Ticks.Select(t => t - l.Ticks[0]))))
        {
            var last = alike.Max(l => l.Ticks[0]);
            foreach (var (lane, ticks) in alike)
                _delays[lane] = last - ticks[0];
        }
        if (lanes.Length > 0)
            Ticks = [.. lanes.SelectMany(l => l.Ticks.Select(t => t + _delays[l.Lane])).Distinct().Order()];
    }

    /// <summary>The ticks, ascending.</summary>
    public IReadOnlyList<int> Ticks { get; } = [0];

    /// <summary>The tick of the first result.</summary>
    public int First => Ticks[0];

    /// <summary>Ticks from the first result to the last.</summary>
    public int Span => Ticks[^1] - First + 1;

    /// <summary>Ticks that a lane waits for others.</summary>
    public int DelayOf(int lane) => _delays.GetValueOrDefault(lane);
}
