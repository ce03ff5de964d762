using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Hls;

/// <summary>Compiles a small model under an hls4ml configuration and emulates events, in float64: every number is exact there.</summary>
internal static class HlsProjectRun
{
    public static CompiledModel Compile(OnnxModelBuilder model, string configuration)
    {
        var diagnostics = new DiagnosticBag();
        var compiled = TryCompile(model, configuration, diagnostics);
        Assert.False(diagnostics.HasErrors, string.Join('\n', diagnostics.Items));
        return compiled!;
    }

    public static IReadOnlyList<Diagnostic> Problems(OnnxModelBuilder model, string configuration)
    {
        var diagnostics = new DiagnosticBag();
        TryCompile(model, configuration, diagnostics);
        return diagnostics.Items;
    }

    /// <summary>Random events over the whole of each input's type, and the first output.</summary>
    public static IEnumerable<(double[][] X, double[] Y)> Events(CompiledModel compiled, int seed, int events)
    {
        var (design, random) = (compiled.Design, new Random(seed));
        var inputs = design.Inputs.Select(name =>
        {
            var (type, count) = (design.Channel(name).Type!.Value, Shapes.Count(design.ShapeOf(name)));
            return (Name: name, Type: type, Count: count, Raw: Enumerable.Range(0, count * events).Select(_ => random.NextInt64((long)type.MinimumRaw, (long)type.MaximumRaw + 1)).ToArray());
        }).ToList();
        var output = design.Outputs[0];
        var (result, size) = (design.Channel(output).Type!.Value, Shapes.Count(design.ShapeOf(output)));
        var raw = new Emulator(design).Run(inputs.ToDictionary(i => i.Name, i => RawBatch.Of(i.Count, i.Raw)))[output].Raw;
        for (var e = 0; e < events; e++)
        {
            yield return ([.. inputs.Select(i => i.Raw.Skip(e * i.Count).Take(i.Count).Select(r => Math.ScaleB(r, -i.Type.Fraction)).ToArray())],
                [.. raw.Skip(e * size).Take(size).Select(r => Math.ScaleB(r, -result.Fraction))]);
        }
    }

    private static CompiledModel? TryCompile(OnnxModelBuilder model, string configuration, DiagnosticBag diagnostics)
    {
        var settings = ConfigurationReader.Read(configuration, "c.yml", diagnostics);
        var nodes = new List<SourceNode>();
        var options = new ImportOptions { Float32Folding = true, HlsLayers = true };
        var graph = OnnxImporter.Import(model.ToBytes(), "test", null, options, diagnostics, n => nodes.Add(n.ToSource()));
        return Pipelines.ToHlsDesign(graph, nodes, settings, diagnostics);
    }
}
