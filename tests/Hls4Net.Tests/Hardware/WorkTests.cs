using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Hardware;

/// <summary>Work by the rule of ADC2021: dense 2 · in · out and out for a bias, convolution 2 · kh · kw · cin · cout · hout · wout and cout.</summary>
public sealed class WorkTests
{
    [Fact]
    public void A_dense_layer_counts_its_products_and_its_bias()
    {
        var work = Of(
            [OnnxBytes.Node("Gemm", ["x", "w", "b"], ["h"]), OnnxBytes.Node("Relu", ["h"], ["r"]), OnnxBytes.Node("MatMul", ["r", "v"], ["y"])],
            [1, 4],
            [OnnxBytes.Tensor("w", [4, 3], 0.5f, 0, 0.25f, 0, 1, 0, -0.25f, 0, 0.125f, 0.75f, 0.5f, 0), OnnxBytes.Tensor("b", [3], 1, 2, 3), OnnxBytes.Tensor("v", [3, 2], 1, 2, -1.5f, 0.75f, 0.5f, -3)]);
        Assert.Equal([12, 6], work.Select(w => w.Macs));
        Assert.Equal([2 * 12 + 3, 2 * 6], work.Select(w => w.Flops));
        // Five of the twelve weights are zero.
        Assert.Equal(work[0].BitOperations * 7, work[0].EffectiveBitOperations * 12);
        Assert.Equal(work[1].BitOperations, work[1].EffectiveBitOperations);
        Assert.Equal(0, work[0].BitOperations % 12);
        Assert.True(work[0].BitOperations >= 12 * 2 * 2);
    }

    [Fact]
    public void A_convolution_counts_every_position_and_its_filters_biases_once()
    {
        var work = Of([OnnxBytes.Node("Conv", ["x", "w", "b"], ["y"])], [1, 1, 4, 5],
            [OnnxBytes.Tensor("w", [2, 1, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8), OnnxBytes.Tensor("b", [2], 1, 2)]);
        Assert.Equal((2 * 2 * 2 * 3 * 4, 2 * (2 * 2 * 2 * 3 * 4) + 2), (work[0].Macs, work[0].Flops));
    }

    private static IReadOnlyList<LayerWork> Of(byte[][] nodes, int[] shape, byte[][] constants)
    {
        var model = OnnxBytes.Model(nodes, [OnnxBytes.Value("x", 1, [.. shape.Cast<object>()])], [OnnxBytes.Value("y", 1)], constants);
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(model, "work", null, new ImportOptions(), diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, Configuration.Default, null, diagnostics);
        Assert.False(diagnostics.HasErrors);
        return Work.Of(compiled!.Typed.Graph);
    }
}
