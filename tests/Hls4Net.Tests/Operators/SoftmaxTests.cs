using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Operators;

/// <summary>What decision 9 proves of a softmax, on every input of small types and on many of large ones.</summary>
public sealed class SoftmaxTests
{
    [Theory]
    [InlineData(1, "fixed<4,2>", "")]
    [InlineData(2, "fixed<6,3>", "")]
    [InlineData(2, "fixed<6,5>", "ufixed<9,1,RND,SAT>")]
    [InlineData(2, "ufixed<6,2>", "fixed<8,2,TRN,SAT>")]
    [InlineData(2, "fixed<6,-3>", "ufixed<5,1,RND_CONV,SAT>")]
    [InlineData(3, "fixed<4,3>", "")]
    [InlineData(3, "fixed<4,2>", "ufixed<4,1,RND,SAT>")]
    [InlineData(4, "fixed<3,4>", "fixed<16,6,RND,SAT>")]
    public void On_every_input_outputs_and_sum_are_within_their_bounds(int count, string input, string result)
    {
        var compiled = Compile(count, input, result);
        var numbers = CompiledCase.NumbersOf(compiled.TypeOf("x0"));
        var events = (int)Math.Pow(numbers.Length, count);
        var x = new double[events * count];
        for (var e = 0; e < events; e++)
        {
            for (var (k, rest) = (0, e); k < count; k++, rest /= numbers.Length)
                x[e * count + k] = numbers[rest % numbers.Length];
        }
        Check(compiled, count, x);
    }

    [Theory]
    [InlineData(2, "fixed<16,6>", "")]
    [InlineData(5, "fixed<24,8>", "")]
    [InlineData(10, "fixed<16,6>", "")]
    [InlineData(10, "fixed<30,7>", "ufixed<18,1,RND,SAT>")]
    [InlineData(100, "fixed<12,3>", "")]
    [InlineData(1000, "fixed<16,6>", "")]
    public void On_random_inputs_of_all_sizes_outputs_and_sum_are_within_their_bounds(int count, string input, string result)
    {
        var compiled = Compile(count, input, result);
        var type = compiled.TypeOf("x0");
        var random = new Random(count);
        var events = count > 100 ? 6 : 200;
        var x = new double[events * count];
        for (var i = 0; i < x.Length; i++)
        {
            var size = Math.ScaleB(type.Range.Maximum.ToDouble(), -(i / count % 8));
            x[i] = Math.ScaleB(Math.Round(Math.ScaleB((random.NextDouble() * 2 - 1) * size, type.Fraction)), -type.Fraction);
        }
        Check(compiled, count, x);
    }

    [Fact]
    public void The_default_is_good_to_a_few_ten_thousandths_and_the_sum_to_a_quarter_of_a_percent()
    {
        foreach (var count in (int[])[2, 10, 50, 300])
        {
            var types = TypesOf(Compile(count, "fixed<16,6>", ""));
            Assert.InRange(types.ErrorBound(count), 0, 2.5e-4);
            Assert.InRange(types.SumBound(count), 0, 2.5e-3);
        }
    }

    [Fact]
    public void Asked_for_the_place_of_the_largest_alone_it_needs_no_table()
    {
        var compiled = new CompiledCase(Case(3), "{ inputs: { x0: 'fixed<6,3>' }, layers: { y0: { softmax: argmax } } }");
        Assert.Equal([0, 1, 0, 1, 0, 0], compiled.Run([-1, 2, 1.5, 3, 0, 3]));
        Assert.DoesNotContain(compiled.Model.Typed.Graph.Nodes, n => n.Operator is Softmax);
        var sign = OperatorCase.Of("Relu", "vector").Input(1, 3);
        Assert.Contains(Assert.Throws<UserErrorException>(() => new CompiledCase(sign, "layers: { y0: { softmax: argmax } }")).Diagnostics,
            d => d.Rule == Messages.KeyDoesNotApplyRule);
    }

    private static OperatorCase Case(int count) => OperatorCase.Of("Softmax", "row").Input(1, count);

    private static CompiledCase Compile(int count, string input, string result) => new(Case(count),
        result.Length == 0 ? $"inputs: {{ x0: '{input}' }}" : $"{{ inputs: {{ x0: '{input}' }}, layers: {{ y0: {{ result: '{result}' }} }} }}");

    private static SoftmaxTypes TypesOf(CompiledCase compiled) => compiled.Model.Typed.Graph.Nodes.Select(n => n.Operator).OfType<Softmax>().Single().Types!;

    private static void Check(CompiledCase compiled, int count, double[] x)
    {
        var types = TypesOf(compiled);
        var (bound, sumBound) = (types.ErrorBound(count), types.SumBound(count));
        var unit = Math.ScaleB(1, -types.Result.Type.Fraction);
        Assert.True(bound <= (types.Result.Rounding == Rounding.Trn ? 1.5 : 1) * unit, $"The bound {bound} exceeds the unit {unit}.");
        var y = compiled.Run(x);
        var worst = 0.0;
        for (var e = 0; e < x.Length / count; e++)
        {
            var (row, found) = (x.AsSpan(e * count, count).ToArray(), y.AsSpan(e * count, count).ToArray());
            var exponentials = Array.ConvertAll(row, v => Math.Exp(v - row.Max()));
            var sum = exponentials.Sum();
            for (var k = 0; k < count; k++)
            {
                var error = Math.Abs(found[k] - exponentials[k] / sum);
                worst = Math.Max(worst, error);
                Assert.True(error <= bound + 1e-12, $"Output {k} of {string.Join(' ', row)} is {found[k]} for {exponentials[k] / sum}, which the bound {bound} excludes.");
                Assert.InRange(found[k], 0, 1);
            }
            Assert.InRange(found.Sum() - 1, -sumBound - 1e-12, sumBound + 1e-12);
        }
        // A bound far above what happens would prove little.
        Assert.True(count == 1 || worst > bound / 8, $"The worst error is {worst}, far below the bound {bound}.");
    }
}
