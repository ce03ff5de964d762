using System.Globalization;
using System.Text;

namespace Hls4Net.Emission;

/// <summary>Names of the user's model in the comments of generated text.</summary>
internal static class HlsCppText
{
    /// <summary>
    /// The text on one line of printable ASCII. No line of it can end in a backslash, which would continue a comment: what is not
    /// plain is written as its code point in brackets.
    /// </summary>
    public static string Comment(string text)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= ' ' and <= '~' and not '\\' and not '`' and not '<' and not '>' and not '|')
                plain.Append((char)rune.Value);
            else
                plain.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]");
        }
        return plain.Replace("*/", "*[U+002F]").Replace("/*", "[U+002F]*").ToString();
    }
}
