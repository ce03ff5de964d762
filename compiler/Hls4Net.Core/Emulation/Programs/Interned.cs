namespace Hls4Net.Core.Emulation.Programs;

/// <summary>Equal arrays as one: nobody may write to what is given in or out.</summary>
internal sealed class Interned<T>
    where T : IEquatable<T>
{
    private readonly Dictionary<T[], T[]> _known = new(Contents.Instance);

    /// <summary>The array of these contents that was given first.</summary>
    public T[] Of(T[] items)
    {
        if (_known.TryGetValue(items, out var known))
            return known;
        _known[items] = items;
        return items;
    }

    private sealed class Contents : IEqualityComparer<T[]>
    {
        public static Contents Instance { get; } = new();

        public bool Equals(T[]? x, T[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(T[] items)
        {
            var hash = 17L;
            foreach (var item in items)
                hash = unchecked((hash * 1_000_003) ^ item.GetHashCode());
            return hash.GetHashCode();
        }
    }
}
