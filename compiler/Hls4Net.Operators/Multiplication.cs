using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;

namespace Hls4Net.Operators;

/// <summary>left · right, broadcast; exact.</summary>
public sealed record Multiplication : ElementwiseBinary
{
    public override ConstantRole RoleOf(int input) => ConstantRole.Scale;

    protected override Term Combine(Term left, Term right) => left * right;
}
