namespace Hls4Net.Core.Text;

/// <summary>A text is not that of an intermediate representation; the message names the line.</summary>
public sealed class IrFormatException(int line, string message) : Exception($"Line {line}: {message}")
{
    /// <summary>The line, counted from 1.</summary>
    public int Line { get; } = line;
}
