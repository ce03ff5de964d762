using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Onnx;

/// <summary>Graphs that are no chain: several inputs and outputs, shared and residual branches.</summary>
public sealed class GraphShapeTests
{
    [Fact]
    public void Inputs_and_outputs_keep_the_order_of_the_file()
    {
        var builder = new OnnxModelBuilder().Input("second", [1, 2]).Input("first", [1, 2])
            .Node("Sub", ["first", "second"], ["z"]).Node("Neg", ["z"], ["a"]).Output("z").Output("a");
        var graph = Import(builder);
        Assert.Equal(["second", "first"], graph.Inputs);
        Assert.Equal(["z", "a"], graph.Outputs);
        Expect(graph, new() { ["second"] = [1, 2], ["first"] = [0.5, 4] }, new() { ["z"] = [-0.5, 2], ["a"] = [0.5, -2] });
    }

    [Fact]
    public void An_output_may_be_consumed_as_well()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 3]).Node("Relu", ["x"], ["hidden"])
            .Node("ReduceSum", ["hidden"], ["sum"], ("keepdims", 0)).Output("sum").Output("hidden");
        Expect(Import(builder), new() { ["x"] = [-1, 2, 0.5] }, new() { ["sum"] = [2.5], ["hidden"] = [0, 2, 0.5] });
    }

    [Fact]
    public void One_value_may_be_both_operands()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Node("Mul", ["x", "x"], ["square"]).Node("Sub", ["square", "square"], ["zero"])
            .Node("Concat", ["square", "zero", "square"], ["y"], ("axis", 1)).Output("y");
        Expect(Import(builder), new() { ["x"] = [-1.5, 3] }, new() { ["y"] = [2.25, 9, 0, 0, 2.25, 9] });
    }

    [Fact]
    public void A_residual_branch_goes_around_its_layers()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Constant("w", [2, 2], [1, -1, 0.5, 2]).Constant("b", [2], [0.25, -4])
            .Node("Gemm", ["x", "w", "b"], ["h"]).Node("Relu", ["h"], ["r"]).Node("Gemm", ["r", "w"], ["g"]).Node("Add", ["g", "x"], ["y"]).Output("y");
        // h = [1·2 + 0.5·4 + 0.25, −2 + 8 − 4] = [4.25, 2]; g = [4.25 + 1, −4.25 + 4].
        Expect(Import(builder), new() { ["x"] = [2, 4] }, new() { ["y"] = [7.25, 3.75] });
    }

    [Fact]
    public void A_shared_branch_feeds_two_heads_and_a_head_that_is_cut_off_leaves_no_node()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 4]).Node("Abs", ["x"], ["trunk"])
            .Node("ReduceMax", ["trunk"], ["largest"], ("keepdims", 0)).Node("ReduceMin", ["trunk"], ["smallest"], ("keepdims", 0))
            .Output("largest").Output("smallest");
        var inputs = new Dictionary<string, double[]> { ["x"] = [-3, 1, 2, -0.5] };
        Expect(Import(builder), inputs, new() { ["largest"] = [3], ["smallest"] = [0.5] });
        var cut = OnnxImporter.Import(builder.ToBytes(), "cut", null, new ImportOptions { Outputs = ["smallest"] }, new DiagnosticBag());
        Assert.Equal(["Abs", "ReduceMin"], cut.Nodes.Select(n => n.Origin.Operator));
        Expect(cut, inputs, new() { ["smallest"] = [0.5] });
    }

    [Fact]
    public void An_input_may_feed_layers_at_different_depths_and_an_initialiser_several_nodes()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Input("y", [1, 2]).Constant("c", [2], [2, -1])
            .Node("Mul", ["x", "c"], ["a"]).Node("Add", ["a", "y"], ["b"]).Node("Mul", ["b", "c"], ["d"]).Node("Max", ["d", "x", "y"], ["e"]).Output("e");
        Expect(Import(builder), new() { ["x"] = [1, 2], ["y"] = [0.5, -3] }, new() { ["e"] = [5, 5] });
    }

    [Fact]
    public void Nodes_may_stand_in_any_order()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Node("Relu", ["h"], ["y"]).Node("Neg", ["x"], ["h"]).Output("y");
        Expect(Import(builder), new() { ["x"] = [-1, 2] }, new() { ["y"] = [1, 0] });
    }

    private static Graph Import(OnnxModelBuilder builder) =>
        OnnxImporter.Import(builder.ToBytes(), "test", null, new ImportOptions(), new DiagnosticBag());

    /// <summary>Numbers that the default input type holds and that no default cast rounds: reals and emulation must both be exact.</summary>
    private static void Expect(Graph graph, Dictionary<string, double[]> inputs, Dictionary<string, double[]> outputs)
    {
        var reals = new RealEvaluator(DesignBuilder.Build(graph), applyCasts: true).Run(inputs, 1);
        var diagnostics = new DiagnosticBag();
        var model = Pipelines.ToDesign(graph, Score.None, Configuration.Default, null, diagnostics);
        Assert.NotNull(model);
        var emulator = new Emulator(model.Design);
        var raw = inputs.ToDictionary(i => i.Key, i => InputConversion.Quantize(i.Value, i.Value.Length, model.Typed.InputQuantizers[i.Key]), StringComparer.Ordinal);
        var emulated = emulator.Run(raw, [.. model.Design.Outputs]);
        Assert.Equal(outputs.Keys.Order(StringComparer.Ordinal), graph.Outputs.Order(StringComparer.Ordinal));
        foreach (var (name, expected) in outputs)
        {
            Assert.Equal(expected, reals[name]);
            Assert.Equal(Shapes.Count(graph[name].Shape), expected.Length);
            Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(k => Math.ScaleB((double)emulated[name][0, k], -emulator.FractionOf(name))));
        }
    }
}
