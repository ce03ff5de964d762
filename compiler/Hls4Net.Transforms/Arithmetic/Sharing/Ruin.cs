namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>Takes shared parts apart: at random, around a result, or around a variable; and writes coefficients of results anew.</summary>
internal sealed class Ruin(SharedRows rows, Random random)
{
    private const int FewestParts = 3;
    private const int MostParts = 14;

    private readonly List<SharedRow> _shared = [];
    private readonly List<SharedRow> _chosen = [];
    private readonly Queue<SharedRow> _queue = new();
    private readonly HashSet<int> _seen = [];

    /// <summary>Takes a few parts apart.</summary>
    /// <returns>False if nothing can be changed.</returns>
    public bool Run()
    {
        _shared.Clear();
        for (var k = rows.Inputs; k < rows.All.Count; k++)
        {
            if (rows[k].Uses > 0)
                _shared.Add(rows[k]);
        }
        var count = 1 + (int)(Math.Pow(random.NextDouble(), 2) * Math.Clamp(_shared.Count * 0.1, FewestParts, MostParts));
        var variety = random.Next(2) == 0 ? 0 : random.NextDouble() / 2;
        _chosen.Clear();
        switch (_shared.Count == 0 ? 3 : random.Next(10))
        {
            case 0 or 1 or 2:
                for (var k = 0; k < count; k++)
                    _chosen.Add(_shared[random.Next(_shared.Count)]);
                break;
            case 3:
                return Rewrite(count, Math.Max(variety, 0.25));
            case 4 or 5 or 6:
                ChooseBelow(rows[rows.Inputs + random.Next(rows.Results)], count);
                break;
            default:
                ChooseAround(random.Next(3) == 0 ? _shared[random.Next(_shared.Count)] : rows[random.Next(rows.Inputs)], count);
                break;
        }
        foreach (var row in _chosen)
        {
            if (row.IsLive && row.Uses > 0)
                Inline(row, variety);
        }
        return true;
    }

    /// <summary>Parts that no longer pay disappear: those used at most once, and those that are another variable times a power of two.</summary>
    public void Clean()
    {
        while (rows.Suspects.Count > 0)
        {
            var row = rows[rows.Suspects[^1]];
            rows.Suspects.RemoveAt(rows.Suspects.Count - 1);
            if (!row.IsLive || rows.IsInput(row.Variable))
                continue;
            if (rows.IsResult(row.Variable))
                Release(row);
            else if (row.Uses == 0)
                rows.Delete(row);
            else if (row.Uses == 1 || row.Count <= 1)
                Inline(row, 0);
        }
    }

    /// <summary>A result that nothing reads any more may take the time that it has.</summary>
    private void Release(SharedRow row)
    {
        var deadline = rows.Deadlines[row.Variable - rows.Inputs];
        if (row.Uses > 0 || row.Limit == deadline)
            return;
        rows.Remember(row);
        (row.Depth, row.Limit) = (deadline, deadline);
    }

    /// <summary>Writes the row out wherever it is read.</summary>
    private void Inline(SharedRow row, double variety)
    {
        var terms = row.Span.ToArray();
        while (row.Readers.Count > 0)
        {
            var reader = rows[row.Readers[^1]];
            for (var k = reader.Count - 1; k >= 0; k--)
            {
                if (k >= reader.Count || TermCode.Variable(reader.Terms[k]) != row.Variable)
                    continue;
                var use = reader.Terms[k];
                rows.RemoveAt(reader, k);
                foreach (var term in terms)
                    Coefficients.Merge(rows, reader, TermCode.Scale(term, use), variety, (ulong)random.NextInt64());
            }
        }
        if (rows.IsResult(row.Variable))
            Release(row);
        else
            rows.Delete(row);
    }

    /// <summary>Coefficients of some results in other digits.</summary>
    private bool Rewrite(int count, double variety)
    {
        for (var k = 0; k < count; k++)
        {
            var row = rows[rows.Inputs + random.Next(rows.Results)];
            if (row.Count > 0)
                Coefficients.AddFactor(rows, row, TermCode.Variable(row.Terms[random.Next(row.Count)]), 0, variety, (ulong)random.NextInt64());
        }
        return true;
    }

    /// <summary>Parts in the cone of a result, the nearest first.</summary>
    private void ChooseBelow(SharedRow result, int count)
    {
        _queue.Clear();
        _seen.Clear();
        _queue.Enqueue(result);
        while (_queue.TryDequeue(out var row) && _chosen.Count < count)
        {
            var first = row.Count == 0 ? 0 : random.Next(row.Count);
            for (var k = 0; k < row.Count; k++)
            {
                var part = rows[TermCode.Variable(row.Terms[(first + k) % row.Count])];
                if (rows.IsInput(part.Variable) || !_seen.Add(part.Variable))
                    continue;
                if (random.Next(2) == 0)
                    _chosen.Add(part);
                _queue.Enqueue(part);
            }
        }
    }

    /// <summary>Parts that read a variable.</summary>
    private void ChooseAround(SharedRow variable, int count)
    {
        var first = variable.Readers.Count == 0 ? 0 : random.Next(variable.Readers.Count);
        for (var k = 0; k < variable.Readers.Count && _chosen.Count < count; k++)
        {
            var row = rows[variable.Readers[(first + k) % variable.Readers.Count]];
            if (row.Uses > 0)
                _chosen.Add(row);
        }
    }
}
