using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Kernels;

public sealed class DesignBuilderTests
{
    private static readonly FixedType Byte = new(true, 8, 4);

    [Fact]
    public void A_temporary_never_takes_the_name_of_a_value()
    {
        // The node's first temporary would be called n.a, as its input and another value are.
        Seq<Value> values = [new("n.a", [2], Byte, null), new("n.a_", [2], Byte, null), new("y", [2], Byte, null)];
        Seq<Node> nodes =
        [
            new("n", new TwoSteps(), ["n.a"], ["n.a_"], new Origin("n", "Op")),
            new("m", new TwoSteps(), ["n.a_"], ["y"], new Origin("m", "Op")),
        ];
        var graph = new Graph("g", values, ["n.a"], ["y", "n.a_"], [], nodes);
        Assert.Empty(GraphVerifier.Verify(graph));
        var result = new Emulator(DesignBuilder.Build(graph)).Run(new Dictionary<string, RawBatch> { ["n.a"] = RawBatch.Of(2, [1L, -100]) });
        Assert.Equal([1, -100], result["y"].Raw);
    }

    [Fact]
    public void A_constant_may_be_an_output_and_read_by_a_node()
    {
        var w = new ConstantTensor([2], [Dyadic.One, new Dyadic(-1, -1)], Byte, [16, -8]);
        Seq<Value> values = [new("w", [2], Byte, w), new("x", [2], Byte, null), new("y", [2], new FixedType(true, 9, 5), null), new("w.constant", [2], Byte, w)];
        var graph = new Graph("g", values, ["x"], ["w", "y", "w.constant"], [], [new Node("n", new Addition(), ["x", "w"], ["y"], new Origin("n", "Add"))]);
        Assert.Empty(GraphVerifier.Verify(graph));
        var result = new Emulator(DesignBuilder.Build(graph)).Run(new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(2, [1L, 2, 3, 4]) });
        Assert.Equal([16, -8, 16, -8], result["w"].Raw);
        Assert.Equal([16, -8, 16, -8], result["w.constant"].Raw);
        Assert.Equal([17, -6, 19, -4], result["y"].Raw);
    }

    [Fact]
    public void A_copy_of_a_record_finds_its_own_parts_by_name()
    {
        var design = new Design("d", [], [], [], [new("x", [1], null, "")], [], []);
        Assert.Null(design.Channel("x").Type);
        var other = design with { Channels = [new("x", [1], Byte, "")], Constants = [new("w", ConstantTensor.Of([], [Dyadic.One]))] };
        Assert.Equal(Byte, other.Channel("x").Type);
        Assert.NotNull(other.Constant("w"));
        Assert.Null(design.Constant("w"));
        Assert.Throws<KeyNotFoundException>(() => other.Channel("y"));
        var graph = new Graph("g", [new("x", [1], null, null)], [], [], [], []);
        Assert.Null(graph["x"].Type);
        Assert.Equal(Byte, (graph with { Values = [new("x", [1], Byte, null)] })["x"].Type);
    }

    /// <summary>A copy by way of two temporaries of the same name.</summary>
    private sealed record TwoSteps : Operator
    {
        public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value];

        public override void Define(Definition definition)
        {
            var a = definition.Temporary("a", [2], (b, i) => b.At(definition.Input(0), i[0]));
            var again = definition.Temporary("a", [2], (b, i) => b.At(a, i[0]));
            definition.Output(0, [2], (b, i) => b.At(again, i[0]));
        }
    }
}
