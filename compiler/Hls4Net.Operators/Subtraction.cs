using Hls4Net.Core.Kernels;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>left − right, broadcast; exact.</summary>
public sealed record Subtraction : ElementwiseBinary
{
    protected override Term Combine(BlockBuilder block, Term left, Term right) => left - right;

    internal static void Import(OnnxNode node) => node.Arithmetic(new Subtraction(), node.Input(0, "minuend"), node.Input(1, "subtrahend"));

    internal static IEnumerable<OperatorCase> Cases() => CasesOf("Sub");
}
