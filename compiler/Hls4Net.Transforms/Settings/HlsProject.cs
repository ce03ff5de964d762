using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Settings;

/// <summary>A type as an hls4ml configuration writes it.</summary>
/// <param name="Quantizer">The type with its modes; TRN and WRAP where none are written.</param>
/// <param name="IsInteger">Whether it was written as <c>int</c> or <c>uint</c>: a signed one of two bits makes weights ternary.</param>
/// <param name="IsBinary">Whether its one bit stands for −1 and 1.</param>
public readonly record struct HlsType(Quantizer Quantizer, bool IsInteger, bool IsBinary = false)
{
    /// <summary>−1 and 1 in the one bit of <c>ap_uint&lt;1&gt;</c>.</summary>
    public static HlsType Binary { get; } = Int(1, false) with { IsBinary = true };

    /// <summary>A fixed-point type with TRN and WRAP.</summary>
    public static HlsType Fixed(int width, int integer, bool signed = true) =>
        new(new(new FixedType(signed, width, integer), Rounding.Trn, Overflow.Wrap), false);

    /// <summary>An integer type.</summary>
    public static HlsType Int(int width, bool signed) =>
        new(new(new FixedType(signed, width, width), Rounding.Trn, Overflow.Wrap), true);

    /// <summary>Width in bits.</summary>
    public int Width => Quantizer.Type.Width;

    /// <summary>Bits left of the binary point, the sign included.</summary>
    public int Integer => Quantizer.Type.Integer;

    /// <summary>Bits right of the binary point.</summary>
    public int Fraction => Quantizer.Type.Fraction;

    /// <summary>Whether there are negative numbers.</summary>
    public bool Signed => Quantizer.Type.Signed;

    public override string ToString() => Quantizer.ToString();
}

/// <summary>The type named for a variable, or <c>auto</c>.</summary>
/// <param name="Type">Null for <c>auto</c>.</param>
/// <param name="Line">Line in the configuration file.</param>
public readonly record struct HlsPrecision(HlsType? Type, long Line);

/// <summary>A value that is no type.</summary>
/// <param name="Text">As written.</param>
/// <param name="Line">Line in the configuration file.</param>
public readonly record struct HlsAttribute(string Text, long Line);

/// <summary>What an hls4ml configuration says about the model, a kind of layer, or one layer.</summary>
/// <param name="Name">The layer or kind; empty for the model.</param>
/// <param name="Precision">By variable (<c>default</c>, <c>result</c>, <c>weight</c>, …).</param>
/// <param name="Attributes">Everything else, by key in snake case (<c>reuse_factor</c>, <c>table_size</c>, <c>exp_table_t</c>, …).</param>
/// <param name="Line">Line in the configuration file.</param>
public sealed record HlsSection(
    string Name, IReadOnlyDictionary<string, HlsPrecision> Precision, IReadOnlyDictionary<string, HlsAttribute> Attributes, long Line)
{
    /// <summary>A section without entries.</summary>
    public static HlsSection Empty(string name) =>
        new(name, new Dictionary<string, HlsPrecision>(StringComparer.Ordinal), new Dictionary<string, HlsAttribute>(StringComparer.Ordinal), 0);
}

/// <summary>An hls4ml configuration: the sections Model, LayerType and LayerName, and of the project around them what decides a bit.</summary>
/// <param name="Model">What holds for every layer.</param>
/// <param name="LayerTypes">By hls4ml's name of the kind of layer.</param>
/// <param name="LayerNames">By hls4ml's name of the layer.</param>
/// <param name="IsStreamed">Whether the project says <c>IOType: io_stream</c>.</param>
public sealed record HlsProject(
    HlsSection Model, IReadOnlyDictionary<string, HlsSection> LayerTypes, IReadOnlyDictionary<string, HlsSection> LayerNames, bool IsStreamed);
