using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Tests.Hardware;

/// <summary>Hardware whose weights are loaded: nothing but the entries of its tables depends on them, and every weight of its type fits.</summary>
public sealed class LoadableTests
{
    public static TheoryData<string> Names => [.. Samples.Keys];

    private static readonly Dictionary<string, (Func<Design> Make, StreamOptions? Stream)> Samples = new(StringComparer.Ordinal)
    {
        ["R = 2"] = (() => Folded.With(SampleDesigns.Encoder(4, 8, 6, 4), 2, 2), null),
        ["R = 6 and 4"] = (() => Folded.With(SampleDesigns.Encoder(4, 8, 6, 4), 6, 4), null),
        ["one multiplier"] = (() => Folded.With(SampleDesigns.Encoder(4, 8, 6, 4), 48, 24), null),
        ["classifier, stream"] = (() => Small(Streamed.Chains["classifier"]()), new()),
        ["skip, stream"] = (() => Small(Streamed.Chains["skip"]()), new(2)),
        ["mean, stream"] = (() => Small(Streamed.Chains["mean of a picture"]()), new()),
        ["window, positions"] = (() => Folded.With(Streamed.Chains["window with padding"](), 3), null),
    };

    private static Design Small(Design design) => Folded.With(design, Folded.Sample(design, 3)[0]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_are_in_nothing_but_their_tables_and_all_of_their_types_fit(string name)
    {
        var (make, stream) = Samples[name];
        var design = Loadable.Of(make());
        Assert.Contains(design.Constants, c => c.IsLoadable);
        var first = Build(design);
        Assert.NotNull(first.Loading);
        foreach (var other in new[] { Loadable.Retrained(design, 1), Loadable.Retrained(design, 2), Loadable.AtEnds(design, true), Loadable.AtEnds(design, false) })
        {
            var hardware = Build(other);
            Assert.Equal(first.Loading!.Hash, hardware.Loading!.Hash);
            Assert.NotEqual(first.Netlist, hardware.Netlist);
            if (stream is null)
                Folded.AssertAgreesAsFolded(other, 2);
            else
                Streamed.AssertAgrees(other, 2, stream);
        }

        HardwareDesign Build(Design d) => HardwareBuilder.Build(d, new("top", LevelsPerCycle: 2) { Stream = stream });
    }

    [Fact]
    public void A_constant_that_another_layer_reads_is_not_loaded_and_unrolled_layers_have_none()
    {
        var design = SampleDesigns.Encoder(4, 8, 6, 4);
        var half = Loadable.Of(Folded.With(design, 2, 1));
        Assert.Equal(["fc1.bias", "fc1.weight"], half.Constants.Where(c => c.IsLoadable).Select(c => c.Name).Order(StringComparer.Ordinal));
        var diagnostics = new Core.Diagnostics.DiagnosticBag();
        Transforms.Reuse.MarkLoadable.Run(design, new(true, new Dictionary<Core.Graphs.Origin, (bool, string)>()), diagnostics);
        Assert.Equal("HLS3213", Assert.Single(diagnostics.Items).Rule.Id);
    }

    [Fact]
    public void Each_table_has_words_of_its_own_and_every_word_of_a_weight_says_which()
    {
        var design = Loadable.Of(Folded.With(SampleDesigns.Encoder(4, 8, 6, 4), 6, 4));
        var tables = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2)).Loading!.Tables;
        var words = tables.SelectMany(t => Enumerable.Range(t.First, t.Words)).ToArray();
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.All(tables, t => Assert.True(t.First % t.Words == 0, t.ToString()));
        foreach (var constant in design.Constants)
        {
            var elements = tables.Where(t => t.Constant == constant.Name).SelectMany(t => t.Elements).Where(e => e >= 0).Order();
            Assert.Equal(Enumerable.Range(0, constant.Tensor.Raw.Count), elements);
        }
    }

    [Fact]
    public void A_bias_that_is_wider_than_the_bus_is_refused()
    {
        var design = Loadable.Of(Folded.With(SampleDesigns.Encoder(4, 8, 6, 4), 2, 2));
        var wide = design with { Constants = [.. design.Constants.Select(c => c.Name == "fc1.bias" ? c with { Tensor = c.Tensor with { Type = new(true, 40, 36) } } : c)] };
        var refusal = Assert.Throws<Core.Diagnostics.UserErrorException>(() => HardwareBuilder.Build(wide, new("top", LevelsPerCycle: 2)));
        Assert.Equal("HLS3214", refusal.Diagnostics[0].Rule.Id);
    }

    [Fact]
    public void The_page_and_the_description_say_where_words_go()
    {
        var hardware = HardwareBuilder.Build(Loadable.Of(Folded.With(SampleDesigns.Encoder(4, 8, 6, 4), 6, 4)), new("top", LevelsPerCycle: 2));
        var files = VerilogEmitter.Emit(hardware).ToDictionary(f => f.Path, f => f.Text, StringComparer.Ordinal);
        var load = HardwareInterface.FromJson(files[VerilogEmitter.InterfacePath]).Loading!;
        Assert.Equal(hardware.Loading!.Tables.Count, load.Tables.Count);
        Assert.Contains($"`{load.Hash}`", files["weights.md"], StringComparison.Ordinal);
        Assert.Contains("| 0x14 | CONTROL | write | bit 0: commit |", files["weights.md"], StringComparison.Ordinal);
        Assert.Contains("input  wire s_axi_awvalid,", files["verilog/top.v"], StringComparison.Ordinal);
        Assert.Contains("top_weights.v\n", files["verilog/top.f"], StringComparison.Ordinal);
    }
}
