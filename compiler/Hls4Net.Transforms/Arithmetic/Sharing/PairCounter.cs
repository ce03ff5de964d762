namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// How often each pair of terms occurs in all rows: exactly while the first parts are shared, by hash while most pairs are gone and the
/// search takes some of them apart again and again.
/// </summary>
internal sealed class PairCounter
{
    private PairTable? _exact = new();
    private PairCounts? _byHash;

    /// <summary>How often the pair occurs; by hash perhaps a little more.</summary>
    public int Count(ulong pair) => _byHash?.Count(pair) ?? _exact!.Count(pair);

    /// <summary>Counts the pairs of a term with each of the others.</summary>
    /// <param name="grown">Gets the pairs that occur twice or more now.</param>
    public void Add(TermList others, int term, PairList grown)
    {
        if (_byHash is { } counts)
            counts.Add(others, term, grown);
        else
            _exact!.Add(others.Span, term, grown);
    }

    /// <summary>Takes the pairs of a term with each of the others off their counts.</summary>
    public void Remove(TermList others, int term)
    {
        if (_byHash is { } counts)
            counts.Remove(others, term);
        else
            _exact!.Remove(others.Span, term);
    }

    /// <summary>Begins to count by hash; all counts are zero.</summary>
    /// <param name="pairs">About the number of different pairs.</param>
    public void UseHash(long pairs) => (_exact, _byHash) = (null, new(pairs));
}
