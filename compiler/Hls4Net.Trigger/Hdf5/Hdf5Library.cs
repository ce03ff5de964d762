using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Hdf5;

/// <summary>
/// Finds the native HDF5 library: by the names that the system's loader knows, then in the folders where packages put it. Debian's library
/// carries the number of its interface in its name and is no development package, so the plain name alone would miss it.
/// </summary>
public sealed class Hdf5Library
{
    /// <summary>What a user types to install it; the tools depend on the library whatever its number is.</summary>
    public const string InstallCommand = "apt-get install hdf5-tools";

    private static readonly string[] Folders =
        ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64", "/lib", "/opt/homebrew/lib", "/opt/local/lib"];

    private Hdf5Library(string path, Hdf5Api api) => (Path, Api) = (path, api);

    /// <summary>The file, or the bare name where the system's loader found it.</summary>
    public string Path { get; }

    public string Version => Api.Version;

    internal Hdf5Api Api { get; }

    /// <summary>Loads the first library that is found.</summary>
    /// <exception cref="UserErrorException">There is none (HLS5021), or none can be used (HLS5022).</exception>
    public static Hdf5Library Load() => Load(Candidates());

    internal static Hdf5Library Load(IEnumerable<string> candidates)
    {
        (string Path, string Reason)? refused = null;
        foreach (var candidate in candidates)
        {
            if (!NativeLibrary.TryLoad(candidate, out var handle))
                continue;
            if (Hdf5Api.TryBind(handle, out var reason) is { } api)
                return new(candidate, api);
            refused ??= (candidate, reason);
        }
        throw new UserErrorException(refused is { } r ? Messages.Hdf5Unusable(r.Path, r.Reason, InstallCommand) : Messages.Hdf5Missing(InstallCommand));
    }

    private static IEnumerable<string> Candidates()
    {
        string[] names = OperatingSystem.IsWindows() ? ["hdf5.dll"] : OperatingSystem.IsMacOS() ? ["libhdf5.dylib"] : ["libhdf5.so", "libhdf5_serial.so"];
        return names.Concat(Folders.Where(Directory.Exists).SelectMany(InFolder));
    }

    /// <summary>Files such as libhdf5_serial.so.103 in a folder and in those of the machine's kind below it; the parallel builds need more than a library.</summary>
    private static IEnumerable<string> InFolder(string folder) => Directory.GetDirectories(folder, "*-linux-gnu*").Prepend(folder)
        .SelectMany(f => Directory.GetFiles(f, "libhdf5*"))
        .Where(IsLibrary)
        .OrderDescending(StringComparer.Ordinal);

    private static bool IsLibrary(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        var rest = name.StartsWith("libhdf5_serial.", StringComparison.Ordinal) ? name["libhdf5_serial.".Length..]
            : name.StartsWith("libhdf5.", StringComparison.Ordinal) ? name["libhdf5.".Length..] : "";
        return rest is "so" or "dylib" || rest.StartsWith("so.", StringComparison.Ordinal);
    }
}
