using Hls4Net.Core.Numbers;

namespace Hls4Net.Tests.Numbers;

public sealed class QuantizerTests
{
    [Theory]
    [InlineData("fixed<16,6>", "fixed<16,6,RND,SAT>")]
    [InlineData(" ufixed< 10 , 6 , RND_CONV , SAT > ", "ufixed<10,6,RND_CONV,SAT>")]
    [InlineData("ap_fixed<8,3,AP_TRN_ZERO,AP_SAT_SYM>", "fixed<8,3,TRN_ZERO,SAT_SYM>")]
    [InlineData("ap_ufixed<8,-3,AP_RND_MIN_INF,AP_SAT_ZERO,0>", "ufixed<8,-3,RND_MIN_INF,SAT_ZERO>")]
    [InlineData("fixed<8,20,RND_ZERO>", "fixed<8,20,RND_ZERO,SAT>")]
    [InlineData("int<7>", "fixed<7,7,RND,SAT>")]
    [InlineData("ap_uint<1>", "ufixed<1,1,RND,SAT>")]
    [InlineData("fixed<4096,-4096,RND_INF,WRAP>", "fixed<4096,-4096,RND_INF,WRAP>")]
    public void A_type_is_read_with_the_modes_that_it_names_and_the_given_ones_otherwise(string text, string expected)
    {
        Assert.True(Quantizer.TryParse(text, Rounding.Rnd, Overflow.Sat, out var quantizer, out var problem), problem);
        Assert.Null(problem);
        Assert.Equal(expected, quantizer.ToString());
    }

    [Fact]
    public void Every_quantizer_reads_back_what_it_prints()
    {
        foreach (var rounding in Enum.GetValues<Rounding>())
        {
            foreach (var overflow in Enum.GetValues<Overflow>())
            {
                var quantizer = new Quantizer(new FixedType(overflow == Overflow.Sat, 9, -2), rounding, overflow);
                Assert.True(Quantizer.TryParse(quantizer.ToString(), Rounding.Trn, Overflow.Wrap, out var read, out _));
                Assert.Equal(quantizer, read);
            }
        }
    }

    [Theory]
    [InlineData("", "written like")]
    [InlineData("fixed", "written like")]
    [InlineData("fixed<16,6", "written like")]
    [InlineData("float<16,6>", "'float' is not a kind")]
    [InlineData("<16,6>", "'' is not a kind")]
    [InlineData("Fixed<16,6>", "'Fixed' is not a kind")]
    [InlineData("fixed<16>", "takes a width, an integer width")]
    [InlineData("fixed<>", "takes a width, an integer width")]
    [InlineData("fixed<0,0>", "'0' is not a width from 1 to 4096")]
    [InlineData("fixed<-3,0>", "'-3' is not a width")]
    [InlineData("fixed<4097,0>", "'4097' is not a width")]
    [InlineData("fixed<99999999999,0>", "is not a width")]
    [InlineData("fixed<16,six>", "'six' is not a number of integer bits")]
    [InlineData("fixed<16,>", "'' is not a number of integer bits")]
    [InlineData("fixed<16,9999>", "'9999' is not a number of integer bits")]
    [InlineData("fixed<16,-2147483648>", "'-2147483648' is not a number of integer bits")]
    [InlineData("fixed<16,6,ROUND>", "'ROUND' is not a rounding mode; there are TRN, TRN_ZERO")]
    [InlineData("fixed<16,6,rnd>", "'rnd' is not a rounding mode")]
    [InlineData("fixed<16,6,RND,SATURATE>", "'SATURATE' is not an overflow mode; there are WRAP, SAT")]
    [InlineData("fixed<16,6,RND,SAT,1>", "saturation bits")]
    [InlineData("fixed<16,6,RND,SAT,0,0>", "takes a width, an integer width")]
    [InlineData("int<16,6>", "take a width")]
    [InlineData("fixed<1e1,6>", "'1e1' is not a width")]
    public void A_bad_type_is_refused_with_what_is_wrong(string text, string problem)
    {
        Assert.False(Quantizer.TryParse(text, Rounding.Rnd, Overflow.Sat, out _, out var found));
        Assert.Contains(problem, found);
    }

    [Fact]
    public void A_type_knows_its_range_and_what_it_holds()
    {
        var type = new FixedType(true, 8, 10);
        Assert.Equal((-128, 127, -2), ((int)type.MinimumRaw, (int)type.MaximumRaw, type.Fraction));
        Assert.Equal("fixed<8,10>", type.ToString());
        Assert.Equal((0, 255), ((int)new FixedType(false, 8, 0).MinimumRaw, (int)new FixedType(false, 8, 0).MaximumRaw));
        Assert.True(new FixedType(true, 9, 5).Contains(new FixedType(false, 8, 4)));
        Assert.False(new FixedType(true, 8, 4).Contains(new FixedType(false, 8, 4)));
        Assert.False(new FixedType(false, 60, 30).Contains(new FixedType(true, 2, 2)));
        Assert.False(new FixedType(true, 60, 58).Contains(new FixedType(true, 4, 1)));
    }
}
