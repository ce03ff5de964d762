using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Typing;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Graphs;

public sealed class GraphVerifierTests
{
    private static readonly OperatorRegistry Operators = OperatorRegistry.Of(typeof(Catalogue).Assembly);

    [Fact]
    public void Every_case_of_every_operator_imports_soundly_and_survives_as_text()
    {
        foreach (var operatorCase in Catalogue.Entries.SelectMany(e => e.Cases()))
        {
            var graph = OnnxImporter.Import(operatorCase.ToModel(), operatorCase.ToString(), null, new ImportOptions(), new DiagnosticBag());
            Assert.True(GraphVerifier.Verify(graph).Count == 0, $"{operatorCase}: {string.Join(' ', GraphVerifier.Verify(graph))}");
            Assert.Equal(graph, GraphText.Parse(graph.ToText(), Operators));
        }
    }

    [Theory]
    [InlineData(Score.None)]
    [InlineData(Score.Mu2)]
    public void Typed_networks_are_sound_and_survive_as_text(Score score)
    {
        var typed = Typed(score);
        Assert.Empty(GraphVerifier.Verify(typed));
        Assert.Equal(typed, GraphText.Parse(typed.ToText(), Operators));
        Assert.Equal(typed.ToText(), GraphText.Parse(typed.ToText(), Operators).ToText());
        var design = Core.Kernels.DesignBuilder.Build(typed);
        Assert.Equal(design, DesignText.Parse(design.ToText()));
    }

    [Fact]
    public void A_value_that_is_a_bit_too_narrow_is_found()
    {
        var typed = Typed(Score.None);
        foreach (var value in typed.Values.Where(v => v.Constant is null && !typed.Inputs.Contains(v.Name)))
        {
            var narrow = value with { Type = value.Type!.Value with { Width = value.Type.Value.Width - 2, Integer = value.Type.Value.Integer - 2 } };
            var broken = typed.With(values: typed.Values.Select(v => v == value ? narrow : v));
            Assert.Contains($"'{value.Name}' can be", string.Join(' ', GraphVerifier.Verify(broken)));
        }
    }

    [Theory]
    [InlineData("twice", "the value 'x' is there twice")]
    [InlineData("nameless", "a value has no name")]
    [InlineData("zero", "the value 'x' has the shape [1, 0]")]
    [InlineData("negative", "the value 'x' has the shape [-1, -1]")]
    [InlineData("input", "the input 'nothing' is not a value")]
    [InlineData("input twice", "the input 'x' is there twice")]
    [InlineData("constant input", "the input 'w1' is constant")]
    [InlineData("setting", "the setting 'nothing' is not an input")]
    [InlineData("setting twice", "the setting 'x' is there twice")]
    [InlineData("output", "nothing computes the output 'nothing'")]
    [InlineData("output twice", "the output 'sum1' is there twice")]
    [InlineData("order", "the node 'sum1' reads 'product1', which nothing before it computes")]
    [InlineData("overwrites", "the node 'sum1' writes 'x', which is there already")]
    [InlineData("no value", "the node 'sum1' writes 'nothing', which is not a value")]
    [InlineData("node twice", "the node 'sum1' is there twice")]
    [InlineData("lonely", "nothing computes the value 'lonely'")]
    [InlineData("shape", "the node 'sum1' gives the shapes [[1, 2]], and its values have [[2, 1]]")]
    [InlineData("misfit", "the node 'product1' does not fit its inputs: ")]
    [InlineData("constant shape", "the constant 'w1' has the shape [6], and its value [3, 2]")]
    [InlineData("constant count", "the constant 'w1' has 1 numbers for the shape [3, 2]")]
    [InlineData("constant type", "the constant 'b1' has the type real, and its value fixed<8,4>")]
    [InlineData("half typed", "the value 'x' has no type, and others have")]
    [InlineData("kernel", "looks up a table for fixed<8,4> with an operand of no one type")]
    public void A_graph_whose_parts_do_not_fit_together_has_that_problem(string what, string problem)
    {
        var g = TestNetworks.Perceptron(1, 3, 2);
        var (product, sum) = (g.Nodes[0], g.Nodes[1]);
        var type = new FixedType(true, 8, 4);
        Graph With(string name, Func<Value, Value> change) => g.With(values: g.Values.Select(v => v.Name == name ? change(v) : v));
        var broken = what switch
        {
            "twice" => g.With(values: [.. g.Values, g.Values[0]]),
            "nameless" => g.With(values: [.. g.Values, new Value("", [1], null, null)]),
            "zero" => With("x", v => v with { Shape = [1, 0] }),
            "negative" => With("x", v => v with { Shape = [-1, -1] }),
            "input" => g.With(inputs: ["x", "nothing"]),
            "input twice" => g.With(inputs: ["x", "x"]),
            "constant input" => g.With(inputs: ["x", "w1"]),
            "setting" => g.With(settings: ["nothing"]),
            "setting twice" => g.With(settings: ["x", "x"]),
            "output" => g.With(outputs: ["nothing"]),
            "output twice" => g.With(outputs: ["sum1", "sum1"]),
            "order" => g.With(nodes: [sum, product]),
            "overwrites" => g.With(nodes: [product, sum with { Outputs = ["x"] }]),
            "no value" => g.With(nodes: [product, sum with { Outputs = ["nothing"] }]),
            "node twice" => g.With(nodes: [product with { Name = "sum1" }, sum]),
            "lonely" => g.With(values: [.. g.Values, new Value("lonely", [1], null, null)]),
            "shape" => With("sum1", v => v with { Shape = [2, 1] }),
            "misfit" => With("x", v => v with { Shape = [1, 4] }),
            "constant shape" => With("w1", v => v with { Constant = v.Constant! with { Shape = [6] } }),
            "constant count" => With("w1", v => v with { Constant = v.Constant! with { Values = [Dyadic.One] } }),
            "constant type" => With("b1", v => v with { Type = type }),
            "half typed" => With("sum1", v => v with { Type = type }),
            "kernel" => Table(g),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        Assert.Contains(problem, string.Join(' ', GraphVerifier.Verify(broken)));
        Assert.StartsWith("The graph is not sound after a test: ", Assert.Throws<InvalidOperationException>(() => GraphVerifier.Demand(broken, "a test")).Message);
    }

    private static Graph Table(Graph g)
    {
        var type = new FixedType(true, 8, 4);
        var data = new Core.Primitives.TableData(type, type, Enumerable.Repeat(0L, 256).ToSeq());
        var apply = new Apply(new Core.Primitives.Table(new Core.Primitives.RealFunction("exp", []), data));
        return g.With(values: [.. g.Values, new Value("t", [1, 2], null, null)],
            nodes: [.. g.Nodes, new Node("t", apply, ["sum1"], ["t"], new Origin("t", "Exp"))]);
    }

    private static Graph Typed(Score score) =>
        Pipelines.ToDesign(TestNetworks.Perceptron(3, 8, 6, 4), score, Configuration.Default, null, new DiagnosticBag())!.Typed.Graph;
}
