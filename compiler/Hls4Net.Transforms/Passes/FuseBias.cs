using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Passes;

/// <summary>
/// A constant that is added to a matrix product becomes its bias: x·w + c → Dense(x, w, c). A product whose result type the user
/// named stays on its own, because its sum is then rounded before the constant is added.
/// </summary>
/// <param name="pinned">Nodes with a result type of their own, by any of their names.</param>
[Pass(Promise.SameReals, "Makes a constant that is added to a matrix product its bias, so that both are typed and built as one.")]
public sealed class FuseBias(IReadOnlySet<string> pinned) : IPass<Graph>
{
    public Graph Run(Graph graph, DiagnosticBag diagnostics)
    {
        _ = diagnostics;
        var editor = new GraphEditor(graph);
        foreach (var product in graph.Nodes.Where(n => n.Operator is Dense && n.Inputs.Count == 2 && !IsPinned(n)))
        {
            if (editor.OnlyConsumer(product.Outputs[0]) is { } sum && BiasOf(editor, product, sum) is { } bias)
                Fuse(editor, product, sum, bias);
        }
        return editor.ToGraph();
    }

    private bool IsPinned(Node node) => node.Origin.Names.Concat(node.Outputs).Any(pinned.Contains);

    /// <summary>The constants that the node adds, one for each column, or null if it does something else.</summary>
    private static Seq<Dyadic>? BiasOf(GraphEditor editor, Node product, Node sum)
    {
        var negate = sum.Operator is Subtraction;
        if (sum.Operator is not Addition && !(negate && sum.Inputs[0] == product.Outputs[0]))
            return null;
        var other = sum.Inputs[0] == product.Outputs[0] ? sum.Inputs[1] : sum.Inputs[0];
        if (editor.Constant(other) is not { Type: null } constant || editor[sum.Outputs[0]].Shape != editor[product.Outputs[0]].Shape)
            return null;
        return Columns.Of(constant, editor[product.Inputs[1]].Shape[1], negate);
    }

    private static void Fuse(GraphEditor editor, Node product, Node sum, Seq<Dyadic> bias)
    {
        var name = editor.AddConstant($"{product.Name}.bias", [bias.Count], bias);
        editor.Fuse(product, sum, product with { Inputs = [.. product.Inputs, name], Outputs = sum.Outputs });
    }
}

/// <summary>Constants that apply to the columns of a matrix product.</summary>
internal static class Columns
{
    /// <summary>One value for each of <paramref name="count"/> columns, or null if the constant varies along another dimension.</summary>
    public static Seq<Dyadic>? Of(ConstantTensor constant, int count, bool negate)
    {
        var varies = constant.Shape.Count > 0 && constant.Shape[^1] != 1;
        if (constant.Values.Count != (varies ? count : 1))
            return null;
        return Enumerable.Range(0, count).Select(c => constant.Values[varies ? c : 0]).Select(v => negate ? -v : v).ToSeq();
    }
}
