using Hls4Net.Core.Text;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Tests.Hardware;

public sealed class NetlistTextTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(200.0)]
    public void A_netlist_reads_back_equal_and_prints_the_same(double? clock)
    {
        var netlist = HardwareBuilder.Build(SampleDesigns.Encoder(3, 6, 5, 3), new HardwareOptions("top", clock)).Netlist;
        var text = netlist.ToText();
        var read = NetlistText.Parse(text);
        Assert.Equal(netlist, read);
        Assert.Equal(text, read.ToText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("netlist module")]
    [InlineData("netlist module \"a\" is \"b\" net 1 \"n\" fixed<3,3> 0 1 \"\"")]
    [InlineData("netlist module \"a\" is \"b\" cell Nothing(Result = 1)")]
    [InlineData("netlist module \"a\" is \"b\" cell Adder(Result = 1)")]
    public void A_text_that_is_no_netlist_is_refused(string text) => Assert.Throws<IrFormatException>(() => NetlistText.Parse(text));
}
