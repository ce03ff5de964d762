namespace Hls4Net.Transforms.Estimation;

/// <summary>A sum before it is known how it is built: on a carry chain, inside of the sum that alone reads it, or in a multiplier block.</summary>
/// <param name="layer">What it belongs to.</param>
/// <param name="terms">Rows of literals, all as wide as the result.</param>
/// <param name="result">Literals of the sum; those that are no copies are leaves.</param>
internal sealed class Addition(int layer, LogicKind kind, IReadOnlyList<Term> terms, int[] result)
{
    public int Layer => layer;

    public LogicKind Kind => kind;

    public IReadOnlyList<Term> Terms => terms;

    public int[] Result => result;

    /// <summary>The first and, behind the last, position of the result that is not a copy of something.</summary>
    public required (int Low, int High) Span { get; init; }

    /// <summary>Whether another sum or a multiplier block contains it.</summary>
    public bool IsAbsorbed { get; set; }
}

/// <summary>A row that is added or subtracted.</summary>
internal readonly record struct Term(int[] Bits, bool IsSubtracted)
{
    /// <summary>Whether it is one bit in the lowest position, which can enter a carry chain from below.</summary>
    public bool IsCarry => !IsSubtracted && Bits.AsSpan(1).IndexOfAnyExcept(LogicGraph.False) < 0;
}

/// <summary>
/// Decides how sums are built: as synthesis does, a sum that only one other sum reads, bit by bit, becomes part of it, and more than two
/// rows are reduced to two in logic, three at a time.
/// </summary>
internal sealed class Additions(LogicGraph graph, SynthesisRules rules, Func<int, int> readers)
{
    private readonly List<Addition> _all = [];
    private readonly Dictionary<int, Addition> _byResult = [];

    public void Add(Addition addition)
    {
        _all.Add(addition);
        _byResult.TryAdd(addition.Result[addition.Span.Low], addition);
    }

    /// <summary>The chains, once everything that reads is known.</summary>
    public IEnumerable<Chain> Build()
    {
        var parts = new Dictionary<Addition, List<Term>>(ReferenceEqualityComparer.Instance);
        foreach (var addition in _all)
            parts[addition] = [.. addition.Terms.SelectMany(t => Open(t, parts))];
        foreach (var addition in _all.Where(a => !a.IsAbsorbed))
            yield return Build(addition, parts[addition]);
    }

    /// <summary>The terms of a row that is itself a sum which nobody else reads, else the row.</summary>
    private IEnumerable<Term> Open(Term term, Dictionary<Addition, List<Term>> parts)
    {
        if (Array.Find(term.Bits, _byResult.ContainsKey) is not (> 0 and var bit) || _byResult[bit] is var child && !IsWithin(child, term, parts))
            return [term];
        var wide = term.Bits.Length;
        child.IsAbsorbed = true;
        return parts[child].Select(t => new Term([.. t.Bits, .. new int[wide - t.Bits.Length]], t.IsSubtracted ^ term.IsSubtracted));
    }

    /// <summary>Whether a row is all of a sum, with zeros in front only if nothing is carried out of it, and the sum's only reader.</summary>
    private bool IsWithin(Addition child, Term term, Dictionary<Addition, List<Term>> parts)
    {
        var width = child.Result.Length;
        return !child.IsAbsorbed && parts.ContainsKey(child) && width <= term.Bits.Length && child.Result.AsSpan().SequenceEqual(term.Bits.AsSpan(0, width))
            && (width == term.Bits.Length || IsNatural(parts[child], width) && term.Bits.AsSpan(width).IndexOfAnyExcept(LogicGraph.False) < 0)
            && child.Result[child.Span.Low..child.Span.High].All(b => readers(b >> 1) <= 1);
    }

    private static bool IsNatural(List<Term> terms, int width) => !terms.Exists(t => t.IsSubtracted)
        && terms.Select(t => 1 + Array.FindLastIndex(t.Bits, b => b != LogicGraph.False)).Order().Aggregate((a, b) => Math.Max(a, b) + 1) <= width;

    private Chain Build(Addition addition, List<Term> terms)
    {
        (graph.Layer, graph.Kind) = (addition.Layer, addition.Kind);
        var (low, high) = addition.Span;
        // One single bit is the carry that enters; a subtracted row is its complement and such a carry.
        terms.RemoveAll(t => !t.IsSubtracted && t.Bits.AsSpan().IndexOfAnyExcept(LogicGraph.False) < 0);
        var carries = terms.Where(t => t.IsCarry).Select(t => t.Bits[0]).Concat(terms.Where(t => t.IsSubtracted).Select(_ => LogicGraph.True)).ToList();
        var rows = terms.Where(t => !t.IsCarry).Select(t => t.IsSubtracted ? Array.ConvertAll(t.Bits, LogicGraph.Not) : t.Bits).ToList();
        if (carries.Count > 1)
        {
            rows.AddRange(carries.Skip(1).Select(c => (int[])[c, .. new int[addition.Result.Length - 1]]));
            carries = carries[..1];
        }
        while (rows.Count < 2)
            rows.Add(new int[addition.Result.Length]);
        // Of a difference the minuend comes first.
        if (terms.Count == 2 && terms[0].IsSubtracted && !terms[1].IsSubtracted)
            rows.Reverse();
        for (; rows.Count > 2; low = 0)
        {
            var reduced = new List<int[]>();
            for (var k = 0; k + 2 < rows.Count; k += 3)
                reduced.AddRange(CarrySave(rows[k], rows[k + 1], rows[k + 2]));
            reduced.AddRange(rows.Skip(rows.Count / 3 * 3));
            rows = reduced;
        }
        while (low < high - 1 && !graph.IsLeaf(addition.Result[low] >> 1))
            low++;
        var sums = new int[high - low];
        for (var k = low; k < high; k++)
            sums[k - low] = rules.HasSumsInLuts ? graph.Xor(rows[0][k], rows[1][k]) : rows[1][k];
        return new(addition.Layer, sums, rows[0][low..high], Array.ConvertAll(addition.Result[low..high], r => r >> 1)) { Entry = carries.Count > 0 ? carries[0] : LogicGraph.False };
    }

    private int[][] CarrySave(int[] a, int[] b, int[] c)
    {
        var (sum, carry) = (new int[a.Length], new int[a.Length]);
        for (var k = 0; k < a.Length; k++)
        {
            (sum[k], var next) = graph.Count3(a[k], b[k], c[k]);
            if (k + 1 < a.Length)
                carry[k + 1] = next;
        }
        return [sum, carry];
    }
}
