using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Passes;
using Hls4Net.Transforms.Passes.Scales;

namespace Hls4Net.Transforms.Passes;

/// <summary>
/// The scale of quantised values moves behind what is computed with them: (s·q)·W → (q·V)·(s·t) where W = V·t, so that sums are of narrow
/// integers; and factors, offsets and limits before a quantiser become part of it, where a rational number is exact. A layer for which the
/// user says anything stays as it is. No quantised number changes, but what the network would be without its quantisers does: a limit goes
/// behind the rounding, and is gone where the quantiser saturates there.
/// </summary>
/// <param name="pinned">Nodes with a configuration of their own, by any of their names.</param>
[Pass(Promise.MayRound, "Moves the scales of quantised values behind the layers that read them, up to the next quantiser, which makes them part of its own.")]
public sealed class MoveScales(IReadOnlySet<string> pinned) : IPass<Graph>
{
    public Graph Run(Graph graph, DiagnosticBag diagnostics)
    {
        _ = diagnostics;
        return new ScaleMover(graph, pinned).Run();
    }
}
