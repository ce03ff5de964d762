namespace Hls4Net.Tests.Support;

/// <summary>Where tests find files, and what they do when something is missing.</summary>
internal static class TestFiles
{
    /// <summary>The folder that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>On a build server nothing may be missing; on a developer's machine a test that lacks a tool is skipped.</summary>
    public static bool IsContinuousIntegration { get; } =
#pragma warning disable RS0030 // Decides only whether a missing tool fails or skips, never a result.
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
#pragma warning restore RS0030

    public static string InRepository(params string[] parts) => Path.Combine([RepositoryRoot, .. parts]);

    /// <summary>A path below the reference data beside the repository; skips the test where there are none.</summary>
    public static string Shared(params string[] parts)
    {
        var folder = Path.Combine(RepositoryRoot, "..", "shared");
        if (!Directory.Exists(folder))
            Assert.Skip("The reference data (../shared) are not here.");
        var path = Path.GetFullPath(Path.Combine([folder, .. parts]));
        Assert.True(Path.Exists(path), $"{path} is missing.");
        return path;
    }

    /// <summary>A path below the reference data, or null where there are none: for lists of cases, which cannot skip.</summary>
    public static string? SharedOrNull(string path)
    {
        var full = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", path));
        return Directory.Exists(full) ? full : null;
    }

    /// <summary>Skips the test for want of a tool, or fails it on a build server.</summary>
    public static void Missing(string what)
    {
        if (IsContinuousIntegration)
            Assert.Fail($"{what} is missing, and nothing may be missing in continuous integration.");
        Assert.Skip($"{what} is missing.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hls4Net.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No Hls4Net.sln above {AppContext.BaseDirectory}.");
    }
}
