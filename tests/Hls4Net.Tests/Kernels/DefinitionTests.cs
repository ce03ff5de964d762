using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Tests.Kernels;

public sealed class DefinitionTests
{
    private static readonly Quantizer Narrow = new(new FixedType(true, 4, 2), Rounding.Trn, Overflow.Wrap);

    [Fact]
    public void A_body_becomes_a_flat_block_whose_loads_name_each_tensor_once()
    {
        var definition = Define(["x", "w"], [[2, 3], [3]]);
        definition.Output(0, [2, 3], (b, i) => b.At(definition.Input(0), i[0], i[1]) * b.At(definition.Input(1), i[1]) + b.At(definition.Input(0), i[0], 0));
        var (computation, inputs, output, shape) = Assert.Single(definition.Steps);
        Assert.Equal<string>(["x", "w"], inputs);
        Assert.Equal("y", output);
        Assert.Equal([2, 3], shape);
        Assert.Equal(new Kernel([2, 3], new Block([
            new Load(0, new Affine(0, [3, 1])), new Load(1, new Affine(0, [0, 1])), new Multiply(0, 1),
            new Load(0, new Affine(0, [3])), new Add(2, 3)])), computation);
    }

    [Fact]
    public void Every_operation_of_a_term_becomes_its_instruction()
    {
        var definition = Define(["x"], [[1]]);
        var table = new Table(new RealFunction("exp", []), null);
        definition.Output(0, [1], (b, i) =>
        {
            var x = b.At(definition.Input(0), i[0]);
            var one = b.Literal(Dyadic.One);
            var all = (x - one).Shift(2).Shift(0).Cast(Narrow).Lookup(table).Divide(one, 3).Max(x).Min(one);
            return all.Less(x).Select(all.LessOrEqual(x), all.EqualTo(x) * b.IndexValue(i[0] * 2 - 1));
        });
        Assert.Equal<Instruction>([
            new Load(0, new Affine(0, [1])), new Literal(Dyadic.One), new Subtract(0, 1), new Shift(2, 2), new Cast(3, Narrow), new Lookup(4, table),
            new Divide(5, 1, 3), new Maximum(6, 0), new Minimum(7, 1), new Compare(Comparison.Less, 8, 0), new Compare(Comparison.LessOrEqual, 8, 0),
            new Compare(Comparison.Equal, 8, 0), new IndexValue(new Affine(-1, [2])), new Multiply(11, 12), new Select(9, 10, 13)], BodyOf(definition));
    }

    [Fact]
    public void A_term_times_itself_is_a_square() =>
        Assert.Equal(new Square(0), BodyOf(Elementwise(x => x * x))[^1]);

    [Fact]
    public void A_result_that_is_not_the_last_instruction_is_moved_to_the_end()
    {
        var body = BodyOf(Elementwise(x =>
        {
            _ = x + x;
            return x;
        }));
        Assert.Equal<Instruction>([new Load(0, new Affine(0, [1])), new Add(0, 0), new Shift(0, 0)], body);
    }

    [Fact]
    public void Reductions_see_the_outer_indices_then_their_own()
    {
        var definition = Define(["x"], [[4, 5]]);
        definition.Output(0, [4], (b, i) => b.Sum([5], (t, k) => t.At(definition.Input(0), i[0], k[0]) + t.Max([2], (u, m) => u.IndexValue(m[0])),
            b.Literal(Dyadic.One), Narrow, k => [new Guard(k[0] - 1, 3)]));
        var sum = Assert.IsType<Reduce>(BodyOf(definition)[^1]);
        Assert.Equal((Reduction.Sum, 0, Narrow), (sum.Reduction, sum.Initial, sum.Accumulator));
        Assert.Equal<Guard>([new Guard(new Affine(-1, [0, 1]), 3)], sum.Where);
        Assert.Equal(new Load(0, new Affine(0, [5, 1])), sum.Term.Instructions[0]);
        var inner = Assert.IsType<Reduce>(sum.Term.Instructions[1]);
        Assert.Equal(new Block([new IndexValue(new Affine(0, [0, 0, 1]))]), inner.Term);
        Assert.Equal(-1, inner.Initial);
    }

    [Fact]
    public void Terms_of_different_blocks_cannot_be_mixed()
    {
        Func<BlockBuilder, Term, Term>[] mistakes =
        [
            (b, x) => b.Sum([2], (t, k) => x + t.IndexValue(k[0])),
            (b, x) => b.Sum([2], (t, k) => t.IndexValue(k[0]) * x),
            (b, x) => b.Sum([2], (t, k) => t.IndexValue(k[0]).Less(t.IndexValue(0)).Select(t.IndexValue(1), x)),
            (b, x) => b.Max([2], (_, _) => x),
            (b, x) => b.Sum([2], (t, k) => t.Sum([2], (u, m) => u.IndexValue(m[0]), initial: x)),
        ];
        foreach (var mistake in mistakes)
        {
            var definition = Define(["x"], [[3]]);
            Assert.Throws<InvalidOperationException>(() => definition.Output(0, [3], (b, i) => mistake(b, b.At(definition.Input(0), i[0]))));
        }
    }

    [Fact]
    public void An_element_needs_as_many_indices_as_the_tensor_has_dimensions()
    {
        var definition = Define(["x"], [[2, 3]]);
        Assert.Throws<ArgumentException>(() => definition.Output(0, [2], (b, i) => b.At(definition.Input(0), i[0])));
    }

    [Fact]
    public void Omitted_inputs_are_absent_and_reading_them_is_refused()
    {
        var definition = new Definition("n", [new TensorHandle("x", [1]), null], ["y"]);
        Assert.True(definition.Has(0));
        Assert.False(definition.Has(1));
        Assert.False(definition.Has(2));
        Assert.Throws<InvalidOperationException>(() => definition.Input(1));
    }

    [Fact]
    public void A_temporary_is_read_by_the_kernels_that_follow()
    {
        var definition = Define(["x"], [[3]]);
        var squares = definition.Temporary("squares", [3], (b, i) => b.At(definition.Input(0), i[0]) * b.At(definition.Input(0), i[0]));
        definition.Output(0, [], (b, _) => b.Sum([3], (t, k) => t.At(squares, k[0])));
        Assert.Equal(["node.squares", "y"], definition.Steps.Select(s => s.Output));
        Assert.Equal<string>(["node.squares"], definition.Steps[1].Inputs);
        // Two loads of the same element are two values, so their product is no square.
        Assert.IsType<Multiply>(((Kernel)definition.Steps[0].Computation).Body.Instructions[^1]);
    }

    [Fact]
    public void A_rearrangement_names_all_inputs_and_each_element()
    {
        var definition = Define(["x", "w"], [[2], [1]]);
        definition.Rearrange(0, [3], k => k < 2 ? (0, 1 - k) : (1, 0));
        Assert.Equal(new Wiring([0, 0, 1], [1, 0, 0], []), definition.Steps[0].Computation);
        Assert.Equal<string>(["x", "w"], definition.Steps[0].Inputs);
    }

    private static Definition Define(string[] names, Seq<int>[] shapes) =>
        new("node", [.. names.Zip(shapes, (n, s) => new TensorHandle(n, s))], ["y"]);

    private static Definition Elementwise(Func<Term, Term> body)
    {
        var definition = Define(["x"], [[3]]);
        definition.Output(0, [3], (b, i) => body(b.At(definition.Input(0), i[0])));
        return definition;
    }

    private static Seq<Instruction> BodyOf(Definition definition) => ((Kernel)definition.Steps[^1].Computation).Body.Instructions;
}
