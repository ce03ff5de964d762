using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Text;

/// <summary>Reads what <see cref="IrWriter"/> wrote; spaces, commas, line breaks and comments from # to the end of a line separate tokens.</summary>
internal sealed class IrReader(string text)
{
    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-.:*%");

    private int _at;

    public bool IsAtEnd
    {
        get
        {
            Skip();
            return _at >= text.Length;
        }
    }

    /// <summary>Takes a bracket or sign if it comes next.</summary>
    public bool Takes(char sign)
    {
        Skip();
        if (_at >= text.Length || text[_at] != sign)
            return false;
        _at++;
        return true;
    }

    public void Expect(char sign)
    {
        if (!Takes(sign))
            throw Unexpected($"'{sign}'");
    }

    /// <summary>Takes a word if it comes next.</summary>
    public bool Takes(string word)
    {
        var start = _at;
        if (Peek() is { Length: > 0 } next && next.SequenceEqual(word))
        {
            Word();
            return true;
        }
        _at = start;
        return false;
    }

    public void Expect(string word)
    {
        if (!Takes(word))
            throw Unexpected($"'{word}'");
    }

    /// <summary>The next word without taking it; empty if none comes next.</summary>
    public ReadOnlySpan<char> Peek()
    {
        Skip();
        var start = _at;
        var word = Scan();
        _at = start;
        return word;
    }

    /// <summary>A word: letters, digits, signs, and the angle brackets of a type.</summary>
    public ReadOnlySpan<char> Word()
    {
        Skip();
        var start = _at;
        var word = Scan();
        if (word.IsEmpty)
        {
            _at = start;
            throw Unexpected("a word");
        }
        return word;
    }

    /// <summary>A name in quotes.</summary>
    public string Quoted()
    {
        Expect('"');
        var name = new StringBuilder();
        while (true)
        {
            if (_at >= text.Length)
                throw Error("The text ends inside quotes.");
            var c = text[_at++];
            if (c == '"')
                return name.ToString();
            if (c == '\\')
                c = Escaped();
            name.Append(c);
        }
    }

    /// <summary>Names in parentheses.</summary>
    public Seq<string> Names()
    {
        Expect('(');
        var names = new List<string>();
        while (!Takes(')'))
            names.Add(Quoted());
        return names.ToSeq();
    }

    public Seq<T> List<T>(Func<T> read)
    {
        Expect('[');
        var items = new List<T>();
        while (!Takes(']'))
            items.Add(read());
        return items.ToSeq();
    }

    public Seq<int> Shape() => List(Integer);

    public int Integer() => int.TryParse(Word(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Error("A small integer was expected.");

    public long Long() => long.TryParse(Word(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Error("An integer was expected.");

    public BigInteger BigInteger() => System.Numerics.BigInteger.TryParse(Word(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Error("A whole number was expected.");

    public Dyadic Dyadic()
    {
        var word = Word();
        try
        {
            return Numbers.Dyadic.Parse(word);
        }
        catch (FormatException)
        {
            throw Error($"'{word}' is not a number like 5p-3.");
        }
    }

    public FixedType FixedType()
    {
        var quantizer = Parse(Word(), out var isBare);
        return isBare ? quantizer.Type : throw Error("A type without rounding and overflow was expected.");
    }

    /// <summary>A type, or null for <c>real</c>.</summary>
    public FixedType? Type() => Takes("real") ? null : FixedType();

    public Quantizer Quantizer()
    {
        var quantizer = Parse(Word(), out var isBare);
        return isBare ? throw Error("A type with rounding and overflow was expected.") : quantizer;
    }

    public IrFormatException Error(string message)
    {
        var line = 1 + text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n');
        return new IrFormatException(line, message);
    }

    private Quantizer Parse(ReadOnlySpan<char> word, out bool isBare)
    {
        isBare = word.Count(',') < 3;
        return Numbers.Quantizer.TryParse(word.ToString(), Rounding.Trn, Overflow.Wrap, out var quantizer, out var problem)
            ? quantizer
            : throw Error($"'{word}': {problem}.");
    }

    private IrFormatException Unexpected(string wanted)
    {
        Skip();
        var found = _at >= text.Length ? "the text ends" : Peek() is { IsEmpty: false } word ? $"there is '{word}'" : $"there is '{text[_at]}'";
        return Error($"{wanted} was expected, and {found}.");
    }

    private char Escaped()
    {
        if (_at < text.Length && text[_at] is '"' or '\\')
            return text[_at++];
        if (_at + 5 <= text.Length && text[_at] == 'u' && ushort.TryParse(text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            _at += 5;
            return (char)code;
        }
        throw Error("After a backslash comes a quote, a backslash, or u and four hexadecimal digits.");
    }

    private ReadOnlySpan<char> Scan()
    {
        var start = _at;
        var length = text.AsSpan(start).IndexOfAnyExcept(WordCharacters);
        _at = length < 0 ? text.Length : start + length;
        if (_at > start && _at < text.Length && text[_at] == '<')
        {
            var close = text.IndexOf('>', _at);
            _at = close < 0 ? text.Length : close + 1;
        }
        return text.AsSpan(start, _at - start);
    }

    private void Skip()
    {
        while (_at < text.Length)
        {
            if (text[_at] == '#')
                _at = text.IndexOf('\n', _at) is var end and >= 0 ? end : text.Length;
            else if (text[_at] is ' ' or '\n' or '\r' or '\t' or ',')
                _at++;
            else
                return;
        }
    }
}
