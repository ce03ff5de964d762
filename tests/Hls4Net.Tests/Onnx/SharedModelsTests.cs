using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Onnx;

/// <summary>The models in the reference data.</summary>
public sealed class SharedModelsTests
{
    public static TheoryData<string> Models() =>
    [
        "cms/axol1tl_v3/core.onnx", "cms/axol1tl_v3/core.qonnx.onnx", "cms/axol1tl_v3/model.onnx", "cms/axol1tl_v3/model.qonnx.onnx",
        "cms/cicada_v2p1p2/model.onnx", "cms/cicada_v2p1p2/model.qonnx.onnx",
        "hls4ml/act_leaky/model.onnx", "hls4ml/dwconv2d/model.onnx", "hls4ml/merge_cat/model.onnx", "hls4ml/merge_max/model.onnx",
        "hls4ml/bn_first/model.onnx", "hls4ml/bn_first/model_prep.onnx", "hls4ml/merge_add/model.onnx", "hls4ml/merge_add/model_prep.onnx",
        "hls4ml/vae_enc57/model.onnx", "hls4ml/vae_enc57/model_prep.onnx",
        "networks/a57.qonnx.onnx", "networks/b16.qonnx.onnx",
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_is_imported_without_a_finding(string file)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(TestFiles.Shared("data", file), new ImportOptions(), diagnostics);
        Assert.Empty(diagnostics.Items);
        Assert.NotEmpty(DesignBuilder.Build(graph).Stages);
    }

    [Fact]
    public void A_softmax_that_is_not_needed_is_cut_away()
    {
        var file = TestFiles.Shared("data", "hls4ml", "jet_mlp_bn", "model.onnx");
        Assert.Contains(OnnxImporter.Import(file, new ImportOptions(), new DiagnosticBag()).Nodes, n => n.Origin.Operator == "Softmax");
        var logits = OnnxImporter.Import(file, new ImportOptions { Outputs = ["/6/Gemm_output_0"] }, new DiagnosticBag());
        Assert.Equal(["/6/Gemm_output_0"], logits.Outputs);
        Assert.DoesNotContain(logits.Nodes, n => n.Origin.Operator == "Softmax");
    }

    [Fact]
    public void A_domain_that_is_not_imported_is_tolerated_with_a_warning()
    {
        var diagnostics = new DiagnosticBag();
        var file = TestFiles.Shared("data", "models", "qonnx_jettagging.onnx");
        OnnxImporter.Import(file, new ImportOptions { Outputs = ["Relu_2_out0"] }, diagnostics);
        Assert.Equal([Messages.MissingOpsetImportRule], diagnostics.Items.Select(d => d.Rule));
    }
}
