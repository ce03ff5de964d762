using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Trees;

/// <summary>Small ensembles that try the operators of ai.onnx.ml.</summary>
internal static class TreeCases
{
    public const string Domain = "ai.onnx.ml";

    private static readonly string[] Modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

    public static IEnumerable<OperatorCase> RegressorCases() =>
    [
        Trees("TreeEnsembleRegressor", "sum", 1, 1).With("n_targets", 1),
        Trees("TreeEnsembleRegressor", "modes and targets", 3, 2, Modes).With("n_targets", 2).With("base_values", new[] { 0.5f, -0.25f })
            .With("nodes_missing_value_tracks_true", new long[18]),
        Trees("TreeEnsembleRegressor", "average, base value", 1, 1, "BRANCH_LT").With("n_targets", 1).With("aggregate_function", "AVERAGE").With("base_values", new[] { 1.5f }),
        Trees("TreeEnsembleRegressor", "smallest", 3, 2, "BRANCH_GT").With("n_targets", 2).With("aggregate_function", "MIN"),
        Trees("TreeEnsembleRegressor", "largest, base values", 1, 2, "BRANCH_GTE").With("n_targets", 2).With("aggregate_function", "MAX").With("base_values", new[] { 0.125f, 2 }),
        Trees("TreeEnsembleRegressor", "logistic", 1, 2).With("n_targets", 2).With("post_transform", "LOGISTIC"),
        Trees("TreeEnsembleRegressor", "softmax of what is not zero", 1, 2).With("n_targets", 2).With("post_transform", "SOFTMAX_ZERO"),
        Trees("TreeEnsembleRegressor", "softmax", 1, 2).With("n_targets", 2).With("post_transform", "SOFTMAX"),
        Doubles(Trees("TreeEnsembleRegressor", "float64", 3, 1).With("base_values", new[] { 0.3f }), "target_weights").With("n_targets", 1),
        Trees("TreeEnsembleRegressor", "leaves without weights", 1, 1).With("n_targets", 2).Without("target_nodeids").With("target_nodeids", Longs(Enumerable.Range(0, 12), k => k == 5 ? 1 : 3 + k % 4)),
        Trees("TreeEnsembleRegressor", "logistic of one", 1, 1).With("n_targets", 1).With("post_transform", "LOGISTIC"),
    ];

    public static IEnumerable<OperatorCase> ClassifierCases() =>
    [
        Classifier("three classes", 3, 1).With("classlabels_int64s", new long[] { 0, 1, 2 }),
        Classifier("three labels, softmax", 3, 3).With("classlabels_int64s", new long[] { 7, -4, 12 }).With("base_values", new[] { 0.5f, -0.5f, 0 }).With("post_transform", "SOFTMAX"),
        Classifier("classes without weights", 4, 1).With("classlabels_int64s", new long[] { 0, 1, 2, 3 }),
        Doubles(Classifier("float64", 3, 3).With("classlabels_int64s", new long[] { 0, 1, 2 }).With("base_values", new[] { 0.1f, 0.2f, 0.3f }), "class_weights"),
        Trees("TreeEnsembleClassifier", "named classes", 1, 3).With("classlabels_strings", new[] { "a", "b", "c" }).WithOutputs(1, DataType.String).AndOutput(DataType.Float).WithoutReference(),
        Binary("one of two classes", 0, 1, "NONE"),
        Binary("the other of two", 1, 1, "NONE"),
        Binary("one of two, logistic", 0, 1, "LOGISTIC"),
        Binary("the other of two, logistic", 1, 1, "LOGISTIC"),
        Binary("one of two, softmax", 0, 1, "SOFTMAX"),
        Binary("probability", 0, 0, "NONE"),
        Binary("probability of the other", 1, 0, "NONE"),
        Binary("probability, logistic", 0, 0, "LOGISTIC"),
        Binary("one base value", 0, 1, "NONE").With("base_values", new[] { 0.5f }),
        Binary("one base value of the other", 1, 1, "NONE").With("base_values", new[] { 0.5f }),
        Binary("two base values", 0, 1, "NONE").With("base_values", new[] { 0.5f, -1 }),
        Both("two classes"),
        Both("two classes, softmax").With("post_transform", "SOFTMAX"),
        Both("two classes, one base value").With("base_values", new[] { 0.5f }),
    ];

    public static IEnumerable<OperatorCase> EnsembleCases() =>
    [
        Ensemble("sum", 1, 0, 1),
        Ensemble("average", 2, 0, 0),
        Ensemble("smallest, logistic", 2, 2, 2),
        Ensemble("largest, softmax", 2, 1, 3),
        Ensemble("membership", 1, 0, 1, 6, 4, 6).With("membership_values", Tensor(DataType.Float, 1, 3, double.NaN, 2, double.NaN)),
        Ensemble("membership without fractions", 1, 0, 1, 6, 4, 6).With("membership_values", Tensor(DataType.Float, -1, 40, double.NaN, -2, double.NaN)),
        Ensemble("modes", 1, 0, 1, 2, 5, 0).With("nodes_hitrates", Tensor(DataType.Float, 1, 1, 1)).With("nodes_missing_value_tracks_true", new long[] { 1, 0, 0 }),
    ];

    private static OperatorCase Classifier(string name, int classes, int version) =>
        Trees("TreeEnsembleClassifier", name, version, classes).WithOutputs(1, DataType.Int64).AndOutput(DataType.Float);

    private static OperatorCase Binary(string name, int given, int signs, string transform)
    {
        var leaves = Leaves(3, signs);
        return Weights(Nodes(OperatorCase.Of("TreeEnsembleClassifier", name, 1, Domain).Input(1, 5), 3, "BRANCH_LEQ"), "class", leaves, _ => given)
            .With("classlabels_int64s", new long[] { 3, 5 }).With("post_transform", transform).WithOutputs(1, DataType.Int64).AndOutput(DataType.Float);
    }

    /// <summary>The same numbers in tensors of float64, for features of float64.</summary>
    private static OperatorCase Doubles(OperatorCase floats, string weights)
    {
        var doubles = floats.WithInputs(DataType.Double);
        foreach (var name in new[] { "nodes_values", weights, "base_values" })
        {
            var numbers = (float[])floats.Attributes.Single(a => a.Name == name).Value;
            doubles = doubles.Without(name).With($"{name}_as_tensor", Tensor(DataType.Double, [.. numbers.Select(n => n + 1e-9)]));
        }
        return doubles;
    }

    /// <summary>Two classes with weights in every leaf.</summary>
    private static OperatorCase Both(string name)
    {
        int[] all = [.. Enumerable.Range(0, 24)];
        return Nodes(OperatorCase.Of("TreeEnsembleClassifier", name, 1, Domain).Input(1, 5), 3, "BRANCH_LEQ")
            .With("class_treeids", Longs(all, k => k / 8)).With("class_nodeids", Longs(all, k => 3 + k / 2 % 4)).With("class_ids", Longs(all, k => k % 2))
            .With("class_weights", Leaves(6, 1)).With("classlabels_int64s", new long[] { 3, 5 }).WithOutputs(1, DataType.Int64).AndOutput(DataType.Float);
    }

    /// <summary>Three trees of two levels on five features.</summary>
    private static OperatorCase Trees(string type, string name, int version, int targets, params string[] modes)
    {
        var isClassifier = type.EndsWith("Classifier", StringComparison.Ordinal);
        var operatorCase = Nodes(OperatorCase.Of(type, name, version, Domain).Input(1, 5), 3, modes);
        return Weights(operatorCase, isClassifier ? "class" : "target", Leaves(3, 1), k => isClassifier ? k % targets : k / 4 % targets);
    }

    private static OperatorCase Nodes(OperatorCase operatorCase, int trees, params string[] modes)
    {
        // Node 0 is the root, 1 and 2 are branches, 3 to 6 leaves.
        int[] all = [.. Enumerable.Range(0, trees * 7)];
        return operatorCase
            .With("nodes_treeids", Longs(all, k => k / 7)).With("nodes_nodeids", Longs(all, k => k % 7))
            .With("nodes_featureids", Longs(all, k => k % 7 < 3 ? (k * 3 + k / 7) % 5 : 0))
            .With("nodes_modes", all.Select(k => k % 7 > 2 ? "LEAF" : modes.Length == 0 ? "BRANCH_LEQ" : modes[k / 7 * 3 % modes.Length + k % 7 % modes.Length]).ToArray())
            .With("nodes_values", all.Select(k => k % 7 > 2 ? 0 : (k * 5 % 11 - 5) / 4f + (k % 3 == 0 ? 0.0123f : 0)).ToArray())
            .With("nodes_truenodeids", Longs(all, k => k % 7 > 2 ? 0 : k % 7 * 2 + 1)).With("nodes_falsenodeids", Longs(all, k => k % 7 > 2 ? 0 : k % 7 * 2 + 2));
    }

    private static OperatorCase Weights(OperatorCase operatorCase, string kind, float[] leaves, Func<int, int> target)
    {
        int[] all = [.. Enumerable.Range(0, leaves.Length)];
        return operatorCase.With($"{kind}_treeids", Longs(all, k => k / 4)).With($"{kind}_nodeids", Longs(all, k => 3 + k % 4))
            .With($"{kind}_ids", Longs(all, target)).With($"{kind}_weights", leaves);
    }

    private static float[] Leaves(int trees, int signs) =>
        [.. Enumerable.Range(0, trees * 4).Select(k => signs == 0 ? k * 7 % 12 / 32f : (k * 7 % 12 - 5.5f) / 9)];

    /// <summary>Two trees, one of two levels and one of one, for as many targets.</summary>
    private static OperatorCase Ensemble(string name, int targets, int transform, int aggregate, params double[] modes) =>
        OperatorCase.Of("TreeEnsemble", name, 5, Domain).Input(1, 3).With("n_targets", targets)
            .With("tree_roots", new long[] { 0, 2 })
            .With("nodes_featureids", new long[] { 0, 1, 2 }).With("nodes_modes", Tensor(DataType.Uint8, modes.Length == 0 ? [0, 1, 3] : modes))
            .With("nodes_splits", Tensor(DataType.Float, 0.5, -1.25, 0.3))
            .With("nodes_truenodeids", new long[] { 1, 0, 3 }).With("nodes_trueleafs", new long[] { 0, 1, 1 })
            .With("nodes_falsenodeids", new long[] { 2, 1, 4 }).With("nodes_falseleafs", new long[] { 1, 1, 1 })
            .With("leaf_weights", Tensor(DataType.Float, 0.7, -1.3, 2.25, 0.1, -3)).With("leaf_targetids", new long[] { 0, 0, 0, targets - 1, targets - 1 })
            .With("aggregate_function", aggregate).With("post_transform", transform);

    private static Onnx.Proto.TensorProto Tensor(DataType type, params double[] values) => OnnxModelBuilder.Tensor("", [values.Length], values, type);

    private static long[] Longs(IEnumerable<int> all, Func<int, int> number) => [.. all.Select(k => (long)number(k))];
}
