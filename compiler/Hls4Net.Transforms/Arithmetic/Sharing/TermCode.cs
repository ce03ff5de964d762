using System.Runtime.CompilerServices;

namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// A term ± variable · 2^shift in one integer: the shift from bit 21 up, the variable in bits 1 to 20, and bit 0 set for minus. Rows are
/// compared and counted many millions of times a second, which records of three fields would not allow.
/// </summary>
internal static class TermCode
{
    /// <summary>The largest shift that a code holds.</summary>
    public const int LargestShift = 63;

    /// <summary>Variables are numbered from 0 to this, less one.</summary>
    public const int MostVariables = 1 << 20;

    /// <summary>The bits of a pair.</summary>
    public const int PairBits = 47;

    /// <summary>The position of the shift in a code.</summary>
    public const int ShiftAt = 21;

    private const int PlainTermBits = ShiftAt + 6;

    public static int Of(int variable, int shift, int sign) => shift << ShiftAt | variable << 1 | (sign < 0 ? 1 : 0);

    public static int Variable(int term) => term >> 1 & MostVariables - 1;

    public static int Shift(int term) => term >> ShiftAt;

    public static int Sign(int term) => 1 - 2 * (term & 1);

    /// <summary>The factor of the variable.</summary>
    public static long Factor(int term) => (term & 1) != 0 ? -(1L << Shift(term)) : 1L << Shift(term);

    /// <summary>The same factor of another variable.</summary>
    public static int WithVariable(int term, int variable) => term & ~(MostVariables - 1 << 1) | variable << 1;

    /// <summary>The same variable with the term's sign and shift changed as those of <paramref name="outer"/> say.</summary>
    public static int Scale(int term, int outer) => (term ^ outer & 1) + (Shift(outer) << ShiftAt);

    /// <summary>The term that a variable has where another one has <paramref name="term"/>, if it is ± that one's factor · 2^distance.</summary>
    /// <param name="negative">1 for minus, 0 for plus.</param>
    public static int Partner(int term, int variable, int distance, int negative) =>
        (WithVariable(term, variable) ^ negative) + (distance << ShiftAt);

    /// <summary>
    /// A pair of terms up to a common factor: variable u ± variable v · 2^d, where u is the one that lies lower. Never 0, since a row has
    /// no two equal terms and no opposite ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pair(int a, int b)
    {
        unchecked
        {
            var (lower, upper) = (Math.Min(a, b), Math.Max(a, b));
            var above = upper - (lower >> ShiftAt << ShiftAt) ^ lower & 1;
            return (ulong)Variable(lower) << PlainTermBits | (uint)above;
        }
    }

    /// <summary>The variable of a pair's lower term.</summary>
    public static int LowerOf(ulong pair) => (int)(pair >> PlainTermBits);

    /// <summary>A pair's upper term, where the lower one is plus its variable.</summary>
    public static int AboveOf(ulong pair) => (int)(pair & (1UL << PlainTermBits) - 1);

    /// <summary>What a pair consists of; Negative is 1 for a difference.</summary>
    public static (int Lower, int Upper, int Distance, int Negative) Unpair(ulong pair)
    {
        var above = AboveOf(pair);
        return (LowerOf(pair), Variable(above), Shift(above), above & 1);
    }
}
