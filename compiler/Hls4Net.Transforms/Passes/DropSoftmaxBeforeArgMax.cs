using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Passes;

/// <summary>
/// Where only the place of the largest probability is asked for, the softmax is left out: it keeps the order of the elements that share a
/// sum. argmax(softmax(x)) → argmax(x), likewise for LogSoftmax, Hardmax and the smallest. A softmax that something else reads as well
/// stays for that reader.
/// </summary>
/// <param name="pinned">Nodes with a result type of their own, by any of their names: rounding to it can make elements equal.</param>
[Pass(Promise.SameReals, "Leaves out a softmax of which only the place of the largest or smallest element is used.")]
public sealed class DropSoftmaxBeforeArgMax(IReadOnlySet<string> pinned) : IPass<Graph>
{
    public Graph Run(Graph graph, DiagnosticBag diagnostics)
    {
        _ = diagnostics;
        var editor = new GraphEditor(graph);
        var softmaxes = graph.Nodes.Where(n => SumAxes(n.Operator) is not null && !n.Origin.Names.Concat(n.Outputs).Any(pinned.Contains))
            .ToDictionary(n => n.Outputs[0], StringComparer.Ordinal);
        for (var k = 0; k < editor.Nodes.Count; k++)
        {
            var node = editor.Nodes[k];
            if (ComparedAxes(node.Operator) is { } axes && softmaxes.TryGetValue(node.Inputs[0], out var softmax)
                && axes.All(a => SumAxes(softmax.Operator)!.Value.Contains(a)))
                editor.Nodes[k] = node with { Inputs = [softmax.Inputs[0]] };
        }
        return editor.ToGraph();
    }

    private static Seq<int>? SumAxes(Operator op) => op switch
    {
        Softmax softmax => softmax.Axes,
        LogSoftmax softmax => softmax.Axes,
        _ => null,
    };

    private static Seq<int>? ComparedAxes(Operator op) => op switch
    {
        ArgExtremum extremum => extremum.Axes,
        OneHotMaximum maximum => maximum.Axes,
        _ => null,
    };
}
