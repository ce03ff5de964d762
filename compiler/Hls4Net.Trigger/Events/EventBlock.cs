namespace Hls4Net.Trigger.Events;

/// <summary>Some events of a file, in GeV and radians. A file holds objects, or features that nobody knows the meaning of.</summary>
public sealed class EventBlock
{
    /// <summary>The number of the first event in the file, from 0.</summary>
    public required long First { get; init; }

    /// <summary>How many events these are.</summary>
    public required int Count { get; init; }

    /// <summary>Missing transverse energy of each event; empty for features.</summary>
    public double[] Met { get; init; } = [];

    /// <summary>Its azimuth.</summary>
    public double[] MetPhi { get; init; } = [];

    /// <summary>Where the objects of each event begin, and at last where they end; empty for features.</summary>
    public int[] Starts { get; init; } = [];

    /// <summary>The objects of all events; each has pT above 0.</summary>
    public EventObject[] Objects { get; init; } = [];

    /// <summary>Names of the events, where the file has them.</summary>
    public long[]? Ids { get; init; }

    /// <summary>Weights, where the file has them.</summary>
    public double[]? Weights { get; init; }

    /// <summary>Slots without momentum that are not all zero.</summary>
    public long Ghosts { get; init; }

    /// <summary>Rows of the file as they are, where it is a table; null if it is none.</summary>
    public double[]? Features { get; init; }

    /// <summary>Whether the meaning of the numbers is known.</summary>
    public bool HasObjects => Starts.Length > 0;

    /// <summary>The objects of an event of this block.</summary>
    public ReadOnlySpan<EventObject> ObjectsOf(int @event) => Objects.AsSpan(Starts[@event]..Starts[@event + 1]);

    /// <summary>Scalar sum of the jets' pT, in GeV.</summary>
    public double HtOf(int @event)
    {
        var sum = 0.0;
        foreach (var item in ObjectsOf(@event))
            sum += (item.Kind & ObjectKinds.AnyJet) != ObjectKinds.None ? item.Pt : 0;
        return sum;
    }

    /// <summary>How many electrons and muons there are, objects included that may be photons.</summary>
    public int LeptonsOf(int @event)
    {
        var count = 0;
        foreach (var item in ObjectsOf(@event))
            count += (item.Kind & ObjectKinds.Lepton) != ObjectKinds.None ? 1 : 0;
        return count;
    }
}
