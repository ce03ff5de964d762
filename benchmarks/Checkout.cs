namespace Hls4Net.Benchmarks;

/// <summary>The checkout that the benchmarks were built in.</summary>
internal static class Checkout
{
    /// <summary>Absolute path of the repository's root.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Hls4Net.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new BenchmarkFailedException("The benchmarks run outside a checkout.");
        return folder;
    }
}
