using Hls4Net.Core.Graphs;
using Hls4Net.Transforms.Arithmetic;

namespace Hls4Net.Transforms.Pruning;

/// <summary>What is done to the weights of a layer when they become integers.</summary>
/// <param name="Prune">Which become zero; null for none.</param>
/// <param name="Round">The error that weights of fewer digits may cause, as a share of the layer's output (root mean square); zero for none.</param>
/// <param name="Reuse">Products that one multiplier computes for an event.</param>
internal sealed record WeightChoice(PruneChoice? Prune, double Round, int Reuse);

/// <summary>
/// Makes integers of weights cheaper: some become zero, some get neighbours of fewer signed digits. An error of a weight counts by the power of its
/// input; what the weights of an output together lose on average is left to its bias.
/// </summary>
internal sealed class WeightEditor
{
    private readonly ConstantTensor _typed;
    private readonly WeightLayout? _layout;
    private readonly OperandFigures _figures;
    private readonly double[] _real;
    private readonly long[] _raw;
    private readonly double _step;

    /// <param name="typed">The weights with their integers.</param>
    /// <param name="layout">Where they are; null if that is not known.</param>
    /// <param name="figures">What they multiply; of a single input where there is no layout.</param>
    public WeightEditor(ConstantTensor typed, WeightLayout? layout, OperandFigures figures)
    {
        (_typed, _layout, _figures) = (typed, layout, figures);
        _real = [.. typed.Values.Select(v => v.ToDouble())];
        _raw = [.. typed.Raw];
        _step = Math.ScaleB(1, -typed.Type!.Value.Fraction);
    }

    /// <summary>The integers.</summary>
    public long[] Raw => _raw;

    /// <summary>How far the layer's output is off on average, as a share of its root mean square, each weight by itself.</summary>
    public double Error
    {
        get
        {
            var (error, all) = (0.0, 0.0);
            for (var i = 0; i < _raw.Length; i++)
            {
                error += Error2(i, _raw[i]);
                all += _real[i] * _real[i] * Power(i);
            }
            return all > 0 ? Math.Sqrt(error / all) : 0;
        }
    }

    /// <summary>What each output loses on average; a bias can give it back. Null without a layout.</summary>
    public double[]? MeanErrors()
    {
        if (_layout is null)
            return null;
        var lost = new double[_layout.Outputs];
        for (var i = 0; i < _raw.Length; i++)
        {
            var (input, output, _) = _layout.Of(i);
            lost[output] += (_real[i] - (_raw[i] * _step)) * _figures.Mean[input];
        }
        return lost;
    }

    /// <summary>Makes weights zero, whole groups at a time, least harm first.</summary>
    public void Prune(PruneChoice choice, int reuse)
    {
        var groups = Enumerable.Range(0, _raw.Length).GroupBy(i => GroupOf(i, choice.Shape, reuse)).Select(g => (Members: g.ToArray(), Harm: Harm(g, choice.Order)))
            .OrderBy(g => g.Harm).ThenBy(g => g.Members[0]).Select(g => g.Members).ToArray();
        var count = (int)Math.Round(choice.Sparsity * groups.Length, MidpointRounding.AwayFromZero);
        // A layer without any weight would compute nothing.
        foreach (var group in groups.Take(Math.Min(count, groups.Length - 1)))
        {
            foreach (var i in group)
                _raw[i] = 0;
        }
    }

    /// <summary>Takes neighbours of fewer signed digits, most digits for the least error first, until the error is used up.</summary>
    public void Round(double budget)
    {
        var all = Enumerable.Range(0, _raw.Length).Sum(i => _real[i] * _real[i] * Power(i));
        var left = budget * budget * all;
        var steps = new PriorityQueue<(int Weight, long To), (double, int)>();
        for (var i = 0; i < _raw.Length; i++)
            Offer(i);
        while (steps.TryDequeue(out var step, out _))
        {
            var added = Error2(step.Weight, step.To) - Error2(step.Weight, _raw[step.Weight]);
            if (added > left)
                continue;
            left -= added;
            _raw[step.Weight] = step.To;
            Offer(step.Weight);
        }

        void Offer(int i)
        {
            if (Cheaper(i) is not { } to)
                return;
            var saved = (Digits(_raw[i]) - Digits(to)) * Width(i);
            steps.Enqueue((i, to), ((Error2(i, to) - Error2(i, _raw[i])) / saved, i));
        }
    }

    /// <summary>The neighbour of fewer digits that is nearest to the real weight: without the lowest digit, or with it the other way.</summary>
    private long? Cheaper(int i)
    {
        var raw = _raw[i];
        if (raw == 0)
            return null;
        var (shift, sign) = SignedDigits.Of(raw).First();
        var (type, digits, step) = (_typed.Type!.Value, Digits(raw), sign * (1L << shift));
        long? best = null;
        foreach (var to in (ReadOnlySpan<long>)[raw - step, raw + step])
        {
            if (to >= type.MinimumRaw && to <= type.MaximumRaw && Digits(to) < digits && (best is null || Error2(i, to) < Error2(i, best.Value)))
                best = to;
        }
        return best;
    }

    private int GroupOf(int weight, PruneShape shape, int reuse) => shape switch
    {
        PruneShape.Outputs => _layout!.Of(weight).Output,
        PruneShape.Inputs => _layout!.Of(weight).Input,
        PruneShape.Multipliers => _layout!.MultiplierOf(weight, reuse),
        _ => weight,
    };

    /// <summary>What it costs to do without some weights; those that are zero cost nothing and save nothing.</summary>
    private double Harm(IEnumerable<int> weights, PruneOrder order)
    {
        var (error, saved, any) = (0.0, 0.0, false);
        foreach (var i in weights)
        {
            any |= _raw[i] != 0;
            error += order == PruneOrder.Magnitude ? _real[i] * _real[i] : _real[i] * _real[i] * Power(i);
            saved += Digits(_raw[i]) * Width(i);
        }
        return !any ? -1 + error / (1 + error) : order == PruneOrder.Magnitude ? error : error / saved;
    }

    private double Error2(int weight, long raw)
    {
        var error = (raw * _step) - _real[weight];
        return error * error * Power(weight);
    }

    private double Power(int weight) => _figures.Power[_layout?.Of(weight).Input ?? 0];

    private double Width(int weight) => _figures.Width[_layout?.Of(weight).Input ?? 0];

    private static int Digits(long raw) => SignedDigits.Count(raw);
}
