using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>
/// What the dialect does to numbers that a user would not expect. Values are computed as it does; what it does is said once for each kind,
/// with the layers that it concerns and what this compiler does by default.
/// </summary>
internal sealed class Surprises(DiagnosticBag diagnostics)
{
    private readonly Dictionary<string, List<string>> _layers = new(StringComparer.Ordinal);

    /// <summary>Values that a type cannot hold.</summary>
    public void Overflow(ProjectLayer layer, string variable, Quantizer type, Interval exact)
    {
        var drop = exact.Fraction - type.Type.Fraction;
        var rounded = new Interval(Casting.Round(exact.Low, drop, type.Rounding), Casting.Round(exact.High, drop, type.Rounding), type.Type.Fraction);
        if (!type.Type.Contains(rounded))
            Note(type.Overflow == Core.Numbers.Overflow.Wrap ? "wrap" : "clip", layer, $"{variable} {type}");
    }

    /// <summary>A sum whose every step is cast.</summary>
    public void Accumulator(ProjectLayer layer, Quantizer type) => Note("accumulator", layer, type.ToString());

    /// <summary>Constants that change sign or size, or that are all rounded down.</summary>
    public void Constants(ProjectLayer layer, string variable, Quantizer type, FloatTensor numbers, long[] raw)
    {
        var step = new Dyadic(1, -type.Type.Fraction);
        var changed = 0;
        var lowered = 0;
        for (var k = 0; k < raw.Length; k++)
        {
            var difference = numbers.Values[k] - new Dyadic(raw[k], -type.Type.Fraction);
            changed += difference.Sign < 0 ? (-difference > step ? 1 : 0) : difference > step ? 1 : 0;
            lowered += difference.Sign > 0 ? 1 : 0;
        }
        if (changed > 0)
            Note(type.Overflow == Core.Numbers.Overflow.Wrap ? "constants wrap" : "constants clip", layer, FormattableString.Invariant($"{changed} of {raw.Length} {variable}s in {type}"));
        else if (type.Rounding == Core.Numbers.Rounding.Trn && lowered > 0)
            Note("floor", layer, variable);
    }

    /// <summary>A softmax by tables, whose results need not sum to one.</summary>
    public void Softmax(ProjectLayer layer, string method) => Note("softmax", layer, method);

    /// <summary>A softmax that the configuration leaves out.</summary>
    public void Skipped(ProjectLayer layer) => Note("skip", layer, "");

    /// <summary>A scale for each operand that becomes one for each result.</summary>
    public void Misplaced(ProjectLayer layer) => Note("misplaced", layer, "");

    /// <summary>A reuse factor that is not valid for the layer, in place of which hls4ml takes another.</summary>
    public void Schedule(ProjectLayer layer, string what) => Note("schedule", layer, what);

    /// <summary>Says what was found.</summary>
    public void Report()
    {
        foreach (var (kind, layers) in _layers.OrderBy(l => l.Key, StringComparer.Ordinal))
            diagnostics.Add(kind == "schedule" ? Messages.HlsSchedule(Where(layers)) : Messages.HlsSurprise(Where(layers), What(kind)));
    }

    private static string Where(List<string> layers) =>
        layers.Count <= 4 ? string.Join("; ", layers) : $"{string.Join("; ", layers.Take(3))}; and {layers.Count - 3} more";

    private static string What(string kind) => kind switch
    {
        "wrap" => "values beyond the type wrap around and change their sign or size, as in hls4ml's firmware; by default this compiler's types cannot overflow.",
        "clip" => "values beyond the type are clipped; by default this compiler's types cannot overflow.",
        "accumulator" => "each product is cast before it is added, which loses up to one step for each of them; by default this compiler's sums are exact.",
        "constants wrap" => "constants beyond their type wrap around, as in hls4ml's firmware; by default this compiler chooses a type that holds them.",
        "constants clip" => "constants beyond their type are clipped; by default this compiler chooses a type that holds them.",
        "floor" => "constants are rounded down (TRN), half a step too low on average; by default this compiler rounds to the nearest.",
        "softmax" => "the results are products of table entries and need not sum to 1 (up to 1.25 with hls4ml's default tables); by default this compiler bounds the error of each result and of the sum.",
        "misplaced" => "scales of single operands are moved behind a product as scales of its results, which is other maths, as in hls4ml's firmware; by default this compiler keeps them exact.",
        _ => "the softmax is left out (Skip), so that the output is not a probability; the largest output is still the same one.",
    };

    private void Note(string kind, ProjectLayer layer, string detail)
    {
        if (!_layers.TryGetValue(kind, out var layers))
            _layers[kind] = layers = [];
        layers.Add(detail.Length == 0 ? layer.Name : $"{layer.Name} ({detail})");
    }
}
