using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators;
using Hls4Net.Operators.Trees;
using Hls4Net.Tests.Operators;

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
        Case("weights of the second class of which an event may have none", Messages.ShapeMismatchRule,
            TreeModels.Weightless(TreeCases.ClassifierCases().Single(c => c.Name == "the other of two")), "second class alone"),
        Case("a leaf with two weights", Messages.ShapeMismatchRule, TreeModels.With("target_nodeids", 0, 4), "two weights"),
        Case("a weight for an unknown target", Messages.ShapeMismatchRule, TreeModels.With("target_ids", 0, 1), "target or class 1"),
        Case("a feature that is not there", Messages.ShapeMismatchRule, TreeModels.With("nodes_featureids", 0, 5), "6 features"),
        Case("a list that is too short", Messages.ShapeMismatchRule, TreeModels.With("nodes_treeids", new long[3]), "'nodes_treeids'", "21"),
        Case("labels that are texts", Messages.LabelsAreNumberedRule,
            TreeCases.ClassifierCases().Single(c => c.Name == "named classes"), "0 is 'a'", "2 is 'c'"),
        Case("an imputer of NaN", Messages.NothingToImputeRule, FeaturePreparation.ImputerCases().Single(c => c.Name == "missing numbers"), "NaN"),
        Case("an imputer with too few values", Messages.ShapeMismatchRule, FeaturePreparation.ImputerCases().First().Without("imputed_value_floats").With("imputed_value_floats", new float[2]), "2 values"),
        Case("a linear model with too few coefficients", Messages.ShapeMismatchRule, LinearModels.RegressorCases().First().Without("coefficients").With("coefficients", new float[2]), "2 coefficients"),
        Case("a linear model of other classes than scores", Messages.ShapeMismatchRule,
            LinearModels.ClassifierCases().First().Without("classlabels_ints").With("classlabels_ints", new long[] { 1, 2 }), "3 scores for 2 classes"),
        Case("an encoder of texts", Messages.ShapeMismatchRule, OperatorCase.Of("LabelEncoder", "texts", 2, TreeCases.Domain).Input(1, 2).With("keys_strings", new[] { "a" })
            .With("values_floats", new[] { 1f }), "0 keys"),
        Case("a vector of other features than it says", Messages.ShapeMismatchRule,
            FeatureColumns.VectorizerCases().First().Without("inputdimensions").With("inputdimensions", new long[] { 4, 2 }), "'inputdimensions'"),
        Case("an extractor behind the end", Messages.ShapeMismatchRule, OperatorCase.Of("ArrayFeatureExtractor", "far", 1, TreeCases.Domain).Input(1, 2).Integers(2), "index 2"),
        Case("an encoder that refuses events", Messages.AttributeValueRule, FeatureColumns.OneHotCases().First().With("zeros", 0), "zeros"),
        Case("trees with a set", Messages.CategoriesOfBoosterRule, TreeCases.EnsembleCases().Single(c => c.Name == "membership"), "fraction"),
        Case("two base values for one of two classes", Messages.ShapeMismatchRule,
            TreeCases.ClassifierCases().Single(c => c.Name == "the other of two").With("base_values", new[] { 1f, 2f }), "base values"),
        Case("two base values for two classes", Messages.ShapeMismatchRule,
            TreeCases.ClassifierCases().Single(c => c.Name == "two classes").With("base_values", new[] { 1f, 2f }), "base values"),
    ];

    private static RefusedModel Case(string name, Rule rule, OperatorCase operatorCase, params string[] says) => new(name, rule, _ => operatorCase.ToModel(), says);
}
