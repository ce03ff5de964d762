using System.Text.RegularExpressions;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Netlists;
using Hls4Net.Verification.Tools;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Verification.Ghdl;

/// <summary>The VHDL around a design as GHDL understands it: translated to Verilog, which Verilator runs in the place of the design's own top.</summary>
public static partial class BoardWrapper
{
    private const string Standard = "--std=93";

    /// <summary>Analyses the VHDL and writes the wrapped design.</summary>
    /// <param name="design">The Verilog that the wrapper is around; its top has parallel ports.</param>
    /// <param name="boardFolder">Where compile wrote the VHDL.</param>
    /// <param name="workFolder">Where GHDL works and the translation is written; created if missing.</param>
    /// <returns>A design with the ports and the timing of the given one.</returns>
    /// <exception cref="UserErrorException">GHDL is missing, or refuses the VHDL.</exception>
    public static VerilatorDesign Translate(VerilatorDesign design, string boardFolder, string workFolder, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(workFolder);
        var (ghdl, options) = (ExternalTool.Require(KnownTool.Ghdl), new ToolOptions { WorkingDirectory = workFolder });
        var (prefix, entity) = (design.Interface.Top, $"{design.Interface.Top}_board");
        var source = Path.GetFullPath(Path.Combine(boardFolder, $"{entity}.vhd"));
        ghdl.RunToSuccess(["-a", Standard, Path.GetFullPath(Path.Combine(boardFolder, $"{prefix}_info.vhd")), source], options, cancellation);
        var verilog = ghdl.RunToSuccess(["--synth", Standard, "--out=verilog", entity], options, cancellation).Output;
        // What GHDL does not know of, the network itself, comes first, as a module without content.
        var wrapper = verilog[Math.Max(0, verilog.IndexOf($"module {entity}", StringComparison.Ordinal))..];
        var (wrapperPath, shellPath) = (Path.GetFullPath(Path.Combine(workFolder, $"{entity}.v")), Path.GetFullPath(Path.Combine(workFolder, "shell.v")));
        File.WriteAllText(wrapperPath, $"/* verilator lint_off DECLFILENAME */\n{wrapper}");
        File.WriteAllText(shellPath, Shell(design.Interface, entity, File.ReadAllText(source)));
        return new(design.Interface with { Top = "shell", Files = [.. design.Interface.Files, wrapperPath, shellPath], Channels = [] }, design.VerilogFolder);
    }

    /// <summary>The wrapper without its registers, under the names of the design's own ports: VHDL may need others.</summary>
    private static string Shell(HardwareInterface description, string entity, string vhdl)
    {
        (string Name, bool IsInput, int Width)[] ports =
        [
            .. new[] { description.Clock, description.ClockEnable, description.Valid?.Input }.OfType<string>().Select(n => (n, true, 1)),
            .. new[] { description.Valid?.Output }.OfType<string>().Select(n => (n, false, 1)),
            .. description.Ports.Select(p => (p.Name, p.Role != PortRole.Output, p.Width * p.Lanes)),
        ];
        var names = Port().Matches(vhdl[..vhdl.IndexOf("end entity", StringComparison.Ordinal)]).Select(m => m.Groups[1].Value).ToList();
        var connections = names.Zip(ports).Select(n => $".{n.First}({n.Second.Name})").Append($".{names[^2]}(5'd0)").Append($".{names[^1]}(unused)");
        return $"""
            /* verilator lint_off UNUSEDSIGNAL */
            module shell ({string.Join(", ", ports.Select(p => FormattableString.Invariant($"{(p.IsInput ? "input" : "output")} wire [{p.Width - 1}:0] {p.Name}")))});
                wire [31:0] unused;
                {entity} board ({string.Join(", ", connections)});
            endmodule

            """;
    }

    /// <summary>A port of the entity, as the template writes one in a line.</summary>
    [GeneratedRegex(@"^    (\w+) : (?:in|out) std_logic", RegexOptions.Multiline)]
    private static partial Regex Port();
}
