using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Emission;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Verilator;

/// <summary>What a simulation is for.</summary>
public enum SimulationKind
{
    /// <summary>Up to some hundred thousand events of a network of usual size: quick to build.</summary>
    FewEvents,

    /// <summary>Millions of events: several times faster, and longer to build.</summary>
    ManyEvents,

    /// <summary>A few events, with intermediate values in sight.</summary>
    Traces,
}

/// <summary>
/// Builds simulations of generated Verilog with Verilator and g++. Programs are kept in a build folder under the hash of all that went
/// into them; Verilator's own runtime is compiled once for the machine.
/// </summary>
public static class VerilatorRunner
{
    private const string ProgramName = "bench";
    private const string BenchFolder = "testbenches/verilator";

    /// <summary>Every warning is an error: generated Verilog has to be clean.</summary>
    private static readonly string[] VerilatorFlags = ["--cc", "-Wall", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--noassert"];

    private static readonly string[] CompilerFlags = ["-std=c++17", "-fno-strict-aliasing", "-w"];

    /// <summary>Builds one design.</summary>
    /// <param name="buildFolder">Where programs are kept; created if missing.</param>
    /// <param name="kind">What the simulation is for.</param>
    /// <exception cref="UserErrorException">Verilator or g++ is missing or fails, for example because the Verilog has a warning.</exception>
    public static VerilatorProgram Build(VerilatorDesign design, string buildFolder, SimulationKind kind, CancellationToken cancellation = default) =>
        Build([design], buildFolder, kind, cancellation);

    /// <summary>Builds designs with different module names into one simulation: one small design takes almost as long as sixty.</summary>
    /// <inheritdoc cref="Build(VerilatorDesign, string, SimulationKind, CancellationToken)"/>
    public static VerilatorProgram Build(IReadOnlyList<VerilatorDesign> designs, string buildFolder, SimulationKind kind, CancellationToken cancellation = default)
    {
        var layouts = designs.Select((d, k) => new VerilatorLayout(d.Interface, k, kind == SimulationKind.Traces)).ToList();
        var sources = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [$"{VerilatorLayout.TopName}.v"] = VerilatorLayout.TopText(layouts),
            ["ports.h"] = VerilatorLayout.HeaderText(layouts),
        };
        // What traces look at has to be in sight, and nothing within a block is.
        var blocks = kind == SimulationKind.Traces ? [] : designs.SelectMany(d => d.Interface.Blocks ?? []).ToList();
        var files = designs.SelectMany(d => d.Interface.Files.Select(f => Path.GetFullPath(Path.Combine(d.VerilogFolder, f)))).ToList();
        var (program, time) = Build(sources, files, blocks, buildFolder, kind, cancellation);
        return new(program, layouts, time);
    }

    /// <summary>Builds designs, some of which have a port for weights, into a simulation with a master for each such port.</summary>
    /// <inheritdoc cref="Build(IReadOnlyList{VerilatorDesign}, string, SimulationKind, CancellationToken)"/>
    public static LoadProgram BuildLoading(IReadOnlyList<VerilatorDesign> designs, string buildFolder, CancellationToken cancellation = default)
    {
        var layouts = designs.Select((d, k) => new VerilatorLayout(d.Interface, k, traces: false)).ToList();
        var sources = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [$"{VerilatorLayout.TopName}.v"] = VerilatorLayout.TopText(layouts),
            ["ports.h"] = VerilatorLayout.HeaderText(layouts),
            ["bench.cpp"] = "#include \"weights_bench.cpp\"\n",
        };
        var files = designs.SelectMany(d => d.Interface.Files.Select(f => Path.GetFullPath(Path.Combine(d.VerilogFolder, f)))).ToList();
        var (program, _) = Build(sources, files, [.. designs.SelectMany(d => d.Interface.Blocks ?? [])], buildFolder, SimulationKind.FewEvents, cancellation);
        return new(program, layouts);
    }

    /// <summary>Builds the AXI4-Stream tops of designs into one simulation.</summary>
    /// <param name="designs">With different module names; each has such a top.</param>
    /// <inheritdoc cref="Build(VerilatorDesign, string, SimulationKind, CancellationToken)"/>
    public static StreamProgram BuildStreams(IReadOnlyList<VerilatorDesign> designs, string buildFolder, CancellationToken cancellation = default) =>
        BuildStreams(designs, [], buildFolder, SimulationKind.FewEvents, cancellation);

    /// <inheritdoc cref="BuildStreams(IReadOnlyList{VerilatorDesign}, string, CancellationToken)"/>
    /// <param name="loads">For each design the words that are written through its port for weights before the first packet; empty if there are none for any.</param>
    public static StreamProgram BuildStreams(
        IReadOnlyList<VerilatorDesign> designs, IReadOnlyList<IReadOnlyList<Transfer>> loads, string buildFolder, SimulationKind kind, CancellationToken cancellation = default)
    {
        var layouts = designs.Select((d, k) => new StreamLayout(d.Interface, k, loads.Count > 0 ? loads[k] : [])).ToList();
        var sources = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [$"{VerilatorLayout.TopName}.v"] = StreamLayout.TopText(layouts),
            ["ports.h"] = StreamLayout.HeaderText(layouts),
            ["bench.cpp"] = "#include \"stream_bench.cpp\"\n",
        };
        // Verilator looks for them by the names of modules.
        foreach (var (file, text) in StreamLayout.Loaders(layouts))
            sources[file] = text;
        var files = designs.SelectMany(d => d.Interface.Files.Append(d.Interface.Stream!.File).Select(f => Path.GetFullPath(Path.Combine(d.VerilogFolder, f)))).ToList();
        var (program, _) = Build(sources, files, [.. designs.SelectMany(d => d.Interface.Blocks ?? [])], buildFolder, kind, cancellation);
        return new(program, layouts);
    }

    /// <summary>The program of a simulation, and how long it took; null if it was there already.</summary>
    private static (string Program, TimeSpan? Time) Build(
        Dictionary<string, string> sources, List<string> files, List<string> blocks, string buildFolder, SimulationKind kind, CancellationToken cancellation)
    {
        var verilator = ExternalTool.Require(KnownTool.Verilator);
        var compiler = ExternalTool.Require(KnownTool.Gpp);
        if (blocks.Count > 0)
            sources[BlocksFile] = BlocksText(blocks);
        var tools = $"{verilator.Path} {verilator.Version()} {compiler.Path} {compiler.Version()} {kind}";
        var folder = Path.Combine(Path.GetFullPath(buildFolder), Key(tools, sources, files));
        var program = Path.Combine(folder, ProgramName);
        if (File.Exists(program))
            return (program, null);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var optimisation = kind == SimulationKind.ManyEvents ? "-O1" : "-O0";
        Compilation compilation = blocks.Count > 0
            ? new CompilationInBlocks(verilator, folder, optimisation, cancellation)
            : new CompilationInOne(verilator, compiler, VerilatorRuntime.Require(verilator, compiler, cancellation), folder, optimisation, cancellation);
        compilation.Run(sources, files);
        return (program, clock.Elapsed);
    }

    /// <summary>The file that tells Verilator what to build once, beside the sources.</summary>
    internal const string BlocksFile = "blocks.vlt";

    /// <summary>The wrapper that Verilator writes around a block without a clock has a signal that it does not use.</summary>
    internal static string BlocksText(IEnumerable<string> blocks) =>
        "`verilator_config\nlint_off -rule UNUSEDSIGNAL\n" + string.Concat(blocks.Select(b => $"hier_block -module \"{b}\"\n"));

    private static string Key(string tools, Dictionary<string, string> sources, IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{tools} {string.Join(' ', [.. VerilatorFlags, .. CompilerFlags])}");
        foreach (var (name, text) in sources)
            Add($"{name}\n{text}");
        foreach (var path in ResourceFiles.List(BenchFolder))
            Add($"{path}\n{ResourceFiles.Read(path)}");
        foreach (var file in files)
            Add($"{Path.GetFileName(file)}\n{File.ReadAllText(file)}");
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..24];

        void Add(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }

    /// <summary>One build, made beside its folder and moved into place when it is complete, so that nobody sees half of it.</summary>
    private abstract class Compilation(string folder, CancellationToken cancellation)
    {
        protected CancellationToken Cancellation => cancellation;

        public void Run(Dictionary<string, string> sources, IReadOnlyList<string> files)
        {
            var parent = Directory.CreateDirectory(Path.GetDirectoryName(folder)!).FullName;
            var work = Path.Combine(parent, $".{Path.GetFileName(folder)}.{Guid.NewGuid():N}");
            Directory.CreateDirectory(work);
            try
            {
                foreach (var (name, text) in sources)
                    File.WriteAllText(Path.Combine(work, name), text);
                var log = Path.Combine(parent, $"{Path.GetFileName(folder)}.log");
                Build([.. files, $"{VerilatorLayout.TopName}.v"], new ToolOptions { WorkingDirectory = work, LogPath = log, Timeout = TimeSpan.FromHours(1) });
                try
                {
                    Directory.Move(work, folder);
                }
                catch (IOException) when (File.Exists(Path.Combine(folder, ProgramName)))
                {
                    // Somebody else built the same in the meantime.
                }
            }
            finally
            {
                if (Directory.Exists(work))
                    Directory.Delete(work, recursive: true);
            }
        }

        /// <summary>Makes the program in the working folder.</summary>
        protected abstract void Build(IReadOnlyList<string> files, ToolOptions options);
    }

    /// <summary>All modules copied into the places where they are used, and two runs of the compiler.</summary>
    private sealed class CompilationInOne(
        ExternalTool verilator, ExternalTool compiler, VerilatorRuntime runtime, string folder, string optimisation, CancellationToken cancellation)
        : Compilation(folder, cancellation)
    {
        protected override void Build(IReadOnlyList<string> files, ToolOptions options)
        {
            verilator.RunToSuccess([.. VerilatorFlags, "--top-module", VerilatorLayout.TopName, "-Mdir", "model", .. files], options, Cancellation);
            var work = options.WorkingDirectory!;
            var generated = Directory.EnumerateFiles(Path.Combine(work, "model"), "*.cpp").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToList();
            var slow = generated.Where(f => f.EndsWith("__Slow.cpp", StringComparison.Ordinal) || f.EndsWith("__Syms.cpp", StringComparison.Ordinal)).ToList();
            Write(work, "slow.cpp", slow.Select(f => $"model/{f}"));
            Write(work, "fast.cpp", generated.Except(slow).Select(f => $"model/{f}").Append("bench.cpp"));
            string[] include = ["-I", ".", "-I", "model", "-I", ResourceFiles.FullPath(BenchFolder), .. runtime.CompilerArguments];
            // The slow files run once, when the simulation starts: compiling them well would take longer than it saves.
            Task.WhenAll(
                Start([.. CompilerFlags, "-O0", .. include, "-c", "slow.cpp", "-o", "slow.o"], "slow"),
                Start([.. CompilerFlags, optimisation, .. include, "-c", "fast.cpp", "-o", "fast.o"], "fast")).GetAwaiter().GetResult();
            compiler.RunToSuccess(["fast.o", "slow.o", .. runtime.Objects, "-pthread", "-o", ProgramName], options, Cancellation);

            Task Start(string[] arguments, string what) => Task.Run(
                () => compiler.RunToSuccess(arguments, options with { LogPath = string.Create(CultureInfo.InvariantCulture, $"{options.LogPath}.{what}") }, Cancellation),
                Cancellation);
        }

        private static void Write(string work, string name, IEnumerable<string> includes) =>
            File.WriteAllText(Path.Combine(work, name), string.Concat(includes.Select(f => $"#include \"{f}\"\n")));
    }

    /// <summary>Large modules built once, however often they are used: Verilator's own makefile does it.</summary>
    private sealed class CompilationInBlocks(ExternalTool verilator, string folder, string optimisation, CancellationToken cancellation) : Compilation(folder, cancellation)
    {
        protected override void Build(IReadOnlyList<string> files, ToolOptions options)
        {
            _ = ExternalTool.Require(KnownTool.Make);
            // Paths that go through a makefile must be plain names.
            string[] sources = [.. files.Select(f => Path.GetFileName(f)), "bench.cpp"];
            foreach (var file in files.Concat(ResourceFiles.List(BenchFolder).Select(ResourceFiles.FullPath)).Where(f => Path.IsPathFullyQualified(f) && !File.Exists(Path.Combine(options.WorkingDirectory!, Path.GetFileName(f)))))
                File.Copy(file, Path.Combine(options.WorkingDirectory!, Path.GetFileName(file)));
            verilator.RunToSuccess(
                [
                    .. VerilatorFlags, "--hierarchical", "--exe", "--build", "-j", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
                    "--top-module", VerilatorLayout.TopName, "-Mdir", "model", "-MAKEFLAGS", $"OPT_FAST={optimisation} OPT_SLOW=-O0",
                    "-CFLAGS", $"{string.Join(' ', CompilerFlags)} -I..", BlocksFile, .. sources, "-o", Path.Combine("..", ProgramName),
                ],
                options, Cancellation);
        }
    }
}
