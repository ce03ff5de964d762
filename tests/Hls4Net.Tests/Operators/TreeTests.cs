using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Trees;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Operators;

/// <summary>Ensembles of decision trees.</summary>
public sealed class TreeTests
{
    private const int Fraction = 2;

    [Theory]
    [InlineData(1, "SUM")]
    [InlineData(2, "AVERAGE")]
    [InlineData(3, "MIN")]
    [InlineData(4, "MAX")]
    public void Random_ensembles_give_what_a_recursive_evaluation_gives_on_thresholds_and_beside_them(int seed, string aggregate)
    {
        var trees = new RandomTrees(seed, features: 5, targets: 3, Fraction, trees: 16, depth: 5);
        var compiled = new CompiledCase(trees.ToCase(aggregate), "inputs: { x0: 'fixed<6,4>' }");
        var events = Events(trees, compiled.TypeOf("x0"));
        var found = compiled.Run(events.SelectMany(e => e).ToArray());
        for (var e = 0; e < events.Count; e++)
            Assert.Equal(trees.Evaluate(aggregate, events[e]), found[(e * trees.Targets)..((e + 1) * trees.Targets)]);
        Assert.Equal(Dyadic.Zero, ErrorAnalysis.Run(compiled.Design).Worst("y0"));
    }

    [Fact]
    public void Thresholds_of_inputs_become_multiples_of_their_unit_and_equal_ones_become_one()
    {
        var trees = new RandomTrees(5, features: 2, targets: 1, Fraction, trees: 40, depth: 4);
        var typed = Ensemble(new CompiledCase(trees.ToCase("SUM"), "inputs: { x0: 'fixed<6,4>' }"));
        Assert.All(typed.Tests, t => Assert.True(-t.Threshold.Exponent <= Fraction, $"{t} is between two numbers."));
        Assert.DoesNotContain(typed.Tests, t => t.Comparison == Comparison.LessOrEqual);
        // Two features of 64 numbers each: no more than 63 ways to part them, and 64 to meet one.
        Assert.InRange(typed.Tests.Count, 100, 2 * (63 + 64));
        Assert.True(trees.Thresholds.Distinct().Count() > typed.Tests.Count);
    }

    [Fact]
    public void Features_that_were_rounded_are_compared_with_the_thresholds_as_they_are()
    {
        var model = TreeModels.Behind("Mul", 0.3, new RandomTrees(6, features: 2, targets: 1, Fraction, trees: 8, depth: 3).ToCase("SUM"));
        var compiled = CompiledModel(model, "layers: { scaled: { result: 'fixed<12,6,RND,SAT>' } }");
        Assert.Contains(Ensemble(compiled).Tests, t => t.Comparison == Comparison.LessOrEqual);
        var run = new ErrorRun(compiled.Design, 300, 1);
        Assert.All(compiled.Design.Stages, s => run.Check(s.Output));
    }

    [Theory]
    [InlineData("", 24)]
    [InlineData("layers: { y0: { weight: 'fixed<10,3>' } }", 10)]
    public void Leaves_keep_what_float32_keeps_of_the_largest_unless_a_type_is_named(string configuration, int width)
    {
        var compiled = new CompiledCase(TreeCases.RegressorCases().First(), configuration);
        var leaves = compiled.Design.Constants.Single(c => c.Tensor.Values.Count == 12);
        Assert.Equal(width, leaves.Tensor.Type!.Value.Width);
        // One rounding for each of three trees, and the bound knows of no more than that.
        var bound = ErrorAnalysis.Run(compiled.Design).Worst("y0")!.Value;
        Assert.InRange(bound.ToDouble(), 1e-12, 3 * Math.ScaleB(0.5, -leaves.Tensor.Type.Value.Fraction));
    }

    [Fact]
    public void A_map_of_classes_is_the_row_that_it_maps_also_for_ONNX_Runtime()
    {
        var bytes = TreeModels.Mapped();
        var compiled = CompiledModel(bytes);
        Assert.Equal([1, 3], compiled.Design.ShapeOf("map"));
        var reference = Hls4Net.Operators.Onnx.Proto.ModelProto.Parser.ParseFrom(ReferenceModel.Make(bytes, "trees.onnx", [])!);
        Assert.Equal("Identity", reference.Graph.Node[^1].OpType);
        Assert.Null(reference.Graph.Output.Single(o => o.Name == "map").Type);
    }

    [Fact]
    public void A_subtree_that_occurs_twice_is_there_once()
    {
        var writer = new TreeWriter();
        var test = new TreeTest(0, Comparison.Less, Dyadic.One);
        var (a, b) = (writer.Leaf(1), writer.Leaf(2));
        var first = writer.Branch(test, a, b);
        Assert.Equal(first, writer.Branch(test, a, b));
        Assert.Equal(a, writer.Branch(test, a, a));
        Assert.Single(writer.ToOperator([[first, a]], Reduction.Sum).Nodes);
    }

    private static TreeEnsemble Ensemble(CompiledCase compiled) => Ensemble(compiled.Model);

    private static TreeEnsemble Ensemble(Transforms.CompiledModel model) => (TreeEnsemble)model.Typed.Graph.Nodes.Select(n => n.Operator).Single(o => o is TreeEnsemble);

    [Theory]
    [InlineData(8, 0.5f, 2f)]
    [InlineData(9, -1.3f, 0.3f)]
    [InlineData(10, 0.1f, -0.7f)]
    public void Behind_a_scaler_the_thresholds_move_and_the_features_stay_as_they_are(int seed, float offset, float scale)
    {
        var trees = new RandomTrees(seed, features: 3, targets: 2, Fraction, trees: 12, depth: 4);
        float[] offsets = [offset, 0, -offset], scales = [scale, 1, -0.5f];
        var compiled = CompiledModel(TreeModels.Scaled(trees.ToCase("SUM"), offsets, scales), "inputs: { x0: 'fixed<6,4>' }");
        // The trees read the input itself: nothing is multiplied, nothing rounded.
        Assert.Single(compiled.Design.Stages, s => s.Output == "y0");
        Assert.DoesNotContain(compiled.Typed.Graph.Nodes, n => n.Operator is Multiplication or Subtraction);
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 2000).Select(_ => Enumerable.Range(0, 3).Select(_ => random.Next(-32, 32) / 4.0).ToArray()).ToList();
        var inputs = InputConversion.Quantize([.. rows.SelectMany(r => r)], 3, compiled.Typed.InputQuantizers["x0"]);
        var found = InputConversion.ToDoubles(new Emulator(compiled.Design).Run(new Dictionary<string, RawBatch>(StringComparer.Ordinal) { ["x0"] = inputs })["y0"], compiled.Design.Channel("y0").Type!.Value);
        for (var e = 0; e < rows.Count; e++)
        {
            // Numbers of few bits: exact in float64.
            var scaled = rows[e].Select((v, k) => (v - offsets[k]) * scales[k]).ToArray();
            Assert.Equal(trees.Evaluate("SUM", scaled), found[(2 * e)..(2 * e + 2)]);
        }
        Assert.True(found.Distinct().Count() > 20);
    }

    private static Transforms.CompiledModel CompiledModel(byte[] model, string configuration = "")
    {
        var diagnostics = new DiagnosticBag();
        var settings = Transforms.Settings.ConfigurationReader.Read(configuration, "c.yaml", diagnostics);
        var graph = OnnxImporter.Import(model, "trees", null, new ImportOptions(), diagnostics);
        return Transforms.Pipelines.ToDesign(graph, Transforms.Passes.Score.None, settings, null, diagnostics)
            ?? throw new UserErrorException([.. diagnostics.Items]);
    }

    /// <summary>For every threshold the numbers of the type on both sides of it, and events at random.</summary>
    private static List<double[]> Events(RandomTrees trees, FixedType type)
    {
        var random = new Random(7);
        var numbers = CompiledCase.NumbersOf(type);
        var events = new List<double[]>();
        foreach (var (feature, threshold) in trees.Thresholds)
        {
            foreach (var near in numbers.OrderBy(n => Math.Abs(n - threshold)).Take(3))
            {
                var one = Draw();
                one[feature] = near;
                events.Add(one);
            }
        }
        events.AddRange(Enumerable.Range(0, 200).Select(_ => Draw()));
        return events;

        double[] Draw() => [.. Enumerable.Range(0, trees.Features).Select(_ => numbers[random.Next(numbers.Length)])];
    }
}
