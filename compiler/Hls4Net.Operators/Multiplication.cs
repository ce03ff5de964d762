using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>left · right, broadcast; exact.</summary>
public sealed record Multiplication : ElementwiseBinary
{
    public override ConstantRole RoleOf(int input) => ConstantRole.Scale;

    protected override Term Combine(BlockBuilder block, Term left, Term right) => left * right;

    internal static void Import(OnnxNode node) => node.Arithmetic(new Multiplication(), node.Input(0, "first factor"), node.Input(1, "second factor"));

    internal static IEnumerable<OperatorCase> Cases() => CasesOf("Mul");
}
