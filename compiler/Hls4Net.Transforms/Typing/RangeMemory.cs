using System.Collections.Concurrent;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Typing;

/// <summary>
/// The intervals of what earlier typings of the same network worked out: of many candidates each differs from others in few layers, and what lies
/// before those is the same. It changes no result, and threads may share it.
/// </summary>
internal sealed class RangeMemory
{
    /// <summary>What is kept of each computation, newest first.</summary>
    private const int MostEach = 6;

    private readonly ConcurrentDictionary<string, Entry[]> _known = new(StringComparer.Ordinal);

    private sealed record Entry(Computation Computation, IReadOnlyList<Interval>[] Inputs, Interval[] Result);

    /// <summary>The intervals of a computation's elements, which nobody may change.</summary>
    /// <param name="place">What tells the network's computations apart.</param>
    public Interval[] Evaluate(string place, Computation computation, IReadOnlyList<Interval>[] inputs)
    {
        var known = _known.GetValueOrDefault(place, []);
        if (Array.Find(known, e => Matches(e, computation, inputs)) is { } found)
            return found.Result;
        var entry = new Entry(computation, inputs, RangeAnalysis.Evaluate(computation, inputs));
        // Where two threads add at once one entry is lost, which costs time only.
        _known[place] = [entry, .. known.Take(MostEach - 1)];
        return entry.Result;
    }

    private static bool Matches(Entry entry, Computation computation, IReadOnlyList<Interval>[] inputs)
    {
        if (entry.Inputs.Length != inputs.Length || entry.Computation != computation)
            return false;
        for (var k = 0; k < inputs.Length; k++)
        {
            if (!ReferenceEquals(entry.Inputs[k], inputs[k]) && !entry.Inputs[k].SequenceEqual(inputs[k]))
                return false;
        }
        return true;
    }
}
