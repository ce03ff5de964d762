using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Benchmarks;

/// <summary>Yosys on the Verilog of a design.</summary>
internal sealed class Synthesis
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    private readonly ExternalTool _yosys =
        ExternalTool.Find(KnownTool.Yosys) ?? throw new BenchmarkFailedException($"yosys is missing: {KnownTool.Yosys.InstallCommand}.");

    /// <summary>What Yosys prints.</summary>
    /// <param name="script">The commands behind the reading of the Verilog.</param>
    public string Run(HardwareDesign hardware, string script)
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-benchmark-");
        try
        {
            foreach (var file in VerilogEmitter.Emit(hardware).Where(f => f.Path.EndsWith(".v", StringComparison.Ordinal)))
                File.WriteAllText(Path.Combine(folder.FullName, Path.GetFileName(file.Path)), file.Text);
            var sources = string.Join(' ', hardware.Netlist.Modules.Select(m => $"{m.Name}.v"));
            return _yosys.RunToSuccess(["-p", $"read_verilog {sources}; {script}"], new ToolOptions { WorkingDirectory = folder.FullName, Timeout = Timeout }).Output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
