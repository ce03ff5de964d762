using Hls4Net.Core.Graphs;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Tuning;

/// <summary>
/// About what a typed network takes, in microseconds: bits of the adders of all constant products before any is shared, and of multipliers; or the multiplier
/// blocks that factors of these widths need. It puts candidates in an order; what they take is the estimator's to say.
/// </summary>
public static class QuickCost
{
    /// <summary>Bits by which a sum outgrows its terms.</summary>
    private const int Growth = 3;

    /// <summary>What logic counts beside multiplier blocks, so that of candidates with as many blocks the smaller comes first.</summary>
    private const double LogicBesideBlocks = 1e-7;

    /// <summary>The bits of adders and multipliers.</summary>
    /// <param name="model">The network.</param>
    /// <param name="reuse">The reuse factors of its layers.</param>
    public static double Of(CompiledModel model, ReuseFactors reuse) =>
        1 + model.Typed.Graph.Nodes.Sum(n => Of(model.Typed.Graph, n, FactorOf(n, reuse)));

    /// <summary>The multiplier blocks of a device.</summary>
    /// <inheritdoc cref="Of(CompiledModel, ReuseFactors)"/>
    public static double BlocksOf(CompiledModel model, ReuseFactors reuse, Device device)
    {
        var dsp = SynthesisRules.Of(device).Dsp;
        return 1 + model.Typed.Graph.Nodes.Sum(n => BlocksOf(model.Typed.Graph, n, FactorOf(n, reuse), dsp)) + (LogicBesideBlocks * Of(model, reuse));
    }

    private static int FactorOf(Node node, ReuseFactors reuse) => (reuse.Layers.GetValueOrDefault(node.Origin) ?? reuse.Default)?.Factor ?? 1;

    private static double Of(Graph graph, Node node, int reuse)
    {
        if (node.Operator is SumSquares or Multiplication or MatrixProduct)
            return node.Inputs.Where(i => i.Length > 0).Sum(i => Math.Pow(graph[i].Type?.Width ?? 0, 2) * Shapes.Count(graph[i].Shape)) / 2;
        if (WeightsOf(graph, node) is not { } weights)
            return 0;
        var (width, positions) = (graph[node.Inputs[0]].Type?.Width ?? 0, PositionsOf(graph, node, weights));
        return reuse > 1 ? positions * weights.Raw.Count(r => r != 0) * width * weights.Type!.Value.Width / reuse
            : positions * weights.Raw.Sum(r => SignedDigits.Count(r)) * (width + Growth);
    }

    private static double BlocksOf(Graph graph, Node node, int reuse, DspGeometry dsp)
    {
        if (node.Operator is SumSquares or Multiplication or MatrixProduct)
        {
            var inputs = node.Inputs.Where(i => i.Length > 0).Select(i => graph[i]).ToArray();
            return Blocks(inputs[0].Type?.Width ?? 0, inputs[^1].Type?.Width ?? 0, dsp) * inputs.Max(i => (double)Shapes.Count(i.Shape));
        }
        // Constant factors of unrolled layers become adders.
        if (reuse < 2 || WeightsOf(graph, node) is not { } weights)
            return 0;
        return PositionsOf(graph, node, weights) * weights.Raw.Count(r => r != 0) * Blocks(graph[node.Inputs[0]].Type?.Width ?? 0, weights.Type!.Value.Width, dsp) / reuse;
    }

    private static double Blocks(int left, int right, DspGeometry dsp) => dsp.Takes(left, right, left + right) ? dsp.Blocks(left, right, signed: true) : 0;

    private static ConstantTensor? WeightsOf(Graph graph, Node node) =>
        node.Operator is Dense or Convolution && graph[node.Inputs[1]].Constant is { Type: not null } weights ? weights : null;

    private static double PositionsOf(Graph graph, Node node, ConstantTensor weights) =>
        Shapes.Count(graph[node.Outputs[0]].Shape) / (double)(node.Operator is Dense ? weights.Shape[1] : weights.Shape[0]);
}
