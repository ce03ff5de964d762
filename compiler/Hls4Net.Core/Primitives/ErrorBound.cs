using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>What a value of a typed design can be, and how far it can be from what the same design computes in real numbers.</summary>
/// <param name="Typed">The typed value.</param>
/// <param name="Error">No smaller than |typed − real|, for every event; null where no finite bound follows from the types.</param>
public readonly record struct ErrorBound(Interval Typed, Dyadic? Error)
{
    /// <summary>Errors are rounded up to this many bits, so that they do not grow with the depth of a network.</summary>
    private const int Bits = 64;

    /// <summary>A value that is what it is in real numbers.</summary>
    public static ErrorBound Exact(Interval typed) => new(typed, Dyadic.Zero);

    public bool IsExact => Error is { IsZero: true };

    /// <summary>The ends of the real value; null if it has none.</summary>
    public (Dyadic Low, Dyadic High)? Real => Error is { } error ? (Typed.Minimum - error, Typed.Maximum + error) : null;

    /// <summary>The bound on a value, with an error that is a little larger rather than long.</summary>
    internal static ErrorBound Of(Interval typed, Dyadic? error)
    {
        if (error is not { } exact || exact.Magnitude < Bits + exact.Exponent)
            return new(typed, error);
        var drop = exact.Magnitude + 1 - Bits - exact.Exponent;
        return new(typed, new Dyadic((exact.Mantissa >> drop) + 1, exact.Exponent + drop));
    }
}
