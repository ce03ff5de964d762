namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// Ruin and recreate: some shared parts are written out again where they are used, coefficients are given other signed digits, and what
/// results is shared anew with some chance in the choice; by simulated annealing worse states are kept now and then. The best state is
/// the result. Deterministic: the budget is counted in changes of pair counts, not in time.
/// </summary>
internal sealed class SharingSearch
{
    /// <summary>
    /// Adders by which a state may be worse and still be kept often: at the beginning of a search of many steps for each adder, of one of few
    /// steps, and at the end.
    /// </summary>
    private const double HighestTemperature = 2;
    private const double LowestTemperature = 0.3;
    private const double LastTemperature = 0.1;

    /// <summary>
    /// A search begins at one degree for so many steps for each adder: what heat takes apart must be found again, for which a large matrix has
    /// no time.
    /// </summary>
    private const double StepsPerDegree = 150;

    /// <summary>After so many steps it is known what a step takes.</summary>
    private const int FirstSteps = 64;

    /// <summary>How often common parts of two rows are looked for before pairs.</summary>
    private const double PartsFirst = 0.5;

    /// <summary>Levels are computed anew after this many kept steps that changed something.</summary>
    private const int StepsBetweenLevels = 16;

    /// <summary>What a step takes that changes nothing.</summary>
    private const int StepWork = 50;

    private readonly SharedRows _rows;
    private readonly PairSharing _pairs;
    private readonly CommonParts _parts;
    private readonly Ruin _ruin;
    private readonly SearchRandom _random;
    private Snapshot _best;

    public SharingSearch(SharedRows rows, int seed)
    {
        _rows = rows;
        _random = new SearchRandom(seed);
        _parts = new CommonParts(rows);
        _ruin = new Ruin(rows, _random);
        _pairs = new PairSharing(rows, _ruin.Delayed);
        rows.Begin();
        _pairs.Run(0, 0);
        _ruin.Clean();
        _pairs.Run(0, 0);
        _ruin.Clean();
        rows.Commit();
        rows.LowerDepths();
        _best = Snapshot.Of(rows);
    }

    /// <summary>The best state so far.</summary>
    public Snapshot Best => _best;

    /// <summary>Steps tried.</summary>
    public long Steps { get; private set; }

    /// <summary>Searches until the budget is used up.</summary>
    /// <param name="budget">Changes of pair counts.</param>
    public void Run(long budget)
    {
        if (budget <= 0)
            return;
        _rows.CountByHash();
        var (start, cost, kept) = (_rows.Work, _rows.Cost, 0);
        while (_rows.Work - start < budget)
        {
            var progress = (_rows.Work - start) / (double)budget;
            var first = FirstTemperature(budget, _rows.Work - start);
            var temperature = first * Math.Pow(LastTemperature / first, progress);
            _rows.Begin();
            _rows.Spend(StepWork);
            _ruin.Run();
            Recreate();
            Steps++;
            if (_rows.Cost > cost - temperature * Math.Log(1 - _random.NextDouble()))
            {
                _rows.Rollback();
                continue;
            }
            var isOther = _rows.Cost != cost;
            cost = _rows.Cost;
            _rows.Commit();
            if (isOther && ++kept % StepsBetweenLevels == 0)
                _rows.LowerDepths();
            if (cost < _best.Cost)
                _best = Snapshot.Of(_rows);
        }
    }

    private double FirstTemperature(long budget, long spent)
    {
        var steps = Steps < FirstSteps ? 0 : Steps * (double)budget / spent;
        return Math.Clamp(steps / (Math.Max(1, _rows.Adders) * StepsPerDegree), LowestTemperature, HighestTemperature);
    }

    private void Recreate()
    {
        if (_random.NextDouble() < PartsFirst)
        {
            var shortest = _random.Next(3) == 0 ? 4 : 3;
            // Sharing changes further rows, which need not be looked at again.
            var changed = _rows.Changed.Count;
            for (var k = 0; k < changed; k++)
            {
                var row = _rows.Changed[k];
                while (row.IsLive && _parts.Share(row, shortest, _random))
                {
                }
            }
        }
        _pairs.Run(0.3 + 0.7 * _random.NextDouble(), _random.Bits());
        _ruin.Clean();
        _pairs.Run(0.2, _random.Bits());
        _ruin.Clean();
    }
}
