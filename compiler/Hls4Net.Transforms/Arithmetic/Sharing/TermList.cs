using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>Codes of <see cref="TermCode"/> whose order means nothing.</summary>
internal sealed class TermList
{
    private int[] _terms = [];

    public int Count { get; private set; }

    public int this[int index] => _terms[index];

    public ReadOnlySpan<int> Span => _terms.AsSpan(0, Count);

    /// <summary>Eight codes from a multiple of eight on; those beyond the last mean nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Block(int from) => Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_terms), (uint)from);

    /// <summary>The place of a term, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(int term) => First(Vector256.Create(term), Vector256<int>.AllBitsSet, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int term) => IndexOf(term) >= 0;

    /// <summary>The first term of a variable from an index on, or −1.</summary>
    public int IndexOfVariable(int variable, int from) =>
        First(Vector256.Create(TermCode.WithVariable(0, variable)), Vector256.Create(TermCode.WithVariable(0, TermCode.MostVariables - 1)), from);

    /// <summary>The first code that equals another one in the bits of a mask. Lists are short: most take one comparison of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int First(Vector256<int> wanted, Vector256<int> mask, int from)
    {
        var seen = uint.MaxValue << (from & Vector256<int>.Count - 1);
        for (var k = from & -Vector256<int>.Count; k < Count; k += Vector256<int>.Count)
        {
            var equal = Vector256.Equals(Block(k) & mask, wanted).ExtractMostSignificantBits() & seen;
            seen = uint.MaxValue;
            if (equal == 0)
                continue;
            var index = k + BitOperations.TrailingZeroCount(equal);
            return index < Count ? index : -1;
        }
        return -1;
    }

    public void Add(int term)
    {
        if (Count == _terms.Length)
            Array.Resize(ref _terms, Math.Max(Vector256<int>.Count, 2 * Count));
        _terms[Count++] = term;
    }

    /// <summary>The last term takes the place of the one that goes.</summary>
    public void RemoveAt(int index) => _terms[index] = _terms[--Count];

    public void Clear() => Count = 0;
}
