using Hls4Net.Transforms.Tuning;

namespace Hls4Net.Cli.Tuning;

/// <summary>
/// Looks for candidates that take little and lose little: each knob by itself first, then generations of changes to the best ones so far. All are judged by the
/// emulator; the cheap measure of hardware, set right by the estimates that there are, says which are worth an estimate. The outcome is a function of the seed and
/// of how many candidates are judged, whatever the number of threads, and also if the search was stopped and went on later.
/// </summary>
internal sealed class TuneSearch
{
    private const int Generation = 32;
    private const int EstimatesEach = 2;

    /// <summary>Look-up tables of a network up to which every generation gets estimates; building larger hardware takes longer than judging a generation.</summary>
    private const int SmallLuts = 50_000;

    /// <summary>The most generations between estimates.</summary>
    private const int LongestWait = 16;
    private const int Elite = 24;
    private const int ClosingRounds = 4;

    private readonly TuneJudge _judge;
    private readonly TuneOptions _options;
    private readonly int[] _last;
    private static readonly Comparer<Judged> ByQuick = Comparer<Judged>.Create((a, b) => a.Quick.CompareTo(b.Quick));
    private List<Judged> _measured = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public TuneSearch(TuningSpace space, TuneJudge judge, TuneOptions options, TuneState state)
    {
        (_judge, _options, State) = (judge, options, state);
        _last = [.. space.Knobs.Select(k => k.Levels.Count - 1)];
        foreach (var candidate in state.Judged)
            _known.Add(KeyOf(candidate.Levels));
    }

    /// <summary>What has been found.</summary>
    public TuneState State { get; }

    /// <summary>Goes on until all candidates are judged or the time is over.</summary>
    /// <param name="progress">Receives how far it is after each generation.</param>
    /// <param name="time">Ends the search: of the generation that it falls into nothing is kept.</param>
    /// <param name="cancellation">Stops the command.</param>
    public void Run(Action<TuneState> progress, CancellationToken time, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time, cancellation);
        try
        {
            Generations(progress, either.Token, cancellation);
            // The last candidates have had no chance yet.
            for (var round = 0; round < ClosingRounds; round++)
                Estimate(Promising(), either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time is over; what there is counts.
        }
    }

    private void Generations(Action<TuneState> progress, CancellationToken either, CancellationToken cancellation)
    {
        if (State.Judged.Count == 0)
        {
            State.Judged.Add(_judge.Judge(new int[_last.Length]) ?? throw new InvalidOperationException("What the compiler takes by itself cannot be built."));
            _known.Add(KeyOf(new int[_last.Length]));
            Estimate([State.Judged[0]], cancellation);
        }
        while (State.Judged.Count < _options.Candidates)
        {
            var (before, random) = (State.Judged.Count, new Random(unchecked((_options.Seed * 1_000_003) + State.Generations)));
            var children = EachKnob();
            if (children.Count == 0)
                children = Children(random);
            if (children.Count == 0)
                break;
            // A generation counts as a whole or not at all.
            var judged = Parallel(children, _judge.Judge, either).OfType<Judged>().ToList();
            State.Judged.AddRange(judged);
            try
            {
                if ((State.Generations + 1) % Wait() == 0)
                    Estimate(Promising(), either);
            }
            catch (OperationCanceledException)
            {
                State.Judged.RemoveRange(State.Judged.Count - judged.Count, judged.Count);
                throw;
            }
            State.Generations++;
            progress(State);
            if (State.Judged.Count == before)
                break;
        }
    }

    /// <summary>Generations from one that gets estimates to the next: more for networks that take long to build.</summary>
    private int Wait() => (int)Math.Clamp(State.Estimates[KeyOf(State.Judged[0].Levels)].Luts / SmallLuts, 1, LongestWait);

    /// <summary>What a candidate with an estimate costs.</summary>
    public double CostOf(Judged measured) => CostOf(State.Estimates[KeyOf(measured.Levels)]);

    /// <summary>The objective, with what comes second to it in the fractions.</summary>
    public double CostOf(Estimated estimate) => _options.Objective switch
    {
        Objective.Lut => estimate.Luts + (estimate.Dsps * 1e-3),
        Objective.Dsp => estimate.Dsps + (estimate.Luts * 1e-7),
        _ => (estimate.LatencyCycles > 0 ? estimate.LatencyCycles : estimate.LatencyNs!.Value) + (estimate.Luts * 1e-7),
    };

    public static string KeyOf(int[] levels) => string.Join(',', levels);

    private double Predicted(Judged candidate)
    {
        var at = _measured.BinarySearch(candidate, ByQuick);
        var (below, above) = (_measured[Math.Clamp((at < 0 ? ~at : at) - 1, 0, _measured.Count - 1)], _measured[Math.Clamp(at < 0 ? ~at : at, 0, _measured.Count - 1)]);
        var nearest = candidate.Quick * candidate.Quick < below.Quick * above.Quick ? below : above;
        return CostOf(State.Estimates[KeyOf(nearest.Levels)]) * Math.Pow(candidate.Quick / nearest.Quick, _options.Objective == Objective.Latency ? 0.25 : 1);
    }

    /// <summary>The next levels of single knobs that were not looked at.</summary>
    private List<int[]> EachKnob()
    {
        var children = new List<int[]>();
        for (var knob = 0; knob < _last.Length; knob++)
        {
            for (var level = 1; level <= _last[knob] && children.Count < Generation; level++)
            {
                var levels = new int[_last.Length];
                levels[knob] = level;
                if (_known.Add(KeyOf(levels)))
                    children.Add(levels);
            }
        }
        return children;
    }

    /// <summary>Candidates that may lose so much and are the cheapest at it, for several amounts.</summary>
    private List<Judged> Best(int each)
    {
        var best = new List<Judged>();
        _measured = [.. State.Measured.OrderBy(m => m.Quick)];
        var costs = State.Judged.Select(j => (Candidate: j, Cost: State.Estimates.TryGetValue(KeyOf(j.Levels), out var own) ? CostOf(own) : Predicted(j))).OrderBy(c => c.Cost).ThenBy(c => c.Candidate.Sure).Select(c => c.Candidate)
            // Levels that make no difference, as of range that nothing needs, are one candidate.
            .DistinctBy(c => (c.Quick, c.Sure)).ToList();
        foreach (var share in (double[])[1, 0.75, 0.5, 1.5])
            best.AddRange(costs.Where(j => j.Sure <= _options.Budget * share).Take(each));
        return [.. best.Distinct()];
    }

    private List<int[]> Children(Random random)
    {
        var parents = Best(Elite);
        var children = new List<int[]>();
        for (var attempt = 0; attempt < Generation * 20 && children.Count < Generation && parents.Count > 0; attempt++)
        {
            // The first parents are the cheapest of those that lose little enough.
            var child = (int[])parents[(int)(parents.Count * random.NextDouble() * random.NextDouble())].Levels.Clone();
            if (random.Next(3) == 0)
            {
                var other = parents[random.Next(parents.Count)].Levels;
                for (var knob = 0; knob < child.Length; knob++)
                    child[knob] = random.Next(2) == 0 ? child[knob] : other[knob];
            }
            for (var changes = 1 + random.Next(4); changes > 0; changes--)
                Change(child, random);
            if (_known.Add(KeyOf(child)))
                children.Add(child);
        }
        return children;
    }

    /// <summary>One knob a little, more often to what is cheaper.</summary>
    private void Change(int[] levels, Random random)
    {
        var knob = random.Next(levels.Length);
        var step = 1 + (int)(3 * random.NextDouble() * random.NextDouble());
        levels[knob] = Math.Clamp(levels[knob] + (random.Next(5) < 3 ? step : -step), 0, _last[knob]);
    }

    /// <summary>Candidates without an estimate of which one may change the outcome.</summary>
    private List<Judged> Promising() => [.. Best(EstimatesEach).Where(j => !State.Estimates.ContainsKey(KeyOf(j.Levels))).Take(EstimatesEach)];

    private void Estimate(List<Judged> candidates, CancellationToken cancellation)
    {
        var estimates = Parallel(candidates, c => _judge.Estimate(c.Levels), cancellation);
        for (var k = 0; k < candidates.Count; k++)
        {
            if (estimates[k] is { } estimate)
                State.Add(candidates[k], estimate);
            else
                State.Judged.Remove(candidates[k]);
        }
    }

    /// <summary>Results in the order of what they are of.</summary>
    private static TResult[] Parallel<T, TResult>(List<T> items, Func<T, TResult> make, CancellationToken cancellation)
    {
        var results = new TResult[items.Count];
        System.Threading.Tasks.Parallel.For(0, items.Count, new ParallelOptions { CancellationToken = cancellation }, i => results[i] = make(items[i]));
        return results;
    }
}
