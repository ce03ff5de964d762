namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// The state of the search: all rows, how often each pair of terms occurs in them, and a journal by which a step can be undone. A row of
/// n terms stands for n − 1 adders.
/// </summary>
internal sealed partial class SharedRows
{
    /// <summary>A change of a row takes about as long as so many changes of pair counts, beside those that it causes.</summary>
    private const int CallWork = 2;

    /// <summary>An adder is worth so many bits beside its own in <see cref="Cost"/>: fewer adders leave fewer levels and wires.</summary>
    private const double AdderCost = 25;

    /// <summary>The bits of a term that are not counted for each row.</summary>
    private const int CommonWidth = 8;

    private readonly List<SharedRow> _rows = [];
    private readonly Stack<int> _free = new();
    private readonly List<SharedRow> _journal = [];
    private readonly List<int> _deleted = [];
    private readonly TermList _partners = new();
    private readonly bool _hasBlocks;
    private int _step = 1;
    private bool _isJournaling;

    /// <param name="inputs">Ranges and levels of the inputs.</param>
    /// <param name="results">For each result the level at which it must be there, whether it has a constant, and its range.</param>
    /// <param name="blocks">For each input its block; inputs of different blocks are not paired.</param>
    public SharedRows(IReadOnlyList<(double Low, double High, int Depth)> inputs, IReadOnlyList<(int Limit, bool HasConstant, double Low, double High)> results, int[] blocks)
    {
        Inputs = inputs.Count;
        Results = results.Count;
        _hasBlocks = blocks.Distinct().Skip(1).Any();
        for (var k = 0; k < inputs.Count; k++)
            _rows.Add(new SharedRow { Variable = k, Depth = inputs[k].Depth, Block = blocks[k] }.Between(inputs[k].Low, inputs[k].High));
        foreach (var (limit, hasConstant, low, high) in results)
        {
            var own = hasConstant ? 1 : 0;
            _rows.Add(new SharedRow { Variable = _rows.Count, Limit = limit, Depth = limit, OwnKraft = own, Kraft = own, Block = -1 }.Between(low, high));
            Deadlines.Add(limit);
        }
    }

    public int Inputs { get; }

    public int Results { get; }

    /// <summary>All variables, those not in use included.</summary>
    public IReadOnlyList<SharedRow> All => _rows;

    /// <summary>The level at which each result must be there.</summary>
    public List<int> Deadlines { get; } = [];

    public PairCounter Pairs { get; } = new();

    /// <summary>Pairs whose count has grown and is two or more, perhaps several times; whoever has looked at them clears the list.</summary>
    public PairList Touched { get; } = new();

    /// <summary>Variables that are used once or never now, and rows of one term or none.</summary>
    public List<int> Suspects { get; } = [];

    /// <summary>Rows that were changed in the present step.</summary>
    public IReadOnlyList<SharedRow> Changed => _journal;

    /// <summary>Σ (terms − 1) over all rows.</summary>
    public int Adders { get; private set; }

    /// <summary>
    /// Σ of the widths of all terms, without one term of each row. It is about the adder bits: whatever the order in which the terms of a
    /// row are added, each takes as many positions as it is wide, but for the first one and for carries.
    /// </summary>
    public long Bits { get; private set; }

    /// <summary>What the search makes small, in adders of <see cref="CommonWidth"/> bits.</summary>
    public double Cost => (AdderCost * Adders + Bits) / (AdderCost + CommonWidth);

    /// <summary>About how many counts were changed: the measure of effort, which is the same on every machine.</summary>
    public long Work { get; private set; }

    /// <summary>Adds to the effort.</summary>
    public void Spend(int work) => Work += work;

    public SharedRow this[int variable] => _rows[variable];

    public bool IsResult(int variable) => variable >= Inputs && variable < Inputs + Results;

    public bool IsInput(int variable) => variable < Inputs;

    /// <summary>Whether there are no more numbers for variables.</summary>
    public bool IsFull => _free.Count == 0 && _rows.Count == TermCode.MostVariables;

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
        while (row.Terms.Count > 0)
            RemoveAt(row, row.Terms.Count - 1);
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

    private bool IsUnreadResult(SharedRow row) => IsResult(row.Variable) && row.Uses.Count == 0;

    public void Add(SharedRow row, int term)
    {
        Remember(row, isNew: false);
        var variable = _rows[TermCode.Variable(term)];
        Pairs.Add(Partners(row.Terms, variable), term, Touched);
        row.Terms.Add(term);
        variable.Uses.Add(TermCode.WithVariable(term, row.Variable));
        row.Kraft += 1L << variable.Depth;
        Bits += variable.Width;
        if (row.Terms.Count > 1)
            Adders++;
        else
            Bits -= CommonWidth;
    }

    public void Remove(SharedRow row, int term) => RemoveAt(row, row.Terms.IndexOf(term));

    public void RemoveAt(SharedRow row, int index)
    {
        Remember(row, isNew: false);
        var term = row.Terms[index];
        var variable = _rows[TermCode.Variable(term)];
        row.Terms.RemoveAt(index);
        Pairs.Remove(Partners(row.Terms, variable), term);
        variable.Uses.RemoveAt(variable.Uses.IndexOf(TermCode.WithVariable(term, row.Variable)));
        row.Kraft -= 1L << variable.Depth;
        Bits -= variable.Width;
        if (row.Terms.Count > 0)
            Adders--;
        else
            Bits += CommonWidth;
        if (variable.Uses.Count <= 1)
            Suspects.Add(variable.Variable);
        if (row.Terms.Count <= 1)
            Suspects.Add(row.Variable);
    }

    /// <summary>The terms of a row with which one of that variable is paired.</summary>
    private TermList Partners(TermList terms, SharedRow variable)
    {
        var partners = terms;
        if (_hasBlocks)
        {
            partners = _partners;
            partners.Clear();
            foreach (var term in terms.Span)
            {
                if (_rows[TermCode.Variable(term)].Block == variable.Block)
                    partners.Add(term);
            }
        }
        Work += partners.Count + CallWork;
        return partners;
    }

    /// <summary>From now on pairs are counted by hash, which is faster and good enough for a search.</summary>
    public void CountByHash()
    {
        var pairs = 0L;
        foreach (var row in _rows)
            pairs += (long)row.Terms.Count * row.Terms.Count / 2;
        Pairs.UseHash(pairs);
        var (counted, work) = (new TermList(), Work);
        foreach (var row in _rows)
        {
            counted.Clear();
            foreach (var term in row.Terms.Span)
            {
                Pairs.Add(Partners(counted, _rows[TermCode.Variable(term)]), term, Touched);
                counted.Add(term);
            }
        }
        Work = work;
        Touched.Clear();
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
            foreach (var term in row.Terms.Span)
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
        Touched.Clear();
    }

    private void RestoreTerms(SharedRow row)
    {
        var saved = row.Saved;
        for (var k = row.Terms.Count - 1; k >= 0; k--)
        {
            if (!saved.Contains(row.Terms[k]))
                RemoveAt(row, k);
        }
        foreach (var term in saved)
        {
            if (row.Terms.Count == saved.Length)
                break;
            if (!row.Terms.Contains(term))
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
}
