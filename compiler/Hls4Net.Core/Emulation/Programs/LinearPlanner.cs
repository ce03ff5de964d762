using System.Numerics;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>
/// Plans sums of products. Those of the same operands share a matrix, whose rows go through the operands together; operands and factors of
/// 16 bits are multiplied two at a time.
/// </summary>
internal sealed class LinearPlanner(LaneWriter writer)
{
    /// <summary>Sums of fewer terms are not worth making pairs.</summary>
    private const int FewestTerms = 4;

    /// <summary>What a factor costs in a row of its own, in factors of a row among four.</summary>
    private const double SingleCost = 1.25;

    private readonly Dictionary<int[], Pairing> _pairings = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int[], int> _rows = new(ReferenceEqualityComparer.Instance);
    private readonly Interned<int> _keys = new();
    private readonly Dictionary<int[], object> _matrices = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Int128[], int> _rowNumbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<BigInteger, int> _constantNumbers = [];

    /// <summary>
    /// Looks at all sums of a stage: operands that are used by the same ones form pairs, so that few pairs have to be made.
    /// </summary>
    public void Begin(IEnumerable<LinearNode> sums)
    {
        _pairings.Clear();
        _rows.Clear();
        foreach (var sum in sums.Where(CanPair))
            _rows[sum.Operands] = _rows.GetValueOrDefault(sum.Operands) + 1;
        var uses = new Dictionary<int, long>();
        var number = 0;
        foreach (var list in _rows.Where(r => r.Value > 1).Select(r => r.Key))
        {
            number++;
            foreach (var operand in list)
                uses[operand] = unchecked(uses.GetValueOrDefault(operand, 17) * 1_000_003 + number);
        }
        foreach (var list in _rows.Where(r => r.Value > 1).Select(r => r.Key))
            _pairings[list] = Pairing.Of(list, uses);
    }

    /// <summary>Writes sums that do not need one another.</summary>
    public void Write(int[] nodes)
    {
        foreach (var kind in nodes.GroupBy(KindOf))
        {
            // Rows of the same operands one after the other.
            var groups = kind.GroupBy(n => writer.Node(n).Operands, ReferenceEqualityComparer.Instance).Select(g => g.ToArray()).ToArray();
            _ = kind.Key switch
            {
                LinearKind.Pairs => Write<int, PairProduct>(groups, LaneType.Int32, isPaired: true),
                LinearKind.Narrow => Write<long, NarrowProduct>(groups, LaneType.Int64, isPaired: false),
                LinearKind.Int16 => Write<short, LowProduct<short>>(groups, LaneType.Int16, isPaired: false),
                LinearKind.Int32 => Write<int, LowProduct<int>>(groups, LaneType.Int32, isPaired: false),
                LinearKind.Int64 => Write<long, LowProduct<long>>(groups, LaneType.Int64, isPaired: false),
                _ => Write<Int128, LowProduct<Int128>>(groups, LaneType.Int128, isPaired: false),
            };
        }
    }

    private enum LinearKind
    {
        Pairs,
        Narrow,
        Int16,
        Int32,
        Int64,
        Int128,
    }

    private LinearKind KindOf(int node)
    {
        var sum = (LinearNode)writer.Node(node);
        if (_pairings.ContainsKey(sum.Operands) && CanPair(sum))
            return LinearKind.Pairs;
        if (sum.Type == LaneType.Int64 && Array.TrueForAll(sum.Operands, o => writer.Node(o).Type <= LaneType.Int32) && Fit(sum, int.MinValue, int.MaxValue))
            return LinearKind.Narrow;
        return sum.Type switch { LaneType.Int16 => LinearKind.Int16, LaneType.Int32 => LinearKind.Int32, LaneType.Int64 => LinearKind.Int64, _ => LinearKind.Int128 };
    }

    private bool CanPair(LinearNode sum) => sum.Operands.Length >= FewestTerms && sum.Type <= LaneType.Int32
        && Array.TrueForAll(sum.Operands, o => writer.Node(o).Type == LaneType.Int16) && Fit(sum, short.MinValue, short.MaxValue);

    private static bool Fit(LinearNode sum, Int128 low, Int128 high) => Array.TrueForAll(sum.Factors, f => f >= low && f <= high);

    private bool Write<T, TProduct>(int[][] groups, LaneType type, bool isPaired)
        where T : unmanaged, IBinaryInteger<T>
        where TProduct : ILaneProduct<T>
    {
        var operands = new int[groups.Length][];
        var matrices = new LinearTile<T>[groups.Length][];
        var firsts = new int[groups.Length];
        var results = 0;
        Prepare(groups, type, isPaired);
        for (var g = 0; g < groups.Length; g++)
        {
            var rows = Array.ConvertAll(groups[g], n => (LinearNode)writer.Node(n));
            var pairing = isPaired ? _pairings[rows[0].Operands] : null;
            operands[g] = pairing is null ? writer.SlotsOf(rows[0].Operands, type) : writer.PairsOf(pairing.Nodes);
            matrices[g] = Matrix<T>(rows, pairing);
            firsts[g] = results;
            results += rows.Length;
        }
        writer.Write(new LinearOp<T, TProduct>(operands, matrices, firsts, results, type), [.. groups.SelectMany(g => g)]);
        return true;
    }

    /// <summary>Makes what all groups need in as few steps as possible.</summary>
    private void Prepare(int[][] groups, LaneType type, bool isPaired)
    {
        var lists = groups.Select(g => writer.Node(g[0]).Operands);
        if (isPaired)
            writer.PairsOf([.. lists.SelectMany(l => _pairings[l].Nodes)]);
        else
            writer.SlotsOf(lists.SelectMany(l => l), type);
    }

    /// <summary>The tiles of a matrix; equal matrices are one.</summary>
    private LinearTile<T>[] Matrix<T>(LinearNode[] rows, Pairing? pairing)
        where T : unmanaged, IBinaryInteger<T>
    {
        var key = new List<int> { rows.Length };
        foreach (var row in rows)
        {
            key.Add(Number(_rowNumbers, row.Factors));
            key.Add(Number(_constantNumbers, row.Constant));
        }
        foreach (var (low, high) in pairing?.Places ?? [])
            key.AddRange([low, high]);
        key.Add(pairing is null ? (int)rows[0].Type : -1);
        var known = _keys.Of([.. key]);
        if (!_matrices.TryGetValue(known, out var matrix))
            _matrices[known] = matrix = Tiles<T>(rows, pairing);
        return (LinearTile<T>[])matrix;
    }

    private static int Number<TKey>(Dictionary<TKey, int> numbers, TKey key)
        where TKey : notnull
    {
        if (!numbers.TryGetValue(key, out var number))
            numbers[key] = number = numbers.Count;
        return number;
    }

    private static LinearTile<T>[] Tiles<T>(LinearNode[] rows, Pairing? pairing)
        where T : unmanaged, IBinaryInteger<T>
    {
        var factors = Array.ConvertAll(rows, r => pairing is null ? Array.ConvertAll(r.Factors, T.CreateTruncating) : pairing.Pack<T>(r.Factors));
        var constants = Array.ConvertAll(rows, r => T.CreateTruncating(r.Constant));
        var tiles = new List<LinearTile<T>>();
        for (var first = 0; first < rows.Length;)
        {
            var height = first + 4 <= rows.Length ? 4 : 1;
            var places = Used(factors.AsSpan(first, height));
            if (height == 4)
            {
                var single = Enumerable.Range(first, 4).Sum(r => Used(factors.AsSpan(r, 1)).Length);
                if (single * SingleCost < 4 * places.Length)
                    (height, places) = (1, Used(factors.AsSpan(first, 1)));
            }
            var (from, count) = (first, height);
            tiles.Add(new(first, height, places, [.. places.SelectMany(p => Enumerable.Range(from, count).Select(r => factors[r][p]))], constants[first..(first + height)]));
            first += height;
        }
        return [.. tiles];
    }

    /// <summary>The places where any of the rows has a factor.</summary>
    private static int[] Used<T>(Span<T[]> rows)
        where T : IBinaryInteger<T>
    {
        var places = new List<int>();
        for (var place = 0; place < rows[0].Length; place++)
        {
            foreach (var row in rows)
            {
                if (T.IsZero(row[place]))
                    continue;
                places.Add(place);
                break;
            }
        }
        return [.. places];
    }
}

/// <summary>How the operands of a sum are taken two at a time.</summary>
/// <param name="Places">Positions among the operands; −1 for none.</param>
/// <param name="Nodes">The same as nodes.</param>
internal sealed record Pairing(IReadOnlyList<(int Low, int High)> Places, IReadOnlyList<(int Low, int High)> Nodes)
{
    /// <summary>Pairs operands that are used alike, and then those that are left.</summary>
    /// <param name="operands">The nodes.</param>
    /// <param name="uses">For each node a number that stands for all its uses.</param>
    public static Pairing Of(int[] operands, Dictionary<int, long> uses)
    {
        var places = new List<(int, int)>();
        var left = new List<int>();
        foreach (var alike in Enumerable.Range(0, operands.Length).GroupBy(p => uses[operands[p]]))
        {
            // By node: the order within the sum may differ from sum to sum.
            var sorted = alike.OrderBy(p => operands[p]).ToArray();
            for (var k = 0; k + 1 < sorted.Length; k += 2)
                places.Add((sorted[k], sorted[k + 1]));
            if (sorted.Length % 2 == 1)
                left.Add(sorted[^1]);
        }
        for (var k = 0; k < left.Count; k += 2)
            places.Add((left[k], k + 1 < left.Count ? left[k + 1] : -1));
        return new(places, places.ConvertAll(p => (operands[p.Item1], p.Item2 < 0 ? -1 : operands[p.Item2])));
    }

    /// <summary>A row of factors as pairs.</summary>
    public T[] Pack<T>(Int128[] factors)
        where T : IBinaryInteger<T> =>
        [.. Places.Select(p => T.CreateTruncating(PairProduct.Pack(factors[p.Low], p.High < 0 ? Int128.Zero : factors[p.High])))];
}
