using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Tuning;

namespace Hls4Net.Cli.Reports;

/// <summary>
/// <c>report.json</c>: everything that <c>report.html</c> shows. It holds no date and no path, so that the same input and command give the
/// same bytes.
/// </summary>
/// <param name="Format">The layout of the file; a reader refuses others.</param>
/// <param name="Answers">The four questions.</param>
/// <param name="Advice">What could be changed, most pressing first.</param>
/// <param name="Design">What hls4net.json holds.</param>
/// <param name="Network">The network as a graph.</param>
/// <param name="Constants">Weights and other constants, in the order of the network.</param>
/// <param name="Reproduction">How to make the same again.</param>
/// <param name="Budgets">What was allowed and what is taken; null if nobody set any.</param>
/// <param name="Profile">Ranges and errors on events; null until events were given.</param>
/// <param name="Evaluation">How well a score separates samples; null until labelled events were given.</param>
/// <param name="Tuning">What tune found for the model; null until its result was given. Of the measured candidates only the front is kept.</param>
internal sealed record Report(
    int Format, AnswersEntry Answers, AdviceEntry[] Advice, Manifest Design, NetworkEntry Network, ConstantEntry[] Constants, ReproductionEntry Reproduction,
    BudgetEntry[]? Budgets = null, ProfileEntry? Profile = null, EvaluationEntry? Evaluation = null, TuneResult? Tuning = null)
{
    public const int CurrentFormat = 1;
}

/// <summary>How good an answer is.</summary>
internal enum Verdict
{
    /// <summary>Yes.</summary>
    Good,

    /// <summary>Yes, but.</summary>
    Warning,

    /// <summary>No.</summary>
    Bad,

    /// <summary>Nothing was measured that could say so.</summary>
    Unknown,
}

/// <summary>What an engineer asks before anything is synthesised.</summary>
internal sealed record AnswersEntry(AnswerEntry Fits, AnswerEntry Fast, AnswerEntry Accuracy, AnswerEntry Change)
{
    public IReadOnlyList<AnswerEntry> All() => [Fits, Fast, Accuracy, Change];
}

/// <summary>An answer to one of the four questions.</summary>
/// <param name="Headline">In a few words.</param>
/// <param name="Facts">Figures behind it, most important first.</param>
/// <param name="Basis">How sure it is, and why.</param>
internal sealed record AnswerEntry(string Question, Verdict Verdict, string Headline, string[] Facts, string Basis);

/// <summary>Something that could be changed.</summary>
/// <param name="About">accuracy, resources, latency or evidence.</param>
/// <param name="Urgency">Bad for what must change, warning for what should, good for what could.</param>
/// <param name="Where">The layer, value or budget.</param>
/// <param name="Text">What to do.</param>
/// <param name="Evidence">Why: what was measured.</param>
internal sealed record AdviceEntry(string About, Verdict Urgency, string Where, string Text, string Evidence);

/// <summary>The network, one node for each ONNX node, and inputs and outputs as nodes of their own.</summary>
internal sealed record NetworkEntry(NodeEntry[] Nodes, EdgeEntry[] Edges);

/// <summary>A node of the network.</summary>
/// <param name="Kind">input, setting, node or output.</param>
/// <param name="Constants">How many constants it reads: weights, biases, scales.</param>
internal sealed record NodeEntry(string Name, string Operator, string Kind, int Constants);

/// <summary>A value that one node gives to another.</summary>
/// <param name="From">Index of the node that makes it.</param>
/// <param name="To">Index of the node that reads it.</param>
internal sealed record EdgeEntry(int From, int To, string Value, int[] Shape, string Type);

/// <summary>How many numbers there are by the power of two of their magnitude.</summary>
/// <param name="LowestPower">p of the first count.</param>
/// <param name="Counts">Numbers from 2^p up to 2^(p+1), for rising p.</param>
/// <param name="Zeros">Numbers that are zero.</param>
internal sealed record MagnitudesEntry(int LowestPower, long[] Counts, long Zeros);

/// <summary>A constant against its type.</summary>
/// <param name="Node">The first ONNX node that reads it.</param>
/// <param name="Role">weight, bias, scale or leaf.</param>
/// <param name="Zeros">Elements that are zero in fixed point.</param>
/// <param name="LargestError">The largest distance of an element from its real value.</param>
/// <param name="SignalToNoiseDb">Power of the real values over that of the differences; null if there is no difference.</param>
/// <param name="Magnitudes">Of the real values.</param>
internal sealed record ConstantEntry(
    string Name, string Node, string Role, int[] Shape, string Type, long Count, long Zeros, double Low, double High, double LargestError, double? SignalToNoiseDb,
    MagnitudesEntry Magnitudes);

/// <summary>What <c>profile</c> found on events.</summary>
/// <param name="Sample">Events on which the cost of each layer was measured: the first ones.</param>
/// <param name="Outputs">Those on which the network is judged: no threshold decides them.</param>
internal sealed record ProfileEntry(string Model, long Events, int Sample, string[] Outputs, TensorEntry[] Tensors, LayerCostEntry[] Layers);

/// <summary>A value in real numbers and in fixed point.</summary>
/// <param name="Low">Least real value.</param>
/// <param name="High">Greatest real value.</param>
/// <param name="Count">Numbers that were looked at.</param>
/// <param name="Clipped">Of these, those that saturation changed.</param>
/// <param name="Wrapped">Of these, those that wrapped around.</param>
/// <param name="SignalToNoiseDb">Power of the real values over that of the differences; null if there is no difference.</param>
/// <param name="Magnitudes">Of the real values.</param>
internal sealed record TensorEntry(
    string Name, string? Node, string Operator, int[] Shape, string Type, double Low, double High, long Count, long Clipped, long Wrapped, double LargestError, double MeanError,
    double? SignalToNoiseDb, MagnitudesEntry Magnitudes);

/// <summary>What the fixed point of one layer alone does to the outputs.</summary>
/// <param name="SignalToNoiseDb">At the outputs; null if there is no difference.</param>
/// <param name="Share">Its part of the noise that all layers cause one by one, from 0 to 1.</param>
internal sealed record LayerCostEntry(string Node, string Operator, double LargestError, double? SignalToNoiseDb, double Share);

/// <summary>How the folder was made.</summary>
/// <param name="Commands">The commands; paths are left out, files stand for themselves.</param>
/// <param name="Inputs">The files that were read.</param>
/// <param name="Outputs">
/// The folders that were written: the hash of the list that <c>find NAME -type f | LC_ALL=C sort | xargs sha256sum</c> prints in the output folder.
/// </param>
internal sealed record ReproductionEntry(string[] Commands, FileEntry[] Inputs, FileEntry[] Outputs);

/// <summary>A file or folder with its SHA-256, in hexadecimal.</summary>
internal sealed record FileEntry(string Name, string Sha256);
