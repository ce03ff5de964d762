using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Emission;

namespace Hls4Net.Cli.Reports;

/// <summary>
/// <c>report.html</c>: a report as one page that fetches nothing and runs no script. Its first screen answers the four questions; the rest is
/// the evidence.
/// </summary>
internal static partial class ReportPage
{
    private const int NameLength = 48;

    /// <summary>Facts and advice of a card on the first screen; the sections below have all.</summary>
    private const int MostFacts = 4;

    /// <summary>A smaller share of a part is shown as smaller than this.</summary>
    private const double LeastShare = 1e-4;

    public static string Of(Report report) => PageFrame.Of(report.Design.Prefix, "firmware report",
        $"{report.Design.Model.File}{ScoreOf(report.Design)} → {report.Design.Target.Part}, {ClockOf(report.Design)}",
        Templates.Render("report/report.html", Model(
            ("cards", report.Answers.All().Select((a, i) => Card(a, i, report)).ToList()),
            ("sections", Sections(report).Where(s => s.Body.Length > 0).Select(s => Model(("id", s.Id), ("name", s.Name), ("body", s.Body))).ToList()))),
        report.Design.Compiler);

    private static IEnumerable<(string Id, string Name, string Body)> Sections(Report report)
    {
        yield return ("change", "What to change", Templates.Render("report/advice.html", Model(("advice", report.Advice.Select(Advice).ToList()))));
        yield return ("network", "Network", Templates.Render("report/network.html", NetworkDrawing.Of(report.Network, report.Design.Hardware)));
        yield return ("timeline", "Latency by layer", Timeline(report.Design));
        yield return ("resources", "Resources by layer", Resources(report.Design));
        yield return ("channels", "FIFOs and delay lines", Channels(report.Design));
        yield return ("separation", "Separation and rate", Separation(report.Evaluation, report.Design));
        yield return ("errors", "Quantisation error", Errors(report.Profile));
        yield return ("values", "Values against their types", Values(report.Profile));
        yield return ("weights", "Weights against their types", Weights(report.Constants));
        yield return ("tuning", "Search for types", Tuning(report.Tuning));
        yield return ("warnings", "Warnings", Warnings(report.Design.Warnings));
        yield return ("reproduce", "Make it again", Reproduction(report));
    }

    private static Dictionary<string, object> Card(AnswerEntry answer, int index, Report report) => Model(
        ("verdict", MemberName(answer.Verdict)), ("mark", MarkOf(answer.Verdict)), ("question", answer.Question), ("headline", CellText.OneLine(answer.Headline)),
        ("facts", answer.Facts.Take(MostFacts).Select(CellText.OneLine).ToList()), ("basis", CellText.OneLine(answer.Basis)),
        ("bars", index == 0 && report.Design.Hardware?.Estimate is { } estimate ? Shares.Of(estimate).Where(s => s.Used > 0 || s.Name is "LUT" or "FF").Select(Bar).ToList() : []),
        ("link", ((string[])["resources", "timeline", report.Evaluation is null ? "errors" : "separation", "change"])[index]));

    private static Dictionary<string, object> Bar(ResourceShare share) => Model(("name", share.Name), ("width", Number(100 * Math.Min(1, share.OfPart))), ("text", share.OfPart is > 0 and < LeastShare ? $"< {Number(100 * LeastShare)} %" : $"{Number(100 * share.OfPart)} %"),
        ("verdict", share.OfPart > 1 ? "bad" : share.OfPart > 0.75 ? "warning" : "good"));

    private static Dictionary<string, object> Advice(AdviceEntry advice) => Model(("verdict", MemberName(advice.Urgency)), ("mark", advice.Urgency == Verdict.Good ? "→" : MarkOf(advice.Urgency)),
        ("about", advice.About), ("text", CellText.OneLine(advice.Text)), ("evidence", CellText.OneLine(advice.Evidence)));

    /// <summary>Each warning with what the catalogue says of its kind.</summary>
    private static string Warnings(string[] warnings) => Templates.Render("report/warnings.html", Model(("any", warnings.Length > 0), ("warnings", warnings.Select(w =>
    {
        var rule = Messages.Rules.FirstOrDefault(r => w.Contains($" {r.Id}: ", StringComparison.Ordinal));
        return Model(("text", CellText.OneLine(w)), ("title", rule is null ? "" : $"{rule.Id}: {rule.Title}"), ("explanation", rule?.Explanation ?? ""));
    }).ToList())));

    private static string Reproduction(Report report) => Templates.Render("report/reproduction.html", Model(
        ("commands", report.Reproduction.Commands.Select(CellText.OneLine).ToList()), ("known", report.Reproduction.Commands.Length > 0),
        ("inputs", report.Reproduction.Inputs.Select(File).ToList()), ("outputs", report.Reproduction.Outputs.Select(File).ToList()), ("compiler", report.Design.Compiler)));

    private static Dictionary<string, object> File(FileEntry file) => Model(("name", CellText.OneLine(file.Name)), ("hash", file.Sha256));

    private static string ScoreOf(Manifest design) => design.Model.Score is "none" or "" ? "" : $" with score {design.Model.Score}";

    private static string ClockOf(Manifest design) => (design.Hardware?.ClockMHz ?? design.Target.ClockMHz) is { } clock ? $"{Number(clock)} MHz" : "without a clock";

    private static string MarkOf(Verdict verdict) => verdict switch
    {
        Verdict.Good => "✓",
        Verdict.Warning => "!",
        Verdict.Bad => "✕",
        _ => "?",
    };

    private static string MemberName(Verdict verdict) => Core.Text.MemberNames.Of(verdict);

    private static Dictionary<string, object> Model(params (string Name, object Value)[] fields) => fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);

    private static string Short(string name) => CellText.Shorten(name, NameLength);

    private static string Number(double x) => x.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static string Count(double x) => x.ToString("#,0.#", CultureInfo.InvariantCulture);
}
