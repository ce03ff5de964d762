namespace Hls4Net.Core.Passes;

/// <summary>What a pass leaves as it was; the tests hold every pass to it on random inputs.</summary>
public enum Promise
{
    /// <summary>Every output has the same bits for every input.</summary>
    SameBits,

    /// <summary>Every output is the same real number, but for the rounding of float64; what it is quantised to may differ.</summary>
    SameReals,

    /// <summary>Numbers may be rounded: this is what the pass is for.</summary>
    MayRound,
}
