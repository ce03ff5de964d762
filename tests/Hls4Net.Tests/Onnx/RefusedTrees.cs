using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators;
using Hls4Net.Operators.Trees;
using Hls4Net.Tests.Operators;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Onnx;

/// <summary>Ensembles of decision trees that are refused or warned of.</summary>
internal static class RefusedTrees
{
    public static IEnumerable<RefusedModel> All =>
    [
        Case("trees with missing values", Messages.MissingValueTracksRule, TreeModels.With("nodes_missing_value_tracks_true", Enumerable.Repeat(1L, 21).ToArray()), "NaN"),
        Case("trees with an unclear transform", Messages.TransformUnclearRule, TreeCases.EnsembleCases().Single(c => c.Name.EndsWith("softmax", StringComparison.Ordinal)), "SOFTMAX"),
        new("trees with an open number of features", Messages.OpenFeaturesRule, _ => TreeModels.OpenFeatures("F"), ["features 0 to 4", "5"]),
        new("trees with a map of classes behind them", Messages.MapBecomesRowsRule, _ => TreeModels.Mapped(), ["output 'map'", "row"]),
        Case("trees with a probit", Messages.AttributeValueRule, TreeModels.With("post_transform", "PROBIT"), "PROBIT", "NONE"),
        Case("trees with an unknown aggregate", Messages.AttributeValueRule, TreeModels.With("aggregate_function", "MEDIAN"), "MEDIAN", "AVERAGE"),
        Case("trees with an unknown mode", Messages.AttributeValueRule, TreeModels.With("nodes_modes", Enumerable.Repeat("BRANCH_ODD", 21).ToArray()), "BRANCH_ODD"),
        Case("a branch to nowhere", Messages.ShapeMismatchRule, TreeModels.With("nodes_truenodeids", 0, 9), "node 9"),
        Case("a branch to itself", Messages.ShapeMismatchRule, TreeModels.With("nodes_truenodeids", 1, 1), "node 1"),
        Case("a branch to its parent", Messages.ShapeMismatchRule, TreeModels.With("nodes_truenodeids", 1, 0), "descendant"),
        Case("a node twice", Messages.ShapeMismatchRule, TreeModels.With("nodes_nodeids", 1, 2), "twice"),
        Case("a leaf without a weight", Messages.ShapeMismatchRule, TreeModels.With("target_nodeids", 0, 1), "no weight"),
        Case("a leaf with two weights", Messages.ShapeMismatchRule, TreeModels.With("target_nodeids", 0, 4), "two weights"),
        Case("a weight for an unknown target", Messages.ShapeMismatchRule, TreeModels.With("target_ids", 0, 1), "target or class 1"),
        Case("a feature that is not there", Messages.ShapeMismatchRule, TreeModels.With("nodes_featureids", 0, 5), "6 features"),
        Case("a list that is too short", Messages.ShapeMismatchRule, TreeModels.With("nodes_treeids", new long[3]), "'nodes_treeids'", "21"),
        Case("labels that are texts", Messages.AttributeValueRule,
            TreeCases.ClassifierCases().Single(c => c.Name == "named classes").WithOutputs(1, DataType.String).AndOutput(DataType.Float), "--outputs"),
        Case("two base values for one of two classes", Messages.ShapeMismatchRule,
            TreeCases.ClassifierCases().Single(c => c.Name == "the other of two").With("base_values", new[] { 1f, 2f }), "base values"),
        Case("two base values for two classes", Messages.ShapeMismatchRule,
            TreeCases.ClassifierCases().Single(c => c.Name == "two classes").With("base_values", new[] { 1f, 2f }), "base values"),
    ];

    private static RefusedModel Case(string name, Rule rule, OperatorCase operatorCase, params string[] says) => new(name, rule, _ => operatorCase.ToModel(), says);
}
