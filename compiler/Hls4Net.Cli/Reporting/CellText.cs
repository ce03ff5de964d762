using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Reporting;

/// <summary>Text from a user's file made fit for a cell of a table: one line, nothing that moves the cursor, a bounded width.</summary>
internal static class CellText
{
    /// <summary>
    /// On one line: what a terminal would obey instead of show (control characters, escape sequences, marks that turn the writing
    /// direction, halves of a surrogate pair) stands as its code.
    /// </summary>
    public static string OneLine(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (Rune.TryGetRuneAt(text, at, out var rune))
            {
                result.Append(IsShown(rune) ? rune.ToString() : Code(rune.Value));
                at += rune.Utf16SequenceLength;
            }
            else
            {
                result.Append(Code(text[at++]));
            }
        }
        return result.ToString();
    }

    /// <summary>At most <paramref name="width"/> cells: a longer text keeps its beginning and its end, where names differ.</summary>
    public static string Shorten(string text, int width)
    {
        var line = OneLine(text);
        if (Fits(line, width))
            return line;
        var runes = line.EnumerateRunes().ToArray();
        var (head, tail) = (new StringBuilder(), new StringBuilder());
        for (var (first, last) = (0, runes.Length - 1); ;)
        {
            if (!Fits($"{head}{runes[first]}…{tail}", width))
                break;
            head.Append(runes[first++]);
            if (!Fits($"{head}…{runes[last]}{tail}", width))
                break;
            tail.Insert(0, runes[last--].ToString());
        }
        return $"{head}…{tail}";
    }

    /// <summary>Marks that take no cell count as well, so that no pile of them makes a line endless.</summary>
    private static bool Fits(string text, int width) => text.Length <= 4 * width && new Segment(text).CellCount() <= width;

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned);

    private static string Code(int value) => string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}");
}
