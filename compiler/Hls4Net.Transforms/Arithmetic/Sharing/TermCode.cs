namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// A term ± variable · 2^shift in one integer: the variable from bit 7 up, the shift in bits 1 to 6, and bit 0 set for minus. Rows are
/// compared and counted millions of times a second, which records of three fields would not allow.
/// </summary>
internal static class TermCode
{
    /// <summary>The largest shift that a code holds.</summary>
    public const int LargestShift = 63;

    public static int Of(int variable, int shift, int sign) => variable << 7 | shift << 1 | (sign < 0 ? 1 : 0);

    public static int Variable(int term) => term >> 7;

    public static int Shift(int term) => term >> 1 & 63;

    public static int Sign(int term) => 1 - 2 * (term & 1);

    /// <summary>The factor of the variable.</summary>
    public static long Factor(int term) => (term & 1) != 0 ? -(1L << Shift(term)) : 1L << Shift(term);

    /// <summary>The same variable with the term's sign and shift changed as those of <paramref name="outer"/> say.</summary>
    public static int Scale(int term, int outer) => Variable(term) << 7 | Shift(term) + Shift(outer) << 1 | ((term ^ outer) & 1);

    /// <summary>The term that a variable has where another one has <paramref name="term"/>, if it is ± that one's factor · 2^distance.</summary>
    /// <param name="negative">1 for minus, 0 for plus.</param>
    public static int Partner(int term, int variable, int distance, int negative) => Of(variable, Shift(term) + distance, Sign(term) * (1 - 2 * negative));

    /// <summary>
    /// A pair of terms up to a common factor: variable u ± variable v · 2^d, where u is the one that lies lower. Never 0.
    /// </summary>
    public static ulong Pair(int a, int b)
    {
        if (Shift(a) > Shift(b) || (Shift(a) == Shift(b) && Variable(a) > Variable(b)))
            (a, b) = (b, a);
        return 1UL << 63 | (ulong)(uint)Variable(a) << 33 | (ulong)(uint)Variable(b) << 7 | (ulong)(uint)(Shift(b) - Shift(a)) << 1 | (uint)((a ^ b) & 1);
    }

    /// <summary>What a pair consists of; Negative is 1 for a difference.</summary>
    public static (int Lower, int Upper, int Distance, int Negative) Unpair(ulong pair) =>
        ((int)(pair >> 33 & 0x3FFFFFF), (int)(pair >> 7 & 0x3FFFFFF), (int)(pair >> 1 & 63), (int)(pair & 1));
}
