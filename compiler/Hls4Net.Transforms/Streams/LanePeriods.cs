using System.Numerics;

namespace Hls4Net.Transforms.Streams;

/// <summary>
/// How often lanes bring something: behind strides elements come every other tick or more rarely, and a line that moves only in those ticks is as
/// many times shorter. They are counted from the start of an event, so that events have to start a multiple of all periods apart.
/// </summary>
internal sealed class LanePeriods
{
    /// <summary>The longest common period that events have to keep to.</summary>
    private const int Longest = 64;

    private readonly Dictionary<int, (int Period, int Phase)> _lanes = [];

    /// <param name="channels">The places of all elements.</param>
    /// <param name="ticks">Ticks from one event to the next.</param>
    public LanePeriods(IEnumerable<Place[]> channels, int ticks)
    {
        foreach (var lane in channels.SelectMany(c => c).Where(p => p is { IsTimed: true, IsConstant: false }).GroupBy(p => p.Lane))
        {
            int[] own = [.. lane.Select(p => p.Tick).Distinct()];
            if (own.Length == 1)
                continue;
            var period = own.Aggregate(ticks, (gcd, t) => (int)BigInteger.GreatestCommonDivisor(gcd, Math.Abs(t - own[0])));
            var common = Grid / (int)BigInteger.GreatestCommonDivisor(Grid, period) * period;
            if (period == 1 || common > Longest)
                continue;
            Grid = common;
            _lanes[lane.Key] = (period, own[0] % period);
        }
    }

    /// <summary>The least common multiple of all periods, in ticks.</summary>
    public int Grid { get; private set; } = 1;

    /// <summary>Ticks from one element of a lane to the next, at least, and the first of them modulo that.</summary>
    public (int Period, int Phase) this[int lane] => _lanes.GetValueOrDefault(lane, (1, 0));
}
