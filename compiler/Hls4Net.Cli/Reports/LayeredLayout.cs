namespace Hls4Net.Cli.Reports;

/// <summary>
/// Places of a graph's nodes in rows from top to bottom, as Sugiyama's method has them (IEEE Trans. SMC 11 (1981) 109): a row by the longest
/// way from a source, an order within the row by the mean place of neighbours, and the places nearest to the neighbours' that leave room.
/// Edges that pass rows have a place in each of them.
/// </summary>
internal sealed class LayeredLayout
{
    /// <summary>Sweeps over the rows, down and up; a few are enough, more change little.</summary>
    private const int Sweeps = 8;

    private const double Gap = 28;
    private const double LaneWidth = 14;

    private readonly List<double> _widths;
    private readonly List<int> _row;
    private readonly List<List<int>> _above = [];
    private readonly List<List<int>> _below = [];
    private readonly List<int>[] _rows;
    private readonly int[][] _chains;

    /// <param name="widths">Of the nodes.</param>
    /// <param name="edges">From a node to a later one.</param>
    public LayeredLayout(IReadOnlyList<double> widths, IReadOnlyList<(int From, int To)> edges)
    {
        _widths = [.. widths];
        _row = RowsOf(widths.Count, edges);
        foreach (var _ in widths)
        {
            _above.Add([]);
            _below.Add([]);
        }
        _chains = [.. edges.Select(e => Chain(e.From, e.To))];
        _rows = [.. Enumerable.Range(0, _row.Count == 0 ? 0 : _row.Max() + 1).Select(r => Enumerable.Range(0, _row.Count).Where(v => _row[v] == r).ToList())];
        X = new double[_row.Count];
        foreach (var row in _rows)
            Place(row, v => 0);
        for (var sweep = 0; sweep < Sweeps; sweep++)
            Sweep(isDown: sweep % 2 == 0);
        var left = Enumerable.Range(0, X.Length).Select(v => X[v] - _widths[v] / 2).DefaultIfEmpty(0).Min();
        for (var v = 0; v < X.Length; v++)
            X[v] -= left;
        Width = Enumerable.Range(0, X.Length).Select(v => X[v] + _widths[v] / 2).DefaultIfEmpty(0).Max();
    }

    /// <summary>The middle of each node, then of the places at which edges pass rows.</summary>
    public double[] X { get; }

    public double Width { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows => _rows.Length;

    /// <summary>The row of a node or place.</summary>
    public int RowOf(int place) => _row[place];

    /// <summary>An edge's node, the places in the rows that it passes, and its other node.</summary>
    public IReadOnlyList<int> PlacesOf(int edge) => _chains[edge];

    private static List<int> RowsOf(int count, IReadOnlyList<(int From, int To)> edges)
    {
        var rows = new int[count];
        foreach (var (from, to) in edges.OrderBy(e => e.To))
            rows[to] = Math.Max(rows[to], rows[from] + 1);
        // A source stands just above the first that reads it.
        foreach (var node in Enumerable.Range(0, count).Where(v => edges.All(e => e.To != v) && edges.Any(e => e.From == v)))
            rows[node] = edges.Where(e => e.From == node).Min(e => rows[e.To]) - 1;
        return [.. rows];
    }

    private int[] Chain(int from, int to)
    {
        var chain = new List<int> { from };
        for (var row = _row[from] + 1; row < _row[to]; row++)
        {
            chain.Add(_row.Count);
            _row.Add(row);
            _widths.Add(LaneWidth);
            _above.Add([]);
            _below.Add([]);
        }
        chain.Add(to);
        for (var i = 1; i < chain.Count; i++)
        {
            _below[chain[i - 1]].Add(chain[i]);
            _above[chain[i]].Add(chain[i - 1]);
        }
        return [.. chain];
    }

    private void Sweep(bool isDown)
    {
        foreach (var row in isDown ? _rows : Enumerable.Reverse(_rows))
        {
            var neighbours = isDown ? _above : _below;
            double Wanted(int v) => neighbours[v].Count == 0 ? X[v] : neighbours[v].Average(n => X[n]);
            var order = row.OrderBy(Wanted).ThenBy(v => v).ToList();
            row.Clear();
            row.AddRange(order);
            Place(row, Wanted);
        }
    }

    /// <summary>The places with the least sum of squared distances from those that are wanted, in this order and with room: pooled neighbours.</summary>
    private void Place(List<int> row, Func<int, double> wanted)
    {
        var pools = new List<(double Sum, int Count)>();
        var (offsets, offset) = (new double[row.Count], 0.0);
        for (var i = 0; i < row.Count; i++)
        {
            offset += i == 0 ? 0 : (_widths[row[i - 1]] + _widths[row[i]]) / 2 + Gap;
            offsets[i] = offset;
            pools.Add((wanted(row[i]) - offset, 1));
            while (pools.Count > 1 && pools[^2].Sum / pools[^2].Count > pools[^1].Sum / pools[^1].Count)
            {
                pools[^2] = (pools[^2].Sum + pools[^1].Sum, pools[^2].Count + pools[^1].Count);
                pools.RemoveAt(pools.Count - 1);
            }
        }
        var at = 0;
        foreach (var (sum, count) in pools)
        {
            for (var k = 0; k < count; k++, at++)
                X[row[at]] = sum / count + offsets[at];
        }
    }
}
