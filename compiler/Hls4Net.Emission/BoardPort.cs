using System.Globalization;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>A port of the Verilog top, seen from VHDL.</summary>
/// <param name="CoreName">Its name in Verilog.</param>
/// <param name="IsInput">Whether it goes into the block.</param>
/// <param name="Width">Bits; one bit is a std_logic.</param>
/// <param name="Comment">What it carries.</param>
internal sealed record BoardPort(string CoreName, bool IsInput, int Width, string Comment)
{
    /// <summary>Its name in VHDL.</summary>
    public string Name { get; init; } = CoreName;

    /// <summary>The ports of the AXI4-Stream top where there is one, else of the parallel one; the clock is the first.</summary>
    public static IEnumerable<BoardPort> Of(HardwareDesign hardware, AxiStreamInterface? stream) => stream is null ? Parallel(hardware) : Packets(hardware, stream);

    /// <summary>What a port of the design carries.</summary>
    public static string Describe(HardwarePort port) => string.Create(CultureInfo.InvariantCulture,
        $"{HlsCppText.Comment(port.Source)}: {port.Lanes} of {port.Type}{(port.Role == PortRole.Setting ? ", holds still while events flow" : "")}");

    /// <summary>For the templates.</summary>
    public Dictionary<string, object> View(bool isLast) => new(StringComparer.Ordinal)
    {
        ["name"] = Name,
        ["core_name"] = CoreName,
        ["mode"] = IsInput ? "in" : "out",
        ["type"] = Width == 1 ? "std_logic" : string.Create(CultureInfo.InvariantCulture, $"std_logic_vector({Width - 1} downto 0)"),
        ["comment"] = Comment,
        ["separator"] = isLast ? "" : ";",
        ["comma"] = isLast ? "" : ",",
    };

    private static IEnumerable<BoardPort> Parallel(HardwareDesign hardware)
    {
        if (hardware.IsClocked)
            yield return new(Netlist.Clock, true, 1, "clock");
        if (hardware.Netlist.HasEnable)
            yield return new(Netlist.Enable, true, 1, "cycles in which it is 0 do not count");
        if (hardware.Valid is { } valid)
        {
            yield return new(valid.Input, true, 1, "1 in cycles with inputs");
            yield return new(valid.Output, false, 1, "1 in cycles with results");
        }
        foreach (var port in hardware.Ports)
            yield return new(port.Name, port.Role != PortRole.Output, port.Width, Describe(port));
    }

    private static IEnumerable<BoardPort> Packets(HardwareDesign hardware, AxiStreamInterface stream)
    {
        yield return new("aclk", true, 1, "clock");
        yield return new("aresetn", true, 1, "reset, active low");
        foreach (var (port, name) in AxiStreamPacking.Ports(hardware, PortRole.Setting).Zip(stream.Settings))
            yield return new(name, true, port.Width, Describe(port));
        foreach (var (side, isInput) in new[] { ("s_axis", true), ("m_axis", false) })
        {
            var what = isInput ? "packets of inputs" : "packets of results";
            yield return new($"{side}_tdata", isInput, stream.BusWidth, what);
            yield return new($"{side}_tkeep", isInput, stream.BusBytes, what);
            yield return new($"{side}_tlast", isInput, 1, what);
            yield return new($"{side}_tuser", isInput, stream.UserWidth, what);
            yield return new($"{side}_tvalid", isInput, 1, what);
            yield return new($"{side}_tready", !isInput, 1, what);
        }
        yield return new("malformed", false, 1, "1 in the cycle after a malformed packet");
    }
}
