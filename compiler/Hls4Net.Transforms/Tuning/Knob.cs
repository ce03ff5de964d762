using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Tuning;

/// <summary>What a knob turns.</summary>
public enum KnobKind
{
    /// <summary>Resolution of an input.</summary>
    InputFraction,

    /// <summary>Range of an input: the highest bits go, and larger values are clipped.</summary>
    InputInteger,

    /// <summary>Bits of weights.</summary>
    WeightBits,

    /// <summary>Weights that are zero.</summary>
    Prune,

    /// <summary>Weights of fewer digits.</summary>
    Round,

    /// <summary>Resolution of a result.</summary>
    ResultFraction,

    /// <summary>Range of a result.</summary>
    ResultInteger,

    /// <summary>Products of one multiplier.</summary>
    Reuse,
}

/// <summary>A choice of one layer or input, from what the compiler takes by itself (level 0) to what costs least.</summary>
/// <param name="Kind">What it turns.</param>
/// <param name="Target">The input, or the value that the layer produces.</param>
/// <param name="Levels">What each level stands for, for people.</param>
public sealed record Knob(KnobKind Kind, string Target, IReadOnlyList<string> Levels)
{
    /// <summary>The configuration with the knob at a level.</summary>
    internal Func<LayerTypes, int, LayerTypes>? Apply { get; init; }
}
