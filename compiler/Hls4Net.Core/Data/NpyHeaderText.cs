using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Data;

/// <summary>Reads the Python dictionary of a .npy header: strings, True, False and tuples of non-negative integers, nothing else.</summary>
internal sealed class NpyHeaderText(string text, string where)
{
    private int _at;

    private char Next => _at < text.Length ? text[_at] : '\0';

    /// <exception cref="UserErrorException">The text is something else (HLS4003), or its type is a structure (HLS4006).</exception>
    public Fields Parse()
    {
        string? descr = null;
        bool? fortran = null;
        Seq<long>? shape = null;
        Expect('{');
        while (!Take('}'))
        {
            var key = String();
            Expect(':');
            switch (key)
            {
                case "descr" when descr is null: descr = Descr(); break;
                case "fortran_order" when fortran is null: fortran = Boolean(); break;
                case "shape" when shape is null: shape = Tuple(); break;
                case "descr" or "fortran_order" or "shape": throw Broken($"'{key}' stands there twice");
                default: throw Broken($"'{Messages.Printable(key)}' is not one of descr, fortran_order, shape");
            }
            if (!Take(','))
            {
                Expect('}');
                break;
            }
        }
        SkipSpaces();
        if (_at != text.Length)
            throw Broken($"'{Messages.Printable(text[_at..])}' follows the closing brace");
        return new Fields(
            descr ?? throw Broken("'descr' is missing"),
            fortran ?? throw Broken("'fortran_order' is missing"),
            shape ?? throw Broken("'shape' is missing"));
    }

    private string Descr()
    {
        SkipSpaces();
        if (Next is '[' or '(' or '{')
            throw new UserErrorException(Messages.NpyDType(where, $"the structure {Messages.Printable(text[_at..])}"));
        return String();
    }

    private string String()
    {
        SkipSpaces();
        var quote = Next;
        if (quote is not ('\'' or '"'))
            throw Expected("a quoted string");
        var end = text.IndexOf(quote, _at + 1);
        if (end < 0)
            throw Broken("a string is not closed");
        var value = text[(_at + 1)..end];
        _at = end + 1;
        return value;
    }

    private bool Boolean()
    {
        SkipSpaces();
        foreach (var (word, value) in new[] { ("True", true), ("False", false) })
        {
            if (!text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal))
                continue;
            _at += word.Length;
            return value;
        }
        throw Expected("True or False");
    }

    private Seq<long> Tuple()
    {
        var extents = new List<long>();
        Expect('(');
        var closed = Take(')');
        while (!closed)
        {
            extents.Add(Extent());
            var comma = Take(',');
            closed = Take(')');
            if (!comma && (!closed || extents.Count == 1))
                throw Expected("',' in the shape");
        }
        return [.. extents];
    }

    private long Extent()
    {
        SkipSpaces();
        var start = _at;
        while (char.IsAsciiDigit(Next))
            _at++;
        if (!long.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var extent))
            throw _at == start ? Expected("a non-negative integer in the shape") : Broken("an extent of the shape is beyond all sense");
        // Python 2 wrote its long integers with this suffix.
        Take('L');
        return extent;
    }

    private bool Take(char symbol)
    {
        SkipSpaces();
        if (_at >= text.Length || Next != symbol)
            return false;
        _at++;
        return true;
    }

    private void Expect(char symbol)
    {
        if (!Take(symbol))
            throw Expected($"'{symbol}'");
    }

    private void SkipSpaces()
    {
        while (Next is ' ' or '\t' or '\n' or '\r')
            _at++;
    }

    private UserErrorException Expected(string what) =>
        Broken(_at < text.Length ? $"{what} was expected at '{Messages.Printable(text[_at..])}'" : $"{what} was expected at its end");

    private UserErrorException Broken(string what) => new(Messages.NpyHeaderBroken(where, what));

    /// <summary>The three fields, not yet interpreted.</summary>
    internal readonly record struct Fields(string Descr, bool Fortran, Seq<long> Shape);
}
