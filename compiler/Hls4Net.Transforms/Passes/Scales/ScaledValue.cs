using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Passes.Scales;

/// <summary>What a value is in terms of another: min(max(base · Factor + Shift, Low), High), element by element.</summary>
/// <param name="Base">The name of the other value, of the same shape.</param>
/// <param name="Low">Null for no limit.</param>
/// <param name="High">Null for no limit.</param>
/// <param name="IsQuantised">Whether the base is exact numbers of the model's quantisers.</param>
/// <param name="IsNew">Whether the base is not a value of the model.</param>
internal sealed record ScaledValue(string Base, Spread Factor, Spread Shift, Spread? Low, Spread? High, bool IsQuantised, bool IsNew)
{
    public static ScaledValue Of(string name, bool isQuantised) => new(name, Spread.One, Spread.Zero, null, null, isQuantised, false);

    /// <summary>A multiple of a new value.</summary>
    public static ScaledValue New(string name, Spread factor) => new(name, factor, Spread.Zero, null, null, true, true);

    /// <summary>The same function of a new value.</summary>
    public ScaledValue On(string name) => this with { Base = name, IsNew = true };

    public bool HasLimits => Low is not null || High is not null;

    public bool HasShift => !Shift.All(s => s.IsZero);

    /// <summary>Whether the value is a multiple of its base and nothing else.</summary>
    public bool IsMultiple => !HasLimits && !HasShift;

    /// <summary>Whether the value is its base.</summary>
    public bool IsPlain => IsMultiple && Factor.All(f => f == Rational.One);

    /// <summary>The value times constants, or null if limits would have to change places for some elements only.</summary>
    public ScaledValue? Times(Spread constant)
    {
        var isPositive = constant.All(c => c.Sign > 0);
        if (HasLimits && !isPositive && !constant.All(c => c.Sign < 0))
            return null;
        var (low, high) = isPositive ? (Low, High) : (High, Low);
        return this with { Factor = Factor * constant, Shift = Shift * constant, Low = low is null ? null : low * constant, High = high is null ? null : high * constant };
    }

    public ScaledValue Plus(Spread constant) =>
        this with { Shift = Shift + constant, Low = Low is null ? null : Low + constant, High = High is null ? null : High + constant };

    /// <summary>The larger of the value and constants.</summary>
    public ScaledValue AtLeast(Spread limit) => this with
    {
        Low = Low is null ? limit : Spread.Combine(Low, limit, Max),
        High = High is null ? null : Spread.Combine(High, limit, Max),
    };

    /// <summary>The smaller of the value and constants.</summary>
    public ScaledValue AtMost(Spread limit) => this with
    {
        High = High is null ? limit : Spread.Combine(High, limit, Min),
        Low = Low is null ? null : Spread.Combine(Low, limit, Min),
    };

    private static Rational Max(Rational a, Rational b) => a >= b ? a : b;

    private static Rational Min(Rational a, Rational b) => a <= b ? a : b;
}
