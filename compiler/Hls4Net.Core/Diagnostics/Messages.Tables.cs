namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS306x: what the choice of types finds out about functions in tables.</summary>
public static partial class Messages
{
    public static readonly Rule FunctionUndefinedRule = new("HLS3060", Severity.Warning, "A function can meet an operand at which it has no finite value.",
        """
        The operand's range includes numbers for which ONNX says NaN or an infinity: the logarithm or root of a negative number, the logarithm
        or reciprocal of zero, the arc sine of 2. Hardware gives a number there: outside its domain a function has the value that it has
        at the domain's end, and where it is infinite the result is the largest (or smallest) number of its type. If the network never
        produces such operands, this costs nothing; calibration data or a narrower type of the operand make the warning go away.
        """);

    public static readonly Rule FunctionExceedsTypeRule = new("HLS3061", Severity.Warning, "A function's results can exceed the type that they are given.",
        """
        An exponential or a reciprocal of an operand about whose size nothing is known can be huge. Without calibration data the compiler gives
        such results 14 bits left of the binary point, and larger ones are clipped there. Calibrate (--calibrate X.npy), or name a type for
        the layer: layers: { NODE: { result: 'ufixed<24,20>' } }.
        """);

    public static readonly Rule TableBoundRule = new("HLS3062", Severity.Warning, "A table cannot keep the error bound that was asked for.",
        """
        A table is correctly rounded, half a unit in the last place, if no more operands share an entry than lie within one unit of the result; a larger
        table_error lets more of them share one. Either takes more entries here than a table may have (16384, and 2^20 for a named `table`
        type). The message says which bound is kept. Allow more (table_error), give the result fewer fraction bits, give the operand a
        narrower type, or calibrate, which shows that the operand never is that large.
        """);

    /// <summary>Operands at which a function has no finite value.</summary>
    public static Diagnostic FunctionUndefined(string where, string function, double low, double high) =>
        new(FunctionUndefinedRule, where, FormattableString.Invariant($"its operand can be anything from {low:G6} to {high:G6}, and {function} is not finite everywhere there; the result is then the nearest that it can be."),
            "Keep the operand inside the function's domain, or calibrate.");

    /// <summary>Results beyond the default type.</summary>
    public static Diagnostic FunctionExceedsType(string where, double low, double high, string type) =>
        new(FunctionExceedsTypeRule, where, FormattableString.Invariant($"results from {low:G6} to {high:G6} are possible; they are clipped to the range of {type}."),
            "Calibrate, or name a result type.");

    /// <summary>A bound that is not kept.</summary>
    public static Diagnostic TableBound(string where, double asked, double kept, int entries) =>
        new(TableBoundRule, where, FormattableString.Invariant($"an error of {asked:G3} units in the last place would take too many entries; {kept:G3} units are kept with {entries} entries."),
            "Allow a larger table_error, or a coarser result.");
}
