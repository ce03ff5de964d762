using Hls4Net.Core.Netlists;

namespace Hls4Net.Verification.Verilator;

/// <summary>The Verilog of a design on disk with its description.</summary>
/// <param name="Interface">Ports and timing, as the compiler wrote them.</param>
/// <param name="VerilogFolder">The folder that holds the files that the description names.</param>
public sealed record VerilatorDesign(HardwareInterface Interface, string VerilogFolder)
{
    /// <summary>Reads the description beside the Verilog.</summary>
    public static VerilatorDesign Open(string verilogFolder) =>
        new(HardwareInterface.FromJson(File.ReadAllText(Path.Combine(verilogFolder, "interface.json"))), verilogFolder);
}
