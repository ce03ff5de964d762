using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Emission;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Gpp;

/// <summary>
/// Builds HLS projects with g++ and the simulation-only ap_fixed headers. Programs are kept in a build folder under the hash of all
/// that went into them, so that the same project is compiled once.
/// </summary>
public static class GppRunner
{
    private const string ProgramName = "bench";
    private const string SourceName = "all-designs.cpp";
    private const string HeaderFolder = "testbenches/ap_types";
    private const string BenchFolder = "testbenches/gpp";

    /// <summary>Pragmas are for the HLS tool; every other warning about generated code would be a fault of the generator.</summary>
    private static readonly string[] Flags =
        ["-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-fno-strict-aliasing"];

    /// <summary>Builds one design.</summary>
    /// <param name="design">The project on disk.</param>
    /// <param name="buildFolder">Where programs are kept; created if missing.</param>
    /// <exception cref="UserErrorException">g++ is missing or fails.</exception>
    public static GppProgram Build(GppDesign design, string buildFolder, CancellationToken cancellation = default) =>
        Build([design], buildFolder, cancellation);

    /// <summary>Builds designs with different prefixes into one program: the compiler's headers are read once for all.</summary>
    /// <inheritdoc cref="Build(GppDesign, string, CancellationToken)"/>
    public static GppProgram Build(IReadOnlyList<GppDesign> designs, string buildFolder, CancellationToken cancellation = default)
    {
        var compiler = ExternalTool.Require(KnownTool.Gpp);
        var layouts = designs.ToDictionary(d => d.Design, d => HlsCppLayout.Of(d.Design, d.Options), (IEqualityComparer<Design>)ReferenceEqualityComparer.Instance);
        var glue = designs.Select(d => GppGlue.Text(d, layouts[d.Design])).ToList();
        var folder = Path.Combine(Path.GetFullPath(buildFolder), Key(designs, glue, compiler));
        var program = Path.Combine(folder, ProgramName);
        if (File.Exists(program))
            return new(program, layouts, null);
        var time = Compile(compiler, designs, glue, folder, cancellation);
        return new(program, layouts, time);
    }

    /// <summary>Compiles beside the folder and moves it into place when it is complete, so that nobody sees half of it.</summary>
    private static TimeSpan Compile(ExternalTool compiler, IReadOnlyList<GppDesign> designs, IReadOnlyList<string> glue, string folder, CancellationToken cancellation)
    {
        var parent = Directory.CreateDirectory(Path.GetDirectoryName(folder)!).FullName;
        var work = Path.Combine(parent, $".{Path.GetFileName(folder)}.{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            // One translation unit: the headers, which take longest, are read once. No prefix has a dash in it.
            var all = new StringBuilder("#include \"gpp/bench.cpp\"\n");
            for (var n = 0; n < glue.Count; n++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"glue-{n}.cpp");
                File.WriteAllText(Path.Combine(work, name), glue[n]);
                all.Append(CultureInfo.InvariantCulture, $"#include \"{name}\"\n");
            }
            File.WriteAllText(Path.Combine(work, SourceName), all.ToString());
            var result = compiler.RunToSuccess(
                [.. Flags, "-I", ResourceFiles.FullPath(HeaderFolder), "-I", ResourceFiles.FullPath("testbenches"), .. QuoteFolders(designs), SourceName, "-o", ProgramName],
                new ToolOptions { WorkingDirectory = work, LogPath = Path.Combine(parent, $"{Path.GetFileName(folder)}.log") }, cancellation);
            try
            {
                Directory.Move(work, folder);
            }
            catch (IOException) when (File.Exists(Path.Combine(folder, ProgramName)))
            {
                // Somebody else built the same in the meantime.
            }
            return result.Elapsed;
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Only for names in quotes: a project may have a file that is called like one of the system's headers.</summary>
    private static IEnumerable<string> QuoteFolders(IReadOnlyList<GppDesign> designs) =>
        designs.SelectMany(d => new[] { "-iquote", Path.GetFullPath(Path.Combine(d.ProjectFolder, "firmware")) });

    private static string Key(IReadOnlyList<GppDesign> designs, IReadOnlyList<string> glue, ExternalTool compiler)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{compiler.Path} {compiler.Version()} {string.Join(' ', Flags)}");
        foreach (var text in glue)
            Add(text);
        foreach (var path in ResourceFiles.List(HeaderFolder).Concat(ResourceFiles.List(BenchFolder)))
            Add($"{path}\n{ResourceFiles.Read(path)}");
        foreach (var folder in designs.Select(d => Path.Combine(d.ProjectFolder, "firmware")))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                Add($"{file}\n{File.ReadAllText(file)}");
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..24];

        void Add(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }
}
