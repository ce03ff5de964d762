namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS54xx: weights that are loaded at run time.</summary>
public static partial class Messages
{
    public static readonly Rule OtherNetworkRule = new("HLS5501", Severity.Error, "The retrained network is not the compiled one with other weights.",
        """
        Firmware takes new weights only of a network with the same operators, shapes and connections in the same order: everything else is wired.
        Names may differ. Export the network as before; if `compile` was given a configuration that adds a score or an input stage, or that names
        layers, give the same file with -c. A network of another shape has to be compiled.
        """);

    public static readonly Rule WeightOutsideRule = new("HLS5502", Severity.Error, "A retrained weight is outside the type that the firmware has for it.",
        """
        Types are fixed when the firmware is made: each weight has its bits in a table. A weight beyond the largest number of its type would be clipped,
        and the network would not be the one that was trained. Clip weights while training, or leave room when compiling:

          layers:
            fc1: {weight: fixed<8,3>}
        """);

    public static readonly Rule WeightNotLoadableRule = new("HLS5503", Severity.Error, "A constant that differs cannot be loaded.",
        """
        Only the weights and biases of folded layers that were compiled with `--weights loadable` (or `loadable: true`) are in tables. This constant is part
        of the wiring: a layer that is unrolled, a normalisation, a slope. Keep it as it was while retraining, or compile again; `report` lists the layers that
        are folded.
        """);

    public static readonly Rule NoWeightsToLoadRule = new("HLS5504", Severity.Error, "The firmware takes no weights at run time.",
        """
        Its weights are constants. Compile with `--reuse R --weights loadable` and with Verilog to get firmware with a port for weights.
        """);

    /// <param name="where">The node of the retrained model, or the file.</param>
    public static Diagnostic OtherNetwork(string where, string what) => new(OtherNetworkRule, where,
        $"{what}.", "Only weights and biases may differ; give the configuration of compile with -c, or compile the network.");

    /// <param name="where">The constant, with its node.</param>
    public static Diagnostic WeightOutside(string where, double value, string type, double low, double high) => new(WeightOutsideRule, where,
        FormattableString.Invariant($"{value:G6} is outside {type}, which holds {low:G6} to {high:G6}."), "Clip weights while training, or compile with a wider type.");

    /// <param name="where">The constant, with its node.</param>
    public static Diagnostic WeightNotLoadable(string where) => new(WeightNotLoadableRule, where,
        "it differs from the compiled network's, and the firmware has it wired.", "Keep it while retraining, or compile again.");

    public static Diagnostic NoWeightsToLoad(string folder) => new(NoWeightsToLoadRule, folder,
        "the firmware in this folder has no weights that can be loaded.", "Compile with --reuse and --weights loadable.");
}
