using Google.Protobuf;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Onnx;

/// <summary>What a model becomes.</summary>
public sealed class OnnxImporterTests
{
    [Fact]
    public void Values_keep_their_names_however_hostile_and_nodes_without_a_name_get_that_of_their_output()
    {
        const string Hostile = "module\n/\"'; DROP \\ é\u0001";
        var builder = new OnnxModelBuilder().Input(Hostile, [-1, 2]).Node("Relu", [Hostile], ["always @*"]).Node("Relu", ["always @*"], ["y"]).Output("y");
        builder.Graph.Node[1].Name = "a name";
        var graph = Import(builder);
        Assert.Equal([Hostile], graph.Inputs);
        Assert.Equal(["always @*", "a name"], graph.Nodes.Select(n => n.Name));
        Assert.Equal([new Origin("always @*", "Relu"), new Origin("a name", "Relu")], graph.Nodes.Select(n => n.Origin));
    }

    [Fact]
    public void An_open_batch_is_one_and_nodes_are_sorted()
    {
        var graph = Import(new OnnxModelBuilder().Input("x", [-1, 3]).Node("Neither", ["z"], ["unused"]).Node("Relu", ["h"], ["y"])
            .Node("Relu", ["x"], ["h"]).Output("y"));
        Assert.Equal([1, 3], graph["x"].Shape);
        Assert.Equal(["h", "y"], graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Nodes_that_share_a_name_get_different_ones()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 3]).Node("Relu", ["x"], ["h"]).Node("Relu", ["h"], ["y"]).Output("y");
        foreach (var node in builder.Graph.Node)
            node.Name = "same";
        Assert.Equal(["same", "same.2"], Import(builder).Nodes.Select(n => n.Name));
    }

    [Theory]
    [InlineData(2, "ufixed<8,8>")]
    [InlineData(3, "fixed<8,8>")]
    [InlineData(5, "fixed<16,16>")]
    [InlineData(6, "fixed<32,32>")]
    [InlineData(9, "ufixed<1,1>")]
    [InlineData(1, null)]
    [InlineData(10, null)]
    public void Integer_inputs_have_a_type_and_floats_have_none(int type, string? expected)
    {
        var graph = Import(new OnnxModelBuilder().Input("x", [1, 2], (DataType)type).Node("Identity", ["x"], ["y"]).Output("y"));
        Assert.Equal(expected, graph["x"].Type?.ToString());
    }

    [Fact]
    public void An_initialiser_that_is_also_an_input_is_a_constant()
    {
        var graph = Import(new OnnxModelBuilder(9).Input("w", [2, 1]).Input("x", [1, 2]).Constant("w", [2, 1], [3, 4]).Node("MatMul", ["x", "w"], ["y"]).Output("y"));
        Assert.Equal(["x"], graph.Inputs);
        Assert.Equal([3, 4], graph["w"].Constant!.Values);
    }

    [Fact]
    public void Gemm_takes_its_factors_and_transpositions_into_the_constants()
    {
        var graph = Import(new OnnxModelBuilder().Input("x", [1, 2]).Constant("w", [3, 2], [1, 2, 3, 4, 5, 6]).Constant("c", [1, 1], [10])
            .Node("Gemm", ["x", "w", "c"], ["y"], ("transB", 1), ("alpha", 0.5f), ("beta", 2f)).Output("y"));
        var node = Assert.Single(graph.Nodes);
        Assert.Equal(new Dense(), node.Operator);
        Assert.Equal([0.5, 1.5, 2.5, 1, 2, 3], graph[node.Inputs[1]].Constant!.Values.Select(v => v.ToDouble()));
        Assert.Equal([20, 20, 20], graph[node.Inputs[2]].Constant!.Values);
    }

    [Fact]
    public void A_quantised_weight_keeps_its_type_through_a_transposition()
    {
        var builder = new OnnxModelBuilder().Import("qonnx.custom_op.general", 1).Input("x", [1, 2]).Constant("w", [3, 2], [0.3, -9, 0.1, 0.2, 1, 2])
            .Constant("s", [], [0.25]).Constant("z", [], [0]).Constant("b", [], [4])
            .Node("qonnx.custom_op.general", "Quant", ["w", "s", "z", "b"], ["wq"], [("narrow", 1)]).Node("Transpose", ["wq"], ["wt"]).Node("MatMul", ["x", "wt"], ["y"]).Output("y");
        var weights = Import(builder)["wt"].Constant!;
        Assert.Equal(new FixedType(true, 4, 2), weights.Type);
        Assert.Equal([1, 0, 4, -7, 1, 7], weights.Raw);
    }

    [Fact]
    public void A_shape_computed_from_a_shape_is_folded()
    {
        var graph = Import(new OnnxModelBuilder().Input("x", [-1, 2, 3]).Constant("two", [1], [2], DataType.Int64).Constant("minus", [1], [-1], DataType.Int64)
            .Node("Mul", ["two", "minus"], ["m2"]).Node("Add", ["m2", "two"], ["zero"]).Node("Add", ["zero", "minus"], ["shape"])
            .Node("Reshape", ["x", "shape"], ["y"]).Output("y"));
        Assert.Equal([6], graph["y"].Shape);
    }

    [Fact]
    public void Outputs_are_listed_in_the_order_in_which_they_were_chosen()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 3]).Node("Relu", ["x"], ["a"]).Node("Relu", ["a"], ["b"]).Output("b");
        Assert.Equal(["b", "a"], Import(builder, "b", "a").Outputs);
        Assert.Equal(["a"], Import(builder, "a").Nodes.Select(n => n.Name));
    }

    [Fact]
    public void An_output_that_is_a_constant_stays()
    {
        var graph = Import(new OnnxModelBuilder().Input("x", [1, 3]).Constant("c", [2], [1, 2]).Node("Relu", ["x"], ["y"]).Output("y").Output("c"));
        Assert.Single(graph.Nodes);
        Assert.Equal(["y", "c"], graph.Outputs);
    }

    [Fact]
    public void A_function_is_replaced_by_its_nodes_with_the_attributes_of_the_call()
    {
        var builder = new OnnxModelBuilder().Import("local", 1).Input("x", [1, 2, 3])
            .Node("local", "Swap", ["x"], ["h"], [("order", new long[] { 0, 2, 1 })]).Node("local", "Swap", ["h"], ["y"], []).Output("y");
        builder.Model.Functions.Add(new FunctionProto
        {
            Name = "Swap",
            Domain = "local",
            Input = { "a" },
            Output = { "b" },
            Attribute = { "order" },
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Node =
            {
                new NodeProto { OpType = "Relu", Input = { "a" }, Output = { "inner" } },
                new NodeProto { OpType = "Transpose", Input = { "inner" }, Output = { "b" }, Attribute = { new AttributeProto { Name = "perm", RefAttrName = "order" } } },
            },
        });
        var graph = Import(builder);
        Assert.Equal([new Rectify(), new Transpose([0, 2, 1]), new Rectify(), new Transpose([2, 1, 0])], graph.Nodes.Select(n => n.Operator));
        Assert.Equal([2, 3, 1], graph["y"].Shape);
    }

    [Fact]
    public void Import_gives_the_same_graph_twice()
    {
        var model = Catalogue.Entries.SelectMany(e => e.Cases()).First(c => c.Type == "Gemm").ToModel();
        Assert.Equal(OnnxImporter.Import(model, "m", null, new(), new()), OnnxImporter.Import(model, "m", null, new(), new()));
    }

    [Fact]
    public void A_file_without_kinds_of_attributes_is_read()
    {
        var builder = new OnnxModelBuilder(7).Input("x", [1, 2, 3]).Node("Transpose", ["x"], ["y"], ("perm", new long[] { 0, 2, 1 })).Output("y");
        builder.Graph.Node[0].Attribute[0].Type = AttributeProto.Types.AttributeType.Undefined;
        Assert.Equal([1, 3, 2], Import(builder)["y"].Shape);
    }

    private static Graph Import(OnnxModelBuilder builder, params string[] outputs)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(builder.Model.ToByteArray(), "m.onnx", null, new ImportOptions { Outputs = [.. outputs] }, diagnostics);
        Assert.DoesNotContain(diagnostics.Items, d => d.Rule.Severity == Severity.Error);
        return graph;
    }
}
