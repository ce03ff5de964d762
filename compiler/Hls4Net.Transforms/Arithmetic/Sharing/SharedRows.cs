namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// The state of the search: all rows, how often each pair of terms occurs in them, and a journal by which a step can be undone. A row of
/// n terms stands for n − 1 adders.
/// </summary>
internal sealed class SharedRows
{
    private readonly List<SharedRow> _rows = [];
    private readonly Stack<int> _free = new();
    private readonly List<SharedRow> _journal = [];
    private readonly List<int> _deleted = [];
    private readonly bool _hasBlocks;
    private int _step = 1;
    private int _stamp = 1;
    private bool _isJournaling;

    /// <param name="inputs">Ranges and levels of the inputs.</param>
    /// <param name="limits">For each result the level at which it must be there, and whether it has a constant.</param>
    /// <param name="blocks">For each input its block; inputs of different blocks are not paired.</param>
    public SharedRows(IReadOnlyList<(double Low, double High, int Depth)> inputs, IReadOnlyList<(int Limit, bool HasConstant)> limits, int[] blocks)
    {
        Inputs = inputs.Count;
        Results = limits.Count;
        _hasBlocks = blocks.Distinct().Skip(1).Any();
        for (var k = 0; k < inputs.Count; k++)
            _rows.Add(new() { Variable = k, Low = inputs[k].Low, High = inputs[k].High, Depth = inputs[k].Depth, Block = blocks[k] });
        foreach (var (limit, hasConstant) in limits)
        {
            var own = hasConstant ? 1 : 0;
            _rows.Add(new() { Variable = _rows.Count, Limit = limit, Depth = limit, OwnKraft = own, Kraft = own, Block = -1 });
            Deadlines.Add(limit);
        }
    }

    public int Inputs { get; }

    public int Results { get; }

    /// <summary>All variables, those not in use included.</summary>
    public IReadOnlyList<SharedRow> All => _rows;

    /// <summary>The level at which each result must be there.</summary>
    public List<int> Deadlines { get; } = [];

    public PairTable Pairs { get; } = new();

    /// <summary>Pairs whose count changed in this step and is two or more.</summary>
    public List<ulong> Touched { get; } = [];

    /// <summary>Variables that are used once or never now, and rows of one term or none.</summary>
    public List<int> Suspects { get; } = [];

    /// <summary>Rows that were changed in the present step.</summary>
    public IReadOnlyList<SharedRow> Changed => _journal;

    /// <summary>Σ (terms − 1) over all rows.</summary>
    public int Adders { get; private set; }

    /// <summary>Pair counts that were changed: the measure of effort, which is the same on every machine.</summary>
    public long Work { get; private set; }

    public SharedRow this[int variable] => _rows[variable];

    public bool IsResult(int variable) => variable >= Inputs && variable < Inputs + Results;

    public bool IsInput(int variable) => variable < Inputs;

    /// <summary>The pairs seen from now on are new to <see cref="Touched"/>.</summary>
    public void ForgetTouched()
    {
        Touched.Clear();
        _stamp++;
    }

    /// <summary>A variable for a shared part, without terms.</summary>
    public SharedRow Create(int depth, int block)
    {
        SharedRow row;
        if (_free.TryPop(out var variable))
            row = _rows[variable];
        else
            _rows.Add(row = new() { Variable = _rows.Count });
        Remember(row, isNew: true);
        (row.IsLive, row.Depth, row.Limit, row.Block) = (true, depth, depth, block);
        return row;
    }

    /// <summary>Takes a variable that nothing uses out of use.</summary>
    public void Delete(SharedRow row)
    {
        Remember(row, isNew: false);
        while (row.Count > 0)
            RemoveAt(row, row.Count - 1);
        row.IsLive = false;
        _deleted.Add(row.Variable);
    }

    /// <summary>Keeps a row for the case that the step is undone; to be called before depth or limit change.</summary>
    public void Remember(SharedRow row) => Remember(row, isNew: false);

    /// <summary>The level at which a row is there for those that read it: that of its tree for a result that nothing reads yet.</summary>
    public int DepthAsOperand(SharedRow row) => IsUnreadResult(row) ? SharedRow.LevelOf(row.Kraft) : row.Depth;

    /// <summary>A result that becomes an operand is there when its tree is, and no later from now on.</summary>
    public void FixAsOperand(SharedRow row)
    {
        if (!IsUnreadResult(row))
            return;
        Remember(row);
        row.Depth = row.Limit = SharedRow.LevelOf(row.Kraft);
    }

    private bool IsUnreadResult(SharedRow row) => IsResult(row.Variable) && row.Uses == 0;

    public void Add(SharedRow row, int term)
    {
        Remember(row, isNew: false);
        var variable = _rows[TermCode.Variable(term)];
        var isFirst = true;
        foreach (var other in row.Span)
        {
            Count(other, term, 1);
            isFirst &= TermCode.Variable(other) != variable.Variable;
        }
        if (row.Count == row.Terms.Length)
        {
            var terms = row.Terms;
            Array.Resize(ref terms, Math.Max(4, 2 * row.Count));
            row.Terms = terms;
        }
        row.Terms[row.Count++] = term;
        row.Kraft += 1L << variable.Depth;
        variable.Uses++;
        if (row.Count > 1)
            Adders++;
        if (isFirst)
            variable.Readers.Add(row.Variable);
    }

    public void Remove(SharedRow row, int term) => RemoveAt(row, row.IndexOf(term));

    public void RemoveAt(SharedRow row, int index)
    {
        Remember(row, isNew: false);
        var term = row.Terms[index];
        var variable = _rows[TermCode.Variable(term)];
        row.Terms[index] = row.Terms[--row.Count];
        var isLast = true;
        foreach (var other in row.Span)
        {
            Count(other, term, -1);
            isLast &= TermCode.Variable(other) != variable.Variable;
        }
        row.Kraft -= 1L << variable.Depth;
        if (row.Count > 0)
            Adders--;
        if (--variable.Uses <= 1)
            Suspects.Add(variable.Variable);
        if (row.Count <= 1)
            Suspects.Add(row.Variable);
        if (isLast)
            Forget(variable.Readers, row.Variable);
    }

    /// <summary>Starts a step that can be undone.</summary>
    public void Begin()
    {
        _isJournaling = true;
        _step++;
    }

    /// <summary>Keeps what the step did.</summary>
    public void Commit()
    {
        foreach (var variable in _deleted)
            _free.Push(variable);
        End();
    }

    /// <summary>Undoes the step.</summary>
    public void Rollback()
    {
        _isJournaling = false;
        foreach (var row in _journal)
            row.RestoreState();
        foreach (var row in _journal)
            RestoreTerms(row);
        foreach (var row in _journal)
        {
            row.Kraft = row.OwnKraft;
            foreach (var term in row.Span)
                row.Kraft += 1L << _rows[TermCode.Variable(term)].Depth;
            if (!row.IsLive)
                _free.Push(row.Variable);
        }
        Suspects.Clear();
        End();
    }

    private void End()
    {
        _isJournaling = false;
        _journal.Clear();
        _deleted.Clear();
        ForgetTouched();
    }

    private void RestoreTerms(SharedRow row)
    {
        var saved = row.Saved;
        for (var k = row.Count - 1; k >= 0; k--)
        {
            if (!saved.Contains(row.Terms[k]))
                RemoveAt(row, k);
        }
        foreach (var term in saved)
        {
            if (row.Count == saved.Length)
                break;
            if (row.IndexOf(term) < 0)
                Add(row, term);
        }
    }

    private void Remember(SharedRow row, bool isNew)
    {
        if (!_isJournaling || row.SavedStep == _step)
            return;
        row.Save(_step, isNew);
        _journal.Add(row);
    }

    private void Count(int a, int b, int change)
    {
        if (_hasBlocks && _rows[TermCode.Variable(a)].Block != _rows[TermCode.Variable(b)].Block)
            return;
        Work++;
        ref var entry = ref Pairs[TermCode.Pair(a, b)];
        entry.Count += change;
        if (entry.Stamp == _stamp || entry.Count < 2)
            return;
        entry.Stamp = _stamp;
        Touched.Add(entry.Pair);
    }

    private static void Forget(List<int> readers, int row)
    {
        var place = readers.IndexOf(row);
        readers[place] = readers[^1];
        readers.RemoveAt(readers.Count - 1);
    }

    /// <summary>The lowest level for every variable; to be called between steps.</summary>
    public void LowerDepths()
    {
        foreach (var row in _rows.Where(r => r.IsLive && !IsInput(r.Variable)).OrderBy(r => r.Depth).ThenBy(r => r.Variable).ToList())
        {
            row.Kraft = KraftOf(row);
            var isRead = row.Uses > 0 || !IsResult(row.Variable);
            row.Depth = row.Limit = isRead ? SharedRow.LevelOf(row.Kraft) : Deadlines[row.Variable - Inputs];
        }
        foreach (var row in _rows.Where(r => r.IsLive && !IsInput(r.Variable)))
            row.Kraft = KraftOf(row);
    }

    private long KraftOf(SharedRow row)
    {
        var kraft = row.OwnKraft;
        foreach (var term in row.Span)
            kraft += 1L << _rows[TermCode.Variable(term)].Depth;
        return kraft;
    }
}
