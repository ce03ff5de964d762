using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using RoundingMode = Hls4Net.Core.Numbers.Rounding;

namespace Hls4Net.Transforms.Typing;

/// <summary>
/// Chooses how finely a table resolves its operand. Correctly rounded results, an error of half a unit, take an address for each operand, or, with
/// fewer bits, addresses whose operands have two results and a threshold between them. For a larger bound the nearest address stands for an
/// operand: its distance moves the function by so much, and rounding the entry by half a unit. Ends over which every entry is the same are cut
/// off, what symmetry gives is not stored, and a stretch that needs finer addresses than the rest becomes a piece of its own.
/// </summary>
/// <param name="function">What the table holds.</param>
/// <param name="operand">The operands that the table covers, on the grid of their type; those beyond count as the nearest.</param>
/// <param name="all">All operands that there can be.</param>
/// <param name="input">The operand's type.</param>
/// <param name="entries">How entries are rounded.</param>
internal sealed partial class TableSizing(RealFunction function, Interval operand, Interval all, FixedType input, Quantizer entries)
{
    /// <summary>With no bound given, operands that so many bits tell apart are not rounded.</summary>
    public const int ExactBits = 13;

    /// <summary>The most entries of a table.</summary>
    public const int MostEntries = 1 << 14;

    private const int MostPieces = 8;

    private const int Samples = 12;

    private const int MostVisited = 600;

    /// <summary>Ranges are enclosed from outside, by a little; a bound that is met exactly counts as met.</summary>
    private const double Slack = 1 + 1e-9;

    /// <summary>The widest operand that is examined number by number.</summary>
    public const int WidestOperand = 48;

    private readonly Folding _folding = ChooseFolding(function, all, entries);

    private readonly Dictionary<(BigInteger Start, int Bits, double Bound), int> _drops = [];

    private BigInteger _last;

    private int _visited;

    private bool _isRelative;

    /// <summary>The table.</summary>
    /// <param name="bound">The bound in units of the last place; from 1 on, addresses stand for operands near them.</param>
    /// <param name="exactBits">Operands that so many bits tell apart may each have an address.</param>
    public FoldedTable Choose(double bound, int exactBits = ExactBits)
    {
        var (first, last) = Trim();
        _last = last;
        var bits = Math.Max(1, (int)(last - first).GetBitLength());
        if (bound < 1 || bits <= exactBits + 1)
        {
            var direct = bound < 1 || bits <= exactBits ? Direct(first, bits, exactBits) : null;
            if (bound < 1 && Stepped(first, bits, direct) is { } stepped)
                return Make(stepped, Rounding);
            if (direct is not null)
                return Make([.. direct.Select(s => new Filled(s, null))], Rounding);
        }
        for (var allowed = Math.Max(bound, 1); ; _isRelative = true)
        {
            if (Split(first, bits, allowed) is { } stretches && Verified(stretches, allowed) is { } verified)
                return Make([.. verified.Select(s => new Filled(s, null))], verified.TrueForAll(s => s.Drop == 0) ? Rounding : (allowed - 0.5) * Largest() + Rounding);
            // First more where results are larger than 1, in proportion to them, and then everywhere.
            allowed = _isRelative ? 2 * allowed : allowed;
            _drops.Clear();
        }
    }

    /// <summary>An address for each operand, or null if they are too many.</summary>
    private List<Stretch>? Direct(BigInteger first, int bits, int exactBits)
    {
        // The most negative operand has a distance of its own, one beyond those of all positive ones.
        if (bits > 4 && bits <= exactBits + 1 && _last - first == BigInteger.One << (bits - 1))
            return [new(first, bits - 1, 0), new(_last, 1, 0)];
        return bits <= exactBits ? [new(first, bits, 0)] : null;
    }

    /// <summary>Addresses with thresholds, or null if they are too many or save less than half of the bits of direct ones.</summary>
    private List<Filled>? Stepped(BigInteger first, int bits, List<Stretch>? direct)
    {
        var most = direct is null ? long.MaxValue : direct.Sum(s => s.Entries) * entries.Type.Width / 2;
        // Where no address moves the function by more than a unit, two results suffice.
        if (Split(first, bits, 1) is not { } stretches || Bits(stretches) > most)
            return null;
        var finder = new TableSteps(function, EntryAt, OperandAt, Stored);
        var filled = new List<Filled>();
        foreach (var proposed in stretches)
        {
            var stretch = proposed;
            var steps = stretch.Drop == 0 ? null : finder.Of(stretch.Start, stretch.Entries, stretch.Drop, _last);
            while (stretch.Drop > 0 && steps is null)
            {
                stretch = stretch with { Drop = stretch.Drop - 1 };
                if (stretch.Entries > MostEntries)
                    return null;
                steps = stretch.Drop == 0 ? null : finder.Of(stretch.Start, stretch.Entries, stretch.Drop, _last);
            }
            filled.Add(new(stretch, steps));
        }
        var final = filled.Select(f => f.Stretch).ToList();
        return final.Sum(s => s.Entries) <= MostEntries && Bits(final) <= most ? filled : null;
    }

    private long Bits(List<Stretch> stretches) => stretches.Sum(s => s.Entries * (entries.Type.Width + s.Drop));

    /// <summary>By what the bound is larger for the largest result than for one of size 1.</summary>
    private double Largest()
    {
        if (!_isRelative)
            return 1;
        var (low, high) = TableTypes.Extremes(function, operand);
        return Math.Max(1, Math.Min(Math.Max(-low, high), entries.Type.Range.Largest.ToDouble()));
    }

    /// <summary>What rounding an entry costs at most, in units of its last place.</summary>
    private double Rounding => entries.Rounding is RoundingMode.Trn or RoundingMode.TrnZero ? 1 : 0.5;

    /// <summary>Part of a table: so many addresses of 2^Drop operands each.</summary>
    private readonly record struct Stretch(BigInteger Start, int Bits, int Drop)
    {
        public long Entries => 1L << (Bits - Drop);
    }

    /// <summary>A stretch with the steps of its addresses, where they have thresholds.</summary>
    private sealed record Filled(Stretch Stretch, TableStepOf[]? Steps);

    private Dyadic Number(BigInteger raw) => new(raw, -operand.Fraction);

    /// <summary>The operand of the function at a distance.</summary>
    private Dyadic OperandAt(BigInteger distance) => Number(IsMirrored ? -distance : distance);

    private bool IsMirrored => _folding is Folding.Ramp or Folding.Rectifier;

    private BigInteger EntryAt(BigInteger distance) => RealFunctions.Quantize(function, OperandAt(distance), Stored);

    /// <summary>What is stored of a function with a straight part can be negative where no result is.</summary>
    private Quantizer Stored => IsMirrored && !entries.Type.Signed
        ? entries with { Type = new FixedType(true, entries.Type.Width + 1, entries.Type.Integer + 1) }
        : entries;

    /// <summary>The distances that must be told apart: before the first and after the last, all entries are the same or there are no operands.</summary>
    private (BigInteger First, BigInteger Last) Trim()
    {
        var (first, last) = _folding switch
        {
            Folding.None => (operand.Low, operand.High),
            Folding.Rectifier => (BigInteger.Zero, BigInteger.Max(BigInteger.Zero, -operand.Low)),
            _ => (BigInteger.Zero, BigInteger.Max(operand.High, -operand.Low)),
        };
        (first, last) = (InDomain(first), InDomain(last));
        var (end, start) = (EntryAt(last), EntryAt(first));
        var from = Search(first, last, d => IsConstant(d, last, end));
        if (_folding == Folding.None)
            first = -Search(-from, -first, d => IsConstant(first, -d, start));
        return (first, from);
    }

    private BigInteger InDomain(BigInteger distance)
    {
        var nearest = RealFunctions.Nearest(function, OperandAt(distance));
        if (nearest == OperandAt(distance))
            return distance;
        return Casting.Round(nearest.Mantissa, -nearest.Exponent - operand.Fraction, RoundingMode.Trn) * (IsMirrored ? -1 : 1);
    }

    private bool IsConstant(BigInteger from, BigInteger to, BigInteger entry)
    {
        var (a, b) = (OperandAt(from), OperandAt(to));
        return EntryAt(from) == entry && EntryAt(to) == entry && RealFunctions.IsMonotone(function, a <= b ? a : b, a <= b ? b : a);
    }

    /// <summary>The smallest number of [low, high] from which on a condition holds; it holds for the last one.</summary>
    private static BigInteger Search(BigInteger low, BigInteger high, Func<BigInteger, bool> holds)
    {
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = holds(middle) ? (low, middle) : (middle + 1, high);
        }
        return low;
    }

    /// <summary>Stretches that probably keep the bound, or null if they would have too many entries.</summary>
    private List<Stretch>? Split(BigInteger first, int bits, double bound)
    {
        for (var gain = 0.75; ; gain = gain < 0.05 ? 0 : gain / 2)
        {
            _visited = 0;
            var stretches = Split(first, bits, bound, gain, 0);
            if (stretches.Count <= MostPieces || gain == 0)
                return stretches.Sum(s => s.Entries) <= MostEntries ? stretches : null;
        }
    }

    /// <summary>One stretch, or those of both halves where they have fewer entries by the given part.</summary>
    private List<Stretch> Split(BigInteger start, int bits, double bound, double gain, int leastDrop)
    {
        if (start > _last)
            return [];
        var whole = new Stretch(start, bits, DropOf(start, bits, bound, leastDrop));
        // What needs many more stretches needs too many entries as well.
        if (whole.Entries <= 64 || gain == 0 || ++_visited > MostVisited)
            return [whole];
        List<Stretch> halves =
        [
            .. Split(start, bits - 1, bound, gain, whole.Drop),
            .. Split(start + (BigInteger.One << (bits - 1)), bits - 1, bound, gain, whole.Drop),
        ];
        return halves.Sum(s => s.Entries) <= gain * whole.Entries ? halves : [whole];
    }

    /// <summary>How many bits of a distance probably need not be told apart: a sample of addresses says so.</summary>
    /// <param name="leastDrop">What the stretch around this one does not need.</param>
    private int DropOf(BigInteger start, int bits, double bound, int leastDrop)
    {
        if (_drops.TryGetValue((start, bits, bound), out var drop))
            return drop;
        drop = Math.Min(leastDrop, Math.Max(0, bits - 1));
        while (drop < bits - 1 && Holds(new(start, bits, drop + 1), bound, Samples))
            drop++;
        return _drops[(start, bits, bound)] = drop;
    }

    /// <summary>The stretches, finer where a sample promised too much; null if they have too many entries then.</summary>
    private List<Stretch>? Verified(List<Stretch> stretches, double bound)
    {
        for (var k = 0; k < stretches.Count; k++)
        {
            while (stretches[k].Drop > 0 && stretches[k].Entries <= MostEntries && !Holds(stretches[k], bound, long.MaxValue))
                stretches[k] = stretches[k] with { Drop = stretches[k].Drop - 1 };
        }
        return stretches.Sum(s => s.Entries) <= MostEntries ? stretches : null;
    }

    /// <summary>Whether no operand, of a sample of addresses at least, is farther from its address than the bound lets the function move.</summary>
    private bool Holds(Stretch stretch, double bound, long samples)
    {
        var (start, bits, drop) = stretch;
        var unit = Math.ScaleB(1, -entries.Type.Fraction);
        var (least, most) = (Stored.Type.Range.Minimum.ToDouble() - unit / 2, Stored.Type.Range.Maximum.ToDouble() + unit / 2);
        var count = stretch.Entries;
        var step = Math.Max(1, count / samples);
        var half = BigInteger.One << (drop - 1);
        // Functions mostly are steepest at an end.
        for (var n = 0L; n < count; n += step)
        {
            var code = count - 1 - n;
            if (!HoldsAt(code) || (step > 1 && !HoldsAt(n)))
                return false;
        }
        return true;

        bool HoldsAt(long code)
        {
            var centre = start + ((BigInteger)code << drop);
            var low = code == 0 ? start : centre - half;
            var high = code == count - 1 ? start + (BigInteger.One << bits) - 1 : centre + half - 1;
            return low > _last || Near(OperandAt(centre), OperandAt(low), OperandAt(BigInteger.Min(high, _last)), least, most, (bound - 0.5) * unit * Slack);
        }
    }

    private bool Near(Dyadic centre, Dyadic low, Dyadic high, double least, double most, double distance)
    {
        (low, high) = low <= high ? (low, high) : (high, low);
        (low, high, centre) = (RealFunctions.Nearest(function, low), RealFunctions.Nearest(function, high), RealFunctions.Nearest(function, centre));
        var (from, to) = RealFunctions.Range(function, low, high);
        var value = Math.Clamp(RealFunctions.Evaluate(function, centre.ToDouble()), least, most);
        if (_isRelative)
            distance *= Math.Max(1, Math.Abs(value));
        return Math.Clamp(to, least, most) - value <= distance && value - Math.Clamp(from, least, most) <= distance;
    }
}
