using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Inputs;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Passes;

/// <summary>Writes the nodes of scores behind a network.</summary>
/// <param name="graph">The network.</param>
/// <param name="editor">Receives the nodes.</param>
/// <param name="input">What the network reads where hardware's numbers are in front of it; null where it is the only input.</param>
/// <param name="diagnostics">Receives what does not fit.</param>
internal sealed class ScoreWriter(Graph graph, GraphEditor editor, string? input, DiagnosticBag diagnostics)
{
    /// <summary>Objects of an event: the MET, 4 electrons, 4 muons, 10 jets.</summary>
    private const int Objects = 19;

    /// <summary>Appends one score.</summary>
    /// <param name="head">Which.</param>
    /// <param name="name">The name of its value, and the beginning of the names in front of it.</param>
    /// <returns>The value of shape [1, 1], or null after a problem was reported.</returns>
    public string? Append(ScoreHead head, string name)
    {
        var needed = head.Kind is Score.Kl or Score.Rz or Score.Residual ? 2 : 1;
        var of = head.Of.Count > 0 ? head.Of : graph.Outputs.Take(needed).ToSeq();
        foreach (var value in of.Concat(head.Target is { } t ? [t] : Array.Empty<string>()).Where(v => !graph.Contains(v)))
            return Refuse(head, $"there is no value '{value}' in what is left of the network. {Messages.DidYouMean(value, graph.Values.Select(v => v.Name))}");
        if (of.Count != needed)
        {
            return Refuse(head, needed == 1 ? $"one output is needed, and {of.Count} were named."
                : head.Kind == Score.Residual ? $"two outputs are needed, a value and its reconstruction, and there is one, '{of[0]}'."
                : $"the means and the log-variances are needed, and there is one output, '{of[0]}'.");
        }
        if (needed == 2 && graph[of[1]].Shape != graph[of[0]].Shape)
            return Refuse(head, $"'{of[0]}' has shape {graph[of[0]].Shape} and '{of[1]}' {graph[of[1]].Shape}; {(head.Kind == Score.Residual ? "they are compared element by element" : "means and log-variances come in pairs")}.");
        return head.Kind switch
        {
            Score.Mu2 => AddNode(name, new SumSquares(), [1, 1], of[0]),
            Score.Kl => Divergence(name, of[0], of[1]),
            Score.Rz => Radius(name, of[0], of[1]),
            Score.Residual => AddNode(name, new SumSquares(), [1, 1], AddNode($"{name}_difference", new Subtraction(), editor[of[0]].Shape, of[0], of[1])),
            Score.Distance => Distance(head, name, of[0]),
            Score.Capsule => Capsules(name, of[0]),
            _ => Reconstruction(head, name, of[0]),
        };
    }

    /// <summary>The number of steps that a score reaches: any rising table, exactly.</summary>
    public string AppendSteps(ScoreHead head, string score, string name) =>
        AddNode(name, new MultiThreshold(1), [1, 1], score, editor.AddExactConstant($"{name}_table", [1, head.Steps.Count], head.Steps));

    /// <summary>Several scores of shape [1, 1] as one.</summary>
    public string Combine(IReadOnlyList<string> scores, ScoreCombination combination)
    {
        Operator op = combination switch
        {
            ScoreCombination.Max or ScoreCombination.Or => new ElementwiseMaximum(),
            ScoreCombination.Min or ScoreCombination.And => new ElementwiseMinimum(),
            _ => new Addition(),
        };
        return scores.Skip(1).Select((s, i) => (s, i)).Aggregate(scores[0], (all, next) => AddNode(next.i == scores.Count - 2 ? "score" : "score_combined", op, [1, 1], all, next.s));
    }

    public string AddNode(string name, Operator op, Seq<int> shape, params IEnumerable<string> inputs)
    {
        var output = editor.FreeName(name);
        editor.Set(new(output, shape, null, null));
        editor.Nodes.Add(new(output, op, inputs.ToSeq(), [output], new Origin(output, "score")));
        return output;
    }

    private string Divergence(string name, string means, string spread)
    {
        var squares = AddNode($"{name}_squares", new SumSquares(), [1, 1], means);
        var table = AddNode($"{name}_table", Apply.Of("exp_minus_x_minus_1"), editor[spread].Shape, spread);
        var terms = AddNode($"{name}_terms", new SumAll(), [1, 1], table);
        return AddNode(name, new Addition(), [1, 1], squares, terms);
    }

    private string Radius(string name, string means, string spread)
    {
        var table = AddNode($"{name}_table", Apply.Of("exp_minus_half"), editor[spread].Shape, spread);
        var scaled = AddNode($"{name}_scaled", new Multiplication(), editor[means].Shape, means, table);
        return AddNode(name, new SumSquares(), [1, 1], scaled);
    }

    private string? Distance(ScoreHead head, string name, string value)
    {
        var shape = editor[value].Shape;
        if (head.Centre.Count != 1 && head.Centre.Count != Shapes.Count(shape))
            return Refuse(head, $"'{value}' has {Shapes.Count(shape)} elements, and the centre {head.Centre.Count} numbers; it takes 1, or one for each element.");
        var centre = editor.AddExactConstant($"{name}_centre", head.Centre.Count == 1 ? [] : shape, head.Centre);
        return AddNode(name, new SumSquares(), [1, 1], AddNode($"{name}_difference", new Subtraction(), shape, value, centre));
    }

    private string Capsules(string name, string value)
    {
        var shape = editor[value].Shape;
        if (shape.Count < 3)
            return AddNode(name, new SumSquares(), [1, 1], value);
        var last = shape.Count - 1;
        var lengths = AddNode($"{name}_lengths", new ReduceSum([last], KeepDimensions: false, SumOf.Squares), shape.Take(last).ToSeq(), value);
        var flat = shape.Count == 3 ? lengths : AddNode($"{name}_flat", new Reshape([1, Shapes.Count(shape.Take(last).ToSeq())]), [1, Shapes.Count(shape.Take(last).ToSeq())], lengths);
        return AddNode(name, new ReduceExtremum([1], KeepDimensions: true, Largest: true), [1, 1], flat);
    }

    private string? Reconstruction(ScoreHead head, string name, string value)
    {
        var inputs = input is null ? graph.Inputs.Except(graph.Settings).ToList() : [input];
        if (inputs.Count != 1 && (head.Target is null || head.Mask != ScoreMask.None))
            return Refuse(head, $"the network has {inputs.Count} inputs, and the one that is reconstructed must be named as 'target', with 'mask: none'.");
        // The hardware's numbers say what is there, in the network's order.
        var raw = input is null ? inputs[0] : EventStage.HardwareOf(input);
        // Behind a stage of the configuration, the network knows its input by another name.
        var target = head.Target ?? input ?? (graph.Contains($"{raw}.scaled") ? $"{raw}.scaled" : raw);
        var shape = editor[value].Shape;
        if (Shapes.Count(editor[target].Shape) != Shapes.Count(shape))
            return Refuse(head, $"the reconstruction '{value}' has {Shapes.Count(shape)} elements, and what it is compared with, '{target}', {Shapes.Count(editor[target].Shape)}.");
        var difference = AddNode($"{name}_difference", new Subtraction(), shape, value, Shaped(target, shape, $"{name}_target"));
        if (head.Mask != ScoreMask.None)
        {
            if (Presence(head, name, raw, shape) is not { } present)
                return null;
            difference = AddNode($"{name}_masked", new Choice(), shape, present, difference, Zero(name));
        }
        return head.Kind == Score.Mse
            ? AddNode(name, new SumSquares(), [1, 1], difference)
            : AddNode(name, new SumAll(), [1, 1], AddNode($"{name}_terms", new AbsoluteValue(), shape, difference));
    }

    /// <summary>A truth value for each element of the reconstruction: whether it counts.</summary>
    private string? Presence(ScoreHead head, string name, string raw, Seq<int> shape)
    {
        var count = Shapes.Count(editor[raw].Shape);
        if (count != Shapes.Count(shape))
            return Refuse(head, $"the mask has one element for each of the input '{raw}', which has {count}, and the reconstruction has {Shapes.Count(shape)}; say 'mask: none'.");
        if (head.Mask == ScoreMask.NonZero)
        {
            var x = Shaped(raw, shape, $"{name}_input");
            var (above, below) = (AddNode($"{name}_above", new GreaterThan(), shape, x, Zero(name)), AddNode($"{name}_below", new GreaterThan(), shape, Zero(name), x));
            return AddNode($"{name}_present", new ElementwiseMaximum(), shape, above, below);
        }
        if (count is not (3 * Objects or 3 * Objects - 1))
            return Refuse(head, $"the mask by pT knows inputs of {3 * Objects} interleaved or {3 * Objects - 1} grouped features, and '{raw}' has {count}; say 'mask: nonzero' or 'mask: none'.");
        // The momentum of the object to which each feature belongs; grouped features leave out the MET's eta.
        var momenta = Enumerable.Range(0, count).Select(k => count == 3 * Objects ? k / 3 * 3
            : k < Objects ? k
            : k < 2 * Objects - 1 ? k - Objects + 1
            : k - (2 * Objects - 1)).ToSeq();
        var pt = AddNode($"{name}_pt", new Selection(momenta, shape), shape, raw);
        return AddNode($"{name}_present", new GreaterThan(), shape, pt, Zero(name));
    }

    private string Zero(string name) => editor.AddExactConstant($"{name}_zero", [], [Dyadic.Zero]);

    private string Shaped(string value, Seq<int> shape, string name) => editor[value].Shape == shape ? value : AddNode(name, new Reshape(shape), shape, value);

    private string? Refuse(ScoreHead head, string problem)
    {
        diagnostics.Add(Messages.ScoreInputs(head.Kind.ToString().ToLowerInvariant(), problem));
        return null;
    }
}
