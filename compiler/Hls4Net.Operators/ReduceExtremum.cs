using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>The largest or smallest element over some dimensions. ONNX ReduceMax, ReduceMin and GlobalMaxPool are this.</summary>
/// <param name="Axes">The dimensions, ascending.</param>
/// <param name="KeepDimensions">Whether they stay, with extent 1.</param>
/// <param name="Largest">False for the smallest.</param>
public sealed record ReduceExtremum(Seq<int> Axes, bool KeepDimensions, bool Largest) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [ReducedAxes.Shape(inputs[0]!.Value, Axes, KeepDimensions)];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var extents = ReducedAxes.Extents(x.Shape, Axes);
        definition.Output(0, ReducedAxes.Shape(x.Shape, Axes, KeepDimensions), (b, i) =>
        {
            return Largest ? b.Max(extents, Element) : b.Min(extents, Element);

            Term Element(BlockBuilder term, Affine[] r) => term.At(x, ReducedAxes.Element(x.Shape, Axes, KeepDimensions, i, r));
        });
    }

    internal static void ImportMax(OnnxNode node) => Import(node, largest: true);

    internal static void ImportMin(OnnxNode node) => Import(node, largest: false);

    internal static void ImportGlobalMaxPool(OnnxNode node)
    {
        if (ChannelsLast.TryImport(node, ChannelsLast.ImportGlobalMaxPool))
            return;
        var x = node.Input(0, "input");
        node.Output(new ReduceExtremum(ReducedAxes.Spatial(node, x), KeepDimensions: true, Largest: true), x);
    }

    internal static IEnumerable<OperatorCase> MaxCases() => ReducedAxes.Cases("ReduceMax", 18);

    internal static IEnumerable<OperatorCase> MinCases() => ReducedAxes.Cases("ReduceMin", 18);

    internal static IEnumerable<OperatorCase> GlobalMaxPoolCases() =>
        [.. ChannelsLast.GlobalMaxPoolCases(), OperatorCase.Of("GlobalMaxPool", "image", 7).Input(1, 3, 2, 4), OperatorCase.Of("GlobalMaxPool", "sequence").Input(1, 2, 5)];

    private static void Import(OnnxNode node, bool largest)
    {
        var (x, axes, keep) = ReducedAxes.Read(node, 18);
        node.Output(axes.Count == 0 ? new Reshape(x.Shape) : new ReduceExtremum(axes, keep, largest), x);
    }
}
