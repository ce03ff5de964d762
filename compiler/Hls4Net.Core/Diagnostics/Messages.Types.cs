namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS3xxx: types and configuration.</summary>
public static partial class Messages
{
    public static readonly Rule ConfigurationSyntaxRule = new("HLS3001", Severity.Error, "The configuration is not valid YAML.",
        """
        The configuration file could not be read as YAML, or a value has the wrong shape (a list where a mapping is needed, for example).
        A small valid file:

            model:
              precision: fixed<16,6>
            inputs:
              events: fixed<18,12,RND,SAT>
            layers:
              fc1:
                weight: fixed<8,2>
                result: ufixed<10,6,RND_CONV,SAT>

        An input may also be a mapping, with what the firmware does before the network: events: { type: fixed<18,13>, offset: [4, 0.5],
        shift: [2, -1], result: fixed<8,6,RND_CONV,SAT> } subtracts the offset and shifts right, both within the type, and then casts.
        """);

    public static readonly Rule UnknownKeyRule = new("HLS3002", Severity.Error, "The configuration has a key that nothing reads.",
        """
        A misspelt key would silently leave the default in place, so every key must be known. The keys are those that the message lists;
        `model`, `inputs` and `layers` are the sections.
        """);

    public static readonly Rule UnknownLayerRule = new("HLS3003", Severity.Error, "The configuration names a layer or input that the model does not have.",
        """
        Layers are named by the ONNX node's name, or by the name of the value that the node produces. A node without a name is called by
        its first output. `hls4net report DIR` lists the names of a compiled model.
        """);

    public static readonly Rule BadTypeRule = new("HLS3004", Severity.Error, "A type is not written as a type.",
        """
        A type is `fixed<W,I>` or `ufixed<W,I>`: W bits in all, I of them left of the binary point, the sign included. Rounding and overflow
        may follow: fixed<16,6,RND_CONV,SAT>. Rounding is one of TRN, TRN_ZERO, RND, RND_ZERO, RND_INF, RND_MIN_INF, RND_CONV, overflow one
        of WRAP, SAT, SAT_ZERO, SAT_SYM. `int<W>`, `uint<W>` and the ap_ spelling are read as well. What is not written is RND, SAT
        (TRN, WRAP in the hls dialect).
        """);

    public static readonly Rule TypeOverflowRule = new("HLS3005", Severity.Warning, "A type that you chose can overflow.",
        """
        Interval analysis with the actual weights finds inputs within the declared types whose exact result does not fit the type that was
        named. With WRAP the value comes back with another sign; with SAT it is clipped. The message gives the worst case and, with
        calibration data, how often it happened. Give the type more integer bits, or leave it out: the default type cannot overflow.
        """);

    public static readonly Rule DefaultInputTypeRule = new("HLS3006", Severity.Warning, "An input has no type; a default was taken.",
        """
        Without calibration data (`--calibrate X.npy`), a declared type (`inputs:` in the configuration, or `--precision`) or a quantiser in the
        model, nothing says how large the inputs are. fixed<16,6,RND,SAT> is taken: values beyond ±32 are clipped, and steps are 1/1024.
        """);

    public static readonly Rule KeyDoesNotApplyRule = new("HLS3007", Severity.Error, "A configuration key does not apply to that layer.",
        """
        `weight` needs a layer with a weight matrix, `bias` one that adds constants, `scale` one that multiplies by constants, `accumulator`
        one that sums products, `table` one that is made as a look-up table. `result` applies to every layer that computes; `term` to the
        squares of a score. In the hls dialect a table has `table_size` and `table` (the type of its entries), a softmax `implementation`
        (stable, latency, legacy, argmax), `exp_table`, `inv_table`, `inv_inp`, `inp_norm` and `skip`, an activation with a factor `param`, an
        average `quotient`, and a layer normalisation `table_range_power2`.
        """);

    public static readonly Rule WideConstantRule = new("HLS3008", Severity.Error, "A constant needs more bits than the compiler holds.",
        "Constants may have up to 63 bits. Give the layer a narrower `weight`, `bias` or `scale` type.");

    public static readonly Rule QuantScaleRule = new("HLS3030", Severity.Error, "A quantiser needs a constant of more than 63 bits.",
        """
        A quantiser whose scale is no power of two is a multiplication by a constant and a rounding. The constant has as many bits as it takes
        to round every value that can occur as the exact quotient would. More than 63 are needed only for integers of more than some 24 bits:
        give the quantiser fewer bits, quantise the values before it, or train with power-of-two scales (in Brevitas
        restrict_scaling_type=RestrictValueType.POWER_OF_TWO, in QKeras alpha='auto_po2' or alpha=1), which cost nothing.
        """);

    public static readonly Rule QuantisedNarrowedRule = new("HLS3031", Severity.Warning, "A value made of quantised ones is rounded before it is multiplied.",
        """
        Between the model's own quantisers nothing is rounded, as long as what is multiplied has at most 40 bits. The value named has more,
        because no quantiser of the model stands between the layers that made it so wide: an activation without one, or weights in floating
        point. It is narrowed like a value of an unquantised network. Quantise it in training, or name its type with `result`.
        """);

    public static readonly Rule ScoreInputsRule = new("HLS3009", Severity.Error, "The score does not fit the chosen outputs.",
        """
        `--score mu2` takes the first chosen output. `kl` and `rz` take two outputs of equal size, the means first and the log-variances second:
        --outputs mu,logvar --score kl
        `mse` and `mae` take a reconstruction of the input, `residual` a value and its reconstruction, `distance` a value and a centre, `capsule`
        vectors. The section `score` of the configuration names values, masks, centres and tables:
        score: { head: mse, of: recon, mask: pt, thresholds: 3 }
        """);

    public static readonly Rule CalibrationSaturatesRule = new("HLS3010", Severity.Warning, "Calibration events leave the range of a declared type.",
        """
        Some of the calibration events do not fit the type that the configuration declares for an input. They are clipped (SAT) or come back with
        other values (WRAP), exactly as the firmware will do it.
        """);

    public static readonly Rule WideWeightsRule = new("HLS3011", Severity.Warning, "A few weights of a layer are far larger than the rest.",
        """
        A type that holds the largest weight leaves few bits for the others: most of them round to zero. It often comes from a BatchNormalization
        whose variance was nearly zero (a feature that is almost always empty) and that was folded into the layer. Scale inputs by powers of
        two instead of per-feature standard deviations, or give the layer a wider `weight` type.
        """);

    /// <summary>The file is not YAML or not of the right shape.</summary>
    public static Diagnostic ConfigurationSyntax(string file, long line, string problem) =>
        new(ConfigurationSyntaxRule, $"{file}:{line}", problem);

    public static readonly Rule TooWideRule = new("HLS3012", Severity.Error, "A value needs more bits than any hardware would give it.",
        """
        Without a type that cuts them short, exact values grow with every operation: a product is as wide as both factors together. Here
        the growth passed what the compiler follows. Give the result of that node, or of one before it, a type in the configuration, or give
        --precision for all of them.
        """);

    /// <summary>A value that grew beyond every sensible width.</summary>
    public static Diagnostic TooWide(string where, int width, int maximum) =>
        new(TooWideRule, where, FormattableString.Invariant($"its exact result needs {width} bits; at most {maximum} are followed."),
            "Give it, or a node before it, a result type in the configuration, or give --precision.");

    public static readonly Rule TooMuchHardwareRule = new("HLS3013", Severity.Error, "The network is too large to be unrolled.",
        """
        Every operation of the network becomes an operator of its own in the hardware, so that a new event can enter in every cycle. This
        network has more operations than any FPGA could hold. Compile a part of it with --outputs, or train a smaller one. HLS C++ and the
        emulator alone go further: `--emit hls` leaves the Verilog out.
        """);

    /// <summary>A network with more operations than any device holds.</summary>
    /// <param name="hasSoftware">Whether leaving the Verilog out would help.</param>
    public static Diagnostic TooMuchHardware(string where, long operations, long maximum, bool hasSoftware) =>
        new(TooMuchHardwareRule, where, hasSoftware
                ? FormattableString.Invariant($"up to this node the network has at least {operations} operations, each with hardware of its own; at most {maximum} can be unrolled.")
                : FormattableString.Invariant($"up to this node the network has at least {operations} operations; at most {maximum} are followed."),
            $"Compile a part of it with --outputs, {(hasSoftware ? "leave the Verilog out with --emit hls, " : "")}or train a smaller network.");

    /// <summary>A key that nothing reads.</summary>
    public static Diagnostic UnknownKey(string file, long line, string key, IReadOnlyCollection<string> known) =>
        new(UnknownKeyRule, $"{file}:{line}", $"'{key}' is not a key here; there are {string.Join(", ", known)}.", DidYouMean(key, known));

    /// <summary>A layer or input that the model does not have.</summary>
    public static Diagnostic UnknownLayer(string file, long line, string name, string what, IReadOnlyCollection<string> known) =>
        new(UnknownLayerRule, $"{file}:{line}", $"The model has no {what} '{name}'; it has {Shorten(known)}.", DidYouMean(name, known));

    /// <summary>A text that is not a type.</summary>
    public static Diagnostic BadType(string where, string text, string problem) => new(BadTypeRule, where, $"'{text}' is not a type: {problem}.");

    /// <summary>A type that cannot hold every value.</summary>
    public static Diagnostic TypeOverflow(string where, string type, string consequence, double low, double high, string observed) =>
        new(TypeOverflowRule, where, FormattableString.Invariant($"values from {low:G6} to {high:G6} are possible, which {type} does not hold: they {consequence}.{observed}"),
            "Leave the type out for one that cannot overflow.");

    /// <summary>An input without any statement of its type.</summary>
    public static Diagnostic DefaultInputType(string input, string type) =>
        new(DefaultInputTypeRule, $"input '{input}'", $"no type is declared and there is no calibration data; {type} is taken.",
            "Give --calibrate X.npy, or a type under 'inputs:' in the configuration.");

    /// <summary>A key on a layer that has no such thing.</summary>
    public static Diagnostic KeyDoesNotApply(string file, long line, string layer, string key, string operatorName) =>
        new(KeyDoesNotApplyRule, $"{file}:{line}", $"'{key}' has no meaning for the layer '{layer}' ({operatorName}).");

    /// <summary>A constant wider than 63 bits.</summary>
    public static Diagnostic WideConstant(string where, int width) => new(WideConstantRule, where, $"a constant would need {width} bits.");

    /// <summary>A value between quantisers that is too wide to be multiplied exactly.</summary>
    public static Diagnostic QuantisedNarrowed(string where, string value, string exact, string type) =>
        new(QuantisedNarrowedRule, where, $"'{value}' would be {exact}, and is rounded to {type}.", "Put a quantiser behind the layer.");

    /// <summary>A quantiser whose rounding no constant of 63 bits reproduces.</summary>
    public static Diagnostic QuantScale(string where, int bits) => new(QuantScaleRule, where,
        FormattableString.Invariant($"the ratio of scales would need a constant of {bits} bits."), "Quantise to fewer bits, or train with power-of-two scales.");

    /// <summary>A score that does not fit the outputs.</summary>
    public static Diagnostic ScoreInputs(string score, string problem) => new(ScoreInputsRule, $"--score {score}", problem);

    /// <summary>Calibration events outside a declared input type.</summary>
    public static Diagnostic CalibrationSaturates(string input, string type, long values, long of) =>
        new(CalibrationSaturatesRule, $"input '{input}'", FormattableString.Invariant($"{values} of {of} calibration values lie outside {type}."));

    /// <summary>Weights of very different size.</summary>
    public static Diagnostic WideWeights(string where, double zeroShare, double largest, double median) =>
        new(WideWeightsRule, where, FormattableString.Invariant($"the largest weight is {largest:G4}, the median {median:G4}; {zeroShare:P0} of the non-zero weights round to zero."));

    private static string Shorten(IReadOnlyCollection<string> names) =>
        names.Count <= 12 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(12))} and {names.Count - 12} more";
}
