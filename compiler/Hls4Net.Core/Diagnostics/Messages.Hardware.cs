using System.Globalization;

namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS32xx: devices and clocks.</summary>
public static partial class Messages
{
    public static readonly Rule UnknownPartRule = new("HLS3201", Severity.Error, "The part is not in the device table.",
        """
        The part decides how much logic fits between two registers at the wanted clock. Its name may be followed by package and
        speed grade: xcvu13p and xcvu13p-flga2577-2-e are the same to Hls4Net. For a part that is not in the table take the nearest one of
        the same family; the Verilog holds nothing that is particular to a part.
        """);

    public static readonly Rule ClockTooFastRule = new("HLS3202", Severity.Error, "The clock is too fast for the part.",
        """
        Not even one adder fits between two registers at this clock, by the delays in the device table. Take a slower clock or a faster
        part.
        """);

    public static readonly Rule TooFewStagesRule = new("HLS3203", Severity.Error, "The stages are too few.",
        """
        --stages says how many clock cycles lie between the inputs and the outputs. With a clock, each can hold only so much logic, by the
        delays in the device table. Ask for more stages or a slower clock; without --clock the stages share the logic evenly, and the
        report says which clock that allows. Registers at the inputs (--register-inputs) take one stage.
        """);

    public static readonly Rule PacketsWithoutClockRule = new("HLS3204", Severity.Error, "An AXI4-Stream top needs a clock.",
        """
        Packets come beat by beat, and a beat is a cycle of the clock. Leave out --clock none, or give --clock or --stages. A network whose
        outputs are the same for every event has neither a clock nor anything to stream.
        """);

    public static Diagnostic PacketsWithoutClock() => new(PacketsWithoutClockRule, "--top", "axi-stream needs a clock.", "Give --clock or --stages.");

    public static Diagnostic PacketsWithoutRegisters() =>
        new(PacketsWithoutClockRule, "--top", "axi-stream needs a clock, and this network has none: its outputs depend on no input.");

    public static Diagnostic UnknownPart(string part, IReadOnlyList<string> known) =>
        new(UnknownPartRule, "--part", $"'{part}' is not a part in the device table; there are {string.Join(", ", known)}.", DidYouMean(part, known));

    public static Diagnostic ClockTooFast(double clockMHz, string part, double fastest) =>
        new(ClockTooFastRule, "--clock", string.Create(CultureInfo.InvariantCulture,
            $"{clockMHz:0.###} MHz leaves no room for an adder between two registers of {part}; the fastest clock is about {Math.Floor(fastest)} MHz."));

    public static Diagnostic TooFewStages(int stages, double? clockMHz, int needed) => new(TooFewStagesRule, "--stages", clockMHz is { } clock
        ? string.Create(CultureInfo.InvariantCulture, $"{stages} cannot be enough at {clock:0.###} MHz: the logic needs {needed}.")
        : string.Create(CultureInfo.InvariantCulture, $"{stages} cannot be enough: the registers asked for need {needed}."));
}
