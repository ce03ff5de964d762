using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using YamlDotNet.RepresentationModel;

namespace Hls4Net.Transforms.Settings;

/// <summary>What only the HLS dialect has: tables, ways to compute a softmax; and the stage behind an input.</summary>
public sealed partial class ConfigurationReader
{
    private const int LargestShift = 256;
    private static readonly string[] InputKeys = ["type", "offset", "shift", "result"];

    private static readonly string[] HlsLayerKeys =
        ["table_size", "exp_table", "inv_table", "inv_inp", "inp_norm", "param", "quotient", "table_range_power2", "implementation", "skip"];

    private static readonly Dictionary<string, HlsSoftmax> Softmaxes = new(StringComparer.Ordinal)
    {
        ["stable"] = HlsSoftmax.Stable,
        ["latency"] = HlsSoftmax.Latency,
        ["legacy"] = HlsSoftmax.Legacy,
        ["argmax"] = HlsSoftmax.Argmax,
    };

    /// <summary>A key of the dialect, or null if the key is none.</summary>
    private HlsLayer? ReadHlsKey(HlsLayer layer, string key, YamlNode value) => key switch
    {
        "table_size" => layer with { TableSize = ReadInteger(value, 2, 1 << 20) },
        "exp_table" => layer with { ExpTableType = ReadType(value) },
        "inv_table" => layer with { InvTableType = ReadType(value) },
        "inv_inp" => layer with { InvInputType = ReadType(value) },
        "inp_norm" => layer with { NormInputType = ReadType(value) },
        "param" => layer with { ParameterType = ReadType(value) },
        "quotient" => layer with { QuotientType = ReadType(value) },
        "table_range_power2" => layer with { TableRangePower = ReadInteger(value, 0, 30) },
        "implementation" => layer with { Softmax = ReadSoftmax(value) },
        "skip" => layer with { Skip = ReadFlag(value) },
        _ => null,
    };

    /// <summary>An input's type, or a mapping with its type and the stage behind it.</summary>
    private (Quantizer? Type, InputStage? Stage) ReadInput(YamlNode node)
    {
        if (node is not YamlMappingNode)
            return (ReadType(node), null);
        var stage = new InputStage([], [], null, node.Start.Line);
        Quantizer? type = null;
        var hasType = false;
        foreach (var (key, value) in Entries(node, "an input", InputKeys))
        {
            hasType |= key == "type";
            type = key == "type" ? ReadType(value) : type;
            stage = key switch
            {
                "offset" => stage with { Offset = ReadNumbers(value).ToSeq() },
                "shift" => stage with { Shift = Items(value).Select(i => ReadInteger(i, -LargestShift, LargestShift) ?? 0).ToSeq() },
                "result" => stage with { Result = ReadType(value) },
                _ => stage,
            };
        }
        if (!hasType)
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, "An input that is given by keys needs its 'type'."));
        return (type, stage);
    }

    private IEnumerable<Dyadic> ReadNumbers(YamlNode node)
    {
        foreach (var item in Items(node))
        {
            if (double.TryParse(Scalar(item), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && Math.Abs(number) < 1e15
                && (number == 0 || Math.Abs(number) > 1e-3))
                yield return Dyadic.FromDouble(number);
            else
                _diagnostics.Add(Messages.ConfigurationSyntax(_file, item.Start.Line, $"'{Scalar(item)}' is not an offset; it is 0, or from 0.001 to 1e15 in size."));
        }
    }

    /// <summary>The items of a list; a single value is a list of one.</summary>
    private static IEnumerable<YamlNode> Items(YamlNode node) => node is YamlSequenceNode list ? list.Children : [node];

    private int? ReadInteger(YamlNode node, int least, int most)
    {
        var text = Scalar(node);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line,
            FormattableString.Invariant($"'{text}' is not a whole number from {least} to {most}.")));
        return null;
    }

    private bool ReadFlag(YamlNode node)
    {
        var text = Scalar(node);
        if (text.ToLowerInvariant() is "true" or "false")
            return text.Equals("true", StringComparison.OrdinalIgnoreCase);
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{text}' is neither true nor false."));
        return false;
    }

    private HlsSoftmax? ReadSoftmax(YamlNode node)
    {
        var text = Scalar(node);
        if (Softmaxes.TryGetValue(text.ToLowerInvariant(), out var found))
            return found;
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{text}' is no way to compute a softmax; there are {string.Join(", ", Softmaxes.Keys)}."));
        return null;
    }
}
