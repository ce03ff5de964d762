using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>
/// Finds the native ONNX Runtime: a path that the user gives; the npm package below <c>.tools</c> of the checkout that
/// the tool runs from; the same package in the tool's data folder; the system's library path. No other folder, the
/// current one least of all, is searched: native code is run from where it was put on purpose.
/// </summary>
public static class OnnxRuntimeLocator
{
    /// <summary>The version of the npm package <c>onnxruntime-node</c> that this code is tested with.</summary>
    public const string PackageVersion = "1.30.0";

    /// <summary>Where the tool keeps what it installs for a user: <c>~/.local/share/hls4net</c> on Linux.</summary>
    public static string DataFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "hls4net");

    /// <summary>What a user types to install it.</summary>
    public static string InstallCommand(string folder) =>
        $"npm install --ignore-scripts --no-save --prefix {folder} onnxruntime-node@{PackageVersion}";

    /// <summary>Loads the first library that is found.</summary>
    /// <param name="explicitPath">The user's own choice: then nothing else is tried.</param>
    /// <exception cref="UserErrorException">There is none (HLS5001) or it cannot be used (HLS5002).</exception>
    public static OnnxRuntimeLibrary Load(string? explicitPath = null)
    {
        if (explicitPath is not null)
            return OnnxRuntimeLibrary.Load(Path.GetFullPath(explicitPath));
        if (FindInstalled() is { } installed)
            return OnnxRuntimeLibrary.Load(installed);
        foreach (var name in SystemNames)
        {
            if (NativeLibrary.TryLoad(name, out _))
                return OnnxRuntimeLibrary.Load(name);
        }
        throw new UserErrorException(Messages.OnnxRuntimeMissing(InstallCommand(DataFolder)));
    }

    /// <summary>The npm package's library in the checkout or in the data folder, or null.</summary>
    public static string? FindInstalled() =>
        FindBelow(CheckoutAbove(AppContext.BaseDirectory) is { } root ? Path.Combine(root, ".tools") : null) ?? FindBelow(DataFolder);

    /// <summary>The library for this machine below a folder that npm installed into, or null.</summary>
    internal static string? FindBelow(string? prefix)
    {
        if (prefix is null)
            return null;
        var binaries = Path.Combine(prefix, "node_modules", "onnxruntime-node", "bin");
        if (!Directory.Exists(binaries))
            return null;
        // The folder is named after the interface of node that the package uses: napi-v3, napi-v6.
        return Directory.GetDirectories(binaries, "napi-v*")
            .Select(f => Path.Combine(f, PlatformFolder))
            .Where(Directory.Exists)
            .SelectMany(f => Directory.GetFiles(f, LibraryPattern))
            .Order(StringComparer.Ordinal)
            .LastOrDefault();
    }

    private static string[] SystemNames =>
        OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib"]
        : ["libonnxruntime.so", "libonnxruntime.so.1"];

    private static string LibraryPattern =>
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime*.dylib" : "libonnxruntime.so*";

    private static string PlatformFolder => Path.Combine(
        OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux",
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    private static string? CheckoutAbove(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hls4Net.sln")))
                return folder.FullName;
        }
        return null;
    }
}
