namespace Hls4Net.Core.Diagnostics;

/// <summary>How much a message matters: an error stops the command, a warning does not, a note only informs.</summary>
public enum Severity
{
    Note,
    Warning,
    Error,
}

/// <summary>One entry of the catalogue: what kind of finding this is, whatever file it is found in.</summary>
/// <param name="Id">Stable identifier, <c>HLS</c> and four digits; never reused.</param>
/// <param name="Severity">Severity of every message of this kind.</param>
/// <param name="Title">A sentence without the particulars.</param>
/// <param name="Explanation">What <c>hls4net explain</c> prints: why it matters and what to do, with an example where one helps.</param>
public sealed record Rule(string Id, Severity Severity, string Title, string Explanation);

/// <summary>One finding: a rule applied to a place in the user's files.</summary>
/// <param name="Rule">The catalogue entry.</param>
/// <param name="Where">The place where the user can act: an ONNX node, a tensor, a configuration line, a file.</param>
/// <param name="Message">What was found and what was needed.</param>
/// <param name="Advice">What to do about it; empty if the message says it all.</param>
public sealed record Diagnostic(Rule Rule, string Where, string Message, string Advice = "")
{
    private const int LongestWhere = 400;
    private const int LongestMessage = 3000;

    /// <summary>The place where the user can act.</summary>
    public string Where { get; init; } = Shorten(Where, LongestWhere);

    /// <summary>What was found and what was needed.</summary>
    public string Message { get; init; } = Shorten(Message, LongestMessage);

    /// <summary>What to do about it.</summary>
    public string Advice { get; init; } = Shorten(Advice, LongestMessage);

    /// <summary>Names in a file can be of any length: a longer text keeps its beginning and its end.</summary>
    private static string Shorten(string text, int longest) =>
        text.Length <= longest ? text : $"{text[..(longest * 2 / 3)]} … {text[^(longest / 4)..]}";

    public override string ToString()
    {
        var place = Where.Length == 0 ? "" : $"{Where}: ";
        var advice = Advice.Length == 0 ? "" : $" {Advice}";
        return $"{Rule.Severity.ToString().ToLowerInvariant()} {Rule.Id}: {place}{Message}{advice}";
    }
}

/// <summary>Collects what a command finds, so that a file with fifty problems reports all fifty in one run.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];

    public IReadOnlyList<Diagnostic> Items => _items;

    public bool HasErrors => _items.Exists(d => d.Rule.Severity == Severity.Error);

    /// <summary>Adds a finding once; an equal one that is already there is not repeated.</summary>
    public void Add(Diagnostic diagnostic)
    {
        if (!_items.Contains(diagnostic))
            _items.Add(diagnostic);
    }

    /// <exception cref="UserErrorException">An error was collected.</exception>
    public void ThrowIfErrors()
    {
        if (HasErrors)
            throw new UserErrorException([.. _items]);
    }
}

/// <summary>The user's input cannot be used: the command ends with exit code 1 and prints the diagnostics.</summary>
public sealed class UserErrorException : Exception
{
    public UserErrorException(params IReadOnlyList<Diagnostic> diagnostics)
        : base(string.Join('\n', diagnostics)) => Diagnostics = diagnostics;

    public IReadOnlyList<Diagnostic> Diagnostics { get; }
}
