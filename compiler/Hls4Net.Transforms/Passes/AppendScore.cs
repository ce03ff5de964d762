using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Passes;
using Hls4Net.Operators;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Passes;

/// <summary>An anomaly score on top of a network's outputs. Constant factors, offsets and roots are left out: a threshold absorbs them.</summary>
public enum Score
{
    None,

    /// <summary>Σ μ² over the first output.</summary>
    Mu2,

    /// <summary>Σ μ² + T(log σ²) with T(x) = eˣ − x − 1: twice the Kullback-Leibler divergence from a unit normal.</summary>
    Kl,

    /// <summary>Σ (μ · e^(−log σ² / 2))²: the squared distance from the origin in units of σ.</summary>
    Rz,

    /// <summary>Σ (x̂ − x)² over the elements that count: the squared error of a reconstruction.</summary>
    Mse,

    /// <summary>Σ |x̂ − x| over the elements that count.</summary>
    Mae,

    /// <summary>‖z − ẑ‖² of two outputs, as of an autoencoder in a latent space.</summary>
    Residual,

    /// <summary>‖z − c‖²: the squared distance from a fixed point.</summary>
    Distance,

    /// <summary>The largest squared length of the vectors of an output: of [1, n, d], n capsules.</summary>
    Capsule,
}

/// <summary>
/// Appends a score and the decisions score &gt; threshold, where the thresholds are a setting: run-time inputs of the score's type, with a
/// bit for each. The new outputs are named <c>score</c> and <c>trigger</c> and come after the model's own.
/// </summary>
/// <param name="settings">What is appended.</param>
/// <param name="input">What the network reads where hardware's numbers are in front of it; null where it is the only input.</param>
[Pass(Promise.SameReals, "Appends an anomaly score over the chosen outputs and its comparison with run-time thresholds.")]
public sealed class AppendScore(ScoreSettings settings, string? input = null) : IPass<Graph>
{
    public AppendScore(Score score)
        : this(ScoreSettings.Of(score))
    {
    }

    public Graph Run(Graph graph, DiagnosticBag diagnostics)
    {
        if (settings.Heads.Count == 0)
        {
            if (!settings.Decision.IsNone)
                diagnostics.Add(Messages.DecisionWithoutCycles("there is no score"));
            return graph;
        }
        var editor = new GraphEditor(graph);
        var writer = new ScoreWriter(graph, editor, input, diagnostics);
        var scores = new List<string>();
        foreach (var (head, number) in settings.Heads.Select((h, i) => (h, i + 1)))
        {
            var name = settings.Heads.Count == 1 && head.Steps.Count == 0 ? "score" : FormattableString.Invariant($"score_{number}");
            if (writer.Append(head, name) is not { } written)
                return graph;
            scores.Add(head.Steps.Count == 0 ? written : writer.AppendSteps(head, written, settings.Heads.Count == 1 ? "score" : $"{name}_steps"));
        }
        var score = scores.Count == 1 ? scores[0] : writer.Combine(scores, settings.Combine);
        var threshold = editor.FreeName("threshold");
        editor.Set(new(threshold, [1, settings.Thresholds], null, null));
        var trigger = writer.AddNode("trigger", new GreaterThan(), [1, settings.Thresholds], score, threshold);
        return editor.ToGraph(inputs: [.. graph.Inputs, threshold], settings: [.. graph.Settings, threshold], outputs: [.. graph.Outputs, score, trigger]);
    }
}
