using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Passes;

/// <summary>An anomaly score on top of an encoder's outputs. Constant factors, offsets and roots are left out: a threshold absorbs them.</summary>
public enum Score
{
    None,

    /// <summary>Σ μ² over the first output.</summary>
    Mu2,

    /// <summary>Σ μ² + T(log σ²) with T(x) = eˣ − x − 1: twice the Kullback-Leibler divergence from a unit normal.</summary>
    Kl,

    /// <summary>Σ (μ · e^(−log σ² / 2))²: the squared distance from the origin in units of σ.</summary>
    Rz,
}

/// <summary>
/// Appends a score and the decision score &gt; threshold, where the threshold is a setting: a run-time input of the score's type.
/// The new outputs are named <c>score</c> and <c>trigger</c> and come after the model's own.
/// </summary>
[Pass(Promise.SameReals, "Appends an anomaly score over the chosen outputs and its comparison with a run-time threshold.")]
public sealed class AppendScore(Score score) : IPass<Graph>
{
    public Graph Run(Graph graph, DiagnosticBag diagnostics)
    {
        if (score == Score.None)
            return graph;
        var means = graph.Outputs[0];
        var needsSpread = score is Score.Kl or Score.Rz;
        if (needsSpread && graph.Outputs.Count < 2)
        {
            diagnostics.Add(Messages.ScoreInputs(Name, $"the means and the log-variances are needed, and there is one output, '{means}'."));
            return graph;
        }
        if (needsSpread && graph[graph.Outputs[1]].Shape != graph[means].Shape)
        {
            diagnostics.Add(Messages.ScoreInputs(Name,
                $"'{means}' has shape {graph[means].Shape} and '{graph.Outputs[1]}' {graph[graph.Outputs[1]].Shape}; means and log-variances come in pairs."));
            return graph;
        }
        var editor = new GraphEditor(graph);
        var outputs = new Appender(editor).Append(score, means, needsSpread ? graph.Outputs[1] : means);
        return editor.ToGraph(inputs: [.. graph.Inputs, outputs.Threshold], settings: [.. graph.Settings, outputs.Threshold],
            outputs: [.. graph.Outputs, outputs.Score, outputs.Trigger]);
    }

    private string Name => score.ToString().ToLowerInvariant();

    private sealed class Appender(GraphEditor editor)
    {
        public (string Score, string Trigger, string Threshold) Append(Score score, string means, string spread)
        {
            var total = score switch
            {
                Score.Mu2 => AddNode("score", new SumSquares(), [1, 1], means),
                Score.Kl => Divergence(means, spread),
                _ => Radius(means, spread),
            };
            var threshold = editor.FreeName("threshold");
            editor.Set(new(threshold, [1, 1], null, null));
            return (total, AddNode("trigger", new GreaterThan(), [1, 1], total, threshold), threshold);
        }

        private string Divergence(string means, string spread)
        {
            var squares = AddNode("score_squares", new SumSquares(), [1, 1], means);
            var table = AddNode("score_table", Function("exp_minus_x_minus_1"), editor[spread].Shape, spread);
            var terms = AddNode("score_terms", new SumAll(), [1, 1], table);
            return AddNode("score", new Addition(), [1, 1], squares, terms);
        }

        private string Radius(string means, string spread)
        {
            var table = AddNode("score_table", Function("exp_minus_half"), editor[spread].Shape, spread);
            var scaled = AddNode("score_scaled", new Multiplication(), editor[means].Shape, means, table);
            return AddNode("score", new SumSquares(), [1, 1], scaled);
        }

        private static Apply Function(string name) => new(new Table(new RealFunction(name, []), null));

        private string AddNode(string name, Operator op, Seq<int> shape, params IEnumerable<string> inputs)
        {
            var output = editor.FreeName(name);
            editor.Set(new(output, shape, null, null));
            editor.Nodes.Add(new(output, op, inputs.ToSeq(), [output], new Origin(output, "score")));
            return output;
        }
    }
}
