using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Hls;

/// <summary>Configurations of hls4ml are recognised, read whole, and refused where hls4ml would look away.</summary>
public sealed class HlsProjectReaderTests
{
    private const string Smallest = "Model: { Precision: 'ap_fixed<16,6>', ReuseFactor: 1 }";

    [Fact]
    public void A_project_file_is_read_with_everything_around_its_configuration()
    {
        var (read, diagnostics) = Read(
            """
            OnnxModel: model.onnx
            Backend: Vitis
            Part: xcvu13p-flga2577-2-e
            ClockPeriod: 5
            IOType: io_stream
            OutputDir: out
            ProjectName: top
            HLSConfig:
              Model: { Precision: { default: 'ac_fixed<16,6,false,AC_RND,AC_SAT>', maximum: 'fixed<24,12>' }, ReuseFactor: 2, Strategy: Resource }
              LayerType:
                Activation: { Precision: { result: 'ufixed<8,3>' }, TableSize: 256 }
              LayerName:
                softmax: { Precision: { result: auto, accum: 'fixed<18,8,RND,SAT,0>' }, TableT: 'fixed<12,3>', Implementation: latency, Skip: False, Trace: True }
            """);
        Assert.Empty(diagnostics.Items);
        var project = read.Project!;
        Assert.True(project.IsStreamed);
        Assert.Equal(Dialect.Hls, read.Dialect);
        Assert.Equal(new Quantizer(new(false, 16, 6), Rounding.Rnd, Overflow.Sat), project.Model.Precision["default"].Type!.Value.Quantizer);
        Assert.Equal("Resource", project.Model.Attributes["strategy"].Text);
        Assert.Equal("256", project.LayerTypes["Activation"].Attributes["table_size"].Text);
        var softmax = project.LayerNames["softmax"];
        Assert.Null(softmax.Precision["result"].Type);
        Assert.Equal(HlsType.Fixed(12, 3), softmax.Precision["table_t"].Type);
        Assert.Equal("latency", softmax.Attributes["implementation"].Text);
    }

    [Fact]
    public void JSON_is_read_and_a_single_type_stands_for_every_variable()
    {
        var (read, diagnostics) = Read("""{ "Model": { "Precision": "fixed<16,6>" }, "LayerName": { "fc": { "Precision": "int<8>" } } }""");
        Assert.Empty(diagnostics.Items);
        Assert.Equal(HlsType.Int(8, true), read.Project!.LayerNames["fc"].Precision["default"].Type);
    }

    [Theory]
    [InlineData("{ Modell: {}, " + Smallest + " }", "HLS3002", "Did you mean 'Model'?")]
    [InlineData("{ Model: { Precision: 'fixed<16,6>', ReuseFacter: 1 } }", "HLS3002", "Did you mean 'ReuseFactor'?")]
    [InlineData("{ " + Smallest + ", LayerName: { fc: { Precison: 'fixed<8,2>' } } }", "HLS3002", "Did you mean 'Precision'?")]
    [InlineData("{ " + Smallest + ", LayerName: { fc: { Precision: { acum: 'fixed<8,2>' } } } }", "HLS3002", "Did you mean 'accum'?")]
    [InlineData("{ " + Smallest + ", LayerName: { fc: { Precision: 'fixd<8,2>' } } }", "HLS3004", "")]
    [InlineData("{ " + Smallest + ", LayerName: { fc: { Strategy: Fast } } }", "HLS3001", "")]
    [InlineData("{ " + Smallest + ", LayerName: { fc: { ReuseFactor: 0 } } }", "HLS3001", "")]
    [InlineData("{ " + Smallest + ", LayerName: { fc: { Skip: perhaps } } }", "HLS3001", "")]
    [InlineData("{ " + Smallest + ", LayerName: { fc: { Implementation: stabel } } }", "HLS3001", "")]
    [InlineData("{ Model: { Precision: auto } }", "HLS3001", "")]
    [InlineData("{ Model: { ReuseFactor: 1 } }", "HLS3001", "")]
    [InlineData("{ " + Smallest + ", LayerName: [fc] }", "HLS3001", "")]
    [InlineData("{ IOType: io_serial, HLSConfig: { " + Smallest + " } }", "HLS3001", "")]
    [InlineData("{ Parts: x, HLSConfig: { " + Smallest + " } }", "HLS3002", "Did you mean 'Part'?")]
    public void What_hls4ml_would_ignore_in_silence_is_refused(string text, string rule, string advice)
    {
        var (_, diagnostics) = Read(text);
        var found = Assert.Single(diagnostics.Items);
        Assert.Equal((rule, advice), (found.Rule.Id, found.Advice));
    }

    [Theory]
    [InlineData("ReuseFactor", "reuse_factor")]
    [InlineData("ExpTableT", "exp_table_t")]
    [InlineData("distributed_arithmetic", "distributed_arithmetic")]
    public void Keys_become_attributes_in_snake_case(string key, string attribute) => Assert.Equal(attribute, HlsProjectReader.SnakeCase(key));

    private static (Configuration Read, DiagnosticBag Diagnostics) Read(string text)
    {
        var diagnostics = new DiagnosticBag();
        return (ConfigurationReader.Read(text, "c.yml", diagnostics), diagnostics);
    }
}
