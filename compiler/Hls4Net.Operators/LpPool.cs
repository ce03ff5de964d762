using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX LpPool: the p-th root of the sum of |x|^p over each window; padding counts as 0.</summary>
internal static class LpPool
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.RequireFloat(x);
        var p = node.Attributes.Int("p", 2);
        if (p is < 1 or > Power.LargestExponent)
            throw node.Attributes.Value("p", $"{p}", $"it must be from 1 to {Power.LargestExponent}");
        var windows = Windows.Read(node, x.Shape, null, hasCeiling: node.Opset >= 18, hasDilations: node.Opset >= 18);
        var sizes = p % 2 == 0 ? x : node.Emit("sizes", new AbsoluteValue(), x);
        if (p == 1)
        {
            node.Output(new WindowSum(windows), sizes);
            return;
        }
        var sum = node.Emit("sum", new WindowSum(windows), node.Emit("powers", new Power((int)p), sizes));
        if (p == 2)
            node.Output(new NormalisedFunction(NormalisedKind.SquareRoot), sum);
        else
            Apply.Output(node, sum, "pow", Dyadic.FromDouble(1.0 / p));
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        Case("sequence", 11, 1, 2, 6).With("kernel_shape", new long[] { 3 }),
        Case("sizes", 11, 1, 2, 4, 4).With("kernel_shape", new long[] { 2, 2 }).With("strides", new long[] { 2, 1 }).With("p", 1),
        Case("cubes", 18, 1, 1, 4, 4).With("kernel_shape", new long[] { 2, 2 }).With("strides", new long[] { 2, 2 }).With("p", 3),
        Case("pads and dilations", 18, 1, 1, 6, 6).With("kernel_shape", new long[] { 2, 3 }).With("pads", new long[] { 1, 2, 0, 1 }).With("dilations", new long[] { 2, 2 }),
        Case("rounded up", 18, 1, 1, 6, 5).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 2 }).With("ceil_mode", 1),
        Case("same upper", 11, 1, 1, 5, 4).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 1 }).With("auto_pad", "SAME_UPPER"),
    ];

    private static OperatorCase Case(string name, int opset, params int[] x) => OperatorCase.Of("LpPool", name, opset).Input(x);
}
