using System.Globalization;
using System.Text;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Trigger.Vectors;

/// <summary>Reads and writes pattern files of trigger boards. What is read and written again has the same words, flags, links and name.</summary>
public static class LinkPatterns
{
    private const string Metadata = "Metadata: (strobe,) start of orbit, start of packet, end of packet, valid";
    private const string BeginData = "#BeginData";
    private const string LinkName = "LINK_";

    /// <summary>Reads a file; its head says which format it has.</summary>
    /// <exception cref="UserErrorException">It cannot be read (HLS4001), has no format that is known (HLS4108), or a line is malformed (HLS4109).</exception>
    public static (PatternFormat Format, LinkPattern Pattern) Read(string path)
    {
        var lines = new PatternLines(path);
        var format = Recognise(lines.All) ?? throw new UserErrorException(Messages.PatternFormat(path, lines.All.Count == 0 ? "it is empty" : $"it begins with '{Messages.Printable(lines.All[0].Trim())}'"));
        return (format, format switch
        {
            PatternFormat.Emp1 => ReadEmp(lines, isSecond: false),
            PatternFormat.Emp2 => ReadEmp(lines, isSecond: true),
            _ => ReadApx(lines, format == PatternFormat.Apx),
        });
    }

    /// <summary>Which format a file has, or null.</summary>
    public static PatternFormat? Recognise(IReadOnlyList<string> lines)
    {
        var first = lines.FirstOrDefault(l => l.Trim().Length > 0 && (!l.StartsWith('#') || l.StartsWith("#Sideband", StringComparison.Ordinal) || l.StartsWith("#LinkLabel", StringComparison.Ordinal)))?.TrimStart() ?? "";
        return first.StartsWith("Board", StringComparison.Ordinal) ? PatternFormat.Emp1
            : first.StartsWith("ID:", StringComparison.OrdinalIgnoreCase) ? PatternFormat.Emp2
            : first.StartsWith('#') ? PatternFormat.Apx
            : lines.Any(l => l.StartsWith(BeginData, StringComparison.Ordinal)) ? PatternFormat.Ctp7
            : null;
    }

    /// <summary>Writes a file, or nothing.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public static void Write(string path, LinkPattern pattern, PatternFormat format) => AtomicFile.WriteAllText(path, ToText(pattern, format));

    /// <summary>A pattern as a format has it. Flags that the format does not have are left out.</summary>
    public static string ToText(LinkPattern pattern, PatternFormat format)
    {
        var text = new StringBuilder();
        text.Append(format switch
        {
            PatternFormat.Emp1 => $"Board {pattern.Board}\n Quad/Chan :{Each(pattern, l => $"         q{Number(l / 4, 2)}c{l % 4}       ")}\n      Link :{Each(pattern, l => $"          {Number(l, 3)}        ")}\n",
            PatternFormat.Emp2 => $"ID: {pattern.Board}\n{Metadata}\n\n      Link  {Each(pattern, l => $"{(IsStrobed(pattern, l) ? " " : "")}            {Number(l, 3)}        ")}\n",
            PatternFormat.Apx => $"#Sideband ON\n#LinkLabel{Each(pattern, l => $"                {LinkName}{Number(l, 2)}    ")}\n{BeginData}\n",
            _ => $"WordCnt   {Each(pattern, l => $"          {LinkName}{Number(l, 2)}     ")}\n{BeginData}\n",
        });
        for (var i = 0; i < pattern.Frames.Count; i++)
        {
            text.Append(format is PatternFormat.Emp1 or PatternFormat.Emp2 ? $"Frame {Number(i, 4)}{(format == PatternFormat.Emp1 ? " :" : "  ")}" : $"0x{i.ToString("x4", CultureInfo.InvariantCulture)}");
            for (var k = 0; k < pattern.Links.Count; k++)
                text.Append(Word(pattern, format, k, pattern.Frames[i][k]));
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Word(LinkPattern pattern, PatternFormat format, int place, LinkWord word)
    {
        var data = word.Data.ToString("x16", CultureInfo.InvariantCulture)[^pattern.Digits..];
        var strobe = pattern.Strobed[place] ? Bit(word, LinkFlags.Strobe) : "";
        return format switch
        {
            PatternFormat.Emp1 => $"   {(strobe.Length > 0 ? strobe + "s" : "")}{Bit(word, LinkFlags.Valid)}v{data}",
            PatternFormat.Emp2 => $"  {strobe}{Bit(word, LinkFlags.StartOfOrbit)}{Bit(word, LinkFlags.StartOfPacket)}{Bit(word, LinkFlags.EndOfPacket)}{Bit(word, LinkFlags.Valid)} {data}",
            PatternFormat.Apx => $"    0x{((int)(word.Flags & ~LinkFlags.Strobe)).ToString("x2", CultureInfo.InvariantCulture)} 0x{data}",
            _ => $"    0x{data}",
        };
    }

    private static LinkPattern ReadEmp(PatternLines lines, bool isSecond)
    {
        var head = lines.Next("the board's name");
        var board = head[(isSecond ? "ID:".Length : "Board".Length)..].Trim();
        if (isSecond && !lines.Next("the line Metadata").StartsWith(Metadata, StringComparison.Ordinal))
            throw lines.Malformed($"'{Metadata}' was expected");
        if (!isSecond && !lines.Next("the line Quad/Chan").StartsWith("Quad/Chan", StringComparison.Ordinal))
            throw lines.Malformed("'Quad/Chan :' was expected");
        var labels = lines.Next("the line Link");
        if (!labels.StartsWith("Link", StringComparison.Ordinal))
            throw lines.Malformed("'Link' with the numbers of the links was expected");
        var links = Tokens(labels["Link".Length..].TrimStart(' ', ':')).Select(t => LinkNumber(lines, t)).ToList();
        var (frames, strobed, digits) = (new List<Seq<LinkWord>>(), new bool[links.Count], 0);
        while (lines.TryNext() is { } line)
        {
            var prefix = $"Frame {Number(frames.Count, 4)}";
            if (!line.StartsWith(prefix, StringComparison.Ordinal))
                throw lines.Malformed($"'{prefix}' was expected");
            var tokens = Tokens(line[prefix.Length..].TrimStart(' ', ':'));
            // In the second version flags and data are words of their own.
            var words = isSecond ? [.. tokens.Chunk(2).Select(t => string.Join(' ', t))] : tokens;
            frames.Add(Row(lines, words, links.Count, (word, k) => isSecond ? ParseEmp2(lines, word, ref strobed[k], ref digits) : ParseEmp1(lines, word, ref strobed[k], ref digits)));
        }
        return new(board, links.ToSeq(), strobed.ToSeq(), digits == 0 ? 16 : digits, frames.ToSeq());
    }

    private static LinkWord ParseEmp1(PatternLines lines, string text, ref bool isStrobed, ref int digits)
    {
        var flags = LinkFlags.Strobe;
        var rest = text;
        if (rest.Length > 2 && rest[1] == 's' && rest[0] is '0' or '1' && rest[1] == 's')
        {
            isStrobed = true;
            flags = rest[0] == '1' ? LinkFlags.Strobe : LinkFlags.None;
            rest = rest[2..];
        }
        if (rest.Length < 3 || rest[1] != 'v' || rest[0] is not ('0' or '1'))
            throw lines.Malformed($"'{Messages.Printable(text)}' is no word such as 1v00000000000007e2");
        return new(Hexadecimal(lines, rest[2..], ref digits), flags | (rest[0] == '1' ? LinkFlags.Valid : LinkFlags.None));
    }

    private static LinkWord ParseEmp2(PatternLines lines, string text, ref bool isStrobed, ref int digits)
    {
        var parts = text.Split(' ');
        if (parts.Length != 2 || parts[0].Length is not (4 or 5) || parts[0].Any(c => c is not ('0' or '1')))
            throw lines.Malformed($"'{Messages.Printable(text)}' is no word such as 1101 00000000000007e2");
        isStrobed |= parts[0].Length == 5;
        var flags = parts[0].Length == 4 || parts[0][0] == '1' ? LinkFlags.Strobe : LinkFlags.None;
        LinkFlags[] order = [LinkFlags.StartOfOrbit, LinkFlags.StartOfPacket, LinkFlags.EndOfPacket, LinkFlags.Valid];
        for (var i = 0; i < order.Length; i++)
            flags |= parts[0][^(order.Length - i)] == '1' ? order[i] : LinkFlags.None;
        return new(Hexadecimal(lines, parts[1], ref digits), flags);
    }

    private static LinkPattern ReadApx(PatternLines lines, bool hasSideband)
    {
        IReadOnlyList<int>? links = null;
        string line;
        do
        {
            line = lines.Next(BeginData, withComments: true);
            hasSideband &= !line.StartsWith("#Sideband", StringComparison.Ordinal) || line.EndsWith("ON", StringComparison.Ordinal);
            var labels = Tokens(line).Where(t => t.StartsWith(LinkName, StringComparison.Ordinal)).ToList();
            if (labels.Count > 0)
                links = [.. labels.Select(t => LinkNumber(lines, t[LinkName.Length..]))];
        }
        while (!line.StartsWith(BeginData, StringComparison.Ordinal));
        var (frames, digits) = (new List<Seq<LinkWord>>(), 0);
        while (lines.TryNext() is { } row)
        {
            var tokens = Tokens(row);
            if (Hexadecimal(lines, tokens[0]) is var number && number != (ulong)frames.Count)
                throw lines.Malformed($"the number of the word is {number} instead of {frames.Count}");
            var words = hasSideband ? tokens.Skip(1).Chunk(2).Select(t => string.Join(' ', t)).ToList() : [.. tokens.Skip(1)];
            links ??= [.. Enumerable.Range(0, words.Count)];
            frames.Add(Row(lines, words, links.Count, (word, _) =>
            {
                var parts = word.Split(' ');
                if (parts.Length != (hasSideband ? 2 : 1))
                    throw lines.Malformed("each link has a sideband and a word");
                var flags = hasSideband ? (LinkFlags)(Hexadecimal(lines, parts[0]) & 0xF) : LinkFlags.None;
                return new(Hexadecimal(lines, parts[^1], ref digits), flags | LinkFlags.Strobe);
            }));
        }
        return new("", (links ?? []).ToSeq(), (links ?? []).Select(_ => false).ToSeq(), digits == 0 ? 16 : digits, frames.ToSeq());
    }

    private delegate LinkWord ParseWord(string text, int place);

    private static Seq<LinkWord> Row(PatternLines lines, IReadOnlyList<string> words, int links, ParseWord parse) =>
        words.Count == links ? words.Select((w, k) => parse(w, k)).ToSeq() : throw lines.Malformed($"there are words of {words.Count} links instead of {links}");

    private static ulong Hexadecimal(PatternLines lines, string text, ref int digits)
    {
        var bare = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        if (digits == 0)
            digits = bare.Length;
        if (bare.Length != digits || digits is not (8 or 16))
            throw lines.Malformed($"the word '{Messages.Printable(text)}' has {bare.Length} digits instead of {(digits is 8 or 16 ? Number(digits, 1) : "8 or 16")}");
        return Hexadecimal(lines, text);
    }

    private static ulong Hexadecimal(PatternLines lines, string text)
    {
        var bare = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        return ulong.TryParse(bare, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw lines.Malformed($"'{Messages.Printable(text)}' is no hexadecimal number of up to 16 digits");
    }

    private static int LinkNumber(PatternLines lines, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw lines.Malformed($"'{Messages.Printable(text)}' is no number of a link");

    private static string[] Tokens(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Each(LinkPattern pattern, Func<int, string> text) => string.Concat(pattern.Links.Select(text));

    private static bool IsStrobed(LinkPattern pattern, int link) => pattern.Strobed[pattern.Links.ToList().IndexOf(link)];

    private static string Bit(LinkWord word, LinkFlags flag) => (word.Flags & flag) != LinkFlags.None ? "1" : "0";

    private static string Number(int value, int digits) => value.ToString($"D{digits}", CultureInfo.InvariantCulture);
}
