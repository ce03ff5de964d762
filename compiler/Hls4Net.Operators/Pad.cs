using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>What stands beyond the edge of a padded tensor.</summary>
public enum PadMode
{
    /// <summary>A constant.</summary>
    Constant,

    /// <summary>The mirrored inner elements, without the edge itself.</summary>
    Reflect,

    /// <summary>The element at the edge.</summary>
    Edge,

    /// <summary>The elements from the other end.</summary>
    Wrap,
}

/// <summary>A tensor with more elements on either side of its dimensions, or fewer where a number is negative.</summary>
/// <param name="Before">Elements added before each dimension.</param>
/// <param name="After">Elements added after each dimension.</param>
/// <param name="Mode">What they are; a constant is 0, or the second input if there is one.</param>
public sealed record Pad(Seq<int> Before, Seq<int> After, PadMode Mode) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        if (Before.Count != x.Count || After.Count != x.Count)
            throw new ShapeException($"{Before.Count} dimensions of padding for a tensor of shape {x}");
        var shape = x.Select((extent, d) => extent + Before[d] + After[d]).ToSeq();
        for (var d = 0; d < x.Count; d++)
        {
            var reach = Mode == PadMode.Reflect ? x[d] - 1 : Mode == PadMode.Wrap ? x[d] : int.MaxValue;
            if (shape[d] < 0 || Before[d] > reach || After[d] > reach)
                throw new ShapeException($"padding of {Before[d]} and {After[d]} around an extent of {x[d]}");
        }
        return [shape];
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0).Shape;
        var (shape, strides) = (InferShapes([x])[0], Shapes.Strides(x));
        var count = Shapes.Count(shape);
        var (inputs, elements, indices) = (new int[count], new int[count], new int[shape.Count]);
        for (var k = 0; k < count; k++)
        {
            Shapes.Unravel(k, shape, indices);
            for (var d = 0; d < indices.Length && inputs[k] == 0; d++)
            {
                var source = Source(indices[d] - Before[d], x[d]);
                (inputs[k], elements[k]) = source < 0 ? (definition.Has(1) ? 1 : -1, 0) : (0, elements[k] + source * strides[d]);
            }
        }
        definition.Rearrange(0, shape, new Wiring(Seq.Own(inputs), Seq.Own(elements), [Dyadic.Zero]));
    }

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var mode = node.Attributes.Text("mode", "constant") switch
        {
            "constant" => PadMode.Constant,
            "reflect" => PadMode.Reflect,
            "edge" => PadMode.Edge,
            "wrap" when node.Opset >= 19 => PadMode.Wrap,
            var other => throw node.Attributes.Value("mode", $"'{other}'", "there are constant, reflect, edge, and from operator set 19 wrap"),
        };
        var pads = (node.Opset < 11 ? node.Attributes.Ints("pads") : node.Integers(1, "pads")) ?? throw node.Refuse("the pads are missing");
        var axes = node.Opset >= 18 && node.Integers(3, "axes") is { } given ? Array.ConvertAll(given, a => node.Axis(a, x.Rank)) : [.. Enumerable.Range(0, x.Rank)];
        if (pads.Length != 2 * axes.Length || axes.Distinct().Count() != axes.Length || pads.Any(p => Math.Abs(p) > TensorReader.MaximumElements))
            throw node.Refuse($"{pads.Length} pads for {axes.Length} dimensions, or too large ones");
        var (before, after) = (new int[x.Rank], new int[x.Rank]);
        for (var k = 0; k < axes.Length; k++)
            (before[axes[k]], after[axes[k]]) = ((int)pads[k], (int)pads[k + axes.Length]);
        var fill = node.Opset < 11 ? AttributeFill(node) : node.Optional(2, "fill value");
        var isZero = mode != PadMode.Constant || fill is null || fill.Constant is { Values: [{ IsZero: true }] };
        node.Output(new Pad(Seq.Own(before), Seq.Own(after), mode), isZero ? [x] : [x, fill]);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Pad", "attributes", 10).Input(1, 2, 3).With("pads", new long[] { 0, 1, 2, 0, 0, 1 }).With("value", 0.75f).With("mode", "constant"),
        OperatorCase.Of("Pad", "zeros").Input(1, 3).Integers(0, 1, 0, 2),
        OperatorCase.Of("Pad", "fill value").Input(1, 3).Integers(0, 2, 0, 0).Constant([], [-1.5]),
        OperatorCase.Of("Pad", "cropped").Input(1, 5).Integers(0, -1, 0, 1),
        OperatorCase.Of("Pad", "reflected").Input(1, 2, 4).Integers(0, 0, 3, 0, 0, 2).With("mode", "reflect"),
        OperatorCase.Of("Pad", "edge").Input(1, 2, 4).Integers(0, 1, 3, 0, 0, 2).With("mode", "edge"),
        OperatorCase.Of("Pad", "axes", 18).Input(1, 2, 4).Integers(1, 2).Omit().Integers(-1).With("mode", "edge"),
        OperatorCase.Of("Pad", "wrapped", 19).Input(1, 4).Integers(0, 3, 0, 2).With("mode", "wrap"),
    ];

    private static Operand? AttributeFill(OnnxNode node)
    {
        var value = node.Attributes.Float("value", 0);
        return value.IsZero ? null : node.Constant("fill", ConstantTensor.Of([], [value]));
    }

    /// <summary>The index inside the extent that stands at a coordinate, or −1 for the constant.</summary>
    private int Source(int coordinate, int extent)
    {
        if (coordinate >= 0 && coordinate < extent)
            return coordinate;
        return Mode switch
        {
            PadMode.Reflect => coordinate < 0 ? -coordinate : 2 * (extent - 1) - coordinate,
            PadMode.Edge => Math.Clamp(coordinate, 0, extent - 1),
            PadMode.Wrap => coordinate < 0 ? coordinate + extent : coordinate - extent,
            _ => -1,
        };
    }
}
