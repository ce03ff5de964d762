using System.Globalization;
using System.Text;

namespace Hls4Net.Core.Text;

/// <summary>
/// Gives the names of the user's model identifiers that are legal, and distinct even to tools that ignore case, in Verilog,
/// SystemVerilog, VHDL and C++ at once, and as file names. The result depends on nothing but the order of the calls.
/// </summary>
public sealed class Identifiers
{
    /// <summary>Long enough to recognise any name, short enough for every tool and file system.</summary>
    private const int MaximumLength = 64;

    private readonly HashSet<string> _taken;
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <param name="reserved">Further names that must not be given, compared without case: those of the text around.</param>
    public Identifiers(params IEnumerable<string> reserved) => _taken = new(reserved, StringComparer.OrdinalIgnoreCase);

    private Identifiers(HashSet<string> taken) => _taken = new(taken, StringComparer.OrdinalIgnoreCase);

    /// <summary>The identifier of a name: the same for the same name, different for different names.</summary>
    public string Of(string name)
    {
        if (!_known.TryGetValue(name, out var identifier))
            _known[name] = identifier = Fresh(name);
        return identifier;
    }

    /// <summary>An identifier that was not given before, as close to the wish as can be.</summary>
    public string Fresh(string wish)
    {
        var stem = Legal(wish);
        var identifier = stem;
        for (var n = 2; !_taken.Add(identifier); n++)
            identifier = string.Create(CultureInfo.InvariantCulture, $"{stem}_{n}");
        return identifier;
    }

    /// <summary>Takes identifiers that hang on another one, all of them or none.</summary>
    /// <returns>False if one of them was given before.</returns>
    public bool TryTake(params IReadOnlyList<string> identifiers)
    {
        if (identifiers.Any(_taken.Contains))
            return false;
        _taken.UnionWith(identifiers);
        return true;
    }

    /// <summary>Identifiers for an inner scope: none hides one of this scope, and this scope does not learn of them.</summary>
    public Identifiers Inner() => new(_taken);

    /// <summary>
    /// The nearest identifier: ASCII letters, digits and single underscores, a letter first, no keyword of any target language, at most
    /// 64 characters. Different names may give the same.
    /// </summary>
    public static string Legal(string name)
    {
        if (IsLegal(name))
            return ReservedWords.Contains(name) ? $"{name}_value" : name;
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (text.Length == MaximumLength)
                break;
            if (char.IsAsciiLetterOrDigit(c))
                text.Append(c);
            else if (text.Length > 0 && text[^1] != '_')
                text.Append('_');
        }
        var trimmed = text.ToString().TrimEnd('_');
        if (trimmed.Length == 0)
            return "unnamed";
        if (char.IsAsciiDigit(trimmed[0]))
            trimmed = $"n{trimmed}";
        return ReservedWords.Contains(trimmed) ? $"{trimmed}_value" : trimmed;
    }

    /// <summary>Whether a name is an identifier as it stands, unless it is a keyword.</summary>
    private static bool IsLegal(string name)
    {
        if (name.Length is 0 or > MaximumLength || !char.IsAsciiLetter(name[0]) || name[^1] == '_')
            return false;
        for (var k = 1; k < name.Length; k++)
        {
            if (!char.IsAsciiLetterOrDigit(name[k]) && (name[k] != '_' || name[k - 1] == '_'))
                return false;
        }
        return true;
    }
}
