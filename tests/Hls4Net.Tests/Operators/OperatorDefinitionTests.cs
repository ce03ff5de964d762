using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Operators;

/// <summary>The definitions, read in exact numbers.</summary>
public sealed class OperatorDefinitionTests
{
    [Fact]
    public void Dense_multiplies_matrices_and_adds_the_bias()
    {
        var result = Run(new Dense(), ([1, 3], [1, 2, 3]), ([3, 2], [1, 10, 2, 20, 3, 30]), ([2], [100, -100]));
        Assert.Equal([114, 40], result);
    }

    [Fact]
    public void Dense_with_an_accumulator_starts_at_the_bias_and_saturates_at_every_step()
    {
        var accumulator = new Quantizer(new FixedType(true, 4, 4), Rounding.Trn, Overflow.Sat);
        var result = Run(new Dense(accumulator), ([1, 3], [1, 1, 1]), ([3, 1], [5, 5, -5]), ([1], [6]));
        Assert.Equal([2], result); // 6 → 11 sat 7 → 12 sat 7 → 2
    }

    [Theory]
    [InlineData(new[] { 1, 3 }, new[] { 4, 2 }, null)]
    [InlineData(new[] { 1, 3 }, new[] { 3, 2, 1 }, null)]
    [InlineData(new[] { 1, 3 }, new[] { 3, 2 }, new[] { 3 })]
    [InlineData(new int[0], new[] { 3, 2 }, null)]
    public void Dense_refuses_shapes_that_do_not_fit(int[] x, int[] w, int[]? bias) =>
        Assert.Throws<ShapeException>(() => new Dense().InferShapes([x.ToSeq(), w.ToSeq(), bias?.ToSeq()]));

    [Fact]
    public void Operands_broadcast_from_the_last_dimension()
    {
        Assert.Equal([11, 21, 12, 22], Run(new Addition(), ([2, 1], [1, 2]), ([2], [10, 20])));
        Assert.Equal([-9, -19, -8, -18], Run(new Subtraction(), ([2, 1], [1, 2]), ([1, 2], [10, 20])));
        Assert.Equal([10, 20, 20, 40], Run(new Multiplication(), ([2, 1], [1, 2]), ([2], [10, 20])));
        Assert.Throws<ShapeException>(() => new Addition().InferShapes([[2, 3], [2]]));
    }

    [Fact]
    public void A_comparison_is_strict() => Assert.Equal([0, 0, 1], Run(new GreaterThan(), ([3], [1, 2, 3]), ([], [2])));

    [Fact]
    public void Negative_numbers_are_rectified() => Assert.Equal([0, 0, 3], Run(new Rectify(), ([1, 3], [-2, 0, 3])));

    [Fact]
    public void Scale_and_shift_follow_the_channel() =>
        Assert.Equal([11, 12, 26, 28], Run(new ScaleShift(1), ([1, 2, 2], [1, 2, 3, 4]), ([2], [1, 2]), ([2], [10, 20])));

    [Fact]
    public void Squares_are_summed_over_all_elements_and_cast_before_the_sum_if_asked()
    {
        Assert.Equal([30], Run(new SumSquares(), ([2, 2], [1, 2, 3, -4])));
        var term = new Quantizer(new FixedType(false, 3, 3), Rounding.Trn, Overflow.Sat);
        Assert.Equal([19], Run(new SumSquares(term), ([2, 2], [1, 2, 3, -4]))); // 1 + 4 + 7 + 7
    }

    private static int[] Run(Operator op, params (int[] Shape, int[] Values)[] inputs)
    {
        var handles = inputs.Select((x, k) => new TensorHandle($"i{k}", x.Shape.ToSeq())).ToArray();
        var definition = new Definition("n", handles, ["y"]);
        op.Define(definition);
        var tensors = inputs.Select((x, k) => (Name: $"i{k}", x.Values))
            .ToDictionary(x => x.Name, x => x.Values.Select(v => (Dyadic)v).ToArray());
        foreach (var (computation, names, output, shape) in definition.Steps)
        {
            tensors[output] = Evaluations.Run(new ExactAlgebra(), computation, (i, e) => tensors[names[i]][e]);
            Assert.Equal(Shapes.Count(shape), tensors[output].Length);
        }
        Assert.Equal(op.InferShapes([.. inputs.Select(x => (Seq<int>?)x.Shape.ToSeq())])[0], definition.Steps[^1].Shape);
        return [.. tensors["y"].Select(v => (int)v.ToRaw(0))];
    }
}
