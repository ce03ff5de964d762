using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Benchmarks;

/// <summary>Many designs in one run of Yosys, each flattened into a module of its own, so that the libraries are read once.</summary>
internal sealed partial class SynthesisBatch
{
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(2);

    /// <summary>UltraScale+ as <c>synth_xilinx -family xcup -flatten -noiopad</c>.</summary>
    public static SynthesisBatch UltraScalePlus { get; } = new(
        "read_verilog -lib -specify +/xilinx/cells_sim.v; read_verilog -lib +/xilinx/cells_xtra.v", "synth_xilinx -family xcup -flatten -noiopad -run prepare:check");

    /// <summary>ECP5 as <c>synth_ecp5</c>.</summary>
    public static SynthesisBatch Ecp5 { get; } = new("read_verilog -lib -specify +/ecp5/cells_sim.v +/ecp5/cells_bb.v", "synth_ecp5 -run coarse:check");

    private readonly ExternalTool _yosys =
        ExternalTool.Find(KnownTool.Yosys) ?? throw new BenchmarkFailedException($"yosys is missing: {KnownTool.Yosys.InstallCommand}.");

    private readonly string _libraries;
    private readonly string _script;

    private SynthesisBatch(string libraries, string script) => (_libraries, _script) = (libraries, script);

    /// <summary>What Yosys says it is.</summary>
    public string Version() => _yosys.RunToSuccess(["-V"], new ToolOptions { Timeout = Timeout }).Output.Trim();

    /// <summary>The cells of each design, in their order; names of modules must differ between designs.</summary>
    /// <param name="cache">Folder of what Yosys said before about the same text; null for none.</param>
    public IReadOnlyList<CellCounts> Run(IReadOnlyList<HardwareDesign> designs, string? cache)
    {
        var missing = cache is null ? designs : [.. designs.Where(d => !File.Exists(CachePath(cache, d)))];
        var found = missing.Count == 0 ? [] : Run(missing);
        if (cache is null)
            return [.. designs.Select(d => found[d.Netlist.Top.Name])];
        Directory.CreateDirectory(cache);
        foreach (var design in missing)
            File.WriteAllText(CachePath(cache, design), found[design.Netlist.Top.Name].Text);
        return [.. designs.Select(d => new CellCounts(File.ReadAllText(CachePath(cache, d))))];
    }

    private string CachePath(string cache, HardwareDesign design)
    {
        var text = string.Concat(VerilogEmitter.Emit(design).Where(f => f.Path.EndsWith(".v", StringComparison.Ordinal)).Select(f => f.Text));
        return Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_script + text))));
    }

    private Dictionary<string, CellCounts> Run(IReadOnlyList<HardwareDesign> designs)
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-batch-");
        try
        {
            foreach (var file in designs.SelectMany(VerilogEmitter.Emit).Where(f => f.Path.EndsWith(".v", StringComparison.Ordinal)))
                File.WriteAllText(Path.Combine(folder.FullName, Path.GetFileName(file.Path)), file.Text);
            var modules = designs.SelectMany(d => d.Netlist.Modules).Select(m => m.Name).ToList();
            var inner = modules.Except(designs.Select(d => d.Netlist.Top.Name)).ToList();
            File.WriteAllLines(Path.Combine(folder.FullName, "run.ys"),
            [
                .. _libraries.Split(';').Select(l => l.Trim()),
                .. modules.Select(m => $"read_verilog {m}.v"),
                // Nothing below a top is left to be synthesised twice.
                "hierarchy -check", "proc", "flatten", .. inner.Select(m => $"delete {m}"),
                _script, "tee -o cells.txt stat",
            ]);
            _yosys.RunToSuccess(["-q", "-s", "run.ys"], new ToolOptions { WorkingDirectory = folder.FullName, Timeout = Timeout });
            return Parse(File.ReadAllText(Path.Combine(folder.FullName, "cells.txt")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, CellCounts> Parse(string text) =>
        Modules().Split(text).Skip(1).Chunk(2).ToDictionary(p => p[0], p => new CellCounts(p[1]), StringComparer.Ordinal);

    [GeneratedRegex(@"^=== (\S+) ===$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Modules();
}

/// <summary>The cells of a module, as Yosys's <c>stat</c> lists them.</summary>
internal sealed partial class CellCounts
{
    private readonly Dictionary<string, long> _cells;

    /// <summary>As Yosys printed them.</summary>
    public string Text { get; }

    /// <param name="statistics">Lines of a cell's type and number.</param>
    public CellCounts(string statistics)
    {
        Text = statistics;
        _cells = CellCount().Matches(statistics).ToDictionary(m => m.Groups["cell"].Value, m => long.Parse(m.Groups["count"].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    /// <summary>Look-up tables for logic; a CCU2C is two.</summary>
    public long Luts => Count("LUT[1-6](?:_2)?") + 2 * Count("CCU2C");

    /// <summary>Look-up tables as memory.</summary>
    public long MemoryLuts => Count("(?:SRL16E|SRLC32E)") + Count("RAM32X1[DS]|RAM64X1S") + 2 * Count("RAM64X1D") + 4 * Count("RAM128X1D") + 8 * Count("RAM(?:32M16|64M8|32M|64M)");

    public long FlipFlops => Count("FD[RSCP]E(?:_1)?") + Count("TRELLIS_FF");

    public long Dsps => Count("DSP48E[12]") + Count("MULT18X18D");

    public long HalfBrams => Count("RAMB18E[12]") + 2 * Count("RAMB36E[12]") + Count("DP16KD") + Count("PDPW16KD");

    /// <summary>All cells, for who looks for the reason of a difference.</summary>
    public override string ToString() => string.Join(' ', _cells.Select(c => $"{c.Key}:{c.Value}"));

    private long Count(string pattern) => _cells.Where(c => Regex.IsMatch(c.Key, $"^(?:{pattern})$")).Sum(c => c.Value);

    [GeneratedRegex(@"^\s+(?<cell>[A-Z][A-Z0-9_]*)\s+(?<count>\d+)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex CellCount();
}
