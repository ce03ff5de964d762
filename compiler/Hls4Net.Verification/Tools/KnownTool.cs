namespace Hls4Net.Verification.Tools;

/// <summary>A program of somebody else that Hls4Net may run.</summary>
/// <param name="Name">The file name of the program.</param>
/// <param name="Package">The Debian package that has it.</param>
/// <param name="Purpose">What it is for, as the rest of a sentence that begins with its name.</param>
/// <param name="VersionArgument">What makes it print its version and stop.</param>
public sealed record KnownTool(string Name, string Package, string Purpose, string VersionArgument = "--version")
{
    public static readonly KnownTool Verilator = new("verilator", "verilator", "simulates the Verilog");
    public static readonly KnownTool Gpp = new("g++", "g++", "compiles the HLS C++ and the simulation");
    public static readonly KnownTool Make = new("make", "make", "builds the simulation");
    public static readonly KnownTool Iverilog = new("iverilog", "iverilog", "checks the Verilog a second time", "-V");
    public static readonly KnownTool Yosys = new("yosys", "yosys", "counts what synthesis makes of the Verilog", "-V");
    public static readonly KnownTool Ghdl = new("ghdl", "ghdl", "checks the VHDL of the files for a board");
    public static readonly KnownTool Node = new("node", "nodejs", "runs npm");
    public static readonly KnownTool Npm = new("npm", "npm", "fetches ONNX Runtime");

    public static IReadOnlyList<KnownTool> All { get; } = [Verilator, Gpp, Make, Iverilog, Yosys, Ghdl, Node, Npm];

    public string InstallCommand => $"apt-get install {Package}";
}
