using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>Which way the results of a piece step within an address.</summary>
public enum TableSlope
{
    /// <summary>One unit up from the threshold on.</summary>
    Rising,

    /// <summary>One unit down from the threshold on.</summary>
    Falling,

    /// <summary>The lowest bit of the threshold says: 1 is down.</summary>
    Either,
}

/// <summary>
/// A stretch of a folded table. Without thresholds, the nearest address stands for a distance. With them, the leading bits of a distance
/// are the address and the others are compared with its threshold, which tells where the result steps by a unit of its last place: so every
/// distance has a correctly rounded result, however many share an address.
/// </summary>
/// <param name="Start">Where it begins; the address is the distance from here, saturated.</param>
/// <param name="Data">The entries, by an unsigned address; with thresholds, the lower of both results.</param>
/// <param name="Thresholds">By the same address, the first of the lower bits of the distance for which the second result holds.</param>
public sealed record TablePiece(Dyadic Start, TableData Data, TableData? Thresholds = null, TableSlope Slope = TableSlope.Rising)
{
    /// <summary>The result for a distance from the start, written in primitives.</summary>
    internal T Expand<T>(IAlgebra<T> algebra, T offset, RealFunction function)
    {
        if (Thresholds is null)
            return algebra.Lookup(algebra.Cast(offset, new Quantizer(Data.Input, Rounding.Rnd, Overflow.Sat)), new Table(function, Data));
        var low = Low;
        var confined = algebra.Cast(offset, new Quantizer(new FixedType(false, Data.Input.Width + low.Width, Data.Input.Integer), Rounding.Trn, Overflow.Sat));
        var address = algebra.Cast(confined, new Quantizer(Data.Input, Rounding.Trn, Overflow.Wrap));
        var threshold = algebra.Lookup(address, new Table(function, Thresholds));
        var isBefore = algebra.Compare(Comparison.Less, algebra.Cast(confined, new Quantizer(low, Rounding.Trn, Overflow.Wrap)),
            Slope == TableSlope.Either ? algebra.Cast(threshold, new Quantizer(low, Rounding.Trn, Overflow.Wrap)) : threshold);
        var isAfter = algebra.Select(isBefore, algebra.Literal(Dyadic.Zero), algebra.Literal(Dyadic.One));
        var isUpper = Slope switch
        {
            TableSlope.Rising => isAfter,
            TableSlope.Falling => isBefore,
            _ => algebra.Select(Falls(algebra, threshold), isBefore, isAfter),
        };
        return algebra.Add(algebra.Lookup(address, new Table(function, Data)), algebra.Shift(isUpper, -Data.Output.Fraction));
    }

    /// <summary>What is compared with thresholds: the bits of a distance below its address.</summary>
    public FixedType Low
    {
        get
        {
            var type = Thresholds!.Output;
            var width = Slope == TableSlope.Either ? type.Width - 1 : type.Width;
            return new FixedType(false, width, type.Integer);
        }
    }

    private T Falls<T>(IAlgebra<T> algebra, T threshold)
    {
        var fraction = Thresholds!.Output.Fraction;
        return algebra.Shift(algebra.Cast(threshold, new Quantizer(new FixedType(false, 1, 1 - fraction), Rounding.Trn, Overflow.Wrap)), fraction);
    }

    /// <summary>The result for a distance, and the last distance on a grid with the same one before it changes; null if it never does.</summary>
    internal (Dyadic? Last, Dyadic Value) StepAt(Dyadic distance, int fraction)
    {
        if (Thresholds is null)
        {
            var code = (int)Casting.Cast(distance - Start, new Quantizer(Data.Input, Rounding.Rnd, Overflow.Sat));
            return (LastOf(code, fraction), Entry(code));
        }
        var width = Low.Width;
        var raw = BigInteger.Clamp((distance - Start).ToRaw(fraction), 0, (BigInteger.One << (Data.Input.Width + width)) - 1);
        var address = (int)(raw >> width);
        var (first, stored) = ((BigInteger)address << width, Thresholds.Entries[address]);
        var isEither = Slope == TableSlope.Either;
        var threshold = isEither ? stored >> 1 : stored;
        var falls = isEither ? (stored & 1) != 0 : Slope == TableSlope.Falling;
        var isBefore = raw - first < threshold;
        var last = isBefore ? first + threshold - 1 : address == Data.Entries.Count - 1 ? (BigInteger?)null : first + (BigInteger.One << width) - 1;
        return (last is { } end ? Start + new Dyadic(end, -fraction) : null, isBefore == falls ? Entry(address) + new Dyadic(1, -Data.Output.Fraction) : Entry(address));
    }

    private Dyadic Entry(int code) => new(Data.Entries[code], -Data.Output.Fraction);

    /// <summary>The last distance on a grid that has an address; null for the last address, which has no last one.</summary>
    private Dyadic? LastOf(int code, int fraction)
    {
        if (code == Data.Entries.Count - 1)
            return null;
        // Up to, and not including, half a step further.
        var drop = fraction - Data.Input.Fraction;
        var raw = ((BigInteger)code << drop) + (drop == 0 ? 0 : (BigInteger.One << (drop - 1)) - 1);
        return Start + new Dyadic(raw, -fraction);
    }
}
