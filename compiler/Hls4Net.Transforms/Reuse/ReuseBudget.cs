using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Transforms.Reuse;

/// <summary>From what the compiler chooses the reuse factors of all layers that name none.</summary>
/// <param name="Interval">The most clock cycles from one event to the next; null for the fewest that the network can have, unless there is another limit.</param>
/// <param name="Multipliers">The most multipliers of all layers that can be folded; null for no limit.</param>
public sealed record ReuseBudget(int? Interval, int? Multipliers);

/// <summary>
/// Chooses the largest reuse factors that a budget allows. In a streamed network a layer is used once in so many ticks: all of them where the
/// whole event is read at once, every second or fourth behind strides. A tick of c cycles gives it that many times c cycles for a use, whatever
/// the other layers do; so one number, c, decides all factors, and the interval is c times the ticks of an event.
/// </summary>
internal sealed class BudgetedReuse
{
    private readonly List<Layer> _layers = [];
    private readonly int _ticks = 1;

    /// <param name="Ticks">From one use of the layer's hardware to the next.</param>
    /// <param name="Uses">Copies of the hardware.</param>
    /// <param name="Factor">The user's own choice; null for the compiler's.</param>
    private sealed record Layer(Stage Stage, FoldableKernel Kernel, int Ticks, int Uses, int? Factor)
    {
        public int FactorAt(int cycles) => Factor ?? LargestDivisor(Kernel.Products, (long)Ticks * cycles);

        public long MultipliersAt(int cycles) => Kernel.Products * Uses / FactorAt(cycles);
    }

    /// <param name="groups">Those of the design.</param>
    /// <param name="chosen">The factor that the user gave a stage, or null.</param>
    public BudgetedReuse(Design design, IReadOnlyList<StageGroup> groups, StreamOptions? stream, Func<Stage, int?> chosen)
    {
        var plan = stream is null ? null : StreamPlanner.Run(design, groups, stream);
        _ticks = plan?.Ticks ?? 1;
        foreach (var group in groups)
        {
            if (FoldableKernel.Of(design, group) is { } kernel)
                _layers.Add(new(group.Stages[0], kernel, plan?.Rooms[group] ?? 1, plan?.Groups[group] is StreamedPlan streamed ? streamed.Classes.Sum(c => c.Slots.Count) : kernel.Positions, chosen(group.Stages[0])));
        }
    }

    /// <summary>The factor of every layer that is folded.</summary>
    /// <exception cref="UserErrorException">The budget is too small.</exception>
    public IReadOnlyDictionary<Stage, FoldedSchedule> Choose(ReuseBudget budget)
    {
        var own = _layers.Where(l => l.Factor is not null).Select(l => (l.Factor!.Value + l.Ticks - 1) / l.Ticks).DefaultIfEmpty(1).Max();
        var cycles = budget.Multipliers is { } most ? CyclesFor(most) : budget.Interval is { } interval ? interval / _ticks : own;
        if (cycles < own)
            throw new UserErrorException(Messages.BadOptionValue("--target-ii", Text(budget.Interval ?? 0), $"at least {Text((long)own * _ticks)}, which the beats of an event and the configuration's reuse factors take"));
        var schedules = new Dictionary<Stage, FoldedSchedule>(ReferenceEqualityComparer.Instance);
        foreach (var layer in _layers)
        {
            if (layer.FactorAt(cycles) is > 1 and var factor)
                schedules[layer.Stage] = layer.Kernel.By(factor);
        }
        return schedules;
    }

    /// <summary>The fewest cycles of a tick in which so many multipliers are enough.</summary>
    private int CyclesFor(int multipliers)
    {
        var (low, high) = (1, (int)Math.Min(int.MaxValue / 2, _layers.Select(l => l.Kernel.Products).DefaultIfEmpty(1).Max()));
        if (_layers.Sum(l => l.MultipliersAt(high)) is var least && least > multipliers)
            throw new UserErrorException(Messages.BadOptionValue("--target-multipliers", Text(multipliers), $"at least {Text(least)}, one for each layer and copy of it"));
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (_layers.Sum(l => l.MultipliersAt(middle)) <= multipliers)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private static int LargestDivisor(long number, long limit)
    {
        var largest = 1L;
        for (var divisor = 1L; divisor <= number / divisor; divisor++)
        {
            if (number % divisor != 0)
                continue;
            if (divisor <= limit)
                largest = Math.Max(largest, divisor);
            if (number / divisor <= limit)
                largest = Math.Max(largest, number / divisor);
        }
        return (int)Math.Min(int.MaxValue, largest);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
