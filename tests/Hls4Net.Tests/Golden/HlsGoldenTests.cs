using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Golden;

/// <summary>Networks that hls4ml compiled, configured layer by layer as it configured them: our emulator gives its bits.</summary>
public sealed class HlsGoldenTests
{
    private static readonly string[] Models = ["vae_enc57", "jet_mlp", "jet_mlp_bn", "bn_first"];

    public static TheoryData<string, string> Variants()
    {
        var data = new TheoryData<string, string>();
        if (TestFiles.SharedOrNull("data/hls4ml") is not { } folder)
        {
            data.Add("", "");
            return data;
        }
        foreach (var model in Models)
        {
            foreach (var variant in Directory.GetDirectories(Path.Combine(folder, model)).Order(StringComparer.Ordinal))
                data.Add(model, Path.GetFileName(variant));
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_network_configured_as_hls4ml_did_gives_its_bits_in_every_layer(string model, string variant)
    {
        var folder = Path.Combine(TestFiles.Shared("data/hls4ml"), model);
        var project = new HlsProject(Path.Combine(folder, variant));
        var diagnostics = new DiagnosticBag();
        var options = new ImportOptions { Float32Folding = true, HlsLayers = true, Outputs = project.BeforeSoftmax is { } logits ? [LogitsOf(logits)] : [] };
        var graph = OnnxImporter.Import(Path.Combine(folder, "model_prep.onnx"), options, diagnostics);
        foreach (var node in graph.Nodes.Where(n => n.Operator is Dense))
            project.FusedNodes[node.Name] = [.. Followers(graph, node).Select(n => n.Name)];
        var configuration = ConfigurationReader.Read(project.ToYaml(), "layers.json", diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics);
        Assert.False(diagnostics.HasErrors, string.Join('\n', diagnostics.Items));

        var design = compiled!.Design;
        var input = design.Inputs[0];
        var values = Npy.Read(Path.Combine(folder, "input.npy")).ToDoubles();
        var raw = InputConversion.Quantize(values, Shapes.Count(design.ShapeOf(input)), compiled.Typed.InputQuantizers[input]);
        var names = compiled.Typed.Graph.Nodes.SelectMany(n => n.Origin.Names.Select(m => (m, n.Outputs[0]))).Concat(
            design.Channels.Select(c => (c.Name, c.Name))).GroupBy(x => x.Item1).ToDictionary(g => g.Key, g => g.Last().Item2);
        var results = new Emulator(design).Run(new Dictionary<string, RawBatch> { [input] = raw }, [.. design.Channels.Select(c => c.Name)]);
        var compared = CompareTrace(project, Npz.Read(Path.Combine(folder, variant, "trace.npz")), names, results, design);
        compared += CompareOutputs(Path.Combine(folder, variant), project, results, design);
        Assert.True(compared >= 2, "Nothing was compared.");
    }

    private static int CompareTrace(HlsProject project, OrderedDictionary<string, NpyArray> trace, Dictionary<string, string> names,
        IReadOnlyDictionary<string, RawBatch> results, Core.Kernels.Design design)
    {
        var compared = 0;
        foreach (var (layer, value) in project.Traced)
        {
            var expected = trace[layer].ToDoubles();
            var channel = names[value];
            var actual = InputConversion.ToDoubles(results[channel], design.Channel(channel).Type!.Value);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(expected[i].Equals(actual[i]), $"{layer} ({channel}), number {i}: {actual[i]:R} instead of {expected[i]:R}");
            compared++;
        }
        return compared;
    }

    private static int CompareOutputs(string folder, HlsProject project, IReadOnlyDictionary<string, RawBatch> results, Core.Kernels.Design design)
    {
        if (project.BeforeSoftmax is not null)
            return 1;
        for (var i = 0; i < design.Outputs.Count; i++)
        {
            var file = design.Outputs.Count == 1 ? "output.npy" : $"output_{i}.npy";
            var expected = Npy.Read(Path.Combine(folder, file)).ToDoubles();
            var actual = InputConversion.ToDoubles(results[design.Outputs[i]], design.Channel(design.Outputs[i]).Type!.Value);
            Assert.Equal(expected, actual);
        }
        return 1;
    }

    /// <summary>hls4ml names the value after the product that it fused; in the file it is the last addition's output.</summary>
    private static string LogitsOf(string name)
    {
        return name.StartsWith("MatMul_", StringComparison.Ordinal) ? $"Add_{name["MatMul_".Length]}_out0" : name;
    }

    private static IEnumerable<Node> Followers(Graph graph, Node node)
    {
        while (graph.Nodes.Where(n => n.Inputs.Contains(node.Outputs[0])).ToList() is [{ Operator: Addition or ScaleShift } next])
        {
            yield return next;
            node = next;
        }
    }
}
