using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hls4Net.Cli.Reports;

/// <summary>A command as it can be typed again: without the folders of files, and with DIR for the folder that it works on.</summary>
internal static class CommandText
{
    /// <param name="parsed">The command as typed.</param>
    /// <param name="folder">The option or argument that names the compiled folder.</param>
    /// <param name="files">Options and arguments that name files, or NAME=FILE.</param>
    /// <param name="leftOut">Options without an effect on what is computed.</param>
    public static string Of(ParseResult parsed, Symbol folder, IReadOnlyCollection<Symbol> files, params IReadOnlyCollection<Symbol> leftOut)
    {
        var words = new List<string> { "hls4net", parsed.CommandResult.Command.Name };
        foreach (var argument in parsed.CommandResult.Command.Arguments)
            words.AddRange(Values(parsed.GetResult(argument), argument));
        foreach (var option in parsed.CommandResult.Command.Options.Where(o => o.Name != "--json" && !leftOut.Contains(o)))
        {
            if (parsed.GetResult(option) is not { Implicit: false } result)
                continue;
            var values = Values(result, option).ToList();
            foreach (var value in values.DefaultIfEmpty(""))
            {
                words.Add(option.Aliases.FirstOrDefault(a => a is "-o" or "-c") ?? option.Name);
                if (value.Length > 0)
                    words.Add(value);
            }
        }
        return string.Join(' ', words);

        IEnumerable<string> Values(SymbolResult? result, Symbol symbol) => (result?.Tokens ?? []).Select(t =>
            ReferenceEquals(symbol, folder) ? "DIR" : Quoted(files.Contains(symbol) ? FileNameOf(t.Value) : t.Value));
    }

    private static string FileNameOf(string value)
    {
        var at = value.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? $"{value[..at]}={Path.GetFileName(value[(at + 1)..])}" : Path.GetFileName(value);
    }

    /// <summary>As a shell reads it back.</summary>
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./,:=+%@".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
