using Hls4Net.Core.Graphs;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Estimation;

/// <summary>What a matrix product or a convolution computes for an event, whatever it is built from. Interpolations are neither.</summary>
/// <param name="Origin">The ONNX node.</param>
/// <param name="Macs">Products that are added up, zero weights included.</param>
/// <param name="Flops">
/// By the rule of the ADC2021 challenge (arXiv:2107.02157 and its evaluation): two for each product, and one for each result to which a bias is
/// added, of a convolution for each filter; nothing else counts.
/// </param>
/// <param name="BitOperations">Bits of the weight times bits of the other factor, for each product.</param>
/// <param name="EffectiveBitOperations">The same without weights that are zero.</param>
public sealed record LayerWork(Origin Origin, long Macs, long Flops, long BitOperations, long EffectiveBitOperations);

/// <summary>Counts the work of a typed network.</summary>
public static class Work
{
    /// <summary>Every matrix product and convolution, in the network's order.</summary>
    public static IReadOnlyList<LayerWork> Of(Graph typed) => [.. typed.Nodes.Select(n => Of(typed, n)).OfType<LayerWork>()];

    private static LayerWork? Of(Graph graph, Node node)
    {
        if (node.Operator is not (Dense or MatrixProduct or Convolution or Contraction { Right.Count: > 0 }))
            return null;
        var (x, w, y) = (graph[node.Inputs[0]], graph[node.Inputs[1]], graph[node.Outputs[0]]);
        long results = Shapes.Count(y.Shape);
        var terms = node.Operator switch
        {
            Dense or MatrixProduct => x.Shape[^1],
            Convolution => Shapes.Count(w.Shape) / w.Shape[0],
            Contraction sum => Summed(sum, x.Shape, w.Shape),
            _ => throw new InvalidOperationException($"The work of {node.Operator} is not known."),
        };
        var macs = results * terms;
        var hasBias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0;
        var bias = !hasBias ? 0 : node.Operator is Convolution ? w.Shape[0] : results;
        var bits = macs * (long)(x.Type?.Width ?? 0) * (w.Type?.Width ?? 0);
        var share = w.Constant is { } weights ? (weights.Type is null ? weights.Values.Count(v => !v.IsZero) : weights.Raw.Count(r => r != 0)) / (double)weights.Values.Count : 1;
        return new(node.Origin, macs, 2 * macs + bias, bits, (long)Math.Round(bits * share));
    }

    /// <summary>Extents of what a contraction sums over.</summary>
    private static int Summed(Contraction sum, Seq<int> left, Seq<int> right) =>
        sum.Left.Zip(left).Concat(sum.Right.Zip(right)).DistinctBy(p => p.First).Where(p => !sum.Result.Contains(p.First)).Aggregate(1, (product, p) => product * p.Second);
}
