using Hls4Net.Core.Kernels;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>left + right, broadcast; exact.</summary>
public sealed record Addition : ElementwiseBinary
{
    protected override Term Combine(BlockBuilder block, Term left, Term right) => left + right;

    internal static void Import(OnnxNode node) => node.Arithmetic(new Addition(), node.Input(0, "first term"), node.Input(1, "second term"));

    internal static IEnumerable<OperatorCase> Cases() => CasesOf("Add");
}
