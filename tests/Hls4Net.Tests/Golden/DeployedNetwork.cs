using System.Globalization;
using System.Text;
using System.Text.Json;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Golden;

/// <summary>A network of the reference data that runs in a real trigger, written as a user would configure it: types by layer, in our own format.</summary>
internal sealed class DeployedNetwork
{
    private readonly JsonElement _model;
    private readonly string _folder;

    public DeployedNetwork(string folder) => (_folder, _model) = (folder, JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "model.json"))).RootElement);

    /// <summary>The network from an ONNX file of its folder, configured layer by layer.</summary>
    /// <param name="isDescribed">Whether a description of events stands in the place of the stage behind the input.</param>
    public CompiledModel Compile(string file, bool isDescribed = false)
    {
        var isCore = file == "core.onnx";
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(Path.Combine(_folder, file), new ImportOptions { Float32Folding = true, HlsLayers = true }, diagnostics);
        var configuration = ConfigurationReader.Read(isDescribed ? ToYamlOfEvents() : isCore ? ToYaml() : ToYamlOfWholeModel(), "deployed.yaml", diagnostics);
        var compiled = Pipelines.ToDesign(graph, isCore ? Score.Mu2 : Score.None, configuration, null, diagnostics);
        Assert.False(diagnostics.HasErrors, string.Join('\n', diagnostics.Items));
        return compiled!;
    }

    /// <summary>All recorded events, and zero for a threshold.</summary>
    public Dictionary<string, RawBatch> EventsOf(Design design)
    {
        var events = Npy.Read(Path.Combine(_folder, $"in_{Events}.npy"));
        var batches = design.Settings.ToDictionary(s => s, _ => RawBatch.Of(1, [0L]), StringComparer.Ordinal);
        batches[design.Inputs[0]] = RawBatch.Of(events.Shape[1], events.ToInt64s());
        return batches;
    }

    /// <summary>The integers of an output, of all events.</summary>
    public long[] Expected(string output) => Npy.Read(Path.Combine(_folder, $"out_{output}.npy")).ToInt64s();

    /// <summary>The layers, as the file describes them.</summary>
    public IEnumerable<JsonElement> Layers => _model.GetProperty("layers").EnumerateArray();

    /// <summary>The outputs, in the file's order.</summary>
    public IEnumerable<string> Outputs => _model.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString()!);

    /// <summary>Whether the network has a stage of its own behind the input, which core.onnx leaves to the configuration.</summary>
    public bool HasInputStage => Layers.Any(l => OperationOf(l) == "axo_scale");

    /// <summary>The name of the input in the file of recorded events.</summary>
    public string Events => _model.GetProperty("inputs")[0].GetProperty("name").GetString()!;

    /// <summary>A type as a configuration writes it.</summary>
    public static string TypeOf(JsonElement type) => string.Create(CultureInfo.InvariantCulture,
        $"{(type.GetProperty("signed").GetBoolean() ? "" : "u")}fixed<{type.GetProperty("W").GetInt32()},{type.GetProperty("I").GetInt32()},{type.GetProperty("Q").GetString()},{type.GetProperty("O").GetString()}>");

    /// <summary>What kind of layer it is.</summary>
    public static string OperationOf(JsonElement layer) => layer.GetProperty("op").GetString()!;

    /// <summary>For core.onnx: the stage is behind the input, the score is appended by the compiler.</summary>
    public string ToYaml()
    {
        var input = _model.GetProperty("inputs")[0];
        var text = new StringBuilder("model: { dialect: hls }\ninputs:\n");
        if (HasInputStage)
        {
            var stage = Layers.First();
            text.Append(CultureInfo.InvariantCulture, $"  {NameOf(stage)}:\n    type: '{TypeOf(input.GetProperty("type"))}'\n");
            text.Append(CultureInfo.InvariantCulture, $"    offset: [{string.Join(", ", Offsets(stage).Select(o => o.ToString("R", CultureInfo.InvariantCulture)))}]\n");
            text.Append(CultureInfo.InvariantCulture, $"    shift: {stage.GetProperty("shift")}\n    result: '{Type(stage, "out_type")}'\n");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Events}: '{TypeOf(input.GetProperty("type"))}'\n");
        }
        return text.Append("layers:\n").Append(LayersText()).ToString();
    }

    /// <summary>For core.onnx, with its inputs as objects of an event: every number as the firmware's input has it, offsets and shifts by object.</summary>
    public string ToYamlOfEvents()
    {
        var stage = Layers.First();
        var type = TypeOf(_model.GetProperty("inputs")[0].GetProperty("type"));
        var (offsets, shifts, next) = (Offsets(stage).ToArray(), stage.GetProperty("shift").EnumerateArray().Select(s => s.GetInt32()).ToArray(), 0);
        var text = new StringBuilder(FormattableString.Invariant($"model: {{ dialect: hls }}\nevents:\n  reads: integers\n  port: {Events}\n  arithmetic: '{type}'\n  result: '{Type(stage, "out_type")}'\n  objects:\n"));
        foreach (var (name, count) in new[] { ("met", 1), ("eg", 4), ("mu", 4), ("jet", 10) })
        {
            text.Append(CultureInfo.InvariantCulture, $"    {name}: {{ count: {count}");
            foreach (var (quantity, k) in new[] { ("pt", 0), ("eta", 1), ("phi", 2) })
            {
                var places = Enumerable.Range(0, count).Select(i => next + 3 * i + k).ToArray();
                text.Append(CultureInfo.InvariantCulture, $", {quantity}: {{ type: '{type}', offset: [{string.Join(", ", places.Select(i => offsets[i].ToString("R", CultureInfo.InvariantCulture)))}], shift: [{string.Join(", ", places.Select(i => shifts[i]))}] }}");
            }
            text.Append(" }\n");
            next += 3 * count;
        }
        return text.Append("layers:\n").Append(LayersText()).ToString();
    }

    /// <summary>For model.onnx, which has the stage and the score as nodes of its own.</summary>
    public string ToYamlOfWholeModel()
    {
        var type = TypeOf(_model.GetProperty("inputs")[0].GetProperty("type"));
        var text = new StringBuilder($"model: {{ dialect: hls }}\ninputs: {{ {Events}: '{type}' }}\nlayers:\n");
        foreach (var stage in Layers.Where(l => OperationOf(l) == "axo_scale"))
        {
            var name = NameOf(stage);
            text.Append(CultureInfo.InvariantCulture, $"  {name}_sub: {{ bias: '{TypeOf(stage.GetProperty("offset").GetProperty("type"))}', result: '{type}' }}\n");
            text.Append(CultureInfo.InvariantCulture, $"  {name}: {{ scale: 'ufixed<16,8>', accumulator: '{type}', result: '{Type(stage, "out_type")}' }}\n");
        }
        foreach (var score in Layers.Where(l => OperationOf(l) == "sum_squares"))
            text.Append(CultureInfo.InvariantCulture, $"  {NameOf(score)}_sq: {{ result: '{Type(score, "accum_type")}' }}\n");
        return text.Append(LayersText(termOfScore: false)).ToString();
    }

    private static string NameOf(JsonElement layer) => layer.GetProperty("name").GetString()!;

    private StringBuilder LayersText(bool termOfScore = true)
    {
        var text = new StringBuilder();
        foreach (var layer in Layers)
        {
            var entry = OperationOf(layer) switch
            {
                "axo_scale" => null,
                "dense" or "pointwise_conv1d" => Products(NameOf(layer), layer),
                "conv2d" => Products($"{NameOf(layer)}_conv", layer),
                "global_avgpool" => $"{NameOf(layer)}: {{ accumulator: '{Type(layer, "accum_type")}', quotient: '{Type(layer, "mid_type")}', result: '{Type(layer, "out_type")}' }}",
                "lut" => $"{NameOf(layer)}: {{ table: '{TypeOf(layer.GetProperty("table").GetProperty("type"))}', table_size: {layer.GetProperty("table_size")}, result: '{Type(layer, "out_type")}' }}",
                "relu" or "linear" => $"{NameOf(layer)}: {{ result: '{Type(layer, "out_type")}' }}",
                "sum_squares" => $"{NameOf(layer)}: {{ {(termOfScore ? $"term: '{Type(layer, "accum_type")}', " : "")}accumulator: '{Type(layer, "accum_type")}', result: '{Type(layer, "out_type")}' }}",
                var other => throw new NotSupportedException(other),
            };
            text.Append(entry is null ? "" : $"  {entry}\n");
        }
        return text;
    }

    private static string Products(string name, JsonElement layer) =>
        $"{name}: {{ weight: '{TypeOf(layer.GetProperty("weight").GetProperty("type"))}', bias: '{TypeOf(layer.GetProperty("bias").GetProperty("type"))}', "
        + $"accumulator: '{Type(layer, "accum_type")}', result: '{Type(layer, "out_type")}' }}";

    private static IEnumerable<double> Offsets(JsonElement stage)
    {
        var fraction = stage.GetProperty("offset").GetProperty("type").GetProperty("F").GetInt32();
        return stage.GetProperty("offset").GetProperty("raw").EnumerateArray().Select(r => Math.ScaleB(r.GetInt64(), -fraction));
    }

    private static string Type(JsonElement layer, string name) => TypeOf(layer.GetProperty(name));
}
