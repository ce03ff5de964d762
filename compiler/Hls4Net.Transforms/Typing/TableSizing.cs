using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using RoundingMode = Hls4Net.Core.Numbers.Rounding;

namespace Hls4Net.Transforms.Typing;

/// <summary>A table and what it promises.</summary>
/// <param name="Table">The table.</param>
/// <param name="Bound">How far a result is from the function at most, in units of the last place of the entries, for operands that the
/// table covers.</param>
internal sealed record SizedTable(FoldedTable Table, double Bound);

/// <summary>
/// Chooses how finely a table resolves its operand. The distance from an operand to the address that stands for it moves the function by so
/// much, and rounding the entry by half a unit; both together stay within a bound. Where few bits tell all operands apart, nothing but
/// the entry is rounded. Ends over which every entry is the same are cut off, what symmetry gives is not stored, and a stretch that needs
/// finer addresses than the rest becomes a piece of its own.
/// </summary>
/// <param name="function">What the table holds.</param>
/// <param name="operand">The operands that the table covers, on the grid of their type; those beyond count as the nearest.</param>
/// <param name="all">All operands that there can be.</param>
/// <param name="input">The operand's type.</param>
/// <param name="entries">How entries are rounded.</param>
internal sealed class TableSizing(RealFunction function, Interval operand, Interval all, FixedType input, Quantizer entries)
{
    /// <summary>With no bound given, operands that so many bits tell apart are not rounded.</summary>
    public const int ExactBits = 14;

    /// <summary>The most entries of a table.</summary>
    public const int MostEntries = 1 << ExactBits;

    private const int MostPieces = 8;

    /// <summary>The widest operand that is examined number by number.</summary>
    public const int WidestOperand = 48;

    private readonly Folding _folding = ChooseFolding(function, all, entries);

    private readonly Dictionary<(BigInteger Start, int Bits, double Bound), int> _drops = [];

    private BigInteger _last;

    /// <summary>The table.</summary>
    /// <param name="bound">The bound in units of the last place, or null: half a unit where the operand is narrow, else one.</param>
    /// <param name="exactBits">Operands that so many bits tell apart need not be rounded.</param>
    public SizedTable Choose(double? bound, int exactBits = ExactBits)
    {
        var (first, last) = Trim();
        _last = last;
        var bits = Math.Max(1, (int)(last - first).GetBitLength());
        var mayRound = bound is { } given ? given > 0.5 : bits > exactBits;
        if (bits <= exactBits && !(mayRound && bound is not null))
            return new(Make([new(first, bits, 0)]), Rounding);
        for (var allowed = Math.Max(bound ?? 1, mayRound ? 0.5 + 1.0 / 64 : 1); ; allowed *= 2)
        {
            if (Split(first, bits, allowed) is { } stretches)
                return new(Make(stretches), stretches.All(s => s.Drop == 0) ? Rounding : allowed - 0.5 + Rounding);
        }
    }

    /// <summary>What rounding an entry costs at most, in units of its last place.</summary>
    private double Rounding => entries.Rounding is RoundingMode.Trn or RoundingMode.TrnZero ? 1 : 0.5;

    /// <summary>Part of a table: so many addresses of 2^Drop operands each.</summary>
    private readonly record struct Stretch(BigInteger Start, int Bits, int Drop)
    {
        public long Entries => 1L << (Bits - Drop);
    }

    /// <summary>Symmetry is used where the operand has both signs and rounding has the symmetry too.</summary>
    private static Folding ChooseFolding(RealFunction function, Interval operand, Quantizer entries)
    {
        var folding = RealFunctions.FoldingOf(function);
        if (folding is not (Folding.Ramp or Folding.Rectifier) && (operand.Low.Sign >= 0 || operand.High.Sign <= 0))
            return Folding.None;
        var isNearest = entries.Rounding is RoundingMode.RndConv or RoundingMode.RndInf or RoundingMode.RndZero;
        return folding switch
        {
            Folding.Odd when !isNearest && entries.Rounding != RoundingMode.TrnZero => Folding.None,
            Folding.Odd when !entries.Type.Signed => Folding.None,
            Folding.Complement when !isNearest || entries.Type.Fraction < 1 || entries.Type.Range.Maximum < Dyadic.One => Folding.None,
            Folding.Ramp or Folding.Rectifier when !isNearest || !IsWithin(function, operand, entries.Type) => Folding.None,
            _ => folding,
        };
    }

    /// <summary>Whether no result of a function that grows like its operand overflows.</summary>
    private static bool IsWithin(RealFunction function, Interval operand, FixedType type)
    {
        var (least, most) = RealFunctions.Range(function, operand.Minimum, operand.Maximum);
        return double.IsFinite(most - least) && Dyadic.FromDouble(least) >= type.Range.Minimum && Dyadic.FromDouble(most) <= type.Range.Maximum;
    }

    private Dyadic Number(BigInteger raw) => new(raw, -operand.Fraction);

    /// <summary>The operand of the function at a distance.</summary>
    private Dyadic OperandAt(BigInteger distance) => Number(IsMirrored ? -distance : distance);

    private bool IsMirrored => _folding is Folding.Ramp or Folding.Rectifier;

    private BigInteger EntryAt(BigInteger distance) => RealFunctions.Quantize(function, OperandAt(distance), entries);

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

    /// <summary>Stretches within the bound, or null if they would have too many entries.</summary>
    private List<Stretch>? Split(BigInteger first, int bits, double bound)
    {
        for (var gain = 0.75; ; gain = gain < 0.05 ? 0 : gain / 2)
        {
            var stretches = Split(first, bits, bound, gain);
            if (stretches.Count <= MostPieces || gain == 0)
                return stretches.Sum(s => s.Entries) <= MostEntries ? stretches : null;
        }
    }

    /// <summary>One stretch, or those of both halves where they have fewer entries by the given part.</summary>
    private List<Stretch> Split(BigInteger start, int bits, double bound, double gain)
    {
        if (start > _last)
            return [];
        var whole = new Stretch(start, bits, DropOf(start, bits, bound));
        if (whole.Entries <= 64 || gain == 0)
            return [whole];
        List<Stretch> halves = [.. Split(start, bits - 1, bound, gain), .. Split(start + (BigInteger.One << (bits - 1)), bits - 1, bound, gain)];
        return halves.Sum(s => s.Entries) <= gain * whole.Entries ? halves : [whole];
    }

    /// <summary>How many bits of a distance need not be told apart.</summary>
    private int DropOf(BigInteger start, int bits, double bound)
    {
        if (_drops.TryGetValue((start, bits, bound), out var drop))
            return drop;
        drop = Math.Max(0, bits - 1);
        while (drop > 0 && !Holds(start, bits, drop, bound))
            drop--;
        return _drops[(start, bits, bound)] = drop;
    }

    /// <summary>Whether no operand is farther from its address than the bound lets the function move.</summary>
    private bool Holds(BigInteger start, int bits, int drop, double bound)
    {
        var unit = Math.ScaleB(1, -entries.Type.Fraction);
        var (least, most) = (entries.Type.Range.Minimum.ToDouble() - unit / 2, entries.Type.Range.Maximum.ToDouble() + unit / 2);
        var count = 1L << (bits - drop);
        if (count > 2 * MostEntries)
            return true;
        // Functions mostly are steepest at an end.
        for (var n = 0L; n < count; n++)
        {
            var code = n % 2 == 0 ? n / 2 : count - 1 - n / 2;
            var centre = start + ((BigInteger)code << drop);
            var low = code == 0 ? start : centre - (BigInteger.One << (drop - 1));
            var high = code == count - 1 ? start + (BigInteger.One << bits) - 1 : centre + (BigInteger.One << (drop - 1)) - 1;
            if (low <= _last && !Near(OperandAt(centre), OperandAt(low), OperandAt(BigInteger.Min(high, _last)), least, most, (bound - 0.5) * unit))
                return false;
        }
        return true;
    }

    private bool Near(Dyadic centre, Dyadic low, Dyadic high, double least, double most, double distance)
    {
        (low, high) = low <= high ? (low, high) : (high, low);
        (low, high, centre) = (RealFunctions.Nearest(function, low), RealFunctions.Nearest(function, high), RealFunctions.Nearest(function, centre));
        var (from, to) = RealFunctions.Range(function, low, high);
        var value = Math.Clamp(RealFunctions.Evaluate(function, centre.ToDouble()), least, most);
        return Math.Clamp(to, least, most) - value <= distance && value - Math.Clamp(from, least, most) <= distance;
    }

    private FoldedTable Make(IReadOnlyList<Stretch> stretches)
    {
        var pieces = stretches.Select(MakePiece).ToSeq();
        var type = entries.Type;
        if (IsMirrored && input.Fraction > type.Fraction)
            type = type with { Width = type.Integer + input.Fraction };
        var table = new FoldedTable(input, type, _folding, pieces);
        // No wider than what it gives, so that the type of the result is the type of the table.
        var range = new IntervalAlgebra().Lookup(all, new Table(function, null, table));
        return table with { Output = range.Type };
    }

    private TablePiece MakePiece(Stretch stretch)
    {
        var width = Math.Max(1, stretch.Bits - stretch.Drop);
        var address = new FixedType(false, width, width - (operand.Fraction - stretch.Drop));
        var raw = new long[1 << width];
        for (var code = 0; code < raw.Length; code++)
            raw[code] = (long)EntryAt(stretch.Start + ((BigInteger)code << stretch.Drop));
        return new(Number(stretch.Start), new TableData(address, new Interval(raw.Min(), raw.Max(), entries.Type.Fraction).Type, Seq.Own(raw)));
    }
}
