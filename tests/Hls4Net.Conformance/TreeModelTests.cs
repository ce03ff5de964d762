using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;
using Hls4Net.Verification.OnnxRuntime;

namespace Hls4Net.Conformance;

/// <summary>Ensembles of trees as scikit-learn and XGBoost export them, against ONNX Runtime on the same events.</summary>
public sealed class TreeModelTests
{
    [Theory]
    [InlineData("trees_sklearn_classifier.onnx")]
    [InlineData("trees_xgboost_regressor.onnx")]
    public void Labels_are_those_of_ONNX_Runtime_and_values_within_the_bound_on_thresholds_and_beside_them(string file)
    {
        var path = TestFiles.Shared("data", "models", file);
        OnnxRuntimeLibrary library;
        try
        {
            library = OnnxRuntimeLocator.Load();
        }
        catch (UserErrorException)
        {
            TestFiles.Missing("ONNX Runtime (tools/install-onnxruntime.sh)");
            return;
        }
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(path, new ImportOptions(), diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, Configuration.Default, null, diagnostics)!;
        var input = graph.Inputs[0];
        var features = graph[input].Shape[1];
        var numbers = Events(File.ReadAllBytes(path), features, compiled.Design.Channel(input).Type!.Value);
        var raw = InputConversion.Quantize(numbers, features, compiled.Typed.InputQuantizers[input]);
        var found = new Emulator(compiled.Design).Run(new Dictionary<string, RawBatch>(StringComparer.Ordinal) { [input] = raw }, [.. graph.Outputs]);
        using var session = library.Open(File.ReadAllBytes(path));
        var expected = session.Run(new Dictionary<string, NpyArray>(StringComparer.Ordinal)
        {
            [input] = NpyArray.Of([numbers.Length / features, features], Array.ConvertAll(numbers, n => (float)n)),
        });
        var errors = ErrorAnalysis.Run(compiled.Design);
        foreach (var output in graph.Outputs)
        {
            var (wanted, own) = (expected[output].ToDoubles(), InputConversion.ToDoubles(found[output], compiled.Design.Channel(output).Type!.Value));
            // ONNX Runtime adds in float32. A label is the same, whatever the error of the scores is.
            var bound = output.StartsWith("label", StringComparison.Ordinal) ? 0 : errors.Worst(output)!.Value.ToDouble() + 1e-6;
            Assert.Equal(wanted.Length, own.Length);
            Assert.True(wanted.Distinct().Count() > 2, "All events give the same.");
            for (var k = 0; k < wanted.Length; k++)
                Assert.True(Math.Abs(wanted[k] - own[k]) <= bound, $"{output}[{k}] is {own[k]}, not {wanted[k]}.");
        }
    }

    /// <summary>Events on the grid of the input's type: at random, and with one feature on both sides of every threshold.</summary>
    private static double[] Events(byte[] model, int features, FixedType type)
    {
        var attributes = ModelProto.Parser.ParseFrom(model).Graph.Node[0].Attribute;
        var (places, thresholds) = (attributes.Single(a => a.Name == "nodes_featureids").Ints, attributes.Single(a => a.Name == "nodes_values").Floats);
        var random = new Random(3);
        var events = new List<double>();
        for (var k = 0; k < places.Count; k++)
        {
            var floor = Math.Floor(Math.ScaleB(thresholds[k], type.Fraction));
            for (var beside = -1; beside < 2; beside++)
            {
                var one = Enumerable.Range(0, features).Select(_ => OnGrid(random.Next(-3 << type.Fraction, 8 << type.Fraction))).ToArray();
                one[places[k]] = OnGrid(floor + beside);
                events.AddRange(one);
            }
        }
        return [.. events];

        double OnGrid(double steps) => Math.ScaleB(steps, -type.Fraction);
    }
}
