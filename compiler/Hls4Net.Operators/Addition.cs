using Hls4Net.Core.Kernels;

namespace Hls4Net.Operators;

/// <summary>left + right, broadcast; exact.</summary>
public sealed record Addition : ElementwiseBinary
{
    protected override Term Combine(Term left, Term right) => left + right;
}
