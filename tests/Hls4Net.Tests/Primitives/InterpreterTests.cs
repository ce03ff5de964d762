using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Tests.Primitives;

/// <summary>What all interpretations share, against plain loops written here from the semantics.</summary>
public sealed class InterpreterTests
{
    private static readonly ExactAlgebra Exact = new();

    [Fact]
    public void An_accumulator_takes_the_bias_then_each_product_in_ascending_order_with_a_cast_after_every_step()
    {
        var random = new Random(8);
        var orderMattered = 0;
        for (var n = 0; n < 3000; n++)
        {
            var accumulator = RandomDesigns.DrawQuantizer(random, 8);
            var products = Enumerable.Range(0, random.Next(1, 7)).Select(_ => new Dyadic(random.Next(-200, 200), -random.Next(0, 5))).ToArray();
            Dyadic? bias = random.Next(2) == 0 ? new Dyadic(random.Next(-200, 200), -3) : null;
            // Part A.3: the bias is cast to it, each product is cast to it, and they are added in ascending index order with a cast after every step.
            var expected = Steps(bias, products, accumulator);
            orderMattered += expected == Steps(bias, products.Reverse(), accumulator) ? 0 : 1;
            Instruction[] body = bias is { } b ? [new Literal(b), Sum(products.Length, accumulator, 0)] : [Sum(products.Length, accumulator, -1)];
            Assert.Equal(expected, Evaluate(new Block(body.ToSeq()), [], products));
        }
        Assert.InRange(orderMattered, 100, int.MaxValue);
    }

    [Fact]
    public void Without_an_accumulator_the_bias_and_all_products_add_up_exactly()
    {
        Dyadic[] products = [new(3, -70), new(-5, 80), Dyadic.One];
        Assert.Equal(new Dyadic(7, -2) + products[0] + products[1] + products[2], Evaluate(new Block([new Literal(new Dyadic(7, -2)), Sum(3, null, 0)]), [], products));
        Assert.Equal(products[0] + products[1] + products[2], Evaluate(new Block([Sum(3, null, -1)]), [], products));
    }

    [Fact]
    public void Terms_that_a_guard_excludes_are_left_out_and_a_sum_of_none_is_zero()
    {
        Dyadic[] x = [1, 10, 100, 1000];
        for (var outer = 0; outer < 6; outer++)
        {
            for (var extent = 0; extent < 5; extent++)
            {
                // Σ over k of x[outer + k − 2], where that lies in [0, extent).
                var at = new Affine(-2, [1, 1]);
                var sum = new Reduce(Reduction.Sum, [3], [new Guard(at, extent)], new Block([new Load(0, at)]), null, -1);
                var expected = Enumerable.Range(outer - 2, 3).Where(i => i >= 0 && i < Math.Min(extent, 4)).Sum(i => (int)x[i].ToRaw(0));
                if (extent <= 4)
                    Assert.Equal(expected, Evaluate(new Block([sum]), [outer], x));
            }
        }
    }

    [Fact]
    public void Reductions_run_in_row_major_order_over_their_own_loops_inside_the_outer_ones()
    {
        // A wrapping shift register: each step doubles what is there and adds the index, so that the order shows.
        var order = new List<string>();
        var algebra = new Recording(order);
        var term = new Block([new IndexValue(new Affine(0, [100, 10, 1]))]);
        Interpreter.Evaluate<int>(algebra, new Block([new Reduce(Reduction.Sum, [2, 3], [], term, null, -1)]), [7], (_, _) => 0);
        Assert.Equal(["700", "701", "702", "710", "711", "712"], order);
    }

    [Theory]
    [InlineData(Reduction.Maximum, 9)]
    [InlineData(Reduction.Minimum, -4)]
    public void The_largest_and_smallest_are_found_wherever_they_stand(Reduction reduction, int expected)
    {
        int[] numbers = [3, 9, -4, 2, 0];
        for (var rotation = 0; rotation < 5; rotation++)
        {
            var x = numbers.Select((_, i) => (Dyadic)numbers[(i + rotation) % 5]).ToArray();
            for (var count = 1; count <= 5; count++)
            {
                var visible = x.Take(count).Select(v => (int)v.ToRaw(0)).ToArray();
                var reduce = new Reduce(reduction, [count], [], new Block([new Load(0, new Affine(0, [1]))]), null, -1);
                Assert.Equal(reduction == Reduction.Maximum ? visible.Max() : visible.Min(), Evaluate(new Block([reduce]), [], x));
            }
            Assert.Equal(expected, Evaluate(new Block([new Reduce(reduction, [5], [], new Block([new Load(0, new Affine(0, [1]))]), null, -1)]), [], x));
        }
        var empty = new Reduce(reduction, [2], [new Guard(Affine.Constant(-1), 1)], new Block([new Literal(0)]), null, -1);
        Assert.Throws<InvalidOperationException>(() => Evaluate(new Block([empty]), [], []));
    }

    [Fact]
    public void Every_other_instruction_does_what_its_name_says()
    {
        var narrow = new Quantizer(new FixedType(true, 4, 3), Rounding.Rnd, Overflow.Sat);
        var table = new Table(new RealFunction("exp", []), new TableData(new FixedType(true, 4, 3), new FixedType(true, 8, 4), Enumerable.Range(0, 16).Select(k => (long)k * 3).ToSeq()));
        Dyadic x = new(13, -3), y = new(-3, -1);
        (Instruction Instruction, Dyadic Expected)[] cases =
        [
            (new Add(0, 1), new(1, -3)), (new Subtract(0, 1), new(25, -3)), (new Subtract(1, 0), new(-25, -3)), (new Multiply(0, 1), new(-39, -4)),
            (new Square(1), new(9, -2)), (new Minimum(0, 1), y), (new Maximum(0, 1), x),
            // 1.625 / −1.5 = −1.0833…: −4.33 quarters, truncated toward zero.
            (new Divide(0, 1, 2), new(-4, -2)), (new Divide(1, 0, 0), 0), (new Divide(0, 1, -1), 0),
            (new Compare(Comparison.Less, 1, 0), 1), (new Compare(Comparison.Less, 0, 1), 0), (new Compare(Comparison.Less, 0, 0), 0),
            (new Compare(Comparison.LessOrEqual, 0, 0), 1), (new Compare(Comparison.LessOrEqual, 0, 1), 0), (new Compare(Comparison.Equal, 0, 0), 1),
            (new Compare(Comparison.Equal, 0, 1), 0), (new Select(2, 0, 1), x), (new Select(3, 0, 1), y), (new Shift(0, 4), new(13, 1)),
            (new Shift(0, -1), new(13, -4)), (new Core.Primitives.Cast(0, narrow), new(3, -1)), (new Core.Primitives.Cast(1, narrow), y),
            (new Lookup(1, table), new(39, -4)), (new IndexValue(new Affine(-1, [2, 5])), 24),
        ];
        foreach (var (instruction, expected) in cases)
        {
            var block = new Block([new Load(0, Affine.Constant(0)), new Load(0, Affine.Constant(1)), new Literal(1), new Literal(0), instruction]);
            Assert.True(expected == Evaluate(block, [5, 3], [x, y]), $"{instruction}: {Evaluate(block, [5, 3], [x, y])}");
        }
    }

    [Fact]
    public void Row_major_positions_advance_as_they_unravel()
    {
        Seq<int> shape = [2, 1, 3];
        var (walked, computed) = (new int[3], new int[3]);
        for (var n = 0; n < 6; n++)
        {
            Shapes.Unravel(n, shape, computed);
            Assert.Equal(computed, walked);
            Assert.Equal(n, Shapes.Strides(shape).Zip(walked, (s, i) => s * i).Sum());
            Assert.Equal(n < 5, Shapes.Advance(walked, shape));
        }
        Assert.Equal([0, 0, 0], walked);
        Assert.False(Shapes.Advance([], []));
        Assert.Equal(1, Shapes.Count([]));
    }

    private static Reduce Sum(int count, Quantizer? accumulator, int initial) =>
        new(Reduction.Sum, [count], [], new Block([new Load(0, new Affine(0, [1]))]), accumulator, initial);

    private static Dyadic Steps(Dyadic? bias, IEnumerable<Dyadic> products, Quantizer accumulator)
    {
        var sum = Casting.Apply(bias ?? Dyadic.Zero, accumulator);
        foreach (var product in products)
            sum = Casting.Apply(sum + Casting.Apply(product, accumulator), accumulator);
        return sum;
    }

    private static Dyadic Evaluate(Block block, int[] indices, Dyadic[] x) => Interpreter.Evaluate(Exact, block, indices, (_, element) => x[element]);

    /// <summary>Notes every literal; the numbers themselves do not matter.</summary>
    private sealed class Recording(List<string> order) : IAlgebra<int>
    {
        public int Literal(Dyadic value)
        {
            order.Add(value.ToRaw(0).ToString(System.Globalization.CultureInfo.InvariantCulture));
            return 0;
        }

        public int Sum(IReadOnlyList<int> terms) => 0;

        public int Add(int left, int right) => throw new NotSupportedException();

        public int Subtract(int left, int right) => throw new NotSupportedException();

        public int Multiply(int left, int right) => throw new NotSupportedException();

        public int Square(int operand) => throw new NotSupportedException();

        public int Divide(int left, int right, int fraction) => throw new NotSupportedException();

        public int Minimum(int left, int right) => throw new NotSupportedException();

        public int Maximum(int left, int right) => throw new NotSupportedException();

        public int Compare(Comparison comparison, int left, int right) => throw new NotSupportedException();

        public int Select(int condition, int then, int otherwise) => throw new NotSupportedException();

        public int Shift(int operand, int power) => throw new NotSupportedException();

        public int Cast(int operand, Quantizer quantizer) => throw new NotSupportedException();

        public int Lookup(int operand, Table table) => throw new NotSupportedException();
    }
}
