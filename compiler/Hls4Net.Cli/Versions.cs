using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Operators;
using Hls4Net.Transforms;

namespace Hls4Net.Cli;

/// <summary>Versions that go into every output.</summary>
internal static class Versions
{
    private static readonly Lazy<string> LazyHash = new(MakeHash);

    /// <summary>The compiler's version.</summary>
    public static Version Number { get; } = typeof(Versions).Assembly.GetName().Version!;

    /// <summary>The compiler's version, as <c>0.1.0</c>.</summary>
    public static string Compiler { get; } = Number.ToString(3);

    /// <summary>
    /// SHA-256, in hexadecimal, of everything that decides what is generated: of the assemblies, by the identifiers that a deterministic build gives
    /// to their contents, and of the templates. Another build of the same sources with the same SDK has the same one.
    /// </summary>
    public static string Hash => LazyHash.Value;

    private static string MakeHash()
    {
        var text = new StringBuilder(Compiler);
        Assembly[] assemblies = [typeof(Seq<int>).Assembly, typeof(Dense).Assembly, typeof(Pipelines).Assembly, typeof(BoardEmitter).Assembly, typeof(Versions).Assembly];
        foreach (var assembly in assemblies)
            text.Append('\n').Append(assembly.ManifestModule.ModuleVersionId);
        foreach (var path in ResourceFiles.List("runtime-templates").Concat(ResourceFiles.List("testbenches")))
            text.Append('\n').Append(path).Append('\n').Append(ResourceFiles.Read(path).ReplaceLineEndings("\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
