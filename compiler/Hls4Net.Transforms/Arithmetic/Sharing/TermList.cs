using System.Numerics;
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
    public Vector256<int> Block(int from) => Vector256.Create(_terms, from);

    public int IndexOf(int term) => Span.IndexOf(term);

    public bool Contains(int term) => Span.Contains(term);

    /// <summary>The first term of a variable from an index on, or −1.</summary>
    public int IndexOfVariable(int variable, int from)
    {
        var terms = _terms;
        var wanted = TermCode.WithVariable(0, variable);
        var mask = TermCode.WithVariable(0, TermCode.MostVariables - 1);
        var k = from;
        for (; k + Vector<int>.Count <= Count; k += Vector<int>.Count)
        {
            if (Vector.EqualsAny(new Vector<int>(terms, k) & new Vector<int>(mask), new Vector<int>(wanted)))
                break;
        }
        for (; k < Count; k++)
        {
            if ((terms[k] & mask) == wanted)
                return k;
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
