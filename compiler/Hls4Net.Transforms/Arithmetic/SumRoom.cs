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
internal sealed class SumRoom
{
    private readonly IReadOnlyList<RoomOperand> _operands;
    private readonly int _width;
    private readonly int _top;
    private readonly int _start;
    private readonly BigInteger _once;
    private readonly BigInteger _twice;
    private readonly BigInteger _thrice;

    /// <param name="width">Positions of the sum.</param>
    public SumRoom(IReadOnlyList<RoomOperand> operands, int width)
    {
        (_operands, _width) = (operands, width);
        var positions = (BigInteger.One << width) - 1;
        foreach (var (shift, bits, _) in operands)
        {
            _top = Math.Max(_top, Math.Min(width, shift + bits));
            var mine = (((BigInteger.One << bits) - 1) << shift) & positions;
            (_once, _twice, _thrice) = (_once | mine, _twice | (_once & mine), _thrice | (_twice & mine));
        }
        _start = _twice.IsZero ? width : (int)BigInteger.TrailingZeroCount(_twice);
    }

    /// <summary>
    /// The layout that adds in fewest positions. Where a constant has to be added to an operand first, one is preferred for which the sum
    /// does not have to wait.
    /// </summary>
    public SumLayout Place(BigInteger constant)
    {
        if (PlaceWithin(constant) is { } layout)
            return layout;
        var best = new SumLayout(default, 0, 0, int.MaxValue, -1, default);
        for (var k = 0; k < _operands.Count; k++)
        {
            if (PlaceBeside(k, constant) is { } other
                && (best.Operand < 0 || (WaitsFor(k), other.Positions).CompareTo((WaitsFor(best.Operand), best.Positions)) < 0))
                best = other;
        }
        return best.Operand >= 0 ? best : throw new InvalidOperationException("A constant finds no room in a sum.");
    }

    /// <summary>When the sum is there that is laid out so.</summary>
    public int DepthOf(SumLayout layout)
    {
        var depth = 0;
        for (var k = 0; k < _operands.Count; k++)
            depth = Math.Max(depth, _operands[k].Depth + (k == layout.Operand ? DelayModel.AdderDelay : 0));
        return depth + (layout.Start < _width ? DelayModel.AdderDelay : 0);
    }

    /// <summary>Whether the sum is there later if something is added to an operand first.</summary>
    private bool WaitsFor(int operand) => _operands[operand].Depth + DelayModel.AdderDelay > _operands.Max(o => o.Depth);

    /// <summary>The rest that is not negative.</summary>
    public static BigInteger Modulo(BigInteger value, BigInteger modulus)
    {
        var rest = BigInteger.Remainder(value, modulus);
        return rest.Sign < 0 ? rest + modulus : rest;
    }

    private SumLayout? PlaceWithin(BigInteger constant)
    {
        if (constant.IsZero)
            return new(constant, 0, _start, Math.Max(0, _top - _start), -1, default);
        var modulus = BigInteger.One << _width;
        for (var start = _start; start >= 0; start--)
        {
            var rows = _operands.Count(o => o.Shift + o.Width > start);
            for (var carries = 0; carries < (start < _width ? rows : 1); carries++)
            {
                var bits = Modulo(constant - (new BigInteger(carries) << start), modulus);
                if (HasRoom(bits, start, rows))
                    return new(bits, carries, start, Math.Max(0, Math.Max(_top, (int)bits.GetBitLength()) - start), -1, default);
            }
        }
        return null;
    }

    /// <summary>Adds the bits of the constant that lie in one operand's positions to that operand, and places the others.</summary>
    private SumLayout? PlaceBeside(int operand, BigInteger constant)
    {
        var (shift, width, depth) = _operands[operand];
        var covered = ((BigInteger.One << width) - 1) << shift;
        var added = Modulo(constant, BigInteger.One << _width) & covered;
        if (added.IsZero)
            return null;
        var widened = _operands.ToArray();
        widened[operand] = new(shift, width + 1, depth);
        var positions = Math.Min(_width, shift + width) - (int)BigInteger.TrailingZeroCount(added);
        return new SumRoom(widened, _width).PlaceWithin(constant - added) is { } rest
            ? rest with { Positions = rest.Positions + positions, Operand = operand, Added = added }
            : null;
    }

    /// <summary>A single operand has the constant as its partner.</summary>
    private bool HasRoom(BigInteger bits, int start, int rows) =>
        (bits & _once & ((BigInteger.One << start) - 1)).IsZero && ((bits & (rows > 2 ? _thrice : _twice)) >> start).IsZero;
}
