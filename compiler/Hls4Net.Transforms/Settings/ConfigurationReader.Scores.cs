using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Passes;
using YamlDotNet.RepresentationModel;

namespace Hls4Net.Transforms.Settings;

/// <summary>The section <c>score</c>: one score by its keys, or several as <c>heads</c>, and the number of working points.</summary>
public sealed partial class ConfigurationReader
{
    private const int MostThresholds = 64;
    private const int MostSteps = 1024;
    private const int MostPrescaleBits = 32;
    private const int MostRateBits = 63;
    private static readonly string[] HeadKeys = ["head", "of", "target", "mask", "centre", "steps"];
    private static readonly string[] ScoreKeys = [.. HeadKeys, "heads", "combine", "thresholds", "prescale", "prescale_bits", "rates", "rate_bits"];

    private ScoreSettings ReadScore(YamlNode node)
    {
        var entries = Entries(node, "score", ScoreKeys).ToList();
        var settings = ScoreSettings.None;
        foreach (var (key, value) in entries)
        {
            settings = key switch
            {
                "heads" => settings with { Heads = Items(value).Select(i => ReadHead(i, [.. Entries(i, "a head", HeadKeys)])).ToSeq() },
                "combine" => settings with { Combine = ReadWord<ScoreCombination>(value, "a combination") },
                "thresholds" => settings with { Thresholds = ReadInteger(value, 1, MostThresholds) ?? 1 },
                _ => settings,
            };
        }
        settings = settings with { Decision = ReadDecision(entries, settings.Thresholds) };
        var own = entries.Where(e => HeadKeys.Contains(e.Key)).ToList();
        if (own.Count > 0 && settings.Heads.Count > 0)
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, "A score has either a 'head' or a list of 'heads'."));
        return own.Count > 0 ? settings with { Heads = [ReadHead(node, own)] } : settings;
    }

    /// <summary>Prescales, of run-time factors or of fixed ones, and counters over periods of events or from restart to restart.</summary>
    private DecisionOptions ReadDecision(IReadOnlyList<(string Key, YamlNode Value)> entries, int thresholds)
    {
        var (bits, rateBits, hasFactors, decision) = (16, 32, false, DecisionOptions.None);
        foreach (var (key, value) in entries)
        {
            bits = key == "prescale_bits" ? ReadInteger(value, 1, MostPrescaleBits) ?? bits : bits;
            rateBits = key == "rate_bits" ? ReadInteger(value, 1, MostRateBits) ?? rateBits : rateBits;
            hasFactors |= key == "prescale" && Items(value).FirstOrDefault() is YamlScalarNode { Value: "run-time" };
        }
        foreach (var (key, value) in entries)
        {
            decision = key switch
            {
                "prescale" when hasFactors => decision with { PrescaleBits = bits },
                "prescale" => decision with { Factors = ReadFactors(value, thresholds) },
                "rates" => decision with { RateBits = rateBits, Period = Scalar(value) == "restart" ? 0 : ReadInteger(value, 2, int.MaxValue) ?? 0 },
                _ => decision,
            };
        }
        foreach (var (key, value) in entries.Where(e => (e.Key == "prescale_bits" && decision.PrescaleBits == 0) || (e.Key == "rate_bits" && !decision.HasRates)))
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, value.Start.Line, key == "rate_bits" ? "'rate_bits' needs 'rates'." : "'prescale_bits' needs 'prescale: run-time'."));
        return decision;
    }

    private Seq<long> ReadFactors(YamlNode node, int thresholds)
    {
        var factors = Items(node).Select(i => (long)(ReadInteger(i, 0, int.MaxValue) ?? 1)).ToSeq();
        if (factors.Count == thresholds)
            return factors;
        if (factors.Count == 1)
            return Enumerable.Repeat(factors[0], thresholds).ToSeq();
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, FormattableString.Invariant($"{factors.Count} prescale factors are listed; there are {thresholds} thresholds.")));
        return [];
    }

    private ScoreHead ReadHead(YamlNode node, IReadOnlyList<(string Key, YamlNode Value)> entries)
    {
        var head = ScoreHead.Plain(Score.None) with { Line = node.Start.Line };
        foreach (var (key, value) in entries)
        {
            head = key switch
            {
                "head" => head with { Kind = ReadWord<Score>(value, "a score") },
                "of" => head with { Of = Items(value).Select(Scalar).ToSeq() },
                "target" => head with { Target = Scalar(value) },
                "mask" => head with { Mask = ReadWord<ScoreMask>(value, "a mask") },
                "centre" => head with { Centre = ReadReals(value) },
                _ => head with { Steps = ReadSteps(value) },
            };
        }
        if (head.Kind == Score.None)
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, "A score needs its 'head', such as mu2 or mse."));
        return head;
    }

    private Seq<Dyadic> ReadSteps(YamlNode node)
    {
        var steps = ReadReals(node);
        if (steps.Count > MostSteps || Enumerable.Range(1, Math.Max(0, steps.Count - 1)).Any(i => steps[i].ToDouble() <= steps[i - 1].ToDouble()))
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"The steps of a score rise from one to the next, and there are at most {MostSteps}."));
        return steps;
    }

    /// <summary>Real numbers, rounded to multiples of 2^-20, which is finer than any score.</summary>
    private Seq<Dyadic> ReadReals(YamlNode node)
    {
        var numbers = new List<Dyadic>();
        foreach (var item in Items(node))
        {
            if (double.TryParse(Scalar(item), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e12)
                numbers.Add(Dyadic.FromDouble(Math.Round(number * (1 << 20)) / (1 << 20)));
            else
                _diagnostics.Add(Messages.ConfigurationSyntax(_file, item.Start.Line, $"'{Scalar(item)}' is no number up to 1e12 in size."));
        }
        return numbers.ToSeq();
    }

    private T ReadWord<T>(YamlNode node, string what)
        where T : struct, Enum
    {
        var text = Scalar(node);
        var names = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToList();
        if (names.IndexOf(text) is >= 0 and var index)
            return Enum.GetValues<T>()[index];
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{text}' is not {what}; there are {string.Join(", ", names.Where(n => n != "none" || typeof(T) != typeof(Score)))}."));
        return default;
    }
}
