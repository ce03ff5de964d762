using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// Where the largest or smallest element over some dimensions stands: its row-major position among them. Exact: comparisons only.
/// ONNX ArgMax and ArgMin are this over one dimension.
/// </summary>
/// <param name="Axes">The dimensions, ascending.</param>
/// <param name="KeepDimensions">Whether they stay, with extent 1.</param>
/// <param name="Largest">False for the smallest.</param>
/// <param name="Last">Of equal elements the last, instead of the first.</param>
public sealed record ArgExtremum(Seq<int> Axes, bool KeepDimensions, bool Largest = true, bool Last = false) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [ReducedAxes.Shape(inputs[0]!.Value, Axes, KeepDimensions)];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var extents = ReducedAxes.Extents(x.Shape, Axes);
        var count = Shapes.Count(extents);
        var shape = ReducedAxes.Shape(x.Shape, Axes, KeepDimensions);
        var extreme = definition.Temporary("extreme", shape, (b, i) => Largest
            ? b.Max(extents, (t, r) => t.At(x, ReducedAxes.Element(x.Shape, Axes, KeepDimensions, i, r)))
            : b.Min(extents, (t, r) => t.At(x, ReducedAxes.Element(x.Shape, Axes, KeepDimensions, i, r))));
        definition.Output(0, shape, (b, i) =>
        {
            // At least one element equals the extreme; the others stand for the position that never wins.
            return Last ? b.Max(extents, (t, r) => Position(t, r, 0)) : b.Min(extents, (t, r) => Position(t, r, count - 1));

            Term Position(BlockBuilder t, Affine[] r, int otherwise)
            {
                var element = t.At(x, ReducedAxes.Element(x.Shape, Axes, KeepDimensions, i, r));
                return element.EqualTo(t.At(extreme, i)).Select(t.IndexValue(ReducedAxes.Position(r, extents)), t.Literal(otherwise));
            }
        });
    }

    internal static void ImportMax(OnnxNode node) => Import(node, largest: true);

    internal static void ImportMin(OnnxNode node) => Import(node, largest: false);

    internal static IEnumerable<OperatorCase> MaxCases() => Cases("ArgMax");

    internal static IEnumerable<OperatorCase> MinCases() => Cases("ArgMin");

    private static void Import(OnnxNode node, bool largest)
    {
        var x = node.Input(0, "data");
        var axis = node.Axis(node.Attributes.Int("axis", 0), x.Rank);
        var keep = node.Attributes.Flag("keepdims", otherwise: true);
        var last = node.Opset >= 12 && node.Attributes.Flag("select_last_index", otherwise: false);
        node.Output(0, DataType.Int64, new ArgExtremum([axis], keep, largest, last), x);
    }

    private static IEnumerable<OperatorCase> Cases(string type) =>
    [
        OperatorCase.Of(type, "vector", 7).Input(1, 5).With("axis", 1).WithOutputs(1, DataType.Int64),
        OperatorCase.Of(type, "first dimension", 11).Input(3, 2).WithOutputs(1, DataType.Int64),
        OperatorCase.Of(type, "dropped", 12).Input(1, 4, 3).With("axis", -2).With("keepdims", 0).WithOutputs(1, DataType.Int64),
        OperatorCase.Of(type, "last of equals").Constant([2, 4], [1, 3, 3, 1, 5, -2, -2, 5])
            .With("axis", 1).With("select_last_index", 1).WithOutputs(1, DataType.Int64),
        OperatorCase.Of(type, "integers", 14).Input([1, 6], DataType.Int32).With("axis", 1).WithOutputs(1, DataType.Int64),
    ];
}
