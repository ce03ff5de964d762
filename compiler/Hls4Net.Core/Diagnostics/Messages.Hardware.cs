using System.Globalization;

namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS32xx: devices and clocks.</summary>
public static partial class Messages
{
    public static readonly Rule UnknownPartRule = new("HLS3201", Severity.Error, "The part is not in the device table.",
        """
        The part decides how many adder levels fit between two registers at the wanted clock. Its name may be followed by package and
        speed grade: xcvu13p and xcvu13p-flga2577-2-e are the same to Hls4Net. For a part that is not in the table take the nearest one of
        the same family; the Verilog holds nothing that is particular to a part.
        """);

    public static readonly Rule ClockTooFastRule = new("HLS3202", Severity.Error, "The clock is too fast for the part.",
        """
        Not even one adder fits between two registers at this clock, by the delays in the device table. Take a slower clock or a faster
        part.
        """);

    public static Diagnostic UnknownPart(string part, IReadOnlyList<string> known) =>
        new(UnknownPartRule, "--part", $"'{part}' is not a part in the device table; there are {string.Join(", ", known)}.", DidYouMean(part, known));

    public static Diagnostic ClockTooFast(double clockMHz, string part, double fastest) =>
        new(ClockTooFastRule, "--clock", string.Create(CultureInfo.InvariantCulture,
            $"{clockMHz:0.###} MHz leaves no room for an adder between two registers of {part}; the fastest clock is about {Math.Floor(fastest)} MHz."));
}
