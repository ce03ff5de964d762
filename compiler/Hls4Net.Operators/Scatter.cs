using Hls4Net.Core.Graphs;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// ONNX ScatterElements (before operator set 11 called Scatter) and ScatterND with constant indices: the data with some elements replaced by
/// updates, or combined with them. Where several updates meet in one element, they take effect in their order.
/// </summary>
internal static class Scatter
{
    public static void ImportElements(OnnxNode node)
    {
        var (x, updates) = (node.Input(0, "data"), node.Input(2, "updates"));
        var axis = node.Axis(node.Attributes.Int("axis", 0), x.Rank);
        var indices = node.Integers(1, "indices") ?? throw node.Refuse("the indices are missing");
        var shape = node.Input(1, "indices").Shape;
        if (shape != updates.Shape || shape.Count != x.Rank || Enumerable.Range(0, x.Rank).Any(d => d != axis && shape[d] > x.Shape[d]))
            throw node.Refuse($"indices of shape {shape} and updates of shape {updates.Shape} for a tensor of shape {x.Shape}");
        var targets = Selection.By(shape, i =>
        {
            int[] target = [.. i];
            target[axis] = GatherElements.Index(node, indices[Selection.Position(shape, i)], x.Shape[axis]);
            return Selection.Position(x.Shape, target);
        }).Elements;
        Write(node, x, updates, targets, Combination(node, 16, 18));
    }

    public static void ImportND(OnnxNode node)
    {
        var (x, updates) = (node.Input(0, "data"), node.Input(2, "updates"));
        var indices = node.Integers(1, "indices") ?? throw node.Refuse("the indices are missing");
        var shape = node.Input(1, "indices").Shape;
        if (shape.Count == 0 || shape[^1] > x.Rank || updates.Shape != [.. shape.Take(shape.Count - 1), .. x.Shape.Skip(shape[^1])])
            throw node.Refuse($"indices of shape {shape} and updates of shape {updates.Shape} for a tensor of shape {x.Shape}");
        var (leading, depth) = (shape.Count - 1, shape[^1]);
        var targets = Selection.By(updates.Shape, i =>
        {
            var first = Selection.Position(shape, [.. i.Take(leading), 0]);
            var chosen = Enumerable.Range(0, depth).Select(k => GatherElements.Index(node, indices[first + k], x.Shape[k]));
            return Selection.Position(x.Shape, [.. chosen, .. i.Skip(leading)]);
        }).Elements;
        Write(node, x, updates, targets, Combination(node, 16, 18));
    }

    public static IEnumerable<OperatorCase> ScatterCases() =>
        [OperatorCase.Of("Scatter", "first dimension", 9).Input(3, 3).Constant([2, 3], [1, 0, 2, 0, 2, 1], DataType.Int64).Input(2, 3).With("axis", 0),
            OperatorCase.Of("Scatter", "last dimension", 10).Input(1, 5).Constant([1, 2], [1, 3], DataType.Int64).Input(1, 2).With("axis", 1)];

    public static IEnumerable<OperatorCase> ElementsCases()
    {
        yield return OperatorCase.Of("ScatterElements", "from the end", 11).Input(1, 5).Constant([1, 2], [1, -2], DataType.Int64).Input(1, 2).With("axis", 1);
        foreach (var (reduction, opset) in new[] { ("add", 16), ("mul", 16), ("max", 18), ("min", 18) })
            yield return OperatorCase.Of("ScatterElements", $"{reduction}, twice the same", opset).Input(1, 4).Constant([1, 3], [1, 1, 0], DataType.Int64).Input(1, 3)
                .With("axis", 1).With("reduction", reduction);
    }

    public static IEnumerable<OperatorCase> NDCases() =>
    [
        OperatorCase.Of("ScatterND", "elements", 11).Input(8).Constant([4, 1], [4, 3, 1, 7], DataType.Int64).Input(4),
        OperatorCase.Of("ScatterND", "slices").Input(4, 2, 2).Constant([2, 1], [0, -2], DataType.Int64).Constant(2, 2, 2),
        OperatorCase.Of("ScatterND", "added", 18).Input(4, 3).Constant([3, 1], [0, 2, 0], DataType.Int64).Input(3, 3).With("reduction", "add"),
    ];

    /// <summary>What an update does to the element, or null to replace it.</summary>
    private static Operator? Combination(OnnxNode node, int since, int extremesSince) => node.Opset < since ? null : node.Attributes.Text("reduction", "none") switch
    {
        "none" => null,
        "add" => new Addition(),
        "mul" => new Multiplication(),
        "max" when node.Opset >= extremesSince => new ElementwiseMaximum(),
        "min" when node.Opset >= extremesSince => new ElementwiseMinimum(),
        var other => throw node.Attributes.Value("reduction", $"'{other}'", "there are none, add, mul, and from operator set 18 max and min"),
    };

    private static void Write(OnnxNode node, Operand x, Operand updates, Seq<int> targets, Operator? combination)
    {
        var current = x;
        var left = Enumerable.Range(0, targets.Count).ToList();
        // Every round takes the first update that is left of each element.
        for (var more = true; more && combination is not null;)
        {
            var seen = new HashSet<int>();
            var round = left.Where(u => seen.Add(targets[u])).ToArray();
            left.RemoveAll(u => round.Contains(u));
            more = left.Count > 0;
            var old = node.Emit("old", new Selection(round.Select(u => targets[u]).ToSeq(), [round.Length]), current);
            var add = node.Emit("update", new Selection(round.ToSeq(), [round.Length]), updates);
            var combined = node.Emit("combined", combination, old, add);
            current = Replace(node, current, combined, [.. round.Select((u, k) => (targets[u], k))], isLast: !more);
        }
        if (combination is null)
            Replace(node, x, updates, [.. targets.Select((t, k) => (t, k))], isLast: true);
    }

    private static Operand Replace(OnnxNode node, Operand x, Operand updates, (int Target, int Update)[] writes, bool isLast)
    {
        var count = Shapes.Count(x.Shape);
        var elements = Enumerable.Range(0, count).ToArray();
        foreach (var (target, update) in writes)
            elements[target] = count + update;
        var selection = new Selection(Seq.Own(elements), x.Shape);
        if (!isLast)
            return node.Emit("scattered", selection, x, updates);
        node.Output(selection, x, updates);
        return x;
    }
}
