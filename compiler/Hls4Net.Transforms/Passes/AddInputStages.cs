using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Inputs;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Passes;

/// <summary>
/// Puts the stage that the user configured behind an input: x → cast((x − offset) · 2^−shift). The input keeps its name; what the network
/// reads is called after it, with <c>.scaled</c> behind.
/// </summary>
/// <param name="configuration">Where the stages and the types of the inputs are.</param>
[Pass(Promise.MayRound, "Puts offset, shift and cast behind an input, where the configuration asks for them.")]
public sealed class AddInputStages(Configuration configuration) : IPass<Graph>
{
    public Graph Run(Graph graph, DiagnosticBag diagnostics)
    {
        var editor = new GraphEditor(graph);
        foreach (var (input, stage) in configuration.Stages.Where(s => graph.Inputs.Contains(s.Key)))
        {
            if (Check(graph[input], stage, diagnostics))
                Add(editor, graph[input], configuration.Inputs[input].Type, stage);
        }
        return editor.ToGraph();
    }

    /// <summary>Offsets and shifts are one for all elements or one for each.</summary>
    private bool Check(Value input, InputStage stage, DiagnosticBag diagnostics)
    {
        var count = Shapes.Count(input.Shape);
        var good = true;
        foreach (var (name, found) in new[] { ("offset", stage.Offset.Count), ("shift", stage.Shift.Count) })
        {
            if (found is 0 or 1 || found == count)
                continue;
            diagnostics.Add(Messages.ConfigurationSyntax(configuration.File, stage.Line,
                FormattableString.Invariant($"The {name} of the input '{input.Name}' lists {found} numbers; it takes 1, or {count}, one for each element.")));
            good = false;
        }
        return good;
    }

    private static void Add(GraphEditor editor, Value input, Quantizer type, InputStage stage)
    {
        var writer = new StageWriter(editor, input.Name, input.Name);
        writer.SubtractAndShift(stage.Offset, stage.Shift, new Quantizer(type.Type, Rounding.Trn, Overflow.Wrap));
        if (stage.Result is { } result)
            writer.Append(new Quantize(result), "cast");
        if (writer.Nodes.Count == 0)
            return;
        var scaled = editor.FreeName($"{input.Name}.scaled");
        writer.Rename(scaled);
        for (var k = 0; k < editor.Nodes.Count; k++)
        {
            var node = editor.Nodes[k];
            if (node.Inputs.Contains(input.Name))
                editor.Nodes[k] = node with { Inputs = node.Inputs.Select(i => i == input.Name ? scaled : i).ToSeq() };
        }
        editor.Nodes.InsertRange(0, writer.Nodes);
    }
}
