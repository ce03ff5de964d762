using Hls4Net.Operators.Onnx;

namespace Hls4Net.Benchmarks;

/// <summary>Networks with the same random weights in every run.</summary>
internal static class RandomNetworks
{
    /// <summary>Fully connected layers, rectified but for the last.</summary>
    public static byte[] Dense(int[] widths)
    {
        var random = new Random(1);
        var model = new OnnxModelBuilder().Input("x", [-1, widths[0]]);
        var value = "x";
        for (var k = 1; k < widths.Length; k++)
        {
            var scale = Math.Sqrt(3.0 / widths[k - 1]);
            model.Constant($"w{k}", [widths[k - 1], widths[k]], [.. Enumerable.Range(0, widths[k - 1] * widths[k]).Select(_ => scale * (2 * random.NextDouble() - 1))]);
            model.Constant($"b{k}", [widths[k]], [.. Enumerable.Range(0, widths[k]).Select(_ => 0.1 * (2 * random.NextDouble() - 1))]);
            model.Node("Gemm", [value, $"w{k}", $"b{k}"], [$"h{k}"]);
            value = $"h{k}";
            if (k < widths.Length - 1)
            {
                model.Node("Relu", [value], [$"r{k}"]);
                value = $"r{k}";
            }
        }
        return model.Output(value).ToBytes();
    }
}
