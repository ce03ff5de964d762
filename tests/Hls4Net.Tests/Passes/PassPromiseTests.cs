using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Primitives;
using Hls4Net.Tests.Typing;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Passes;

public sealed class PassPromiseTests
{
    private static readonly HashSet<string> None = [];

    public static TheoryData<string> Names => [.. PassDescription.Of(typeof(Pipelines).Assembly).Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_pass_keeps_its_promise_on_random_networks(string name)
    {
        var pass = Instances().Single(p => PassDescription.Of(p.GetType()).Name == name);
        var changed = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var graph = pass is MoveScales ? Quantised(seed) : Normalised(seed);
            Assert.Null(PassPromise.Check(pass, graph, seed));
            // Without rounding to float32, folding keeps more than it promises in general.
            if (pass is FoldBatchNorm)
                Assert.Null(PassPromise.Check(pass, graph, seed, Promise.SameReals));
            changed += pass.Run(graph, new()) == graph ? 0 : 1;
        }
        Assert.True(changed > 5, $"{name} changed {changed} networks of 20; the test needs others.");
    }

    [Fact]
    public void Every_pass_has_a_summary_of_one_sentence_and_a_name_of_its_own()
    {
        var passes = PassDescription.Of(typeof(Pipelines).Assembly);
        Assert.Equal(passes.Count, passes.Select(p => p.Name).Distinct().Count());
        Assert.All(passes, p => Assert.Matches("^[A-Z][^.]+\\.$", p.Summary));
        Assert.All(passes, p => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", p.Name));
    }

    [Fact]
    public void A_broken_promise_is_noticed()
    {
        Assert.Contains("number", PassPromise.Check(new ScaleWeight(), Normalised(1), 1));
        Assert.Equal("The output 'score' is gone.", PassPromise.Check(new LoseOutput(), Renamed(), 1));
        for (var seed = 0; seed < 30; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            Assert.Null(PassPromise.Check(new LeaveDesign(), design, seed));
        }
        Assert.Contains("event", PassPromise.Check(new FlipRounding(), Cast(), 1));
    }

    private static Graph Renamed()
    {
        var graph = TestNetworks.Perceptron(1, 3, 2);
        return graph.With(values: [.. graph.Values, new Value("score", [1, 2], null, null)],
            nodes: [.. graph.Nodes, new Node("r", new Rectify(), ["sum1"], ["score"], new Origin("r", "Relu"))], outputs: ["score", "sum1"]);
    }

    private static Design Cast()
    {
        var (wide, narrow) = (new FixedType(true, 8, 4), new FixedType(true, 5, 4));
        var body = new Block([new Load(0, new Affine(0, [1])), new Core.Primitives.Cast(0, new Quantizer(narrow, Rounding.Rnd, Overflow.Sat))]);
        return new("d", ["x"], [], ["y"], [new("x", [3], wide, "x"), new("y", [3], narrow, "y")], [],
            [new Stage("y", new Kernel([3], body), ["x"], "y", new Origin("n", "Quant"), Schedule.Unrolled)]);
    }

    private static IEnumerable<IPass<Graph>> Instances() =>
    [
        new AddInputStages(WithStage()), new AppendScore(Score.Mu2), new FuseBias(None), new FoldBatchNorm(None, inFloat32: false),
        new ReplaceSoftmaxByArgMax(new HashSet<string> { "s" }), new DropSoftmaxBeforeArgMax(None), new MoveScales(None),
    ];

    private static Graph Quantised(int seed)
    {
        var model = Golden.QuantisedNetworks.All.Values.ElementAt(seed % Golden.QuantisedNetworks.All.Count)().ToBytes();
        return OnnxImporter.Import(model, "m", null, new ImportOptions(), new DiagnosticBag());
    }

    private static Configuration WithStage()
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read("inputs: { x: { type: 'fixed<12,8>', offset: 1.5, shift: 2, result: 'fixed<6,4>' } }", "c", diagnostics);
        diagnostics.ThrowIfErrors();
        return configuration;
    }

    /// <summary>Product, normalisation, rectifier; a bias before the normalisation in every other network, and one after it; the place of the largest.</summary>
    private static Graph Normalised(int seed)
    {
        var random = new Random(seed);
        var values = new List<Value>
        {
            new("x", [1, 5], null, null), TestNetworks.Constant("w", [5, 4], random), TestNetworks.Constant("b", [4], random),
            TestNetworks.Constant("scale", [4], random), TestNetworks.Constant("shift", [4], random), TestNetworks.Constant("v", [4, 3], random),
            TestNetworks.Constant("c", [3], random),
        };
        var nodes = new List<Node>();
        var h = seed % 2 == 0
            ? TestNetworks.Append(nodes, values, new Dense(), "h", [1, 4], "x", "w")
            : TestNetworks.Append(nodes, values, new Dense(), "h", [1, 4], "x", "w", "b");
        h = TestNetworks.Append(nodes, values, new ScaleShift(1), "n", [1, 4], h, "scale", "shift");
        h = TestNetworks.Append(nodes, values, new Rectify(), "r", [1, 4], h);
        h = TestNetworks.Append(nodes, values, new Dense(), "p", [1, 3], h, "v");
        h = TestNetworks.Append(nodes, values, seed % 3 == 0 ? new Subtraction() : new Addition(), "y", [1, 3], h, "c");
        var s = TestNetworks.Append(nodes, values, seed % 2 == 0 ? new Softmax([1]) : new LogSoftmax([1]), "s", [1, 3], h);
        TestNetworks.Append(nodes, values, seed % 4 < 2 ? new ArgExtremum([1], KeepDimensions: true) : new OneHotMaximum([1]), "place", [1, seed % 4 < 2 ? 1 : 3], s);
        return new Graph("g", values.ToSeq(), ["x"], seed % 5 == 0 ? [h, "place", s] : [h, "place"], [], nodes.ToSeq()).WithoutDeadNodes();
    }

    [Pass(Promise.SameReals, "Changes a weight by a millionth of a millionth and a bit.")]
    private sealed class ScaleWeight : IPass<Graph>
    {
        public Graph Run(Graph ir, DiagnosticBag diagnostics) => ir.With(values: ir.Values.Select(v => v.Name != "v" ? v : v with
        {
            Constant = v.Constant! with { Values = v.Constant.Values.Select(x => x * (Dyadic.One + new Dyadic(1, -38))).ToSeq() },
        }));
    }

    [Pass(Promise.MayRound, "Loses the first output.")]
    private sealed class LoseOutput : IPass<Graph>
    {
        public Graph Run(Graph ir, DiagnosticBag diagnostics) => ir.With(outputs: ir.Outputs.Skip(1)).WithoutDeadNodes();
    }

    [Pass(Promise.SameBits, "Leaves everything.")]
    private sealed class LeaveDesign : IPass<Design>
    {
        public Design Run(Design ir, DiagnosticBag diagnostics) => ir with { Name = "other" };
    }

    [Pass(Promise.SameBits, "Rounds ties the other way.")]
    private sealed class FlipRounding : IPass<Design>
    {
        public Design Run(Design ir, DiagnosticBag diagnostics) => DesignText.Parse(ir.ToText().Replace("RND,SAT", "RND_MIN_INF,SAT", StringComparison.Ordinal));
    }
}
