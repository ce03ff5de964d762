using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Operators.Onnx;

/// <summary>Operators that no neural network of fixed shape needs, with what to tell whoever meets them.</summary>
internal static class ForeignOperators
{
    private const string MachineLearning = "ai.onnx.ml";

    private static readonly string[] Recurrent = ["LSTM", "GRU", "RNN"];

    private static readonly string[] OpenSize =
    [
        "NonZero", "Unique", "Compress", "NonMaxSuppression", "SplitToSequence", "SequenceConstruct", "SequenceEmpty", "SequenceAt", "SequenceInsert", "SequenceErase",
        "SequenceLength", "ConcatFromSequence", "Optional", "OptionalGetElement", "OptionalHasElement", "StringNormalizer", "TfIdfVectorizer", "StringSplit",
    ];

    /// <summary>What is known about an operator that the catalogue does not have; null for nothing.</summary>
    public static Diagnostic? Find(string where, string type, string domain)
    {
        if (domain == MachineLearning)
            return Messages.ClassicalModel(where, type, Advice(type));
        if (domain.Length > 0)
            return null;
        return Recurrent.Contains(type) ? Messages.DataDependentShape(where, type, "loops over a sequence")
            : OpenSize.Contains(type) ? Messages.DataDependentShape(where, type, "gives a result whose size depends on the event")
            : null;
    }

    private static string Advice(string type) => type switch
    {
        "SVMRegressor" or "SVMClassifier" => "A linear kernel is a Gemm; for others, distil the model into trees or a small network.",
        "StringNormalizer" or "CategoryMapper" or "DictVectorizer" => "Prepare the data before the network.",
        _ => "Name the values before it with --outputs.",
    };

    /// <summary>A constant input on which the size of the result depends.</summary>
    /// <exception cref="ImportException">It is computed (HLS2032).</exception>
    public static Hls4Net.Core.Graphs.ConstantTensor DecidingSize(OnnxNode node, int position, string role) => node.Input(position, role).Constant
        ?? throw new ImportException(Messages.DataDependentShape(node.Where, node.Operator, "gives a result whose size depends on the event"));
}
