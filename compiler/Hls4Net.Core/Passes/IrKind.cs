using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Passes;

/// <summary>What the runner needs to know of a representation.</summary>
/// <param name="ToText">Its text.</param>
/// <param name="Verify">What is wrong with it; empty if nothing is.</param>
public sealed record IrKind<TIr>(Func<TIr, string> ToText, Func<TIr, IReadOnlyList<string>> Verify);

/// <summary>The representations that Core knows.</summary>
public static class IrKind
{
    public static IrKind<Graph> Graph { get; } = new(GraphText.ToText, GraphVerifier.Verify);

    public static IrKind<Design> Design { get; } = new(DesignText.ToText, DesignVerifier.Verify);
}
