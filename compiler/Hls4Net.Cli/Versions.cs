namespace Hls4Net.Cli;

/// <summary>Versions that go into every output.</summary>
internal static class Versions
{
    /// <summary>The compiler's version, as <c>0.1.0</c>.</summary>
    public static string Compiler { get; } = typeof(Versions).Assembly.GetName().Version!.ToString(3);
}
