using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hls4Net.Tests.Golden;

/// <summary>A variant of the reference data: the types of every layer as hls4ml chose them, written as one of our configurations.</summary>
internal sealed class HlsProject
{
    private readonly List<JsonElement> _layers;

    public HlsProject(string folder) => _layers = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "layers.json"))).RootElement.EnumerateArray()];

    /// <summary>The value that feeds a final softmax, which has no counterpart yet, or null if there is none.</summary>
    public string? BeforeSoftmax => _layers.Find(l => ClassOf(l) == "Softmax") is { ValueKind: JsonValueKind.Object } softmax
        ? softmax.GetProperty("inputs")[0].GetString()
        : null;

    /// <summary>For each layer that hls4ml keeps, the value of the prepared ONNX file that it produces.</summary>
    public IEnumerable<(string Layer, string Value)> Traced => _layers.Where(l => ClassOf(l) is not ("Input" or "Softmax"))
        .Select(l => (l.GetProperty("name").GetString()!, ProducedBy(l)));

    /// <summary>The configuration in our own format.</summary>
    public string ToYaml()
    {
        var text = new StringBuilder("model: { dialect: hls }\ninputs:\n");
        var layers = new StringBuilder("layers:\n");
        foreach (var layer in _layers)
        {
            var name = layer.GetProperty("name").GetString()!;
            switch (ClassOf(layer))
            {
                case "Input":
                    text.Append(CultureInfo.InvariantCulture, $"  {name}: '{Type(layer, "result_t")}'\n");
                    break;
                case "Dense":
                    var product = name.Replace("Dense_", "", StringComparison.Ordinal);
                    var last = LastOfFused(layer);
                    layers.Append(CultureInfo.InvariantCulture, $"  {product}: {{ weight: '{Type(layer, "weight_t")}', accumulator: '{Type(layer, "accum_t")}'{(last == product ? "" : $", bias: '{Type(layer, "bias_t")}'")} }}\n");
                    layers.Append(CultureInfo.InvariantCulture, $"  {(last == product ? $"{product}_out0" : last)}: {{ result: '{Type(layer, "result_t")}' }}\n");
                    break;
                case "ApplyAlpha":
                    layers.Append(CultureInfo.InvariantCulture, $"  {name.Replace("bn_", "", StringComparison.Ordinal)}: {{ bias: '{Type(layer, "bias_t")}', result: '{Type(layer, "result_t")}' }}\n");
                    break;
                case "BatchNormalization":
                    layers.Append(CultureInfo.InvariantCulture, $"  {name}: {{ scale: '{Type(layer, "scale_t")}', bias: '{Type(layer, "bias_t")}', result: '{Type(layer, "result_t")}' }}\n");
                    break;
                case "Activation":
                    layers.Append(CultureInfo.InvariantCulture, $"  {name}: {{ result: '{Type(layer, "result_t")}' }}\n");
                    break;
                case "Softmax":
                    break;
                default:
                    throw new NotSupportedException(ClassOf(layer));
            }
        }
        return text.Append(layers).ToString();
    }

    /// <summary>The last of the nodes MatMul, Add, BatchNormalization that hls4ml put into one dense layer: those that it does not list on their own.</summary>
    private string LastOfFused(JsonElement dense)
    {
        var index = dense.GetProperty("name").GetString()![^1];
        var listed = _layers.Select(l => l.GetProperty("name").GetString()).ToHashSet();
        var product = $"MatMul_{index}";
        if (listed.Contains($"bn_Add_{index}") || listed.Any(l => l!.StartsWith("bn_Add_", StringComparison.Ordinal)))
            return product;
        var consumers = FusedNodes.GetValueOrDefault(product, []);
        return consumers.LastOrDefault(c => !listed.Contains(c)) ?? product;
    }

    /// <summary>Filled in from the ONNX file: for each product, the additions and normalisations that follow it.</summary>
    public Dictionary<string, List<string>> FusedNodes { get; } = new(StringComparer.Ordinal);

    private string ProducedBy(JsonElement layer)
    {
        if (ClassOf(layer) != "Dense")
            return layer.GetProperty("outputs")[0].GetString()!;
        var product = layer.GetProperty("name").GetString()!.Replace("Dense_", "", StringComparison.Ordinal);
        var last = LastOfFused(layer);
        return last == product ? layer.GetProperty("outputs")[0].GetString()! : last;
    }

    private static string ClassOf(JsonElement layer) => layer.GetProperty("class_name").GetString()!;

    private static string Type(JsonElement layer, string name) => layer.GetProperty("types").GetProperty(name).GetProperty("str").GetString()!;
}
