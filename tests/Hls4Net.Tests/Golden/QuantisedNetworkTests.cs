using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Golden;

/// <summary>
/// Networks with quantisers of every format come out, without configuration, as an evaluation in rational numbers that shares no code with the
/// compiler says: every output of every event, exactly.
/// </summary>
public sealed class QuantisedNetworkTests
{
    public static TheoryData<string> Names => [.. QuantisedNetworks.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_are_those_of_rational_arithmetic(string name)
    {
        var model = QuantisedNetworks.All[name]().Model;
        var compiled = Compile(model, []);
        Compare(model, compiled, 40, widest: 64);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Products_are_of_integers_as_narrow_as_the_quantisers_make_them(string name)
    {
        var graph = Compile(QuantisedNetworks.All[name]().Model, []).Typed.Graph;
        var products = graph.Nodes.Where(n => n.Operator is Dense or Convolution).ToList();
        Assert.NotEmpty(products);
        foreach (var input in products.SelectMany(p => p.Inputs.Take(2)).Where(i => !graph.Inputs.Contains(i)))
            Assert.True(graph[input].Type!.Value.Width <= (name == "scales side by side" && graph[input].Constant is not null ? 36 : 9), $"{input}: {graph[input].Type}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Moving_scales_changes_no_number(string name)
    {
        // A sixth is known to 160 bits before the scales move, so that ties of averages are none.
        if (name == "depthwise, and averages with ties")
            return;
        var graph = OnnxImporter.Import(QuantisedNetworks.All[name]().ToBytes(), "m", null, new ImportOptions(), new DiagnosticBag());
        var moved = new MoveScales(new HashSet<string>()).Run(graph, new DiagnosticBag());
        Assert.NotEqual(graph, moved);
        Assert.Empty(GraphVerifier.Verify(moved));
        var random = new Random(1);
        for (var e = 0; e < 6; e++)
        {
            var inputs = graph.Inputs.ToDictionary(i => i,
                i => Enumerable.Range(0, Core.Primitives.Shapes.Count(graph[i].Shape)).Select(_ => new Dyadic(random.Next(-9999, 9999), -11)).ToArray());
            var (before, after) = (Exact(graph, inputs), Exact(moved, inputs));
            foreach (var output in graph.Outputs)
                Assert.Equal(before[output], after[output]);
        }
    }

    [Fact]
    public void A_layer_that_the_user_configures_stays_as_it_is()
    {
        var graph = OnnxImporter.Import(QuantisedNetworks.All["operators on integers"]().ToBytes(), "m", null, new ImportOptions(), new DiagnosticBag());
        var pinned = graph.Nodes.SelectMany(n => n.Origin.Names).ToHashSet();
        Assert.Equal(graph, new MoveScales(pinned).Run(graph, new DiagnosticBag()));
    }

    private static Dictionary<string, Dyadic[]> Exact(Graph graph, Dictionary<string, Dyadic[]> inputs)
    {
        var design = Core.Kernels.DesignBuilder.Build(graph);
        var values = design.Constants.ToDictionary(c => c.Name, c => c.Tensor.Values.ToArray());
        foreach (var (name, numbers) in inputs)
            values[name] = numbers;
        foreach (var stage in design.Stages)
        {
            var sources = stage.Inputs.Select(i => i.Length == 0 ? [] : values[i]).ToArray();
            values[stage.Output] = Core.Kernels.Evaluations.Run(new Core.Primitives.ExactAlgebra(), stage.Computation, (i, k) => sources[i][k]);
        }
        return values;
    }

    [Theory]
    [InlineData("data/models/qonnx_jettagging.onnx", "Add_3_out0", 12)]
    [InlineData("data/models/qonnx_tfc_2w2a.onnx", "82", 6)]
    [InlineData("data/models/qdq_relu.onnx", "output", 60)]
    [InlineData("data/cms/axol1tl_v3/model.qonnx.onnx", "score", 8)]
    [InlineData("data/cms/cicada_v2p1p2/model.qonnx.onnx", "layer10_out", 4)]
    [InlineData("data/cms/toollip_v1/model.qonnx.onnx", "layer12_out", 6)]
    [InlineData("data/networks/a57.qonnx.onnx", "y", 6)]
    [InlineData("data/networks/b16.qonnx.onnx", "y", 6)]
    public void Reference_models_give_the_integers_of_their_quantisers(string path, string output, int events)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(TestFiles.Shared(path)));
        Compare(model, Compile(model, [output]), events, widest: 80);
    }

    private static CompiledModel Compile(ModelProto model, string[] outputs)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(Google.Protobuf.MessageExtensions.ToByteArray(model), "m", null, new ImportOptions { Outputs = [.. outputs] }, diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, Configuration.Default, null, diagnostics) ?? throw new UserErrorException([.. diagnostics.Items]);
        return compiled;
    }

    private static void Compare(ModelProto model, CompiledModel compiled, int events, int widest)
    {
        var random = new Random(17);
        var design = compiled.Design;
        var inputs = design.Inputs.ToDictionary(i => i, i => RawBatch.Of(Core.Primitives.Shapes.Count(design.ShapeOf(i)), Draw(design, i, events, random)));
        var results = new Emulator(design).Run(inputs);
        var seen = new HashSet<(string, int, Fraction)>();
        for (var e = 0; e < events; e++)
        {
            var exact = new ExactModel(model).Run(design.Inputs.ToDictionary(i => i, i => Tensor(design, i, inputs[i], e)), design.Outputs);
            foreach (var output in design.Outputs)
            {
                var type = design.Channel(output).Type!.Value;
                Assert.InRange(type.Width, 1, widest);
                var expected = exact[output].Values;
                for (var k = 0; k < expected.Length; k++)
                {
                    var found = Value(results[output][e, k], type.Fraction);
                    seen.Add((output, k, found));
                    Assert.True(found == expected[k], $"{output}[{k}] of event {e} is {found.N}/{found.D}, not {expected[k].N}/{expected[k].D}.");
                }
            }
        }
        Assert.True(seen.Count > design.Outputs.Sum(o => Core.Primitives.Shapes.Count(design.ShapeOf(o))), "The outputs hardly change: the events try nothing.");
    }

    private static BigInteger[] Draw(Core.Kernels.Design design, string input, int events, Random random)
    {
        var (type, count) = (design.Channel(input).Type!.Value, Core.Primitives.Shapes.Count(design.ShapeOf(input)));
        var raw = new BigInteger[count * events];
        for (var k = 0; k < raw.Length; k++)
        {
            // The whole range, and events near zero, where networks are not saturated.
            var drawn = new BigInteger(random.NextDouble() * Math.Pow(2, type.Width + 1)) + type.MinimumRaw;
            raw[k] = Casting.Confine(k / count % 3 == 0 ? drawn : drawn / (1 << (k / count % 3 * 2)), type, Overflow.Sat);
        }
        return raw;
    }

    private static ExactTensor Tensor(Core.Kernels.Design design, string input, RawBatch batch, int number)
    {
        var type = design.Channel(input).Type!.Value;
        var shape = design.ShapeOf(input);
        return new([.. shape], [.. Enumerable.Range(0, Core.Primitives.Shapes.Count(shape)).Select(k => Value(batch[number, k], type.Fraction))]);
    }

    private static Fraction Value(BigInteger raw, int fraction) =>
        fraction <= 0 ? (Fraction)(raw << -fraction) : new Fraction(raw, 1) / (Fraction)(BigInteger.One << fraction);
}
