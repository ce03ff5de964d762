using System.Globalization;

namespace Hls4Net.Core.Diagnostics;

public static partial class Messages
{
    public static readonly Rule TooWideForHlsRule = new("HLS5101", Severity.Error,
        "A number is wider than the C++ types of HLS allow.",
        """
        The ap_int and ap_fixed types of HLS tools have at most 1024 bits. The exact result of an expression needs more: sums and products
        grow until something casts them to a narrower type, and numbers whose binary points lie far apart are long once they are aligned.
        Give a narrower type to the result or the accumulator of that node, or to its inputs, or write Verilog only: `--emit verilog`.
        """);

    /// <summary>An expression of a node needs more bits than the C++ headers have.</summary>
    public static Diagnostic TooWideForHls(string where, int width, int maximum) =>
        new(TooWideForHlsRule, where,
            string.Create(CultureInfo.InvariantCulture, $"its C++ needs a number of {width} bits, and the ap_fixed headers end at {maximum}."),
            "Give its inputs, accumulator or result a narrower type, or use --emit verilog.");

    public static readonly Rule HlsLeftOutRule = new("HLS5103", Severity.Warning,
        "No HLS C++ is written, because a number is wider than its types allow.",
        """
        The ap_int and ap_fixed types of HLS tools have at most 1024 bits, and an exact result of the network needs more. Verilog has no
        such limit and is complete. Give the node that is named a narrower type to get C++ as well, or use `--emit verilog` to say that
        none is wanted.
        """);

    /// <summary>Verilog is written and C++ cannot be.</summary>
    /// <param name="where">The first node that is too wide.</param>
    public static Diagnostic HlsLeftOut(string where, string reason) =>
        new(HlsLeftOutRule, where, $"no HLS C++ is written; {reason}", "Give its inputs, accumulator or result a narrower type.");

    public static readonly Rule TooWideForLibraryRule = new("HLS5104", Severity.Error,
        "A port is too wide for the interface of the C++ library.",
        """
        The library of `--emit library` takes and gives raw integers of 64 bits with a sign, so that it can be called from C and from every
        language that can call C. Give the input or output that is named a type of at most 64 bits, or 63 without a sign.
        """);

    /// <summary>A port that does not fit an int64_t.</summary>
    public static Diagnostic TooWideForLibrary(string where, int width, int maximum) =>
        new(TooWideForLibraryRule, where, string.Create(CultureInfo.InvariantCulture, $"it has {width} bits, and the library's integers have {maximum} with the sign."),
            "Give it a narrower type.");

    public static readonly Rule BadPartNameRule = new("HLS5102", Severity.Error,
        "The name of the FPGA part cannot be one.",
        """
        The part is written into the build script of the HLS tool. Names of parts consist of letters, digits, '-', '_' and '.', for example
        xcvu13p-flga2577-2-e.
        """);

    /// <summary>A part name with characters that no part has.</summary>
    public static Diagnostic BadPartName(string part) =>
        new(BadPartNameRule, "--part", $"'{part}' is not the name of a part.", "Write it as the vendor does, for example xcvu13p-flga2577-2-e.");
}
