namespace Hls4Net.Verification.Tools;

/// <summary>What came of running a program.</summary>
/// <param name="ExitCode">0 for success by convention; 128 + n if signal n ended it.</param>
/// <param name="Output">What it printed to standard output, from the beginning.</param>
/// <param name="Errors">What it printed to standard error, from the beginning.</param>
/// <param name="Truncated">Whether it printed more than was kept.</param>
/// <param name="LastLines">The end of standard output, then the end of standard error.</param>
/// <param name="Elapsed">Wall-clock time.</param>
public sealed record ToolResult(int ExitCode, string Output, string Errors, bool Truncated, string LastLines, TimeSpan Elapsed);
