using System.Globalization;
using System.Text;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Text;

/// <summary>
/// Writes the text form of the intermediate representations: words, quoted names, brackets. Line breaks and commas are for the
/// reader's eye only; <see cref="IrReader"/> takes them as spaces.
/// </summary>
internal sealed class IrWriter
{
    private const int LineLength = 120;
    private readonly StringBuilder _text = new();
    private int _indent;
    private int _lineStart;

    /// <summary>Text that stands as it is.</summary>
    public IrWriter Write(string text)
    {
        _text.Append(text);
        return this;
    }

    public IrWriter Write(int number)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    /// <summary>Any string, in quotes: letters, digits and printable ASCII as they are, everything else escaped.</summary>
    public IrWriter Quote(string name)
    {
        _text.Append('"');
        foreach (var c in name)
        {
            if (c is '"' or '\\')
                _text.Append('\\').Append(c);
            else if (c is >= ' ' and <= '~' || (c > '~' && char.IsLetterOrDigit(c)))
                _text.Append(c);
            else
                _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }
        _text.Append('"');
        return this;
    }

    /// <summary>Names in parentheses.</summary>
    public IrWriter Names(Seq<string> names)
    {
        _text.Append('(');
        for (var i = 0; i < names.Count; i++)
            Write(i == 0 ? "" : ", ").Quote(names[i]);
        _text.Append(')');
        return this;
    }

    public IrWriter Shape(Seq<int> shape) => Write(shape.ToString());

    /// <summary>A type, or <c>real</c> for none.</summary>
    public IrWriter Type(FixedType? type) => Write(type is { } fixedType ? fixedType.ToString() : "real");

    public IrWriter Line()
    {
        _text.Append('\n');
        _lineStart = _text.Length;
        _text.Append(' ', 2 * _indent);
        return this;
    }

    public IrWriter Indent()
    {
        _indent++;
        return this;
    }

    public IrWriter Outdent()
    {
        _indent--;
        return this;
    }

    /// <summary>Items in brackets, on as many lines as it takes.</summary>
    public IrWriter List<T>(ReadOnlySpan<T> items, Action<T> write)
    {
        _text.Append('[');
        _indent += 2;
        for (var i = 0; i < items.Length; i++)
        {
            if (_text.Length - _lineStart > LineLength)
                Line();
            else if (i > 0)
                _text.Append(' ');
            write(items[i]);
        }
        _indent -= 2;
        _text.Append(']');
        return this;
    }

    public IrWriter List(Seq<long> items) => List(items.Span, n => _text.Append(CultureInfo.InvariantCulture, $"{n}"));

    public IrWriter List(Seq<Dyadic> items) => List(items.Span, n => _text.Append(n.ToString()));

    /// <summary>The text, with one line break at its end and no spaces at the end of a line.</summary>
    public override string ToString()
    {
        var end = _text.Length;
        while (end > 0 && char.IsWhiteSpace(_text[end - 1]))
            end--;
        _text.Length = end;
        return _text.Append('\n').ToString();
    }
}
