namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS304x: hls4ml configurations.</summary>
public static partial class Messages
{
    public static readonly Rule HlsLayerUnknownRule = new("HLS3041", Severity.Error, "hls4ml has no layer for a node.",
        """
        With an hls4ml configuration the compiler computes what hls4ml's firmware computes, and hls4ml has no layer for this node: there is
        nothing to agree with. Compile without that configuration for this compiler's own arithmetic, which has the operator, or cut the model
        before the node with --outputs.
        """);

    public static readonly Rule HlsWithoutEffectRule = new("HLS3042", Severity.Warning, "A setting of an hls4ml configuration has no effect.",
        """
        hls4ml accepts the setting and does not act on it: it looks it up under another name, or the layer was fused into another. The firmware
        that it makes is reproduced, so the setting has no effect here either. The message says what would have one.
        """);

    public static readonly Rule HlsSurpriseRule = new("HLS3043", Severity.Warning, "hls4ml's arithmetic loses accuracy here.",
        """
        The configuration asks for hls4ml's arithmetic, and its values are reproduced bit for bit: types without modes round down (TRN) and wrap
        around (WRAP), each product is cast to the accumulator, softmax is a product of two table entries. Where that costs accuracy the message
        says which layers and what this compiler does without such a configuration. To keep the project but avoid the loss, name modes
        (fixed<16,6,RND,SAT>), wider types, or 'auto'.
        """);

    public static readonly Rule HlsScheduleRule = new("HLS3044", Severity.Note, "hls4ml takes another reuse factor than the chosen one.",
        """
        A reuse factor must divide the number of terms of an output, or be a multiple of it that divides the number of multiplications. For any
        other hls4ml takes the nearest that does, the smaller of two. The hardware here takes the same one: a multiplier computes that many
        products of every event, and the layer accepts an event every so many cycles. The factor changes no bit unless an accumulator
        saturates; then it decides the order of sums, which is reproduced.
        """);

    public static readonly Rule HlsOutputOrderRule = new("HLS3045", Severity.Note, "hls4ml may list a model's outputs in another order.",
        """
        hls4ml's firmware lists the outputs of a model with several in the order in which its layers came to be, which need not be that of the
        ONNX file. Here the order is always that of the file; only vectors that are compared with hls4ml's need rearranging.
        """);

    public static readonly Rule HlsStreamedRule = new("HLS3046", Severity.Note, "A streamed project is computed as a parallel one.",
        """
        IOType: io_stream changes how elements travel between layers and no value. Where the network has pixels and its layers can work on them
        as they come, the hardware takes an event pixel by pixel, as with --io stream. This network cannot, for the reason that is given: its
        values are those of the streamed firmware, and the hardware takes the whole event at once.
        """);

    public static readonly Rule HlsOptionRule = new("HLS3047", Severity.Error, "An option has no meaning beside an hls4ml configuration.",
        """
        An hls4ml configuration decides the type of every value and the reuse factor of every layer, and the network's outputs are what the
        firmware gives. --precision, --calibrate, --reuse and --score choose types or factors or add to the network; write them into the
        configuration, or use one of this compiler's own configurations (`hls4net explain HLS3001` shows one).
        """);

    /// <summary>An option that has no place beside an hls4ml configuration.</summary>
    public static Diagnostic HlsOption(string option) => new(HlsOptionRule, option, "the hls4ml configuration given with -c decides this.", "Leave the option out.");

    /// <summary>A node that hls4ml cannot compile.</summary>
    public static Diagnostic HlsLayerUnknown(string where, string problem) =>
        new(HlsLayerUnknownRule, where, $"{problem}.", "Compile without the hls4ml configuration, or cut the model with --outputs.");

    /// <summary>A setting that hls4ml does not act on.</summary>
    public static Diagnostic HlsWithoutEffect(string where, string problem) => new(HlsWithoutEffectRule, where, $"{problem}.");

    /// <summary>A loss of accuracy that belongs to the dialect.</summary>
    public static Diagnostic HlsSurprise(string where, string what) => new(HlsSurpriseRule, where, what);

    /// <summary>Reuse factors that hls4ml replaces.</summary>
    public static Diagnostic HlsSchedule(string where) =>
        new(HlsScheduleRule, where, "the chosen reuse factor is not valid for the layer; as in hls4ml, the nearest valid one takes its place.");

    /// <summary>Several outputs.</summary>
    public static Diagnostic HlsOutputOrder(string outputs) =>
        new(HlsOutputOrderRule, "", $"the outputs come in the order of the ONNX file ({outputs}); hls4ml's own firmware may list them in another.");

    /// <summary>A streamed project of a network that cannot be streamed.</summary>
    /// <param name="reason">A sentence.</param>
    public static Diagnostic HlsStreamed(string file, string reason) =>
        new(HlsStreamedRule, file, $"the values are those of io_stream; the hardware takes the whole event at once, because {reason}");
}
