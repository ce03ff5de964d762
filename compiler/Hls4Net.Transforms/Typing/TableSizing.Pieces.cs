using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using RoundingMode = Hls4Net.Core.Numbers.Rounding;

namespace Hls4Net.Transforms.Typing;

/// <summary>What is stored: which symmetry is used, and the pieces.</summary>
internal sealed partial class TableSizing
{
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
            Folding.Complement when !isNearest || entries.Type.Fraction < 1 => Folding.None,
            Folding.Ramp or Folding.Rectifier when !isNearest => Folding.None,
            not Folding.Even when !IsWithin(function, operand, entries.Type) => Folding.None,
            _ => folding,
        };
    }

    /// <summary>Whether no finite result overflows, so that overflow need not be folded.</summary>
    private static bool IsWithin(RealFunction function, Interval operand, FixedType type)
    {
        var (least, most) = TableTypes.Extremes(function, operand);
        var half = Math.ScaleB(1, -type.Fraction - 1);
        return least >= type.Range.Minimum.ToDouble() - half && most <= type.Range.Maximum.ToDouble() + half;
    }

    private FoldedTable Make(IReadOnlyList<Filled> stretches, double bound)
    {
        var pieces = stretches.Select(s => s.Steps is { } steps ? MakeSteps(s.Stretch, steps) : MakePiece(s.Stretch)).ToSeq();
        var type = entries.Type;
        if (IsMirrored && input.Fraction > type.Fraction)
            type = type with { Width = type.Integer + input.Fraction };
        var table = new FoldedTable(input, type, _folding, pieces, Dyadic.FromDouble(bound));
        // No wider than what it gives, so that the type of the result is the type of the table.
        var range = new IntervalAlgebra().Lookup(all, new Table(function, null, table));
        return table with { Output = range.Type };
    }

    /// <summary>Lower results and thresholds; an address with one result has it from 0 on.</summary>
    private TablePiece MakeSteps(Stretch stretch, TableStepOf[] steps)
    {
        var (falls, rises) = (steps.Any(s => s.After < s.Before), steps.Any(s => s.After > s.Before));
        var slope = falls && rises ? TableSlope.Either : falls ? TableSlope.Falling : TableSlope.Rising;
        var (low, thresholds) = (new long[steps.Length], new long[steps.Length]);
        for (var k = 0; k < steps.Length; k++)
        {
            var (before, after, threshold) = steps[k];
            var isFalling = after < before || (after == before && slope == TableSlope.Falling);
            low[k] = (long)(after == before ? isFalling ? after : after - 1 : BigInteger.Min(before, after));
            thresholds[k] = slope == TableSlope.Either ? ((long)threshold << 1) | (isFalling ? 1L : 0) : (long)threshold;
        }
        var address = Address(stretch);
        var bit = slope == TableSlope.Either ? 1 : 0;
        var compared = new FixedType(false, stretch.Drop + bit, -address.Fraction);
        return new(Number(stretch.Start), new TableData(address, new Interval(low.Min(), low.Max(), entries.Type.Fraction).Type, Seq.Own(low)),
            new TableData(address, compared, Seq.Own(thresholds)), slope);
    }

    private FixedType Address(Stretch stretch)
    {
        var width = Math.Max(1, stretch.Bits - stretch.Drop);
        return new FixedType(false, width, width - (operand.Fraction - stretch.Drop));
    }

    private TablePiece MakePiece(Stretch stretch)
    {
        var address = Address(stretch);
        var width = address.Width;
        var raw = new long[1 << width];
        for (var code = 0; code < raw.Length; code++)
            raw[code] = (long)EntryAt(stretch.Start + ((BigInteger)code << stretch.Drop));
        return new(Number(stretch.Start), new TableData(address, new Interval(raw.Min(), raw.Max(), entries.Type.Fraction).Type, Seq.Own(raw)));
    }
}
