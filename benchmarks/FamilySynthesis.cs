using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Benchmarks;

/// <summary>
/// Designs through Yosys, each in a run of its own, as a user would do it: with several in one run, which operand of a sum comes first may change, and
/// with it up to a sixth of the look-up tables of a small design.
/// </summary>
internal sealed class FamilySynthesis
{
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(2);

    /// <summary>UltraScale+ as <c>synth_xilinx -family xcup -flatten -noiopad</c>.</summary>
    public static FamilySynthesis UltraScalePlus { get; } = new("synth_xilinx -family xcup -flatten -noiopad");

    /// <summary>ECP5 as <c>synth_ecp5</c>.</summary>
    public static FamilySynthesis Ecp5 { get; } = new("synth_ecp5");

    /// <summary>What --model calls the other family.</summary>
    public const string Ecp5Name = "ecp5";

    /// <summary>The synthesis for a family with the rules that follow it.</summary>
    public static (FamilySynthesis Tool, SynthesisRules Rules) Of(string? family) =>
        family == Ecp5Name ? (Ecp5, SynthesisRules.YosysEcp5) : (UltraScalePlus, SynthesisRules.YosysUltraScalePlus);

    private readonly ExternalTool _yosys =
        ExternalTool.Find(KnownTool.Yosys) ?? throw new BenchmarkFailedException($"yosys is missing: {KnownTool.Yosys.InstallCommand}.");

    private readonly string _script;

    private FamilySynthesis(string script) => _script = script;

    /// <summary>What Yosys says it is.</summary>
    public string Version() => _yosys.RunToSuccess(["-V"], new ToolOptions { Timeout = Timeout }).Output.Trim();

    /// <summary>The cells of a design.</summary>
    /// <param name="cache">Folder of what Yosys said before about the same text; null for none.</param>
    /// <param name="isReversed">Whether the top is read first and the layers backwards: the same design, but Yosys numbers everything differently.</param>
    public CellCounts Run(HardwareDesign design, string? cache, bool isReversed = false)
    {
        var files = VerilogEmitter.Emit(design).Where(f => f.Path.EndsWith(".v", StringComparison.Ordinal)).ToList();
        if (isReversed)
            files.Reverse();
        if (cache is null)
            return new(Synthesise(design.Netlist.Top.Name, files));
        Directory.CreateDirectory(cache);
        var path = Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_script + string.Concat(files.Select(f => f.Text))))));
        if (!File.Exists(path))
            File.WriteAllText(path, Synthesise(design.Netlist.Top.Name, files));
        return new(File.ReadAllText(path));
    }

    private string Synthesise(string top, List<EmittedFile> files)
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-synthesis-");
        try
        {
            foreach (var file in files)
                File.WriteAllText(Path.Combine(folder.FullName, Path.GetFileName(file.Path)), file.Text);
            var sources = string.Join(' ', files.Select(f => Path.GetFileName(f.Path)));
            _yosys.RunToSuccess(["-q", "-p", $"read_verilog {sources}; {_script} -top {top}; tee -o cells.txt stat"],
                new ToolOptions { WorkingDirectory = folder.FullName, Timeout = Timeout });
            return File.ReadAllText(Path.Combine(folder.FullName, "cells.txt"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
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

    private CellCounts(string text, Dictionary<string, long> cells) => (Text, _cells) = (text, cells);

    /// <summary>These cells and some times those of another module.</summary>
    public CellCounts Plus(CellCounts other, long times) =>
        new(Text + other.Text, _cells.Keys.Union(other._cells.Keys).ToDictionary(c => c, c => _cells.GetValueOrDefault(c) + times * other._cells.GetValueOrDefault(c), StringComparer.Ordinal));

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
