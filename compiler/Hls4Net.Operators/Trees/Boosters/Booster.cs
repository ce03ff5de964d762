namespace Hls4Net.Operators.Trees.Boosters;

/// <summary>A node of a tree, as ONNX asks a feature: BRANCH_LT, BRANCH_LEQ or BRANCH_EQ; LEAF for one that has a number instead.</summary>
/// <param name="Value">What the feature is compared with, or the leaf's number.</param>
/// <param name="Then">Place in the tree of the child where the comparison holds.</param>
/// <param name="Otherwise">Place of the child where it does not.</param>
internal sealed record BoosterNode(string Mode, int Feature, double Value, int Then, int Otherwise)
{
    public static BoosterNode Leaf(double value) => new("LEAF", 0, value, 0, 0);
}

/// <summary>A tree, its root first.</summary>
/// <param name="Score">The score to which its leaves are added.</param>
internal sealed record BoosterTree(int Score, IReadOnlyList<BoosterNode> Nodes);

/// <summary>What a booster's library makes of the scores.</summary>
internal enum BoosterTask
{
    /// <summary>The score is the prediction.</summary>
    Score,

    /// <summary>The prediction is the logistic function of the score.</summary>
    Logistic,

    /// <summary>The prediction is the exponential of the score.</summary>
    Exponential,

    /// <summary>The prediction is ln(1 + e^score).</summary>
    Softplus,

    /// <summary>The prediction is the score times its magnitude.</summary>
    SignedSquare,

    /// <summary>Two classes; the logistic function of the score is the probability of the second.</summary>
    TwoClasses,

    /// <summary>Two classes; the second wins where the score is positive, and there are no probabilities.</summary>
    TwoClassesWithoutProbability,

    /// <summary>A score for each class; the largest wins, and their softmax are the probabilities.</summary>
    Classes,

    /// <summary>A score for each class; the largest wins, and each has its logistic function.</summary>
    ClassesOnTheirOwn,
}

/// <summary>Boosted trees as a training library saved them.</summary>
/// <param name="Features">The number of features of an event.</param>
/// <param name="Bases">What is added to each score.</param>
/// <param name="Task">What becomes of the scores.</param>
/// <param name="Steepness">A factor between the score and a logistic function.</param>
/// <param name="IsDouble">Whether the library computes in float64; otherwise in float32.</param>
/// <param name="HasCategories">Whether a branch asks for categories.</param>
internal sealed record Booster(string Name, int Features, IReadOnlyList<double> Bases, BoosterTask Task, double Steepness, bool IsDouble, bool HasCategories, IReadOnlyList<BoosterTree> Trees)
{
    /// <summary>The number of scores.</summary>
    public int Scores => Bases.Count;
}

/// <summary>A booster that has no meaning in hardware, or contradicts itself.</summary>
internal sealed class BoosterException(string message, string advice) : Exception(message)
{
    /// <summary>What the user can do.</summary>
    public string Advice { get; } = advice;
}
