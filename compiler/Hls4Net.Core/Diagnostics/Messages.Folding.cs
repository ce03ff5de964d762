namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS321x: schedules.</summary>
public static partial class Messages
{
    public static readonly Rule ReuseFactorRule = new("HLS3210", Severity.Error, "A reuse factor does not divide a layer's products.",
        """
        With reuse factor R a multiplier computes R products of every event, one in each cycle, so that a layer of N products has N / R
        multipliers: R must divide N. N is the number of products of one output (a dense layer's inputs; a convolution's window times its
        channels, in one group) times the number of outputs that are computed alike (a dense layer's outputs, a convolution's filters).
        Zero weights count. The factor is never changed in silence; the message names the valid ones next to it, and every layer can
        have its own:

          layers:
            fc1: {reuse_factor: 8}
            fc2: {reuse_factor: 10}
        """);

    public static readonly Rule NotFoldableRule = new("HLS3211", Severity.Error, "A layer with a reuse factor cannot be folded.",
        """
        Only layers that multiply by a matrix of constants can be folded: Gemm, MatMul and Conv with constant weights. Other layers are
        unrolled, whatever the factor of the others; take the factor away from this one.
        """);

    public static readonly Rule FoldedWithoutClockRule = new("HLS3212", Severity.Error, "A folded layer needs a clock.",
        """
        A reuse factor above 1 computes an event in several clock cycles. Without a clock (`--clock none`) there are no cycles: give one,
        or leave the reuse factor out.
        """);

    public static readonly Rule NothingToLoadRule = new("HLS3213", Severity.Error, "There are no weights that can be loaded at run time.",
        """
        Weights that are loaded at run time (`--weights loadable`, or `loadable: true` for a layer) lie in tables, and only folded layers have
        tables: give the layer a reuse factor of at least 2. An unrolled layer multiplies by constants with adders, which new weights would
        change. Weights that another layer reads as well, or that are rounded once more inside the sum, stay as they are.
        """);

    public static readonly Rule LoadTooWideRule = new("HLS3214", Severity.Error, "A number that is to be loaded is too wide for the bus.",
        """
        The bus brings 32 bits in a transfer, and a weight or a bias has to fit into one. What counts is not only the number's own type: biases are
        kept on the grid of the sum that they start. Give the layer narrower types:

          layers:
            fc1: {weight: fixed<8,2>, bias: fixed<16,4>, accumulator: fixed<24,8>}
        """);

    public static Diagnostic NothingToLoad(string where) => new(NothingToLoadRule, where,
        "no weights of a folded layer can be loaded here.", "Give the layers a reuse factor (--reuse R), or leave their weights constant.");

    /// <param name="where">The node.</param>
    public static Diagnostic LoadTooWide(string where, int width, int most) => new(LoadTooWideRule, where,
        FormattableString.Invariant($"a number that is to be loaded takes {width} bits, and the bus brings {most}."), "Give the layer narrower types.");

    /// <param name="where">The layer, with the place in the configuration.</param>
    /// <param name="below">The next smaller valid factor; 0 for none.</param>
    /// <param name="above">The next larger valid factor; 0 for none.</param>
    public static Diagnostic ReuseFactor(string where, int factor, int terms, int outputs, long below, long above) => new(ReuseFactorRule, where,
        FormattableString.Invariant($"the reuse factor {factor} does not divide the {terms} × {outputs} products of this layer."),
        (below, above) switch
        {
            (0, _) => FormattableString.Invariant($"The smallest valid one is {above}."),
            (_, 0) => FormattableString.Invariant($"The largest valid one is {below}."),
            _ => FormattableString.Invariant($"The next valid ones are {below} and {above}."),
        });

    /// <param name="where">The layer, with the place in the configuration.</param>
    public static Diagnostic NotFoldable(string where, string operators) => new(NotFoldableRule, where,
        $"a reuse factor needs a layer that multiplies by a matrix of constants, and this is {operators}.");

    public static Diagnostic FoldedWithoutClock(string where) => new(FoldedWithoutClockRule, where,
        "the layer is folded, and without a clock there are no cycles to compute it in.", "Give a --clock, or leave the reuse factor out.");
}
