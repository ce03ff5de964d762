namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS203x: kinds of models that are not neural networks of fixed shape.</summary>
public static partial class Messages
{
    public static readonly Rule TreesRule = new("HLS2030", Severity.Error, "Ensembles of decision trees are not supported yet.",
        """
        The model is a forest or boosted trees (ai.onnx.ml TreeEnsembleClassifier, TreeEnsembleRegressor), as scikit-learn, XGBoost and
        LightGBM export them. Only neural networks are compiled for now. If trees are one part of the model, name the values before them
        with --outputs and compile that part.
        """);

    public static readonly Rule ClassicalModelRule = new("HLS2031", Severity.Error, "An operator of classical machine learning is not supported.",
        """
        Operators of the domain ai.onnx.ml carry what scikit-learn and its kin export: scalers, encoders, linear models, support vector
        machines, maps of class names. Only neural networks are compiled.
            Scaler, Normalizer            do the scaling where the data are made, or write it as Sub and Mul in the network
            LinearRegressor, -Classifier  write it as Gemm: the coefficients are its weights, the intercepts its bias
            ZipMap, LabelEncoder          export with options={'zipmap': False}, and cut labels away with --outputs probabilities
        """);

    public static readonly Rule DataDependentShapeRule = new("HLS2032", Severity.Error, "How many numbers a node gives depends on the event.",
        """
        NonZero, Unique, Compress, NonMaxSuppression and operators on sequences give results of a size that is known only when the event is
        there, and recurrent operators (LSTM, GRU, RNN) loop over a sequence. Hardware with a fixed number of wires and a fixed latency has
        no such thing. Cut the graph before the node with --outputs and do the rest where the results arrive, or replace it in the network:
        a mask in place of a selection, the steps of a short sequence written out.
        """);

    /// <summary>Trees.</summary>
    public static Diagnostic Trees(string where, string type) =>
        new(TreesRule, where, $"{Visible(type)} is an ensemble of decision trees; trees are not supported yet, only neural networks.", "Compile the part before it with --outputs.");

    /// <summary>Another operator of ai.onnx.ml.</summary>
    /// <param name="advice">What to do about this one.</param>
    public static Diagnostic ClassicalModel(string where, string type, string advice) =>
        new(ClassicalModelRule, where, $"{Visible(type)} is an operator of classical machine learning (ai.onnx.ml), which is not supported.", advice);

    /// <summary>A size or a number of steps that only the event decides.</summary>
    public static Diagnostic DataDependentShape(string where, string type, string what) =>
        new(DataDependentShapeRule, where, $"{Visible(type)} {what}, which hardware of a fixed size and latency cannot have.",
            "Cut the graph before it with --outputs, or replace it in the network.");
}
