namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS3xxx, continued: what the choice of types finds out about divisions.</summary>
public static partial class Messages
{
    public static readonly Rule DivisorCanBeZeroRule = new("HLS3021", Severity.Warning, "A division can meet a divisor of zero.",
        """
        The type of the divisor holds zero. Hardware must give some number there: the divisor then counts as the smallest positive number of
        its type, so that the quotient is as large as that dividend can make it, with the dividend's sign, and 0 / 0 is 0. Nothing wraps
        around. If the model keeps its divisor away from zero, for instance by adding an epsilon, give that sum a type in which the epsilon
        does not round to zero; the warning disappears once the range of the divisor excludes zero.
        """);

    /// <summary>A divisor whose range includes zero.</summary>
    public static Diagnostic DivisorCanBeZero(string where) =>
        new(DivisorCanBeZeroRule, where, "the divisor can be zero; it then counts as the smallest positive number of its type.",
            "Keep the divisor away from zero, for example by adding a constant.");
}
