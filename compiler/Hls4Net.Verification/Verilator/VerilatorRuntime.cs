using System.Security.Cryptography;
using System.Text;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Verilator;

/// <summary>Verilator's own library, compiled once for the machine and kept in the user's data folder.</summary>
/// <param name="CompilerArguments">What a compilation of generated code needs.</param>
/// <param name="Objects">What is linked to it.</param>
internal sealed record VerilatorRuntime(IReadOnlyList<string> CompilerArguments, IReadOnlyList<string> Objects)
{
    private static readonly string[] Sources = ["verilated.cpp", "verilated_threads.cpp"];

    private static readonly string[] Defines = ["-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TRACE=0"];

    public static VerilatorRuntime Require(ExternalTool verilator, ExternalTool compiler, CancellationToken cancellation)
    {
        var root = verilator.RunToSuccess(["--getenv", "VERILATOR_ROOT"], null, cancellation).Output.Trim();
        var include = Path.Combine(root, "include");
        string[] arguments = [.. Defines, "-I", include, "-I", Path.Combine(include, "vltstd")];
        var folder = Path.Combine(CacheFolder(), Key(verilator, compiler, include));
        var objects = Sources.Select(s => Path.Combine(folder, Path.ChangeExtension(s, ".o"))).ToArray();
        if (!objects.All(File.Exists))
            Compile(compiler, arguments, include, folder, cancellation);
        return new(arguments, objects);
    }

    private static void Compile(ExternalTool compiler, string[] arguments, string include, string folder, CancellationToken cancellation)
    {
        var work = $"{folder}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(work);
        try
        {
            var tasks = Sources.Select(s => Task.Run(() => compiler.RunToSuccess(
                ["-std=c++17", "-O2", "-w", .. arguments, "-c", Path.Combine(include, s), "-o", Path.Combine(work, Path.ChangeExtension(s, ".o"))],
                null, cancellation), cancellation));
            Task.WhenAll(tasks).GetAwaiter().GetResult();
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

    /// <summary>The user's data folder, or the temporary one where there is none that can be written.</summary>
    private static string CacheFolder()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        try
        {
            return Directory.CreateDirectory(Path.Combine(data, "hls4net", "verilator")).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "hls4net-verilator")).FullName;
        }
    }

    private static string Key(ExternalTool verilator, ExternalTool compiler, string include)
    {
        var text = $"{verilator.Path} {verilator.Version()} {compiler.Path} {compiler.Version()} {include}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
