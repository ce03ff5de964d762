using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Operators;

/// <summary>What decision 10 proves of roots, logarithms and divisions by a spread, on every input of small types and on hard inputs of large ones.</summary>
public sealed class NormalisationTests
{
    [Theory]
    [InlineData("fixed<4,2>", 3, 1e-5f)]
    [InlineData("fixed<6,3>", 2, 0.5f)]
    [InlineData("fixed<6,-2>", 2, 1e-5f)]
    [InlineData("ufixed<4,6>", 3, 1e-3f)]
    [InlineData("fixed<3,1>", 4, 0f)]
    public void Layer_normalisation_is_within_its_bound_on_every_input(string input, int count, float epsilon)
    {
        var compiled = new CompiledCase(Layer(count, epsilon), $"inputs: {{ x0: '{input}' }}");
        var x = Every(compiled.TypeOf("x0"), count);
        Check(compiled, x, compiled.Run(x), Rows(x, count, row => Standard(row, epsilon)));
    }

    [Fact]
    public void A_small_spread_far_from_zero_is_as_accurate_as_a_large_one()
    {
        var compiled = new CompiledCase(Layer(8, 1e-5f), "inputs: { x0: 'fixed<16,6>' }");
        var random = new Random(3);
        var x = new double[400 * 8];
        for (var i = 0; i < x.Length; i++)
        {
            // A few units around ±30, or numbers of every size.
            var size = Math.ScaleB(1, i / 8 % 15 - 10);
            x[i] = Math.ScaleB(Math.Round(Math.ScaleB((i / 120 % 2 == 0 ? 30 : -30) * (size < 1 ? 1 : 0) + (random.NextDouble() - 0.5) * size, 10)), -10);
        }
        var error = Check(compiled, x, compiled.Run(x), Rows(x, 8, row => Standard(row, 1e-5f)));
        Assert.InRange(error, 1e-5, 5e-4);
    }

    [Fact]
    public void Without_any_spread_the_result_is_zero()
    {
        var compiled = new CompiledCase(Layer(4, 0), "inputs: { x0: 'fixed<8,4>' }");
        Assert.All(compiled.Run([3, 3, 3, 3, -8, -8, -8, -8, 0, 0, 0, 0]), y => Assert.Equal(0, y));
    }

    [Theory]
    [InlineData("fixed<5,3>", 2)]
    [InlineData("ufixed<6,1>", 2)]
    [InlineData("fixed<4,9>", 3)]
    public void Lengths_are_within_their_bound_on_every_input(string input, int count)
    {
        var length = new CompiledCase(OperatorCase.Of("ReduceL2", "row").Input(1, count), $"inputs: {{ x0: '{input}' }}");
        var x = Every(length.TypeOf("x0"), count);
        Check(length, x, length.Run(x), Rows(x, count, row => [Length(row)]));
        var unit = new CompiledCase(OperatorCase.Of("LpNormalization", "row").Input(1, count), $"inputs: {{ x0: '{input}' }}");
        Check(unit, x, unit.Run(x), Rows(x, count, row => Array.ConvertAll(row, v => Length(row) == 0 ? 0 : v / Length(row))));

        static double Length(double[] row) => Math.Sqrt(row.Sum(v => v * v));
    }

    [Theory]
    [InlineData("fixed<5,3>", 3)]
    [InlineData("fixed<6,5>", 2)]
    [InlineData("ufixed<3,1>", 4)]
    public void Logarithms_of_sums_are_within_their_bound_on_every_input(string input, int count)
    {
        var sum = new CompiledCase(OperatorCase.Of("ReduceLogSumExp", "row").Input(1, count), $"inputs: {{ x0: '{input}' }}");
        var x = Every(sum.TypeOf("x0"), count);
        Check(sum, x, sum.Run(x), Rows(x, count, row => [LogSum(row)]));
        var softmax = new CompiledCase(OperatorCase.Of("LogSoftmax", "row").Input(1, count), $"inputs: {{ x0: '{input}' }}");
        Check(softmax, x, softmax.Run(x), Rows(x, count, row => Array.ConvertAll(row, v => v - LogSum(row))));

        static double LogSum(double[] row) => row.Max() + Math.Log(row.Sum(v => Math.Exp(v - row.Max())));
    }

    [Fact]
    public void A_bound_that_was_stated_counts_only_as_far_as_the_inputs_are_exact()
    {
        var design = new CompiledCase(OperatorCase.Of("LogSoftmax", "row").Input(1, 3), "inputs: { x0: 'fixed<8,4>' }").Design;
        var stage = design.Stages.Single(s => s.Stated is not null);
        Assert.Equal(stage.Stated!.Bound, ErrorAnalysis.Run(design).Worst("y0"));
        var loose = design with { Stages = [.. design.Stages.Select(s => s == stage ? s with { Stated = stage.Stated with { Given = [design.Stages[0].Output], Slope = null } } : s)] };
        Assert.Equal(stage.Stated.Bound, ErrorAnalysis.Run(loose).Worst("y0"));
        var inexact = design with { Stages = [.. design.Stages.Select(s => s == stage ? s with { Stated = stage.Stated with { Given = [design.Stages[1].Output], Slope = null } } : s)] };
        Assert.NotEqual(stage.Stated.Bound, ErrorAnalysis.Run(inexact).Worst("y0"));
    }

    /// <summary>Of an even number of channels one more stands after the own one.</summary>
    [Fact]
    public void Responses_are_normalised_by_the_channels_around()
    {
        var compiled = new CompiledCase(OperatorCase.Of("LRN", "even", 13).Input(1, 5).With("size", 4).With("alpha", 0.5f).With("beta", 1f), "inputs: { x0: 'fixed<8,3>' }");
        var random = new Random(5);
        var x = Enumerable.Range(0, 1000).Select(_ => Math.ScaleB(random.Next(-128, 128), -5)).ToArray();
        var found = compiled.Run(x);
        for (var k = 0; k < x.Length; k++)
        {
            var around = Enumerable.Range(k % 5 - 1, 4).Where(c => c is >= 0 and < 5).Sum(c => x[k / 5 * 5 + c] * x[k / 5 * 5 + c]);
            Assert.Equal(x[k] / (1 + 0.125 * around), found[k], 4 * 1e-3);
        }
    }

    private static OperatorCase Layer(int count, float epsilon) => OperatorCase.Of("LayerNormalization", "row", 17).Input(1, count)
        .Constant([count], [.. Enumerable.Repeat(1.0, count)]).With("epsilon", epsilon);

    private static double[] Standard(double[] row, float epsilon)
    {
        var mean = row.Average();
        var variance = row.Average(v => (v - mean) * (v - mean));
        return Array.ConvertAll(row, v => variance + epsilon == 0 ? 0 : (v - mean) / Math.Sqrt(variance + epsilon));
    }

    /// <summary>Holds every number to the bound of the error analysis, which must not be far above what occurs, and returns the largest error.</summary>
    private static double Check(CompiledCase compiled, double[] x, double[] found, double[] expected)
    {
        var bound = (ErrorAnalysis.Run(compiled.Design).Worst("y0") ?? throw new InvalidOperationException("There is no bound.")).ToDouble();
        var worst = 0.0;
        for (var k = 0; k < found.Length; k++)
        {
            var error = Math.Abs(found[k] - expected[k]);
            Assert.True(error <= bound + 1e-9, $"Number {k} is {found[k]} for {expected[k]}, which the bound {bound} excludes; the inputs begin {string.Join(' ', x.Take(8))}.");
            worst = Math.Max(worst, error);
        }
        Assert.True(worst > bound / 20, $"The worst error is {worst}, far below the bound {bound}.");
        return worst;
    }

    private static double[] Every(FixedType type, int count)
    {
        var numbers = CompiledCase.NumbersOf(type);
        return [.. Enumerable.Range(0, (int)Math.Pow(numbers.Length, count))
            .SelectMany(e => Enumerable.Range(0, count).Select(k => numbers[e / (int)Math.Pow(numbers.Length, k) % numbers.Length]))];
    }

    private static double[] Rows(double[] x, int count, Func<double[], double[]> function) => [.. x.Chunk(count).SelectMany(function)];
}
