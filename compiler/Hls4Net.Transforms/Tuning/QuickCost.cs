using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators;
using Hls4Net.Transforms.Arithmetic;

namespace Hls4Net.Transforms.Tuning;

/// <summary>
/// About what a typed network takes, in microseconds: bits of the adders of all constant products before any is shared, and of multipliers. It puts candidates
/// in an order; what they take is the estimator's to say.
/// </summary>
public static class QuickCost
{
    /// <summary>Bits by which a sum outgrows its terms.</summary>
    private const int Growth = 3;

    public static double Of(CompiledModel model)
    {
        var folded = model.Design.Stages.Where(s => s.Schedule is FoldedSchedule).ToDictionary(s => s.Output, s => ((FoldedSchedule)s.Schedule).Reuse, StringComparer.Ordinal);
        return 1 + model.Typed.Graph.Nodes.Sum(n => Of(model.Typed.Graph, n, folded.GetValueOrDefault(n.Outputs[0], 1)));
    }

    private static double Of(Graph graph, Node node, int reuse)
    {
        if (node.Operator is SumSquares or Multiplication or MatrixProduct)
            return node.Inputs.Where(i => i.Length > 0).Sum(i => Math.Pow(graph[i].Type?.Width ?? 0, 2) * Shapes.Count(graph[i].Shape)) / 2;
        if (node.Operator is not (Dense or Convolution) || graph[node.Inputs[1]].Constant is not { Type: { } type } weights)
            return 0;
        var (width, positions) = (graph[node.Inputs[0]].Type?.Width ?? 0, Shapes.Count(graph[node.Outputs[0]].Shape) / (double)(node.Operator is Dense ? weights.Shape[1] : weights.Shape[0]));
        return reuse > 1 ? positions * weights.Raw.Count(r => r != 0) * width * type.Width / reuse
            : positions * weights.Raw.Sum(r => SignedDigits.Count(r)) * (width + Growth);
    }
}
