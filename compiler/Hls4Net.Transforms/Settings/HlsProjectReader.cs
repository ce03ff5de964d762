using System.Globalization;
using System.Text;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using YamlDotNet.RepresentationModel;

namespace Hls4Net.Transforms.Settings;

/// <summary>
/// Reads an hls4ml configuration: the dictionary that its <c>config_from_*_model</c> functions return, or a project file that holds it under
/// HLSConfig. hls4ml ignores a key that it does not know; here it is an error, because a misspelt key leaves a default in place unseen.
/// </summary>
internal sealed class HlsProjectReader(string file, DiagnosticBag diagnostics)
{
    private static readonly string[] Sections = ["Model", "LayerType", "LayerName"];

    /// <summary>Sections of the inner dictionary that choose among hls4ml's own passes and change no type.</summary>
    private static readonly string[] InnerKeys = [.. Sections, "Flows", "Optimizers", "SkipOptimizers"];

    /// <summary>What a project file may hold beside its HLSConfig.</summary>
    private static readonly string[] ProjectKeys =
    [
        "HLSConfig", "IOType", "OnnxModel", "KerasModel", "KerasJson", "KerasH5", "PytorchModel", "InputShape", "InputData", "OutputPredictions",
        "Backend", "Part", "XilinxPart", "Device", "Board", "ClockPeriod", "ClockUncertainty", "OutputDir", "ProjectName", "ProjectDir", "Stamp",
        "Version", "HLS4MLVersion", "WriterConfig", "AcceleratorConfig", "UnipConfig", "TBOutputStream", "TraceOutput", "Namespace", "WriteWeightsTxt", "WriteTar",
    ];

    private static readonly string[] ModelKeys =
    [
        "Precision", "ReuseFactor", "Strategy", "BramFactor", "TraceOutput", "TargetCycles", "ConvImplementation", "Compression", "PipelineStyle",
        "PipelineInterval", "ChannelsLastConversion", "TransposeOutputs", "ParallelizationFactor", "FIFO_opt",
    ];

    private static readonly string[] LayerKeys =
    [
        "Precision", "Trace", "ReuseFactor", "Strategy", "TableSize", "TableT", "ExpTableT", "InvTableT", "InvInpT", "InpNormT", "AccumT", "ParamT",
        "Implementation", "Skip", "ConvImplementation", "ParallelizationFactor", "NPartitions", "TargetCycles", "Compression", "CountPad",
        "UseBias", "Axis", "DspPartition", "BramFactor", "TableRangePower2", "epsilon_power_of_10",
    ];

    /// <summary>Keys whose values are types.</summary>
    private static readonly string[] TypeKeys = ["table_t", "exp_table_t", "inv_table_t", "inv_inp_t", "inp_norm_t", "accum_t", "param_t"];

    private static readonly string[] Variables =
    [
        "default", "result", "weight", "bias", "accum", "scale", "table", "exp_table", "inv_table", "inv_inp", "inp_norm", "param", "pointwise",
        "depthwise", "slope", "shift",
    ];

    private static readonly string[] ModelVariables = [.. Variables, "maximum"];

    private static readonly string[] Strategies = ["latency", "resource", "unrolled", "resource_unrolled", "compressed", "distributed_arithmetic"];

    private static readonly string[] Implementations = ["latency", "stable", "legacy", "argmax", "linebuffer", "encoded"];

    /// <summary>Whether a file is an hls4ml configuration rather than one of ours, whose sections are written small.</summary>
    public static bool Recognises(YamlNode root) => root is YamlMappingNode mapping
        && mapping.Children.Keys.Any(k => k is YamlScalarNode { Value: "Model" or "LayerName" or "LayerType" or "HLSConfig" or "HlsConfig" });

    public HlsProject Read(YamlNode root)
    {
        var mapping = (YamlMappingNode)root;
        var isProject = mapping.Children.Keys.Any(k => k is YamlScalarNode { Value: "HLSConfig" or "HlsConfig" });
        var entries = Entries(root, "the file", isProject ? ProjectKeys : [.. InnerKeys, "IOType"]).ToList();
        var streamed = entries.Where(e => e.Key == "IOType").Select(e => ReadIoType(e.Value)).LastOrDefault();
        if (!isProject)
            return ReadInner(entries, streamed);
        foreach (var (_, value) in entries.Where(e => e.Key == "HLSConfig"))
            return ReadInner([.. Entries(value, "HLSConfig", InnerKeys)], streamed);
        return ReadInner([], streamed);
    }

    private HlsProject ReadInner(List<(string Key, YamlNode Value)> entries, bool streamed)
    {
        var model = HlsSection.Empty("");
        Dictionary<string, HlsSection> types = new(StringComparer.Ordinal), names = new(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            if (key == "Model")
                model = ReadSection("", value, ModelKeys, ModelVariables);
            else if (key is "LayerType" or "LayerName")
            {
                foreach (var (name, section) in Entries(value, key, null))
                    (key == "LayerType" ? types : names)[name] = ReadSection(name, section, LayerKeys, Variables);
            }
        }
        foreach (var variable in new[] { "default", "maximum" })
        {
            if (model.Precision.TryGetValue(variable, out var precision) && precision.Type is null)
                Refuse(precision.Line, $"The model's {variable} precision must be a type, not 'auto'.");
        }
        if (!model.Precision.ContainsKey("default"))
            Refuse(Math.Max(1, model.Line), "The section Model names no default precision, which hls4ml needs for every variable that nothing else names.");
        return new(model, types, names, streamed);
    }

    private bool ReadIoType(YamlNode node)
    {
        var text = Scalar(node);
        if (text is not ("io_parallel" or "io_stream"))
            Refuse(node.Start.Line, $"'{text}' is not an IOType; there are io_parallel and io_stream.");
        return text == "io_stream";
    }

    private HlsSection ReadSection(string name, YamlNode node, string[] keys, string[] variables)
    {
        var precision = new Dictionary<string, HlsPrecision>(StringComparer.Ordinal);
        var attributes = new Dictionary<string, HlsAttribute>(StringComparer.Ordinal);
        foreach (var (key, value) in Entries(node, name.Length == 0 ? "Model" : name, keys))
        {
            var snake = SnakeCase(key);
            if (key == "Precision")
                ReadPrecision(name, value, variables, precision);
            else if (TypeKeys.Contains(snake))
                precision[snake] = ReadType(value);
            else
                ReadAttribute(snake, value, attributes);
        }
        return new(name, precision, attributes, node.Start.Line);
    }

    /// <summary>One type for every variable of the layer, or one for each.</summary>
    private void ReadPrecision(string name, YamlNode node, string[] variables, Dictionary<string, HlsPrecision> precision)
    {
        if (node is YamlScalarNode)
        {
            precision["default"] = ReadType(node);
            return;
        }
        foreach (var (variable, value) in Entries(node, $"the precision of {(name.Length == 0 ? "Model" : name)}", variables))
            precision[variable] = ReadType(value);
    }

    private void ReadAttribute(string key, YamlNode node, Dictionary<string, HlsAttribute> attributes)
    {
        if (node is not YamlScalarNode)
            return;
        var text = Scalar(node);
        var problem = key switch
        {
            "strategy" when !Strategies.Contains(SnakeCase(text)) => $"'{text}' is not a strategy; there are Latency, Resource, Unrolled, Compressed and distributed_arithmetic.",
            "implementation" when !Implementations.Contains(text.ToLowerInvariant()) => $"'{text}' is not an implementation; there are {string.Join(", ", Implementations)}.",
            "reuse_factor" or "table_size" or "parallelization_factor" or "epsilon_power_of_10" when !IsCount(text) => $"'{text}' is not a positive whole number.",
            "skip" or "trace" or "count_pad" when !bool.TryParse(text, out _) => $"'{text}' is neither true nor false.",
            _ => null,
        };
        if (problem is not null)
            Refuse(node.Start.Line, problem);
        else
            attributes[key] = new(text, node.Start.Line);
    }

    private static bool IsCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1 << 24;

    private HlsPrecision ReadType(YamlNode node)
    {
        var line = node.Start.Line;
        var text = Scalar(node);
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase))
            return new(null, line);
        var plain = text.Trim().StartsWith("ac_", StringComparison.Ordinal) ? FromAlgorithmicC(text.Trim()) : text;
        if (Quantizer.TryParse(plain, Rounding.Trn, Overflow.Wrap, out var quantizer, out var problem))
        {
            var isInteger = plain.Contains("int<", StringComparison.Ordinal);
            return new(new HlsType(quantizer, isInteger), line);
        }
        diagnostics.Add(Messages.BadType($"{file}:{line}", text, problem));
        return new(HlsType.Fixed(16, 6), line);
    }

    /// <summary><c>ac_fixed&lt;W,I,S,Q,O&gt;</c> and <c>ac_int&lt;W,S&gt;</c>, which say whether they are signed in an argument.</summary>
    private static string FromAlgorithmicC(string text)
    {
        var open = text.IndexOf('<', StringComparison.Ordinal);
        if (open < 0 || !text.EndsWith('>'))
            return text;
        var parts = text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries).ToList();
        var sign = text.StartsWith("ac_fixed", StringComparison.Ordinal) ? 2 : 1;
        var unsigned = parts.Count > sign && parts[sign].ToLowerInvariant() is "false" or "0";
        if (parts.Count > sign)
            parts.RemoveAt(sign);
        var modes = parts.Select(p => p.StartsWith("AC_", StringComparison.Ordinal) ? p[3..] : p);
        return $"{(unsigned ? "u" : "")}{text[3..open]}<{string.Join(',', modes)}>";
    }

    /// <summary>TableSize → table_size, as hls4ml turns keys into attributes.</summary>
    internal static string SnakeCase(string key)
    {
        var text = new StringBuilder();
        foreach (var letter in key.Trim().Replace(' ', '_'))
        {
            if (char.IsUpper(letter) && text.Length > 0 && text[^1] != '_')
                text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }

    private string Scalar(YamlNode node)
    {
        if (node is YamlScalarNode scalar)
            return scalar.Value ?? "";
        Refuse(node.Start.Line, "A single value is needed here.");
        return "";
    }

    private void Refuse(long line, string what) => diagnostics.Add(Messages.ConfigurationSyntax(file, line, what));

    /// <summary>The entries of a mapping; with a list of known keys, in any of the ways to write them, others are reported and left out.</summary>
    private IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode node, string where, string[]? known)
    {
        if (node is YamlScalarNode { Value: null or "" })
            yield break;
        if (node is not YamlMappingNode mapping)
        {
            Refuse(node.Start.Line, $"A mapping (key: value) is needed for {where}.");
            yield break;
        }
        foreach (var (keyNode, value) in mapping.Children)
        {
            var key = Scalar(keyNode);
            if (known is null)
                yield return (key, value);
            else if (Array.Find(known, k => k == key || SnakeCase(k) == key) is { } spelt)
                yield return (spelt, value);
            else
                diagnostics.Add(Messages.UnknownKey(file, keyNode.Start.Line, key, known));
        }
    }
}
