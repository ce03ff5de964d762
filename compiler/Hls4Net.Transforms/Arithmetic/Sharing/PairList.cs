namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>Pairs of <see cref="TermCode"/>, perhaps several times; room is made before many are added, so that adding is one store.</summary>
internal sealed class PairList
{
    private ulong[] _pairs = new ulong[256];

    public int Count { get; set; }

    public ReadOnlySpan<ulong> Span => _pairs.AsSpan(0, Count);

    public void Add(ulong pair) => Reserve(1)[Count++] = pair;

    /// <summary>The pairs themselves, with room for more behind the last one; whoever writes there raises <see cref="Count"/>.</summary>
    public ulong[] Reserve(int more)
    {
        if (Count + more > _pairs.Length)
            Array.Resize(ref _pairs, 2 * (Count + more));
        return _pairs;
    }

    public void Sort() => Array.Sort(_pairs, 0, Count);

    public void Clear() => Count = 0;
}
