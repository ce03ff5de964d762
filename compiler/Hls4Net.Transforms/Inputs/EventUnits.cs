using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Inputs;

/// <summary>What a step of an integer is worth, as people write it: <c>0.5 GeV</c>, <c>2pi/144</c>, <c>1/32</c>, <c>0.0435</c>.</summary>
internal static partial class EventUnits
{
    /// <summary>To 256 bits: no float64 divided by a multiple of it comes so near to a half that more would be needed.</summary>
    private static readonly Rational Pi = new(
        BigInteger.Parse("314159265358979323846264338327950288419716939937510582097494459230781640628620899", CultureInfo.InvariantCulture),
        BigInteger.Pow(10, 80));

    private static readonly Dictionary<string, Rational> Momenta = new(StringComparer.Ordinal) { ["GeV"] = 1, ["MeV"] = new(1, 1000), ["TeV"] = 1000 };

    private static readonly Dictionary<string, Rational> Angles = new(StringComparer.Ordinal) { ["rad"] = 1, ["deg"] = Pi / 180 };

    /// <summary>Reads a step.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="quantity">pt, phi or another: it decides which units there are.</param>
    /// <param name="problem">What is wrong; null if nothing is.</param>
    public static Rational Parse(string text, string quantity, out string? problem)
    {
        problem = null;
        if (Step().Match(text.Trim()) is not { Success: true } match)
        {
            problem = $"'{text}' is not a step; it is written like 0.5 GeV, 2pi/144 or 1/32";
            return Rational.One;
        }
        var value = match.Groups["number"].Length == 0 ? Rational.One : Decimal(match.Groups["number"].Value);
        value *= match.Groups["pi"].Length > 0 ? Pi : Rational.One;
        var divisor = match.Groups["divisor"].Length == 0 ? Rational.One : Decimal(match.Groups["divisor"].Value);
        var units = quantity switch { "pt" => Momenta, "phi" => Angles, _ => [] };
        var unit = match.Groups["unit"].Value;
        if (value.Sign <= 0 || divisor.Sign <= 0 || (match.Groups["number"].Length == 0 && match.Groups["pi"].Length == 0))
            problem = $"'{text}' is not a step above 0";
        else if (unit.Length > 0 && !units.ContainsKey(unit))
            problem = $"'{unit}' is no unit of {quantity}; {(units.Count == 0 ? "it has none" : $"there are {string.Join(", ", units.Keys)}")}. {Messages.DidYouMean(unit, units.Keys)}";
        return problem is null ? value / divisor * (unit.Length > 0 ? units[unit] : Rational.One) : Rational.One;
    }

    private static Rational Decimal(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? 0 : text.Length - point - 1;
        return new(BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), BigInteger.Pow(10, digits));
    }

    [GeneratedRegex(@"^(?<number>\d{0,18}(\.\d{1,30})?)\s*\*?\s*(?<pi>pi|π)?\s*(/\s*(?<divisor>\d{1,18}(\.\d{1,30})?))?\s*(?<unit>[A-Za-z]*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Step();
}
