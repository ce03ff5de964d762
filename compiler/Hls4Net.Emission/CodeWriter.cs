using System.Text;

namespace Hls4Net.Emission;

/// <summary>Indented text with <c>\n</c> line ends.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string text = "")
    {
        if (text.Length > 0)
            _text.Append(' ', 4 * _depth).Append(text);
        _text.Append('\n');
    }

    /// <summary>A line that ends with an opening brace; what follows is indented until <see cref="Close"/>.</summary>
    public void Open(string text)
    {
        Line(text);
        _depth++;
    }

    public void Close(string text = "}")
    {
        _depth--;
        Line(text);
    }

    /// <summary>Lines that were written elsewhere, indented like the next one.</summary>
    public void Append(CodeWriter other)
    {
        foreach (var line in other.ToString().Split('\n').SkipLast(1))
            Line(line);
    }

    /// <summary>Words in lines of at most about 100 characters.</summary>
    public void Wrapped(IEnumerable<string> words)
    {
        var line = new StringBuilder();
        foreach (var word in words)
        {
            if (line.Length > 0 && line.Length + word.Length > 100)
            {
                Line(line.ToString());
                line.Clear();
            }
            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }
        if (line.Length > 0)
            Line(line.ToString());
    }

    public override string ToString() => _text.ToString();
}
