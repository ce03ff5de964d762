using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Streams;

/// <summary>
/// An instance of a module and the positions that it works on, each in its own tick. Whatever it reads comes at every position from the same
/// lane and the same number of ticks earlier, or is a constant there: so a delay line of fixed depth brings it, whose depth is what must be
/// kept, no more and no less.
/// </summary>
internal sealed class Slot
{
    private readonly Dictionary<(string, int), Read> _reads = [];
    private readonly Dictionary<(string, int), Dyadic> _constants = [];
    private readonly List<(Position Position, int Tick)> _positions = [];
    private readonly HashSet<int> _ticks = [];
    private int _earliest;

    /// <param name="Lane">The lane of the source.</param>
    /// <param name="Age">Ticks from the source to the position; null for what does not change.</param>
    public readonly record struct Read(int Lane, int? Age);

    /// <summary>The positions with their ticks, in the order of time; complete when no more are added.</summary>
    public IReadOnlyList<(Position Position, int Tick)> Positions => [.. _positions.Select(p => (p.Position, p.Tick - _earliest)).OrderBy(p => p.Item2)];

    /// <summary>When its positions come.</summary>
    public Rhythm Rhythm { get; private set; } = new(0, 1, 1);

    /// <summary>Fixes the rhythm when all positions are in.</summary>
    /// <param name="rowOf">The row of the picture that an element of the output is in.</param>
    public void Finish(Func<int, int> rowOf)
    {
        var positions = Positions;
        Rhythm = Rhythm.Of([.. positions.Select(p => p.Tick)], [.. positions.Select(p => rowOf(p.Position.Outputs[0]))]);
    }

    /// <summary>What stands in the place of an element that the module reads; null if it is a constant at every position.</summary>
    public Read? Source((string, int) key) => _reads.TryGetValue(key, out var read) ? read with { Age = read.Age - _earliest } : null;

    /// <summary>The number that stands in the place of an element at positions where it is a constant.</summary>
    public Dyadic? Constant((string, int) key) => _constants.TryGetValue(key, out var value) ? value : null;

    /// <summary>Takes a position in if it fits.</summary>
    public bool TryAdd(Position position, Func<string, int, Place> source)
    {
        int? tick = null;
        var latest = int.MinValue;
        var places = new List<((string, int) Key, Place Place)>(position.Sources.Count);
        foreach (var key in position.Sources.Keys)
        {
            var place = source(key.Channel, position.Sources[key]);
            places.Add((key, place));
            if (place.IsConstant)
            {
                if (_constants.TryGetValue(key, out var value) && value != place.Value)
                    return false;
                continue;
            }
            if (place.IsTimed)
                latest = Math.Max(latest, place.Tick);
            if (!_reads.TryGetValue(key, out var read))
                continue;
            if (read.Lane != place.Lane || read.Age is null == place.IsTimed)
                return false;
            if (read.Age is { } age)
            {
                if (tick is { } known && known != place.Tick + age)
                    return false;
                tick = place.Tick + age;
            }
        }
        if (tick is null && (_positions.Count > 0 || latest == int.MinValue))
            return false;
        var at = tick ?? latest;
        if (!_ticks.Add(at))
            return false;
        foreach (var (key, place) in places)
        {
            if (place.IsConstant)
                _constants[key] = place.Value;
            else
                _reads.TryAdd(key, new(place.Lane, place.IsTimed ? at - place.Tick : null));
        }
        _positions.Add((position, at));
        _earliest = _reads.Values.Min(r => r.Age) ?? 0;
        return true;
    }
}
