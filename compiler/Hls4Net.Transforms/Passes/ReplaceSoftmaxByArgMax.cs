using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Passes;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Passes;

/// <summary>
/// Where the user asks for it (<c>softmax: argmax</c>), a softmax becomes 1 at the first largest element and 0 elsewhere: no table, no
/// division, and another result, which is the user's choice.
/// </summary>
/// <param name="chosen">The nodes, by any of their names.</param>
[Pass(Promise.MayRound, "Makes a softmax for which the user says so 1 at the largest element and 0 elsewhere.")]
public sealed class ReplaceSoftmaxByArgMax(IReadOnlySet<string> chosen) : IPass<Graph>
{
    public Graph Run(Graph graph, DiagnosticBag diagnostics)
    {
        _ = diagnostics;
        return graph.With(nodes: graph.Nodes.Select(n => n.Operator is Softmax softmax && n.Origin.Names.Append(n.Name).Concat(n.Outputs).Any(chosen.Contains)
            ? n with { Operator = new OneHotMaximum(softmax.Axes) }
            : n));
    }
}
