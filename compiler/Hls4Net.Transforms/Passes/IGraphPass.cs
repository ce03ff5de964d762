using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;

namespace Hls4Net.Transforms.Passes;

/// <summary>A rewriting of the imported graph.</summary>
public interface IGraphPass
{
    Graph Run(Graph graph, DiagnosticBag diagnostics);
}
