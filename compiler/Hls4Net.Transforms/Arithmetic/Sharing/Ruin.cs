namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>Takes shared parts apart: at random, below a result, beside one another, or around a variable; and writes coefficients of results anew.</summary>
internal sealed class Ruin(SharedRows rows, SearchRandom random)
{
    private const int FewestParts = 3;
    private const int MostParts = 14;

    /// <summary>How often a variable is drawn to find one that is shared.</summary>
    private const int Attempts = 16;

    /// <summary>How many of the parts are delayed in every second step.</summary>
    private const double DelayedParts = 0.5;

    /// <summary>Longer rows have too many pairs.</summary>
    private const int LongestDelayed = 16;

    private readonly List<int> _terms = [];
    private readonly List<SharedRow> _chosen = [];
    private readonly Queue<SharedRow> _queue = new();
    private readonly HashSet<int> _seen = [];

    /// <summary>
    /// Pairs of the parts that were just taken apart which are to be shared last. Without them three steps of four would end where they
    /// began.
    /// </summary>
    public HashSet<ulong> Delayed { get; } = [];

    /// <summary>Takes a few parts apart.</summary>
    public void Run()
    {
        var count = 1 + (int)(Math.Pow(random.NextDouble(), 2) * Math.Clamp((rows.All.Count - rows.Inputs) * 0.1, FewestParts, MostParts));
        var variety = random.Next(2) == 0 ? 0 : random.NextDouble() / 2;
        _chosen.Clear();
        switch (random.Next(10))
        {
            case 0:
                Rewrite(count, Math.Max(variety, 0.25));
                break;
            case 1:
                for (var k = 0; k < count; k++)
                    ChooseAny();
                break;
            case 2 or 3:
                ChooseBelow(rows[rows.Inputs + random.Next(rows.Results)], count);
                break;
            case 4 or 5 or 6:
                ChooseBeside(count);
                break;
            default:
                ChooseAround(rows[random.Next(3) == 0 ? random.Next(rows.All.Count) : random.Next(rows.Inputs)], count);
                break;
        }
        Delayed.Clear();
        var delayed = random.Next(2) == 0 ? 0 : DelayedParts;
        foreach (var row in _chosen)
        {
            if (!row.IsLive || row.Uses.Count == 0)
                continue;
            if (random.NextDouble() < delayed && row.Terms.Count <= LongestDelayed)
                Delay(row);
            Inline(row, variety);
        }
    }

    private void Delay(SharedRow row)
    {
        for (var k = 1; k < row.Terms.Count; k++)
        {
            for (var j = 0; j < k; j++)
                Delayed.Add(TermCode.Pair(row.Terms[j], row.Terms[k]));
        }
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
            else if (row.Uses.Count == 0)
                rows.Delete(row);
            else if (row.Uses.Count == 1 || row.Terms.Count <= 1)
                Inline(row, 0);
        }
    }

    /// <summary>A result that nothing reads any more may take the time that it has.</summary>
    private void Release(SharedRow row)
    {
        var deadline = rows.Deadlines[row.Variable - rows.Inputs];
        if (row.Uses.Count > 0 || row.Limit == deadline)
            return;
        rows.Remember(row);
        (row.Depth, row.Limit) = (deadline, deadline);
    }

    /// <summary>Writes the row out wherever it is read.</summary>
    private void Inline(SharedRow row, double variety)
    {
        _terms.Clear();
        _terms.AddRange(row.Terms.Span);
        while (row.Uses.Count > 0)
        {
            var use = row.Uses[row.Uses.Count - 1];
            var reader = rows[TermCode.Variable(use)];
            rows.Remove(reader, TermCode.WithVariable(use, row.Variable));
            foreach (var term in _terms)
                Coefficients.Merge(rows, reader, TermCode.Scale(term, use), variety, random.Bits());
        }
        if (rows.IsResult(row.Variable))
            Release(row);
        else
            rows.Delete(row);
    }

    /// <summary>Parts that stand in rows in which one part stands.</summary>
    private void ChooseBeside(int count)
    {
        ChooseAny();
        for (var k = 0; _chosen.Count > 0 && _chosen.Count < count && k < Attempts; k++)
        {
            var uses = _chosen[0].Uses;
            var row = rows[TermCode.Variable(uses[random.Next(uses.Count)])];
            var part = rows[TermCode.Variable(row.Terms[random.Next(row.Terms.Count)])];
            if (!rows.IsInput(part.Variable) && !_chosen.Contains(part))
                _chosen.Add(part);
        }
    }

    private void ChooseAny()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var row = rows[random.Next(rows.Inputs, rows.All.Count)];
            if (row.Uses.Count == 0)
                continue;
            _chosen.Add(row);
            return;
        }
    }

    /// <summary>Coefficients of some results in other digits.</summary>
    private void Rewrite(int count, double variety)
    {
        for (var k = 0; k < count; k++)
        {
            var row = rows[rows.Inputs + random.Next(rows.Results)];
            if (row.Terms.Count > 0)
                Coefficients.AddFactor(rows, row, TermCode.Variable(row.Terms[random.Next(row.Terms.Count)]), 0, variety, random.Bits());
        }
    }

    /// <summary>Parts in the cone of a result, the nearest first.</summary>
    private void ChooseBelow(SharedRow result, int count)
    {
        _queue.Clear();
        _seen.Clear();
        _queue.Enqueue(result);
        while (_queue.TryDequeue(out var row) && _chosen.Count < count)
        {
            var first = row.Terms.Count == 0 ? 0 : random.Next(row.Terms.Count);
            for (var k = 0; k < row.Terms.Count; k++)
            {
                var part = rows[TermCode.Variable(row.Terms[(first + k) % row.Terms.Count])];
                if (rows.IsInput(part.Variable) || !_seen.Add(part.Variable))
                    continue;
                if (random.Next(2) == 0)
                    _chosen.Add(part);
                if (_chosen.Count == count)
                    return;
                _queue.Enqueue(part);
            }
        }
    }

    /// <summary>Parts that read a variable.</summary>
    private void ChooseAround(SharedRow variable, int count)
    {
        var first = variable.Uses.Count == 0 ? 0 : random.Next(variable.Uses.Count);
        for (var k = 0; k < variable.Uses.Count && _chosen.Count < count; k++)
        {
            var row = rows[TermCode.Variable(variable.Uses[(first + k) % variable.Uses.Count])];
            if (row.Uses.Count > 0)
                _chosen.Add(row);
        }
    }
}
