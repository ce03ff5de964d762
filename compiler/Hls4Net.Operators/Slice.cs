using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// Every Steps[d]-th index of each dimension d, from Starts[d] on, Extents[d] of them. ONNX Slice and each output of Split are this.
/// </summary>
public sealed record Slice(Seq<int> Starts, Seq<int> Steps, Seq<int> Extents) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        if (Starts.Count != x.Count || Steps.Count != x.Count || Extents.Count != x.Count)
            throw new ShapeException($"a slice of {Extents.Count} dimensions from a tensor of shape {x}");
        for (var d = 0; d < x.Count; d++)
        {
            var last = Starts[d] + (long)(Extents[d] - 1) * Steps[d];
            if (Extents[d] > 0 && (Starts[d] < 0 || Starts[d] >= x[d] || last < 0 || last >= x[d]))
                throw new ShapeException($"a slice from {Starts[d]} to {last} in an extent of {x[d]}");
        }
        return [Extents];
    }

    public override void Define(Definition definition)
    {
        var strides = Shapes.Strides(definition.Input(0).Shape);
        var indices = new int[Extents.Count];
        definition.Rearrange(0, Extents, k =>
        {
            Shapes.Unravel(k, Extents, indices);
            var element = 0;
            for (var d = 0; d < indices.Length; d++)
                element += (Starts[d] + indices[d] * Steps[d]) * strides[d];
            return (0, element);
        });
    }

    /// <summary>The whole of a tensor, but for one dimension.</summary>
    internal static Slice Along(Seq<int> shape, int axis, int start, int extent) => new(
        shape.Select((_, k) => k == axis ? start : 0).ToSeq(), shape.Select(_ => 1).ToSeq(), shape.Select((e, k) => k == axis ? extent : e).ToSeq());

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var inputs = node.Opset >= 10;
        var starts = (inputs ? node.Integers(1, "starts") : node.Attributes.Ints("starts")) ?? throw node.Refuse("the starts are missing");
        var ends = (inputs ? node.Integers(2, "ends") : node.Attributes.Ints("ends")) ?? throw node.Refuse("the ends are missing");
        var axes = (inputs ? node.Integers(3, "axes") : node.Attributes.Ints("axes")) ?? [.. Enumerable.Range(0, starts.Length).Select(k => (long)k)];
        var steps = (inputs ? node.Integers(4, "steps") : null) ?? [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw node.Refuse("starts, ends, axes and steps differ in length");
        var (from, step, extent) = (new int[x.Rank], new int[x.Rank], x.Shape.ToArray());
        Array.Fill(step, 1);
        var done = new HashSet<int>();
        for (var k = 0; k < starts.Length; k++)
        {
            var axis = node.Axis(axes[k], x.Rank);
            if (!done.Add(axis) || steps[k] == 0)
                throw node.Refuse(steps[k] == 0 ? "a step is 0" : "an axis is named twice");
            (from[axis], step[axis], extent[axis]) = Range(starts[k], ends[k], steps[k], x.Shape[axis]);
        }
        node.Output(new Slice(Seq.Own(from), Seq.Own(step), Seq.Own(extent)), x);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Slice", "attributes", 9).Input(1, 5, 6).With("starts", new long[] { 1, -4 }).With("ends", new long[] { 4, 100 }).With("axes", new long[] { 1, 2 }),
        OperatorCase.Of("Slice", "inputs", 10).Input(1, 5, 6).Integers(0, 1).Integers(1, -1),
        OperatorCase.Of("Slice", "steps").Input(1, 9).Integers(1).Integers(8).Integers(-1).Integers(3),
        OperatorCase.Of("Slice", "backwards").Input(1, 9).Integers(-1).Integers(-100).Integers(1).Integers(-2),
    ];

    /// <summary>The indices that a slice selects, as ONNX clamps them.</summary>
    private static (int Start, int Step, int Extent) Range(long start, long end, long step, int extent)
    {
        start = Math.Clamp(start < 0 ? Math.Max(start, -extent) + extent : start, 0, step < 0 ? extent - 1 : extent);
        end = Math.Clamp(end < 0 ? Math.Max(end, -extent - 1L) + extent : end, step < 0 ? -1 : 0, extent);
        // A step beyond the extent selects one index, whatever it is.
        step = Math.Clamp(step, -extent - 1L, extent + 1L);
        var count = Math.Max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
        return count == 0 ? (0, 1, 0) : ((int)start, (int)step, (int)count);
    }
}
