using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX HardSigmoid, max(0, min(1, alpha · x + beta)), and HardSwish, x · HardSigmoid(x) with alpha 1/6 and beta 1/2.</summary>
internal static class HardSigmoid
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var (alpha, beta) = (node.Attributes.Float("alpha", 0.2f), node.Attributes.Float("beta", 0.5f));
        node.Output(new ElementwiseMinimum(), Raised(node, x, alpha, beta), Number(node, "one", Dyadic.One));
    }

    public static void ImportHardSwish(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var raised = Raised(node, x, Dyadic.One / 6, new Dyadic(1, -1));
        node.Output(new Multiplication(), x, node.Emit("gate", new ElementwiseMinimum(), raised, Number(node, "one", Dyadic.One)));
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("HardSigmoid", "defaults", 7).Input(1, 12),
        OperatorCase.Of("HardSigmoid", "attributes").Input(1, 12).With("alpha", 0.5f).With("beta", 0.25f),
    ];

    public static IEnumerable<OperatorCase> HardSwishCases() => [OperatorCase.Of("HardSwish", "vector", 14).Input(1, 24)];

    /// <summary>max(0, alpha · x + beta).</summary>
    private static Operand Raised(OnnxNode node, Operand x, Dyadic alpha, Dyadic beta)
    {
        var line = node.Emit("line", new Addition(), node.Emit("scaled", new Multiplication(), x, Number(node, "alpha", alpha)), Number(node, "beta", beta));
        return node.Emit("raised", new ElementwiseMaximum(), line, Number(node, "zero", Dyadic.Zero));
    }

    private static Operand Number(OnnxNode node, string name, Dyadic value)
    {
        var constant = ConstantTensor.Of([], [value]);
        return node.Constant(name, Numbers.IsPowerOfTwo(value) || value.IsZero ? Numbers.WithExactType(constant) : constant);
    }
}
