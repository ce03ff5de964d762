namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS203x and HLS5505 to HLS5509: kinds of models that are not neural networks of fixed shape.</summary>
public static partial class Messages
{
    public static readonly Rule ClassicalModelRule = new("HLS2031", Severity.Error, "An operator of classical machine learning is not supported.",
        """
        Operators of the domain ai.onnx.ml carry what scikit-learn and its kin export. Ensembles of trees and linear models are compiled, with what
        stands in front of them (Scaler, Normalizer, Imputer, Binarizer, encoders of numbers) and behind (labels, ZipMap); other operators are not.
            SVMRegressor, SVMClassifier     a linear kernel is a Gemm; for others, distil the model into trees or a small network
            CategoryMapper, DictVectorizer  texts have no place in hardware: number them where the data are made
        """);

    public static readonly Rule MapBecomesRowsRule = new("HLS2039", Severity.Note, "A map from classes to numbers is given as the row of numbers.",
        """
        scikit-learn's exporter ends a classifier with ZipMap, which makes a map from class to probability of every event. Hardware has no maps: the
        output of that name is the row of probabilities, in the order of the classes. An export with options={'zipmap': False} is the same without
        this note.
        """);

    public static Diagnostic MapBecomesRows(string where) =>
        new(MapBecomesRowsRule, where, "ZipMap makes a map from class to number of each row; the output is the row itself, in the order of the classes.");

    public static readonly Rule LabelsAreNumberedRule = new("HLS5505", Severity.Note, "Labels that are texts are given as numbers.",
        """
        A classifier whose labels are texts gives in firmware the place of the label in its list of labels: 0 for the first, 1 for the second.
        The message says which is which. ONNX Runtime, with which the firmware is compared, gets the same numbers.
        """);

    /// <summary>An output with texts.</summary>
    /// <param name="labels">The texts, in the order of their numbers.</param>
    public static Diagnostic LabelsAreNumbered(string where, IReadOnlyList<string> labels)
    {
        const int Shown = 8;
        var list = string.Join(", ", labels.Take(Shown).Select((l, k) => I($"{k} is '{Visible(l)}'")));
        return new(LabelsAreNumberedRule, where, I($"Labels that are texts are given as numbers: {list}{(labels.Count > Shown ? $", and so on to {labels.Count - 1}" : "")}."));
    }

    public static readonly Rule NothingToImputeRule = new("HLS5506", Severity.Note, "An imputer puts numbers in for NaN, which does not exist in fixed point.",
        """
        An Imputer replaces what is missing. Where NaN stands for a missing number, nothing is left to replace in fixed point, and the node is passed through. If
        your events do lack features, decide before the firmware which number stands for a missing one, and say so: replaced_value_float is that number.
        """);

    /// <summary>An imputer of NaN.</summary>
    public static Diagnostic NothingToImpute(string where) =>
        new(NothingToImputeRule, where, "Numbers in fixed point are never NaN, so that nothing is replaced here.");

    public static readonly Rule DataDependentShapeRule = new("HLS2032", Severity.Error, "How many numbers a node gives depends on the event.",
        """
        NonZero, Unique, Compress, NonMaxSuppression and operators on sequences give results of a size that is known only when the event is
        there, and recurrent operators (LSTM, GRU, RNN) loop over a sequence. Hardware with a fixed number of wires and a fixed latency has
        no such thing. Cut the graph before the node with --outputs and do the rest where the results arrive, or replace it in the network:
        a mask in place of a selection, the steps of a short sequence written out.
        """);

    public static readonly Rule MissingValueTracksRule = new("HLS2033", Severity.Note, "Where trees send missing values does not matter in fixed point.",
        """
        Ensembles of decision trees can say which way an event goes whose feature is missing, that is NaN (nodes_missing_value_tracks_true).
        Numbers in fixed point are never NaN, so that no event goes that way. If your events do lack features, decide before the firmware
        which number stands for a missing one, and train the trees with that number.
        """);

    /// <summary>Branches that say where NaN goes.</summary>
    public static Diagnostic MissingValueTracks(string where) =>
        new(MissingValueTracksRule, where, "Some branches say where missing values (NaN) go; numbers in fixed point are never missing.");

    public static readonly Rule TransformUnclearRule = new("HLS2034", Severity.Warning, "ONNX and ONNX Runtime disagree about the transform after an ensemble of trees.",
        """
        The operator TreeEnsemble of ai.onnx.ml 5 says by a number what is done with the scores. In the text of ONNX 1 is SOFTMAX and 2 is
        LOGISTIC; ONNX Runtime computes LOGISTIC for 1 and SOFTMAX for 2, and so does the firmware. To be sure of it whatever runs the model,
        write 0 (NONE) there and a node Softmax or Sigmoid behind it.
        """);

    /// <summary>A transform that ONNX and ONNX Runtime number differently.</summary>
    /// <param name="transform">What is computed.</param>
    public static Diagnostic TransformUnclear(string where, int number, string transform) => new(TransformUnclearRule, where,
        I($"'post_transform' is {number}, which is computed as {Visible(transform)}, as ONNX Runtime does; by the text of ONNX it is the other one of LOGISTIC and SOFTMAX."));

    public static readonly Rule OpenFeaturesRule = new("HLS2035", Severity.Note, "The number of features was taken from the trees that read them.",
        """
        Exporters of scikit-learn write the input of a model without its number of features. Trees say which features they read, so that the
        number is taken from them: up to the last one that any branch reads. If your events have more features, the trees never look at those
        behind it; leave them out of the data, or export with the number, for instance initial_types=[("x", FloatTensorType([None, 20]))].
        """);

    /// <summary>An open number of features.</summary>
    public static Diagnostic OpenFeatures(string input, int count) => new(OpenFeaturesRule, $"input '{Visible(input)}'",
        I($"The number of features is open in the file; the trees read features 0 to {count - 1}, so that there are {count}."));

    public static readonly Rule RefusedBoosterRule = new("HLS2036", Severity.Error, "A model of boosted trees cannot be compiled.",
        """
        XGBoost's save_model('model.json'), and LightGBM's save_model() and json.dump(booster.dump_model(), file) are read as they are. Their trees become an
        ensemble with an output 'score', the sum of the leaves; classes have 'label' and 'probability' as well, and other tasks a
        'prediction' where it is not the score. Name what you need with --outputs: a score needs no table, and a cut on it is the same as
        a cut on the probability. Objectives and boosters without a known meaning are refused by name, for a score that is
        transformed in an unknown way is of no use in a trigger.
        """);

    /// <summary>A booster with something unknown.</summary>
    /// <param name="what">What it has.</param>
    public static Diagnostic RefusedBooster(string path, string what, string advice) => new(RefusedBoosterRule, Visible(path), $"The model cannot be compiled: {Visible(what)}.", advice);

    public static readonly Rule DamagedBoosterRule = new("HLS2037", Severity.Error, "A model of boosted trees is damaged.",
        """
        The file begins like a model of XGBoost or LightGBM, but its text breaks off, a part is missing, or its parts contradict each
        other. Write it again with save_model('model.json') or save_model('model.txt'), and compare sizes or checksums.
        """);

    /// <summary>A booster with parts that are missing or contradict each other.</summary>
    /// <param name="what">What is wrong, as a clause.</param>
    public static Diagnostic DamagedBooster(string path, string what) => new(DamagedBoosterRule, Visible(path), $"The model of boosted trees is damaged: {Visible(what)}");

    public static readonly Rule CategoriesOfBoosterRule = new("HLS2038", Severity.Note, "Features of categories must be whole numbers.",
        """
        A branch on categories asks whether a feature is one of a set of whole numbers. XGBoost and LightGBM drop the fraction of a feature
        before they look; the firmware compares it as it is. ONNX Runtime drops the fraction before it looks into a set of TreeEnsemble,
        unless all members lie between 0 and 30, and so does the firmware. Give such features a type without fraction bits, and all are
        the same.
        """);

    /// <summary>Branches on categories.</summary>
    public static Diagnostic CategoriesOfBooster(string path) =>
        new(CategoriesOfBoosterRule, Visible(path), "Some branches ask for categories, which are compared as whole numbers.");

    /// <summary>Branches of TreeEnsemble on sets.</summary>
    public static Diagnostic CategoriesOfTrees(string where) => new(CategoriesOfBoosterRule, where,
        "Some branches ask whether a feature is one of a set; whether a feature with a fraction can be one depends on the set, as in ONNX Runtime.");

    /// <summary>Another operator of ai.onnx.ml.</summary>
    /// <param name="advice">What to do about this one.</param>
    public static Diagnostic ClassicalModel(string where, string type, string advice) =>
        new(ClassicalModelRule, where, $"{Visible(type)} is an operator of classical machine learning (ai.onnx.ml), which is not supported.", advice);

    /// <summary>A size or a number of steps that only the event decides.</summary>
    public static Diagnostic DataDependentShape(string where, string type, string what) =>
        new(DataDependentShapeRule, where, $"{Visible(type)} {what}, which hardware of a fixed size and latency cannot have.",
            "Cut the graph before it with --outputs, or replace it in the network.");
}
