using System.Numerics;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>Where the constant of a sum goes.</summary>
/// <param name="Bits">Bits in positions where an operand has none.</param>
/// <param name="Carries">Carries that enter the first position; with all else they are the constant, modulo 2^width.</param>
/// <param name="Start">The first position where bits are added; below it those of one operand are copied.</param>
/// <param name="Positions">How many positions are added in all.</param>
/// <param name="Operand">The operand to which <paramref name="Added"/> is added first, or −1.</param>
/// <param name="Added">What finds no room otherwise, in units of the sum.</param>
internal readonly record struct SumLayout(BigInteger Bits, int Carries, int Start, int Positions, int Operand, BigInteger Added);

/// <summary>An operand of a sum: its lowest position, its bits, and when it is there, in the units of <see cref="DelayModel"/>.</summary>
internal readonly record struct RoomOperand(int Shift, int Width, int Depth);

/// <summary>
/// Where a constant finds room in a sum: in positions in which an operand has no bit, and in the carries that enter the first position
/// where bits are added. A constant bit below that position makes the sum begin there. What is left is added to an operand.
/// </summary>
internal abstract class SumRoom
{
    /// <summary>Sums of so many positions are laid out in machine words.</summary>
    private const int WordPositions = 63;

    /// <param name="width">Positions of the sum.</param>
    public static SumRoom Of(IReadOnlyList<RoomOperand> operands, int width) =>
        width <= WordPositions ? new SumRoom<ulong>(operands, width) : new SumRoom<BigInteger>(operands, width);

    /// <summary>
    /// The layout that adds in fewest positions. Where a constant has to be added to an operand first, one is preferred for which the sum
    /// does not have to wait.
    /// </summary>
    public abstract SumLayout Place(BigInteger constant);

    /// <summary>When the sum is there that is laid out so.</summary>
    public abstract int DepthOf(SumLayout layout);

    /// <summary>The rest that is not negative.</summary>
    public static BigInteger Modulo(BigInteger value, BigInteger modulus)
    {
        var rest = BigInteger.Remainder(value, modulus);
        return rest.Sign < 0 ? rest + modulus : rest;
    }
}

/// <inheritdoc/>
/// <typeparam name="T">What holds a bit for each position.</typeparam>
internal sealed class SumRoom<T> : SumRoom
    where T : IBinaryInteger<T>
{
    private readonly IReadOnlyList<RoomOperand> _operands;
    private readonly int _width;
    private readonly int _top;
    private readonly int _start;
    private readonly T _positions;
    private readonly T _once = T.Zero;
    private readonly T _twice = T.Zero;
    private readonly T _thrice = T.Zero;

    public SumRoom(IReadOnlyList<RoomOperand> operands, int width)
    {
        (_operands, _width, _positions) = (operands, width, Ones(width));
        for (var k = 0; k < operands.Count; k++)
        {
            _top = Math.Max(_top, Math.Min(width, operands[k].Shift + operands[k].Width));
            var mine = Covered(operands[k]);
            (_once, _twice, _thrice) = (_once | mine, _twice | (_once & mine), _thrice | (_twice & mine));
        }
        _start = T.IsZero(_twice) ? width : int.CreateTruncating(T.TrailingZeroCount(_twice));
    }

    public override SumLayout Place(BigInteger constant)
    {
        var modulo = T.CreateTruncating(constant) & _positions;
        if (PlaceWithin(modulo) is { } layout)
            return layout;
        var best = new SumLayout(default, 0, 0, int.MaxValue, -1, default);
        for (var k = 0; k < _operands.Count; k++)
        {
            if (PlaceBeside(k, modulo) is { } other
                && (best.Operand < 0 || (WaitsFor(k), other.Positions).CompareTo((WaitsFor(best.Operand), best.Positions)) < 0))
                best = other;
        }
        return best.Operand >= 0 ? best : throw new InvalidOperationException("A constant finds no room in a sum.");
    }

    public override int DepthOf(SumLayout layout)
    {
        var depth = 0;
        for (var k = 0; k < _operands.Count; k++)
            depth = Math.Max(depth, _operands[k].Depth + (k == layout.Operand ? DelayModel.AdderDelay : 0));
        return depth + (layout.Start < _width ? DelayModel.AdderDelay : 0);
    }

    /// <summary>Whether the sum is there later if something is added to an operand first.</summary>
    private bool WaitsFor(int operand) => _operands[operand].Depth + DelayModel.AdderDelay > _operands.Max(o => o.Depth);

    private static T Ones(int count) => (T.One << count) - T.One;

    /// <summary>The positions of the sum in which an operand has bits.</summary>
    private T Covered(RoomOperand operand) =>
        operand.Shift >= _width ? T.Zero : Ones(Math.Min(operand.Width, _width - operand.Shift)) << operand.Shift;

    private SumLayout? PlaceWithin(T constant)
    {
        for (var start = _start; start >= 0; start--)
        {
            var rows = Rows(start);
            for (var carries = 0; carries < (start < _width ? rows : 1); carries++)
            {
                var bits = unchecked(constant - (T.CreateTruncating(carries) << start)) & _positions;
                if (HasRoom(bits, start, rows))
                    return new(BigInteger.CreateTruncating(bits), carries, start, Math.Max(0, Math.Max(_top, bits.GetShortestBitLength()) - start), -1, default);
            }
        }
        return null;
    }

    /// <summary>Operands that have bits in or above a position.</summary>
    private int Rows(int start)
    {
        var rows = 0;
        for (var k = 0; k < _operands.Count; k++)
            rows += _operands[k].Shift + _operands[k].Width > start ? 1 : 0;
        return rows;
    }

    /// <summary>Adds the bits of the constant that lie in one operand's positions to that operand, and places the others.</summary>
    private SumLayout? PlaceBeside(int operand, T constant)
    {
        var (shift, width, depth) = _operands[operand];
        var added = constant & Covered(_operands[operand]);
        if (T.IsZero(added))
            return null;
        var widened = _operands.ToArray();
        widened[operand] = new(shift, width + 1, depth);
        var positions = Math.Min(_width, shift + width) - int.CreateTruncating(T.TrailingZeroCount(added));
        return new SumRoom<T>(widened, _width).PlaceWithin(constant ^ added) is { } layout
            ? layout with { Positions = layout.Positions + positions, Operand = operand, Added = BigInteger.CreateTruncating(added) }
            : null;
    }

    /// <summary>A single operand has the constant as its partner.</summary>
    private bool HasRoom(T bits, int start, int rows) =>
        T.IsZero(bits & _once & Ones(start)) && T.IsZero((bits & (rows > 2 ? _thrice : _twice)) >> start);
}
