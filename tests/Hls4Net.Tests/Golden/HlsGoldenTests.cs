using System.Text.Json;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.HlsProjects;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Golden;

/// <summary>
/// Networks that hls4ml compiled, from the configuration that it was given and nothing else: the same layers, the same types, the same bits in
/// every layer, whether the ONNX file is the exported or the prepared one.
/// </summary>
public sealed class HlsGoldenTests
{
    private static readonly string[] Files = ["model.onnx", "model_prep.onnx"];

    /// <summary>Types that hls4ml lists and nothing reads: how a compressed matrix counts, and that a scale of 1 is an integer.</summary>
    private static readonly string[] NotOurs = ["index_t", "scale_precision"];

    public static TheoryData<string, string, string> Variants()
    {
        var data = new TheoryData<string, string, string>();
        if (TestFiles.SharedOrNull("data/hls4ml") is not { } folder)
        {
            data.Add("", "", "");
            return data;
        }
        foreach (var model in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            foreach (var variant in Directory.GetDirectories(model).Order(StringComparer.Ordinal))
            {
                foreach (var file in Files)
                    data.Add(Path.GetFileName(model), Path.GetFileName(variant), file);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_configuration_of_hls4ml_gives_its_types_and_its_bits_in_every_layer(string model, string variant, string file)
    {
        var folder = Path.Combine(TestFiles.Shared("data/hls4ml"), model);
        var compiled = Compile(Path.Combine(folder, file), Path.Combine(folder, variant, "hls_config.json"), variant.EndsWith("__stream", StringComparison.Ordinal));
        CompareTypes(Path.Combine(folder, variant, "layers.json"), compiled.Project!.Layers);

        var design = compiled.Design;
        var input = design.Inputs[0];
        var count = Shapes.Count(design.ShapeOf(input));
        var values = Npy.Read(Path.Combine(folder, "input.npy")).ToDoubles();
        var order = compiled.Project.Layers[0].Value.Order;
        var raw = InputConversion.Quantize(Rearranged(values, count, order), count, compiled.Typed.InputQuantizers[input]);
        var results = new Emulator(design).Run(new Dictionary<string, RawBatch> { [input] = raw }, [.. design.Channels.Select(c => c.Name)]);
        CompareTrace(compiled, Npz.Read(Path.Combine(folder, variant, "trace.npz")), results);
        CompareOutputs(Path.Combine(folder, variant), results, design);
    }

    internal static CompiledModel Compile(string model, string configuration, bool isStreamed)
    {
        var diagnostics = new DiagnosticBag();
        var text = File.ReadAllText(configuration);
        if (isStreamed)
            text = $"{{ \"IOType\": \"io_stream\", \"Backend\": \"Vitis\", \"HLSConfig\": {text} }}";
        var settings = ConfigurationReader.Read(text, "hls_config.json", diagnostics);
        var (graph, source) = OnnxImporter.ImportWithSource(model, new ImportOptions { Float32Folding = true, HlsLayers = true }, diagnostics);
        var compiled = Pipelines.ToHlsDesign(graph, source, settings, diagnostics);
        Assert.False(diagnostics.HasErrors, string.Join('\n', diagnostics.Items));
        return compiled!;
    }

    /// <summary>Events whose elements stand in hls4ml's order, in the file's.</summary>
    private static double[] Rearranged(double[] values, int count, IReadOnlyList<int> order)
    {
        if (order.Count == 0)
            return values;
        var result = new double[values.Length];
        for (var k = 0; k < values.Length; k++)
            result[k / count * count + order[k % count]] = values[k];
        return result;
    }

    private static void CompareTypes(string path, IReadOnlyList<HlsProjectLayer> layers)
    {
        var expected = JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray().ToList();
        Assert.Equal(expected.Select(l => $"{l.GetProperty("name")} {l.GetProperty("class_name")}").Order(StringComparer.Ordinal),
            layers.Select(l => $"{l.Name} {l.Class}").Order(StringComparer.Ordinal));
        foreach (var layer in layers)
        {
            var types = expected.Find(l => l.GetProperty("name").GetString() == layer.Name).GetProperty("types").EnumerateObject()
                .Where(t => !NotOurs.Contains(t.Name)).ToDictionary(t => t.Name, t => Parse(t.Value.GetProperty("str").GetString()!).ToString());
            Assert.Equal(types.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{layer.Name}.{t.Key}: {t.Value}"),
                layer.Types.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{layer.Name}.{t.Key}_t: {t.Value}"));
        }
    }

    private static Core.Numbers.Quantizer Parse(string type)
    {
        Assert.True(Core.Numbers.Quantizer.TryParse(type, Core.Numbers.Rounding.Trn, Core.Numbers.Overflow.Wrap, out var quantizer, out var problem), problem);
        return quantizer;
    }

    private static void CompareTrace(CompiledModel compiled, OrderedDictionary<string, NpyArray> trace, IReadOnlyDictionary<string, RawBatch> results)
    {
        var compared = new List<string>();
        foreach (var layer in compiled.Project!.Layers.Where(l => trace.ContainsKey(l.Name)))
        {
            var expected = trace[layer.Name].ToDoubles();
            var actual = InputConversion.ToDoubles(results[layer.Value.Name], compiled.Design.Channel(layer.Value.Name).Type!.Value);
            var count = Shapes.Count(layer.Value.Shape);
            for (var i = 0; i < expected.Length; i++)
            {
                var at = layer.Value.Order.Count == 0 ? i : i / count * count + layer.Value.Order[i % count];
                Assert.True(expected[i].Equals(actual[at]), $"{layer.Name}, number {i}: {actual[at]:R} instead of {expected[i]:R}");
            }
            compared.Add(layer.Name);
        }
        Assert.Equal(trace.Keys.Order(StringComparer.Ordinal), compared.Order(StringComparer.Ordinal));
    }

    private static void CompareOutputs(string folder, IReadOnlyDictionary<string, RawBatch> results, Core.Kernels.Design design)
    {
        for (var i = 0; i < design.Outputs.Count; i++)
        {
            var file = design.Outputs.Count == 1 ? "output.npy" : $"output_{i}.npy";
            var expected = Npy.Read(Path.Combine(folder, file)).ToDoubles();
            var actual = InputConversion.ToDoubles(results[design.Outputs[i]], design.Channel(design.Outputs[i]).Type!.Value);
            Assert.Equal(expected, actual);
        }
    }
}
