namespace Hls4Net.Trigger.Events;

/// <summary>Smallest, largest and mean of numbers that pass by.</summary>
public sealed class RunningRange
{
    private double _sum;

    public long Count { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public double Mean => _sum / Count;

    public void Add(double value)
    {
        Count++;
        _sum += value;
        (Minimum, Maximum) = (Math.Min(Minimum, value), Math.Max(Maximum, value));
    }
}

/// <summary>What there is of one kind of object.</summary>
/// <param name="Kind">Which.</param>
public sealed record KindSummary(ObjectKinds Kind)
{
    public RunningRange Pt { get; } = new();

    public RunningRange Eta { get; } = new();

    public RunningRange Phi { get; } = new();

    /// <summary>The most in one event.</summary>
    public int Most { get; internal set; }
}

/// <summary>What a file of events holds, collected block by block.</summary>
public sealed class EventSummary
{
    private readonly SortedDictionary<ObjectKinds, KindSummary> _kinds = [];
    private RunningRange[] _features = [];

    public long Events { get; private set; }

    /// <summary>Slots without momentum that are not all zero.</summary>
    public long Ghosts { get; private set; }

    public bool HasIds { get; private set; }

    /// <summary>The sum of the weights; null where the file has none.</summary>
    public double? Weight { get; private set; }

    public RunningRange Met { get; } = new();

    public RunningRange Ht { get; } = new();

    public IReadOnlyCollection<KindSummary> Kinds => _kinds.Values;

    /// <summary>Of each feature of a table.</summary>
    public IReadOnlyList<RunningRange> Features => _features;

    public void Add(EventBlock block)
    {
        Events += block.Count;
        Ghosts += block.Ghosts;
        HasIds |= block.Ids is not null;
        if (block.Weights is { } weights)
            Weight = (Weight ?? 0) + weights.Sum();
        if (!block.HasObjects)
            AddFeatures(block.Features!, block.Count);
        for (var i = 0; block.HasObjects && i < block.Count; i++)
        {
            Met.Add(block.Met[i]);
            Ht.Add(block.HtOf(i));
            AddObjects(block.ObjectsOf(i));
        }
    }

    private void AddObjects(ReadOnlySpan<EventObject> objects)
    {
        var counts = new Dictionary<ObjectKinds, int>();
        foreach (var item in objects)
        {
            if (!_kinds.TryGetValue(item.Kind, out var kind))
                _kinds[item.Kind] = kind = new(item.Kind);
            kind.Pt.Add(item.Pt);
            kind.Eta.Add(item.Eta);
            kind.Phi.Add(item.Phi);
            counts[item.Kind] = counts.GetValueOrDefault(item.Kind) + 1;
            kind.Most = Math.Max(kind.Most, counts[item.Kind]);
        }
    }

    private void AddFeatures(double[] values, int count)
    {
        var width = values.Length / count;
        if (_features.Length == 0)
            _features = [.. Enumerable.Range(0, width).Select(_ => new RunningRange())];
        for (var i = 0; i < values.Length; i++)
            _features[i % width].Add(values[i]);
    }
}
