using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Typing;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Every_key_is_read()
    {
        var diagnostics = new DiagnosticBag();
        var read = ConfigurationReader.Read(
            """
            model: { precision: 'ap_fixed<16,6>', dialect: hls, weight_bits: 6, activation_bits: 12 }
            inputs: { x: 'ufixed<8,8>' }
            layers:
              fc1: { weight: 'fixed<8,2>', bias: 'fixed<9,3,RND_CONV>', scale: 'int<4>', accumulator: 'fixed<20,10,TRN,SAT_SYM,0>', result: 'ufixed<10,6,AP_RND,AP_SAT>', table: 'fixed<7,3>' }
            """, "c.yaml", diagnostics);
        Assert.Empty(diagnostics.Items);
        Assert.Equal((Dialect.Hls, 6, 12), (read.Dialect, read.WeightBits, read.ActivationBits));
        Assert.Equal(new Quantizer(new(true, 16, 6), Rounding.Trn, Overflow.Wrap), read.Precision);
        Assert.Equal(new Quantizer(new(false, 8, 8), Rounding.Trn, Overflow.Wrap), read.Inputs["x"].Type);
        var layer = read.Layers["fc1"];
        Assert.Equal(new FixedType(true, 8, 2), layer.Weight!.Value.Type);
        Assert.Equal(Rounding.RndConv, layer.Bias!.Value.Rounding);
        Assert.Equal(new FixedType(true, 4, 4), layer.Scale!.Value.Type);
        Assert.Equal(Overflow.SatSym, layer.Accumulator!.Value.Overflow);
        Assert.Equal(new Quantizer(new(false, 10, 6), Rounding.Rnd, Overflow.Sat), layer.Result);
        Assert.Equal(new FixedType(true, 7, 3), layer.Table!.Value.Type);
    }

    [Fact]
    public void Types_without_modes_round_to_nearest_and_saturate_in_our_own_dialect()
    {
        var read = ConfigurationReader.Read("model: { precision: 'fixed<16,6>' }", "c.yaml", new());
        Assert.Equal((Rounding.Rnd, Overflow.Sat), (read.Precision!.Value.Rounding, read.Precision.Value.Overflow));
    }

    [Fact]
    public void All_problems_of_a_file_are_reported_with_line_and_advice()
    {
        var diagnostics = new DiagnosticBag();
        ConfigurationReader.Read(
            """
            modle: {}
            layers:
              fc1:
                wieght: fixed<8,2>
                result: fixed<8>
                bias: [1, 2]
            model: { weight_bits: many, dialect: vendor }
            """, "c.yaml", diagnostics);
        Assert.Equal(["HLS3001", "HLS3001", "HLS3001", "HLS3002", "HLS3002", "HLS3004", "HLS3004"], diagnostics.Items.Select(d => d.Rule.Id).Order(StringComparer.Ordinal));
        Assert.Contains(diagnostics.Items, d => d.Where == "c.yaml:4" && d.Advice == "Did you mean 'weight'?");
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("layers: 3")]
    [InlineData("layers: { y: { softmax: fast } }")]
    [InlineData("- x")]
    [InlineData("a: b: c")]
    [InlineData("a: &x [*x]")]
    public void Broken_files_are_diagnosed(string text)
    {
        var diagnostics = new DiagnosticBag();
        ConfigurationReader.Read(text, "c.yaml", diagnostics);
        Assert.True(diagnostics.HasErrors);
    }

    [Fact]
    public void Nesting_without_end_is_refused_and_not_followed()
    {
        var diagnostics = new DiagnosticBag();
        ConfigurationReader.Read(new string('[', 200_000), "c.yaml", diagnostics);
        Assert.Contains(diagnostics.Items, d => d.Rule == Messages.ConfigurationSyntaxRule);
    }
}
