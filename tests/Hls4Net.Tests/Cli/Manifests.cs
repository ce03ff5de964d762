using Hls4Net.Cli.Compilation;

namespace Hls4Net.Tests.Cli;

/// <summary>Manifests as compile writes them, made by hand.</summary>
internal static class Manifests
{
    public static Manifest Small { get; } = new(
        Manifest.CurrentFormat, "0.1.0", new("encoder.onnx", new string('a', 64), ["mean", "logvar"], "mu2"), "enc", new("xcvu13p", 200, ["verilog", "hls"]),
        [new("x", "x", "x", [1, 57], "fixed<12,5>", "RND", "SAT", null), new("threshold", "threshold", "threshold", [1, 1], "ufixed<20,8>", "RND", "SAT", true)],
        [new("mean", "mean", "mean", [1, 3], "fixed<16,6>", null, null, null), new("score", "score", "score", [1, 1], "ufixed<20,8>", null, null, null)],
        new("xcvu13p", 200, 7, 35, 2, 1, 5123, 61234, 3, 4096, 2048, 160,
        new(4.55, 3.61, 246.3, [new("/encoder/fc1/Gemm", "t_5", "Adder", 0.845, 0.845), new("/encoder/relu/Relu", "relu_3", "Multiplexer", 0.5, 3.61)]),
        [
            new("layer1", "/encoder/fc1/Gemm", "Gemm", "fixed<20,9>", 5000, 60000, 2000, 160, 0, 3),
            new("layer2", "/encoder/relu/Relu", "Relu", "ufixed<10,4>", 123, 1234, 48, 0, 4, 4),
        ]),
        [new("x", [1, 57], "fixed<12,5>")],
        ["node '/encoder/fc1/Gemm': the result can overflow."],
        [
            new("/encoder/act/Sigmoid", "Sigmoid", "sigmoid", "ufixed<11,1>", 1024, 20480, 0.00048828125, 0.5, null),
            new("/encoder/Softmax", "Softmax", "exp", "ufixed<13,1>", 300, 6000, 0.000244140625, 1, 0.0078125),
        ]);

    /// <summary>Every text of the manifest replaced.</summary>
    public static Manifest Named(string name) => Small with
    {
        Model = new(name, name, [name], name),
        Inputs = [new(name, name, name, [1, int.MaxValue, int.MaxValue, int.MaxValue], $"fixed<{name}>", "RND", "SAT", null)],
        Outputs = [new(name, name, name, [1], name, null, null, null)],
        Target = Small.Target with { Part = name },
        Hardware = Small.Hardware! with
        {
            Part = name,
            Timing = new(null, 1, 1, [new(name, name, name, 1, 1)]),
            Layers = [new(name, name, name, name, long.MaxValue / 1000, 1, 1, 1, 0, 0), .. Small.Hardware!.Layers],
        },
        Tables = [new(name, name, name, name, int.MaxValue, long.MaxValue, 1e-300, double.MaxValue, 0.1), .. Small.Tables!],
        Warnings = [name],
    };
}
