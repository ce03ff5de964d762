using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Verilator;

/// <summary>
/// Builds simulators from Verilog with Verilator and g++. A simulator is kept under the hash of everything that went into it, and
/// Verilator's own runtime is compiled once for each version of the tools.
/// </summary>
public static class VerilatorRunner
{
    private const string BenchFolder = "testbenches/verilator";
    private const string Program = "bench";
    private static readonly string[] CompilerFlags = ["-std=c++17", "-O2", "-fno-strict-aliasing"];
    private static readonly string[] RuntimeSources = ["verilated.cpp", "verilated_threads.cpp", "verilated_vcd_c.cpp"];

    /// <summary>Builds a simulator.</summary>
    /// <param name="hardware">Ports and latency of the top.</param>
    /// <param name="verilogFolder">The folder with the .v files; they are what is simulated, whatever they say.</param>
    /// <param name="buildFolder">Where simulators are kept; created if missing.</param>
    /// <param name="cancellation">Stops the tools.</param>
    /// <exception cref="UserErrorException">A tool is missing, or refuses the Verilog: a warning of <c>-Wall</c> is a refusal.</exception>
    public static VerilatedProgram Build(HardwareDesign hardware, string verilogFolder, string buildFolder, CancellationToken cancellation = default) =>
        new(hardware, traced => Build(hardware, verilogFolder, buildFolder, traced, cancellation));

    private static string Build(HardwareDesign hardware, string verilogFolder, string buildFolder, bool traced, CancellationToken cancellation)
    {
        var verilator = ExternalTool.Require(KnownTool.Verilator);
        var compiler = ExternalTool.Require(KnownTool.Gpp);
        var sources = Directory.GetFiles(Path.GetFullPath(verilogFolder), "*.v").Order(StringComparer.Ordinal).ToList();
        var ports = PortHeader.Text(hardware);
        var versions = $"{verilator.Version()} {compiler.Version()} {string.Join(' ', CompilerFlags)}";
        var folder = Path.Combine(Path.GetFullPath(buildFolder), Key(sources, $"{ports} {versions} {traced}"));
        if (File.Exists(Path.Combine(folder, Program)))
            return Path.Combine(folder, Program);
        var work = $"{folder}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(work);
        try
        {
            var options = new ToolOptions { WorkingDirectory = work, LogPath = $"{folder}.log", Timeout = TimeSpan.FromMinutes(30) };
            File.WriteAllText(Path.Combine(work, "ports.h"), ports);
            Verilate(verilator, hardware.Netlist.Top.Name, sources, traced, options, cancellation);
            var include = IncludeFolder(verilator);
            var runtime = Runtime(compiler, include, versions, cancellation);
            var generated = Directory.GetFiles(Path.Combine(work, "verilated"), "*.cpp").Order(StringComparer.Ordinal);
            compiler.RunToSuccess(
                [.. CompilerFlags, "-I", include, "-I", Path.Combine(include, "vltstd"), "-I", "verilated", "-I", ".", "-I", ResourceFiles.FullPath(BenchFolder), .. Defines(traced),
                    .. generated, ResourceFiles.FullPath($"{BenchFolder}/bench.cpp"), .. runtime, "-pthread", "-o", Program], options, cancellation);
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.Move(work, folder);
            return Path.Combine(folder, Program);
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }

    private static void Verilate(ExternalTool verilator, string top, List<string> sources, bool traced, ToolOptions options, CancellationToken cancellation) =>
        verilator.RunToSuccess(
            ["--cc", "-Wall", "-O3", "--x-initial", "unique", "--top-module", top, "--prefix", "Vtop", "--Mdir", "verilated", "--output-split", "20000",
                .. traced ? ["--trace", "--trace-underscore"] : Array.Empty<string>(), .. sources], options, cancellation);

    private static string[] Defines(bool traced) =>
        ["-DVERILATOR=1", "-DVM_COVERAGE=0", "-DVM_SC=0", $"-DVM_TRACE={(traced ? 1 : 0)}", $"-DVM_TRACE_VCD={(traced ? 1 : 0)}", "-DVM_TRACE_FST=0"];

    /// <summary>Where Verilator's headers and the sources of its runtime are.</summary>
    private static string IncludeFolder(ExternalTool verilator)
    {
        var root = verilator.RunToSuccess(["--getenv", "VERILATOR_ROOT"]).Output.Trim();
        return Path.Combine(root, "include");
    }

    /// <summary>The object files of Verilator's runtime, compiled once for each pair of tool versions.</summary>
    private static IEnumerable<string> Runtime(ExternalTool compiler, string include, string versions, CancellationToken cancellation)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{versions} {include}")))[..16];
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "hls4net", "verilator", key);
        if (!Directory.Exists(folder))
        {
            var work = $"{folder}.{Guid.NewGuid():N}";
            Directory.CreateDirectory(work);
            try
            {
                foreach (var source in RuntimeSources)
                {
                    compiler.RunToSuccess([.. CompilerFlags, "-I", include, "-I", Path.Combine(include, "vltstd"), .. Defines(traced: true), "-c",
                        Path.Combine(include, source), "-o", Path.ChangeExtension(source, ".o")], new ToolOptions { WorkingDirectory = work }, cancellation);
                }
                Directory.Move(work, folder);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                // Somebody else compiled the same in the meantime.
            }
            finally
            {
                if (Directory.Exists(work))
                    Directory.Delete(work, recursive: true);
            }
        }
        return RuntimeSources.Select(s => Path.Combine(folder, Path.ChangeExtension(s, ".o")));
    }

    private static string Key(IEnumerable<string> sources, string rest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bench = ResourceFiles.List(BenchFolder).Select(ResourceFiles.Read);
        foreach (var text in sources.Select(File.ReadAllText).Concat(bench).Append(rest))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text.Length.ToString(CultureInfo.InvariantCulture)));
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
