using System.Globalization;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Vectors;

/// <summary>The lines of a file of vectors, one after the other, with the number of the present one for messages.</summary>
internal sealed class PatternLines
{
    /// <summary>How a compressed file begins, read as text: its second byte is none of UTF-8.</summary>
    private const string Gzip = "\u001F\uFFFD\b";

    private readonly string _path;
    private int _next;

    public PatternLines(string path)
    {
        _path = path;
        try
        {
            All = File.ReadAllLines(path);
            if (All.Count > 0 && All[0].StartsWith(Gzip, StringComparison.Ordinal))
                throw new UserErrorException(Messages.PatternFormat(path, "it is compressed with gzip; unpack it first"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException(Messages.CannotRead(path, e.Message));
        }
    }

    public IReadOnlyList<string> All { get; }

    /// <summary>The next line that is neither empty nor a comment, without spaces around; null at the end.</summary>
    public string? TryNext(bool withComments = false)
    {
        while (_next < All.Count)
        {
            var line = All[_next++].Trim();
            if (line.Length > 0 && (withComments || !line.StartsWith('#')))
                return line;
        }
        return null;
    }

    /// <summary>The next such line.</summary>
    /// <param name="what">What must stand in it, for the message at the end of the file.</param>
    public string Next(string what, bool withComments = false) => TryNext(withComments) ?? throw Malformed($"the file ends before {what}");

    public UserErrorException Malformed(string what) => new(Messages.PatternMalformed(_path, string.Create(CultureInfo.InvariantCulture, $"line {_next}"), what));
}
