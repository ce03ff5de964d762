using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Streams;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Hls4Net.Transforms.Settings;

/// <summary>
/// Reads a configuration file (YAML, of which JSON is a part): one of ours, or one of hls4ml. Every key must be known; all problems of a
/// file are reported at once.
/// </summary>
public sealed partial class ConfigurationReader
{
    private const int LargestFile = 16 << 20;
    private const int DeepestNesting = 32;
    private static readonly string[] Sections = ["model", "inputs", "events", "layers", "score", "budgets"];
    private static readonly string[] BudgetKeys = ["latency", "ii", "lut", "ff", "dsp", "bram"];
    private static readonly string[] ModelKeys = ["precision", "dialect", "weight_bits", "activation_bits", "table_error", "reuse_factor", "io_type", "pixels", "prune", "round_weights", "loadable"];
    private static readonly string[] PruneKeys = ["prune", "round_weights", "weight_integers", "bias_integers"];
    private static readonly string[] LayerKeys = ["weight", "bias", "scale", "accumulator", "result", "table", "table_error", "term", "softmax", "reuse_factor", "memory", "loadable", .. PruneKeys];

    private readonly string _file;
    private readonly string _folder;
    private readonly DiagnosticBag _diagnostics;
    private Dialect _dialect;

    private ConfigurationReader(string file, string folder, DiagnosticBag diagnostics) => (_file, _folder, _diagnostics) = (file, folder, diagnostics);

    /// <summary>Reads a file; problems go to the bag.</summary>
    public static Configuration ReadFile(string path, DiagnosticBag diagnostics)
    {
        var name = Path.GetFileName(path);
        try
        {
            if (new FileInfo(path).Length > LargestFile)
            {
                diagnostics.Add(Messages.ConfigurationSyntax(name, 1, $"The file is larger than {LargestFile >> 20} MB."));
                return Configuration.Default;
            }
            return Read(File.ReadAllText(path), name, diagnostics, Path.GetDirectoryName(path) ?? "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(Messages.ConfigurationSyntax(name, 1, $"The file cannot be read: {e.Message}"));
            return Configuration.Default;
        }
    }

    /// <summary>Reads a text; <paramref name="file"/> names it in messages, and files that it names are in <paramref name="folder"/>.</summary>
    public static Configuration Read(string text, string file, DiagnosticBag diagnostics, string folder = "")
    {
        var reader = new ConfigurationReader(file, folder, diagnostics);
        return reader.Guard(text, reader.Read) ?? Configuration.Default with { File = file };
    }

    /// <summary>What a text is read as, or null if it is empty or no YAML.</summary>
    private T? Guard<T>(string text, Func<YamlNode, T?> read)
        where T : class
    {
        try
        {
            CheckNesting(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is YamlScalarNode { Value: "" or null })
                return null;
            return read(stream.Documents[0].RootNode);
        }
        catch (YamlException e)
        {
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, e.Start.Line, e.InnerException?.Message ?? e.Message));
            return null;
        }
    }

    /// <summary>The representation model is built recursively, so a file nested without end must not reach it.</summary>
    private static void CheckNesting(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current switch
            {
                MappingStart or SequenceStart => 1,
                MappingEnd or SequenceEnd => -1,
                _ => 0,
            };
            if (depth > DeepestNesting)
                throw new YamlException(parser.Current!.Start, parser.Current.End, $"Nested more than {DeepestNesting} deep.");
        }
    }

    private Configuration Read(YamlNode root)
    {
        if (HlsProjectReader.Recognises(root))
            return Configuration.Default with { File = _file, Dialect = Dialect.Hls, Project = new HlsProjectReader(_file, _diagnostics).Read(root) };
        var result = Configuration.Default with { File = _file };
        var sections = Entries(root, "the file", Sections).ToList();
        foreach (var (key, value) in sections.Where(s => s.Key == "model"))
            result = ReadModel(result, value);
        foreach (var (key, value) in sections)
        {
            result = key switch
            {
                "inputs" => ReadInputs(result, value),
                "layers" => result with { Layers = ReadLayers(value) },
                "budgets" => result with
                {
                    Budgets = Entries(value, "budgets", BudgetKeys).ToDictionary(e => e.Key, e => (Scalar(e.Value), e.Value.Start.Line), StringComparer.Ordinal),
                },
                "score" => result with { Score = ReadScore(value) },
                "events" => result with { Events = ReadEvents(value) },
                _ => result,
            };
        }
        return result;
    }

    private Configuration ReadModel(Configuration result, YamlNode node)
    {
        var entries = Entries(node, "model", ModelKeys).ToList();
        foreach (var (_, value) in entries.Where(e => e.Key == "dialect"))
            _dialect = ReadDialect(value);
        foreach (var (key, value) in entries)
        {
            result = key switch
            {
                "precision" => result with { Precision = ReadType(value) },
                "weight_bits" => result with { WeightBits = ReadBits(value) },
                "activation_bits" => result with { ActivationBits = ReadBits(value) },
                "table_error" => result with { TableError = ReadError(value) },
                "reuse_factor" => result with { ReuseFactor = ReadReuse(value), ReusePlace = $"{_file}:{value.Start.Line}" },
                "prune" => result with { Prune = ReadPrune(value) },
                "round_weights" => result with { RoundWeights = ReadShare(value) },
                "loadable" => result with { IsLoadable = ReadTruth(value) ?? false },
                "io_type" when IsStream(value) => result with { Stream = result.Stream ?? new() },
                _ => result,
            };
        }
        foreach (var (_, value) in entries.Where(e => e.Key == "pixels"))
            result = result with { Stream = ReadPixels(result.Stream, value) };
        return result with { Dialect = _dialect };
    }

    private bool IsStream(YamlNode node)
    {
        var text = Scalar(node);
        if (text is not ("io_parallel" or "io_stream"))
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{text}' is not an io_type; there are io_parallel and io_stream."));
        return text == "io_stream";
    }

    private StreamOptions? ReadPixels(StreamOptions? stream, YamlNode node)
    {
        if (stream is not null && int.TryParse(Scalar(node), NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) && pixels >= 1)
            return stream with { Pixels = pixels };
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, stream is null ? "pixels need io_type: io_stream."
            : $"'{Scalar(node)}' is not a number of pixels; a whole number from 1 on is needed."));
        return stream;
    }

    private Dialect ReadDialect(YamlNode node)
    {
        var text = Scalar(node);
        if (text is "exact" or "hls")
            return text == "hls" ? Dialect.Hls : Dialect.Exact;
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{text}' is not a dialect; there are exact and hls."));
        return Dialect.Exact;
    }

    private int ReadBits(YamlNode node)
    {
        if (int.TryParse(Scalar(node), NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits is >= 2 and <= 32)
            return bits;
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{Scalar(node)}' is not a number of bits from 2 to 32."));
        return 8;
    }

    private int? ReadReuse(YamlNode node)
    {
        if (int.TryParse(Scalar(node), NumberStyles.None, CultureInfo.InvariantCulture, out var factor) && factor >= 1)
            return factor;
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{Scalar(node)}' is not a reuse factor; a whole number from 1 on is needed."));
        return null;
    }

    private bool? ReadTruth(YamlNode node)
    {
        if (Scalar(node) is "true" or "false")
            return Scalar(node) == "true";
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{Scalar(node)}' is neither true nor false."));
        return null;
    }

    private double? ReadError(YamlNode node)
    {
        if (double.TryParse(Scalar(node), NumberStyles.Float, CultureInfo.InvariantCulture, out var error) && error is >= 0.5 and <= 1e6)
            return error;
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{Scalar(node)}' is not an error in units of the last place; at least 0.5 is needed."));
        return null;
    }

    private Configuration ReadInputs(Configuration result, YamlNode node)
    {
        var inputs = new Dictionary<string, (Quantizer, long)>(StringComparer.Ordinal);
        var stages = new Dictionary<string, InputStage>(StringComparer.Ordinal);
        foreach (var (key, value) in Entries(node, "inputs", null))
        {
            if (ReadInput(value) is not ({ } type, var stage))
                continue;
            inputs[key] = (type, value.Start.Line);
            if (stage is not null)
                stages[key] = stage;
        }
        return result with { Inputs = inputs, Stages = stages };
    }

    private Dictionary<string, LayerTypes> ReadLayers(YamlNode node)
    {
        var layers = new Dictionary<string, LayerTypes>(StringComparer.Ordinal);
        foreach (var (key, value) in Entries(node, "layers", null))
            layers[key] = ReadLayer(value);
        return layers;
    }

    private LayerTypes ReadLayer(YamlNode node)
    {
        var result = LayerTypes.None with { Line = node.Start.Line };
        foreach (var (key, value) in Entries(node, "a layer", _dialect == Dialect.Hls ? [.. LayerKeys, .. HlsLayerKeys] : LayerKeys))
        {
            if (key == "table_error")
            {
                result = result with { TableError = ReadError(value) };
                continue;
            }
            if (key == "reuse_factor")
            {
                result = result with { ReuseFactor = ReadReuse(value) };
                continue;
            }
            if (PruneKeys.Contains(key))
            {
                result = ReadPruneKey(result, key, value);
                continue;
            }
            if (key == "loadable")
            {
                result = result with { IsLoadable = ReadTruth(value) };
                continue;
            }
            if (key == "memory")
            {
                result = result with { Memory = ReadMemory(value) };
                continue;
            }
            if (key == "softmax")
            {
                result = result with { Hls = result.Hls with { Softmax = ReadPlace(value) } };
                continue;
            }
            if (_dialect == Dialect.Hls && ReadHlsKey(result.Hls, key, value) is { } hls)
            {
                result = result with { Hls = hls };
                continue;
            }
            var type = ReadType(value);
            result = key switch
            {
                "weight" => result with { Weight = type },
                "bias" => result with { Bias = type },
                "scale" => result with { Scale = type },
                "accumulator" => result with { Accumulator = type },
                "result" => result with { Result = type },
                "term" => result with { Term = type },
                // Of an operand in our own tables; in those of the HLS dialect, which know no such type, of the entries.
                _ => result with { Table = type, Hls = _dialect == Dialect.Hls ? result.Hls with { TableType = type } : result.Hls },
            };
        }
        return result;
    }

    private MemoryChoice? ReadMemory(YamlNode node)
    {
        if (MemberNames.Find<MemoryChoice>(Scalar(node)) is { } choice)
            return choice;
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{Scalar(node)}' is not a memory; there are {string.Join(", ", MemberNames.Of<MemoryChoice>())}."));
        return null;
    }

    /// <summary>How a softmax is computed, where the user does not want its values but only the largest element's place.</summary>
    private HlsSoftmax? ReadPlace(YamlNode node)
    {
        var text = Scalar(node);
        if (text is not ("argmax" or "exact"))
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{text}' is not a softmax; there are exact and argmax."));
        return text == "argmax" ? HlsSoftmax.Argmax : null;
    }

    private Quantizer? ReadType(YamlNode node)
    {
        var text = Scalar(node);
        if (Quantizer.TryParse(text, Configuration.RoundingOf(_dialect), Configuration.OverflowOf(_dialect), out var quantizer, out var problem))
            return quantizer;
        _diagnostics.Add(Messages.BadType($"{_file}:{node.Start.Line}", text, problem));
        return null;
    }

    private string Scalar(YamlNode node)
    {
        if (node is YamlScalarNode scalar)
            return scalar.Value ?? "";
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, "A single value is needed here."));
        return "";
    }

    /// <summary>The entries of a mapping; with a list of known keys, others are reported and left out.</summary>
    private IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode node, string where, string[]? known)
    {
        if (node is not YamlMappingNode mapping)
        {
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"A mapping (key: value) is needed for {where}."));
            yield break;
        }
        foreach (var (keyNode, value) in mapping.Children)
        {
            var key = Scalar(keyNode);
            if (known is null || known.Contains(key))
                yield return (key, value);
            else
                _diagnostics.Add(Messages.UnknownKey(_file, keyNode.Start.Line, key, known));
        }
    }
}
