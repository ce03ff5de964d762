using System.Numerics;
using Hls4Net.Core.Emulation;

namespace Hls4Net.Verification.Comparison;

/// <summary>The first place where an execution differs from the emulator.</summary>
/// <param name="Value">Name of the output or intermediate value.</param>
/// <param name="Event">Number of the event, from 0.</param>
/// <param name="Element">Row-major position in the value.</param>
public sealed record Mismatch(string Value, int Event, int Element, BigInteger Expected, BigInteger Found);

/// <summary>Integers against integers, without tolerance.</summary>
public static class BatchComparison
{
    /// <summary>The number of events in which any of the values differs, and the first difference.</summary>
    /// <param name="expected">The emulator's batches by value name.</param>
    /// <param name="found">The other execution's, for the same names.</param>
    /// <param name="order">Names in the order in which they are looked at.</param>
    /// <exception cref="ArgumentException">A value is missing or has another size.</exception>
    public static (int Events, Mismatch? First) Compare(
        IReadOnlyDictionary<string, RawBatch> expected, IReadOnlyDictionary<string, RawBatch> found, IReadOnlyList<string> order)
    {
        var different = new HashSet<int>();
        Mismatch? first = null;
        foreach (var name in order)
        {
            var (a, b) = (expected[name], found.TryGetValue(name, out var batch) ? batch : throw new ArgumentException($"No values for '{name}'.", nameof(found)));
            if (a.Events != b.Events || a.Elements != b.Elements)
                throw new ArgumentException($"'{name}' has {b.Events} events of {b.Elements} elements instead of {a.Events} of {a.Elements}.", nameof(found));
            foreach (var at in Differences(a, b))
            {
                if (different.Add(at / a.Elements) && (first is null || at / a.Elements < first.Event))
                    first = new(name, at / a.Elements, at % a.Elements, a[at / a.Elements, at % a.Elements], b[at / a.Elements, at % a.Elements]);
            }
        }
        return (different.Count, first);
    }

    private static IEnumerable<int> Differences(RawBatch a, RawBatch b)
    {
        if (a.Wide is null && b.Wide is null)
        {
            // Most batches are equal: one vectorised look settles it.
            if (a.Raw.AsSpan().SequenceEqual(b.Raw))
                yield break;
            for (var i = 0; i < a.Raw.Length; i++)
            {
                if (a.Raw[i] != b.Raw[i])
                    yield return i;
            }
            yield break;
        }
        for (var i = 0; i < a.Events * a.Elements; i++)
        {
            if (a[i / a.Elements, i % a.Elements] != b[i / b.Elements, i % b.Elements])
                yield return i;
        }
    }
}
