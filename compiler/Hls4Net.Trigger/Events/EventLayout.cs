using Hls4Net.Core.Text;

namespace Hls4Net.Trigger.Events;

/// <summary>The order of an event's features.</summary>
public enum FeatureOrder
{
    /// <summary>pT, eta and phi of each slot in turn: 57 features for ADC2021.</summary>
    Interleaved,

    /// <summary>All pT, then eta of all objects but the MET, then all phi: 56 features for ADC2021.</summary>
    Grouped,
}

/// <summary>Consecutive slots that hold the same kinds of objects, by falling pT.</summary>
public sealed record SlotGroup(ObjectKinds Kinds, int Count);

/// <summary>Slots of an event for a network of fixed size: the MET first, then groups of objects.</summary>
/// <param name="Groups">In order.</param>
/// <param name="Order">The order of the features.</param>
public sealed record EventLayout(Seq<SlotGroup> Groups, FeatureOrder Order)
{
    /// <summary>MET, 4 electrons or photons, 4 muons, 10 jets.</summary>
    public static EventLayout Adc2021(FeatureOrder order) =>
        new([new(ObjectKinds.ElectronOrPhoton, 4), new(ObjectKinds.Muon, 4), new(ObjectKinds.AnyJet, 10)], order);

    /// <summary>Slots with the one of the MET.</summary>
    public int Slots => 1 + Groups.Sum(g => g.Count);

    /// <summary>Features of an event.</summary>
    public int Features => Order == FeatureOrder.Interleaved ? 3 * Slots : 3 * Slots - 1;

    /// <summary>Place of a slot's pT (0), eta (1) or phi (2) among the features; -1 for the MET's eta, which a grouped order leaves out.</summary>
    public int IndexOf(int slot, int coordinate) => (Order, coordinate) switch
    {
        (FeatureOrder.Interleaved, _) => 3 * slot + coordinate,
        (_, 0) => slot,
        (_, 1) => slot == 0 ? -1 : Slots + slot - 1,
        _ => 2 * Slots - 1 + slot,
    };

    /// <summary>The features of an event: zeros where a slot is empty.</summary>
    /// <param name="block">Events with objects.</param>
    /// <param name="event">Which.</param>
    /// <param name="target">Room for the features; zeros.</param>
    /// <returns>How many objects had no slot.</returns>
    public int Fill(EventBlock block, int @event, Span<double> target)
    {
        Put(target, 0, block.Met[@event], 0, block.MetPhi[@event]);
        var objects = block.ObjectsOf(@event);
        var placed = 0;
        var first = 1;
        foreach (var group in Groups)
        {
            placed += Fill(group, objects, target, first);
            first += group.Count;
        }
        return objects.Length - placed;
    }

    private int Fill(SlotGroup group, ReadOnlySpan<EventObject> objects, Span<double> target, int first)
    {
        Span<int> order = stackalloc int[group.Count];
        var (placed, sorted) = (0, 0);
        for (var i = 0; i < objects.Length; i++)
        {
            var item = objects[i];
            if ((item.Kind & group.Kinds) == ObjectKinds.None)
                continue;
            if (item.Slot >= 0)
            {
                if (item.Slot < group.Count)
                {
                    Put(target, first + item.Slot, item.Pt, item.Eta, item.Phi);
                    placed++;
                }
                continue;
            }
            // Insertion by falling pT; equal ones stay in the file's order.
            var place = sorted;
            while (place > 0 && objects[order[place - 1]].Pt < item.Pt)
                place--;
            if (place >= group.Count)
                continue;
            sorted = Math.Min(sorted + 1, group.Count);
            for (var j = sorted - 1; j > place; j--)
                order[j] = order[j - 1];
            order[place] = i;
        }
        for (var i = 0; i < sorted; i++)
            Put(target, first + i, objects[order[i]].Pt, objects[order[i]].Eta, objects[order[i]].Phi);
        return placed + sorted;
    }

    private void Put(Span<double> target, int slot, double pt, double eta, double phi)
    {
        target[IndexOf(slot, 0)] = pt;
        if (IndexOf(slot, 1) is >= 0 and var place)
            target[place] = eta;
        target[IndexOf(slot, 2)] = phi;
    }
}
