using Hls4Net.Core.Diagnostics;
using Hls4Net.Verification.OnnxRuntime;

namespace Hls4Net.Verification.Tools;

/// <summary>One line of what <c>hls4net doctor</c> prints.</summary>
/// <param name="Name">Program or library.</param>
/// <param name="Purpose">What it is for, as the rest of a sentence that begins with its name.</param>
/// <param name="Path">Where it is; null if it is missing.</param>
/// <param name="Version">Its version; null if it is missing or does not tell.</param>
/// <param name="Install">What to type where it is missing.</param>
public sealed record ToolReport(string Name, string Purpose, string? Path, string? Version, string Install);

/// <summary>What is there of everything that Hls4Net may run.</summary>
public static class ToolInventory
{
    /// <summary>Looks for every tool and asks each for its version.</summary>
    public static IReadOnlyList<ToolReport> Inspect() => [.. KnownTool.All.Select(Inspect), InspectOnnxRuntime()];

    private static ToolReport Inspect(KnownTool tool)
    {
        var found = ExternalTool.Find(tool);
        return new ToolReport(tool.Name, tool.Purpose, found?.Path, found?.Version(tool.VersionArgument), tool.InstallCommand);
    }

    private static ToolReport InspectOnnxRuntime()
    {
        var report = new ToolReport("onnxruntime", "runs the model in floating point, as the reference", null, null,
            OnnxRuntimeLocator.InstallCommand(OnnxRuntimeLocator.DataFolder));
        try
        {
            using var library = OnnxRuntimeLocator.Load();
            return report with { Path = library.Path, Version = library.Version };
        }
        catch (UserErrorException)
        {
            return report;
        }
    }
}
