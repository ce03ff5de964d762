using System.Text;

namespace Hls4Net.Emission;

/// <summary>
/// The files that the tool itself needs at run time: <c>runtime-templates/</c> and <c>testbenches/</c> of the repository,
/// and the models and events of <c>examples/</c> where the command line is part of the build. They lie beside the assemblies,
/// both in a checkout's build and in the packed tool. Paths are those of the repository, with <c>/</c>.
/// </summary>
public static class ResourceFiles
{
    /// <summary>The text of a file, such as <c>runtime-templates/verilog/top.v.hbs</c>.</summary>
    /// <exception cref="InvalidOperationException">The file is missing: the installation is broken, not the user's input.</exception>
    public static string Read(string path) => File.ReadAllText(FullPath(path), Encoding.UTF8);

    /// <summary>Where a file or a folder lies on disk, for programs that open it themselves, such as a C++ compiler.</summary>
    /// <exception cref="InvalidOperationException">Nothing is there.</exception>
    public static string FullPath(string path)
    {
        var full = Path.Combine(AppContext.BaseDirectory, path);
        return Path.Exists(full)
            ? full
            : throw new InvalidOperationException($"Hls4Net's own file '{path}' is missing: it should be at '{full}'.");
    }

    /// <summary>All files below a folder, as paths that <see cref="Read"/> takes, in ordinal order.</summary>
    /// <exception cref="InvalidOperationException">The folder is missing.</exception>
    public static IReadOnlyList<string> List(string folder) =>
        [.. Directory.EnumerateFiles(FullPath(folder), "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(AppContext.BaseDirectory, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
}
