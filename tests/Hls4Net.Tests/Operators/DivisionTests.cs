using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Operators;

/// <summary>Quotients and remainders of computed values, on every pair of operands of small types.</summary>
public sealed class DivisionTests
{
    private static readonly OperatorCase Div = OperatorCase.Of("Div", "scalar").Input(1).Input(1);

    [Theory]
    [InlineData("fixed<5,3>", "fixed<5,2>")]
    [InlineData("fixed<5,3>", "ufixed<5,4>")]
    [InlineData("ufixed<4,6>", "fixed<6,1>")]
    public void Every_quotient_is_truncated_toward_zero_and_a_zero_counts_as_the_smallest_divisor(string left, string right)
    {
        var compiled = new CompiledCase(Div, $"inputs: {{ x0: '{left}', x1: '{right}' }}");
        var (a, b) = Pairs(compiled.TypeOf("x0"), compiled.TypeOf("x1"));
        var smallest = Math.ScaleB(1, -compiled.TypeOf("x1").Fraction);
        var fraction = compiled.TypeOf("y0").Fraction;
        Assert.True(fraction >= 12, $"A result with {fraction} fraction bits loses what its operands tell.");
        var expected = a.Zip(b, (x, y) => Math.ScaleB(Math.Truncate(Math.ScaleB(x / (y == 0 ? smallest : y), fraction)), -fraction));
        Assert.Equal(expected, compiled.Run(a, b));
    }

    [Fact]
    public void A_named_result_type_is_met_within_three_quarters_of_its_unit()
    {
        var compiled = new CompiledCase(Div, "{ inputs: { x0: 'fixed<6,3>', x1: 'fixed<6,3>' }, layers: { y0: { result: 'fixed<12,8,RND,SAT>' } } }");
        var (a, b) = Pairs(compiled.TypeOf("x0"), compiled.TypeOf("x1"));
        Assert.Equal(new FixedType(true, 12, 8), compiled.TypeOf("y0"));
        Assert.All(compiled.Run(a, b).Zip(a.Zip(b)).Where(x => x.Second.Second != 0),
            x => Assert.InRange(x.First - x.Second.First / x.Second.Second, -0.75 / 16, 0.75 / 16));
    }

    [Fact]
    public void A_divisor_that_can_be_zero_is_reported()
    {
        Assert.Contains(new CompiledCase(Div).Diagnostics.Items, d => d.Rule == Messages.DivisorCanBeZeroRule && d.Message.Contains("smallest"));
        var whole = OperatorCase.Of("Mod", "scalar").Input([1], DataType.Int8).Constant([], [3], DataType.Int8).WithOutputs(1, DataType.Int8);
        Assert.DoesNotContain(new CompiledCase(whole).Diagnostics.Items, d => d.Rule == Messages.DivisorCanBeZeroRule);
    }

    [Fact]
    public void Integers_are_divided_as_in_C_and_remainders_follow_either_operand()
    {
        double[] a = [7, -7, 7, -7, 6, -6, 0, 127, -128], b = [2, 2, -2, -2, 3, -3, 5, -128, -1];
        Assert.Equal([3, -3, -3, 3, 2, 2, 0, 0, -128], Run("Div", 14, a, b));
        Assert.Equal([1, 1, -1, -1, 0, 0, 0, -1, 0], Run("Mod", 13, a, b));
        Assert.Equal([1, -1, 1, -1, 0, 0, 0, 127, 0], Run("Mod", 13, a, b, fmod: true));

        static double[] Run(string type, int opset, double[] a, double[] b, bool fmod = false)
        {
            var model = OperatorCase.Of(type, "scalar", opset).Input([1], DataType.Int8).Input([1], DataType.Int8).WithOutputs(1, DataType.Int8);
            return new CompiledCase(fmod ? model.With("fmod", 1) : model).Run(a, b);
        }
    }

    [Fact]
    public void Every_remainder_of_floats_is_exact()
    {
        var compiled = new CompiledCase(OperatorCase.Of("Mod", "floats").Input(1).Input(1).With("fmod", 1), "inputs: { x0: 'fixed<7,4>', x1: 'fixed<6,2>' }");
        var (a, b) = Pairs(compiled.TypeOf("x0"), compiled.TypeOf("x1"));
        Assert.Equal(a.Zip(b, (x, y) => x % (y == 0 ? 1 / 16.0 : y)), compiled.Run(a, b));
    }

    private static (double[] Left, double[] Right) Pairs(FixedType left, FixedType right)
    {
        var pairs = CompiledCase.NumbersOf(left).SelectMany(_ => CompiledCase.NumbersOf(right), (a, b) => (a, b)).ToArray();
        return (Array.ConvertAll(pairs, p => p.a), Array.ConvertAll(pairs, p => p.b));
    }
}
