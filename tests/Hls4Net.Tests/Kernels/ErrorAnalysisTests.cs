using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Tests.Primitives;
using Hls4Net.Tests.Support;
using Hls4Net.Tests.Typing;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Kernels;

public sealed class ErrorAnalysisTests
{
    private const int Events = 13;

    [Fact]
    public void On_random_designs_no_exact_value_is_farther_from_the_exact_real_than_its_bound()
    {
        var (compared, wrong, unbounded) = (0, 0, 0);
        for (var seed = 0; seed < 400; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var inputs = RandomDesigns.Events(design, Events, seed);
            var errors = ErrorAnalysis.Run(design);
            for (var e = 0; e < Events; e++)
            {
                var typed = AlgebrasAgreeTests.RunExact(design, inputs, e);
                var reals = RunReal(design, typed);
                foreach (var stage in design.Stages)
                {
                    for (var k = 0; k < typed[stage.Output].Length; k++)
                    {
                        var (value, bound) = (typed[stage.Output][k], errors[stage.Output][k]);
                        AlgebrasAgreeTests.AssertInside(bound.Typed, value, $"seed {seed}, event {e}, {stage.Output}[{k}]");
                        if (bound.Error is not { } limit || reals[stage.Output][k] is not { } real)
                        {
                            Assert.True(bound.Error is null, $"Seed {seed}, {stage.Output}[{k}]: bound {bound.Error} on a real that does not exist.");
                            unbounded++;
                            continue;
                        }
                        compared++;
                        wrong += value == real ? 0 : 1;
                        Assert.True((value - real).Sign * (value - real) <= limit,
                            $"Seed {seed}, event {e}, {stage.Output}[{k}]: {value.ToDouble()} for {real.ToDouble()}, bound {limit.ToDouble()}.");
                    }
                }
            }
        }
        // Many designs cast somewhere, few divide by what can be zero.
        Assert.True(wrong > compared / 6, $"{wrong} of {compared} values differ from the reals at all.");
        Assert.True(unbounded < compared / 2, $"{unbounded} values have no bound, {compared} have one.");
    }

    [Theory]
    [InlineData(20, 1, 8, 16, 4)]
    [InlineData(30, 5, 16, 32, 4)]
    // Each further layer supposes the worst of the one before, which no event reaches.
    [InlineData(150, 3, 57, 32, 16, 6)]
    public void On_a_perceptron_the_bound_holds_and_is_near_the_largest_error_that_is_seen(int factor, int seed, params int[] sizes)
    {
        var run = Run(TestNetworks.Perceptron(seed, sizes), Score.None, Configuration.Default with { WeightBits = 8, ActivationBits = 10 });
        foreach (var channel in run.Design.Stages.Select(s => s.Output))
        {
            var (seen, bound) = (run.Check(channel), run.Errors.Worst(channel)!.Value.ToDouble());
            Assert.True(bound <= factor * seen || bound < 1e-12, $"{channel}: the bound is {bound}, the largest error seen {seen}.");
        }
    }

    [Theory]
    [InlineData("fixed<6,3,TRN,WRAP>")]
    [InlineData("fixed<8,3,RND,SAT>")]
    [InlineData("fixed<7,2,TRN_ZERO,SAT_ZERO>")]
    [InlineData("fixed<9,3,RND_CONV,SAT_SYM>")]
    public void The_bound_holds_where_values_saturate_and_wrap(string precision)
    {
        Assert.True(Quantizer.TryParse(precision, default, default, out var quantizer, out _));
        var run = Run(TestNetworks.Perceptron(4, 8, 12, 5), Score.None, Configuration.Default with { Precision = quantizer });
        Assert.True(run.Design.Stages.Max(s => run.Check(s.Output)) > 1, "Nothing overflowed, so that the test says nothing.");
    }

    [Theory]
    [InlineData(Score.Mu2)]
    [InlineData(Score.Kl)]
    [InlineData(Score.Rz)]
    public void The_bound_holds_through_the_tables_and_squares_of_a_score(Score score)
    {
        var run = Run(TestNetworks.TwoHeads(), score, Configuration.Default, x => Math.Sin(x * 1.7) / 4);
        foreach (var channel in run.Design.Stages.Select(s => s.Output).Where(c => c != "trigger"))
            run.Check(channel);
        Assert.NotNull(run.Errors.Worst("score"));
        Assert.True(run.Check("score") > 0);
    }

    [Fact]
    public void Every_primitive_keeps_its_promise_for_operands_anywhere_within_their_bounds()
    {
        var (random, errors, typed, real) = (new Random(6), new ErrorAlgebra(), new ExactAlgebra(), new ExactReals());
        (Func<ErrorBound[], ErrorBound> Bound, Func<Dyadic[], Dyadic> Typed, Func<Dyadic?[], Dyadic?> Real)[] primitives =
        [
            (x => errors.Add(x[0], x[1]), x => typed.Add(x[0], x[1]), x => real.Add(x[0], x[1])),
            (x => errors.Subtract(x[0], x[1]), x => typed.Subtract(x[0], x[1]), x => real.Subtract(x[0], x[1])),
            (x => errors.Multiply(x[0], x[1]), x => typed.Multiply(x[0], x[1]), x => real.Multiply(x[0], x[1])),
            (x => errors.Square(x[0]), x => typed.Square(x[0]), x => real.Square(x[0])),
            (x => errors.Divide(x[0], x[1], 2), x => typed.Divide(x[0], x[1], 2), x => real.Divide(x[0], x[1], 2)),
            (x => errors.Divide(x[0], x[1], 9), x => typed.Divide(x[0], x[1], 9), x => real.Divide(x[0], x[1], 9)),
            (x => errors.Minimum(x[0], x[1]), x => typed.Minimum(x[0], x[1]), x => real.Minimum(x[0], x[1])),
            (x => errors.Maximum(x[0], x[1]), x => typed.Maximum(x[0], x[1]), x => real.Maximum(x[0], x[1])),
            (x => errors.Compare(Comparison.Less, x[0], x[1]), x => typed.Compare(Comparison.Less, x[0], x[1]), x => real.Compare(Comparison.Less, x[0], x[1])),
            (x => errors.Sum(x), typed.Sum, real.Sum),
            (x => errors.Shift(x[0], 3), x => typed.Shift(x[0], 3), x => real.Shift(x[0], 3)),
        ];
        var near = new double[primitives.Length];
        for (var trial = 0; trial < 4000; trial++)
        {
            var bounds = new[] { DrawBound(random), DrawBound(random) };
            // A divisor is never zero, so the second operand is not.
            if (bounds[1].Typed is { Low.Sign: <= 0, High.Sign: >= 0 })
                continue;
            var values = bounds.Select(b => new Dyadic(random.NextInt64((long)b.Typed.Low, (long)b.Typed.High + 1), -b.Typed.Fraction)).ToArray();
            var reals = bounds.Zip(values, (b, v) => (Dyadic?)(v + b.Error!.Value * new Dyadic(random.Next(-2, 3), -1))).ToArray();
            for (var p = 0; p < primitives.Length; p++)
            {
                if (primitives[p].Bound(bounds).Error is not { } bound)
                    continue;
                var difference = primitives[p].Typed(values) - primitives[p].Real(reals)!.Value;
                var size = difference.Sign * difference;
                Assert.True(size <= bound, $"Primitive {p} of {values[0]} ({reals[0]}) and {values[1]} ({reals[1]}): {size.ToDouble()} beyond {bound.ToDouble()}.");
                near[p] = bound.IsZero ? near[p] : Math.Max(near[p], (size / bound).ToDouble());
            }
        }
        Assert.All(near, n => Assert.True(n > 0.7, "A bound that nothing comes near is not a bound of this primitive."));
    }

    private static ErrorBound DrawBound(Random random)
    {
        var (low, fraction) = (random.Next(-40, 40), random.Next(0, 4));
        return new(new Interval(low, low + random.Next(0, 12), fraction), new Dyadic(random.Next(0, 9), -random.Next(0, 5)));
    }

    [Theory]
    [InlineData("fixed<8,4,TRN,SAT>", 2, 8, 15.0 / 256)]
    [InlineData("fixed<8,4,RND,SAT>", 2, 8, 1.0 / 32)]
    [InlineData("fixed<8,4,RND,SAT>", 5, 8, 1.0 / 32 + 8 + 1.0 / 16 - 1.0 / 256)]
    [InlineData("fixed<8,4,TRN,WRAP>", 5, 8, 15.0 / 256 + 16)]
    [InlineData("fixed<12,4,TRN,WRAP>", 2, 8, 0)]
    public void A_cast_costs_what_rounding_and_overflow_can_cost(string quantizer, int integer, int fraction, double expected)
    {
        Assert.True(Quantizer.TryParse(quantizer, default, default, out var target, out _));
        var operand = ErrorBound.Exact(new FixedType(true, integer + fraction, integer).Range);
        Assert.Equal(expected, new ErrorAlgebra().Cast(operand, target).Error!.Value.ToDouble(), 1.0 / 128);
    }

    [Theory]
    [InlineData("exp", -1.25, 2.5)]
    [InlineData("exp_minus_x_minus_1", -1.25, 0.5)]
    [InlineData("exp_minus_x_minus_1", 0.25, 0.5)]
    [InlineData("exp_minus_half", -3.0, 1.0)]
    public void The_range_of_a_function_holds_its_values_and_no_more(string name, double low, double high)
    {
        var function = new RealFunction(name, []);
        var (least, most) = RealFunctions.Range(function, Dyadic.FromDouble(low), Dyadic.FromDouble(high));
        var values = Enumerable.Range(0, 1001).Select(k => RealFunctions.Evaluate(function, low + (high - low) * k / 1000)).ToArray();
        Assert.InRange(values.Min() - least, 0, 1e-5);
        Assert.InRange(most - values.Max(), 0, 1e-5);
    }

    [Fact]
    public void Every_function_turns_only_where_it_says()
    {
        foreach (var function in ReferenceFunctions.Samples)
        {
            for (var from = -8.0; from < 8; from += 0.25)
            {
                var (least, most) = RealFunctions.Range(function, Dyadic.FromDouble(from), Dyadic.FromDouble(from + 0.25));
                for (var k = 0; k <= 64; k++)
                {
                    var value = RealFunctions.Evaluate(function, from + k / 256.0);
                    // Where a function is not defined everywhere between, nothing is claimed.
                    Assert.True(double.IsNaN(least) || (value >= least && value <= most), $"{function}({from + k / 256.0}) is {value}, outside [{least}, {most}].");
                }
                Assert.True(double.IsFinite(most - least) == RealFunctions.IsDefined(function, Dyadic.FromDouble(from), Dyadic.FromDouble(from + 0.25))
                    || function.Name == "tan", $"{function} from {from}: [{least}, {most}].");
            }
        }
    }

    private static ErrorRun Run(Core.Graphs.Graph graph, Score score, Configuration configuration, Func<int, double>? calibration = null)
    {
        var diagnostics = new DiagnosticBag();
        (IReadOnlyDictionary<string, double[]>, int)? data = calibration is null ? null
            : (new Dictionary<string, double[]> { ["x"] = [.. Enumerable.Range(0, 8 * 200).Select(calibration)] }, 200);
        var model = Pipelines.ToDesign(graph, score, configuration, data, diagnostics) ?? throw new UserErrorException([.. diagnostics.Items]);
        return new ErrorRun(model.Design, 600, 1);
    }

    /// <summary>The reals of one event, exactly, from the typed inputs and the untyped constants.</summary>
    private static Dictionary<string, Dyadic?[]> RunReal(Design design, Dictionary<string, Dyadic[]> typed)
    {
        var algebra = new ExactReals();
        var values = design.Inputs.ToDictionary(i => i, i => Array.ConvertAll(typed[i], v => (Dyadic?)v), StringComparer.Ordinal);
        foreach (var constant in design.Constants)
            values[constant.Name] = [.. constant.Tensor.Values.Select(v => (Dyadic?)v)];
        foreach (var stage in design.Stages)
            values[stage.Output] = Evaluations.Run(algebra, stage.Computation, (input, element) => values[stage.Inputs[input]][element]);
        return values;
    }
}
