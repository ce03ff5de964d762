using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Passes;

/// <summary>
/// A scale and shift of a matrix product's columns goes into its weights: (x·w + b)·s + t → x·(w·s) + (b·s + t). A product whose result
/// type the user named stays on its own.
/// </summary>
/// <param name="pinned">Nodes with a result type of their own, by any of their names.</param>
/// <param name="inFloat32">
/// True to round every product and sum to float32, as the HLS dialect does; false for exact constants.
/// </param>
[Pass(Promise.MayRound, "Puts a scale and shift after a matrix product into its weights and bias, which saves a multiplier for each result.")]
public sealed class FoldBatchNorm(IReadOnlySet<string> pinned, bool inFloat32) : IPass<Graph>
{
    public Graph Run(Graph graph, DiagnosticBag diagnostics)
    {
        _ = diagnostics;
        var editor = new GraphEditor(graph);
        foreach (var product in graph.Nodes.Where(n => n.Operator is Dense && !n.Origin.Names.Concat(n.Outputs).Any(pinned.Contains)))
        {
            if (editor.OnlyConsumer(product.Outputs[0]) is { Operator: ScaleShift shift } normalise
                && shift.Axis == editor[product.Outputs[0]].Shape.Count - 1)
                Fold(editor, product, normalise);
        }
        return editor.ToGraph();
    }

    private void Fold(GraphEditor editor, Node product, Node normalise)
    {
        var weights = editor.Constant(product.Inputs[1]);
        var scale = editor.Constant(normalise.Inputs[1]);
        var shift = editor.Constant(normalise.Inputs[2]);
        var bias = product.Inputs.Count > 2 ? editor.Constant(product.Inputs[2]) : null;
        var biasIsFree = product.Inputs.Count < 3 || bias is { Type: null };
        if (weights is not { Type: null } || scale is not { Type: null } || shift is not { Type: null } || !biasIsFree)
            return;
        var columns = weights.Shape[1];
        var folded = weights.Values.Select((w, i) => Round(w * scale.Values[i % columns])).ToSeq();
        var added = shift.Values.Select((t, c) => bias is null ? t : Round(Round(bias.Values[c] * scale.Values[c]) + t)).ToSeq();
        var inputs = new[]
        {
            product.Inputs[0], editor.AddConstant($"{product.Name}.weight", weights.Shape, folded),
            editor.AddConstant($"{product.Name}.bias", [columns], added),
        };
        editor.Fuse(product, normalise, product with { Inputs = inputs.ToSeq(), Outputs = normalise.Outputs });
    }

    private Dyadic Round(Dyadic value) => inFloat32 ? Float32.Round(value) : value;
}
