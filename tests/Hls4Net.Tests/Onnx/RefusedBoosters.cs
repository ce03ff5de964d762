using System.Text;
using System.Text.Json.Nodes;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Tests.Operators;

namespace Hls4Net.Tests.Onnx;

/// <summary>Boosted trees that are refused or warned of.</summary>
internal static class RefusedBoosters
{
    public static IEnumerable<RefusedModel> All =>
    [
        File("JSON of something else", Messages.NotOnnxRule, "{ \"a\": 1 }", "neither", "XGBoost", "LightGBM"),
        File("binary JSON", Messages.NotOnnxRule, "{L\0\0\0learner", "save_model"),
        File("a dump of trees alone", Messages.NotOnnxRule, "[{\"nodeid\": 0}]", "dump_model"),
        File("half of LightGBM's text", Messages.DamagedBoosterRule, "tree\nversion=v4\n", "end of trees"),
        File("LightGBM's text without trees' lists", Messages.DamagedBoosterRule, LightgbmText("Tree=0\nnum_leaves=2\nnum_cat=0\nleaf_value=1 2\n"), "tree 0", "split_feature"),
        File("LightGBM's text with a child that is not there", Messages.DamagedBoosterRule,
            LightgbmText("Tree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nthreshold=1\ndecision_type=0\nleft_child=-1\nright_child=-4\nleaf_value=1 2\n"), "-4"),
        File("LightGBM's text with leaves that are linear functions", Messages.RefusedBoosterRule, LightgbmText("Tree=0\nnum_leaves=1\nnum_cat=0\nleaf_value=1\nis_linear=1\n"), "linear_tree"),
        File("half of a JSON file", Messages.DamagedBoosterRule, "{ \"learner\": { \"objective\""),
        Xgboost("a booster without its trees", Messages.DamagedBoosterRule, l => l["gradient_booster"]!["model"]!.AsObject().Remove("trees"), "'trees'"),
        Xgboost("a child that is not there", Messages.DamagedBoosterRule, l => Tree(l)["left_children"]![0] = 99, "node 0 of tree 0"),
        Xgboost("lists of different lengths", Messages.DamagedBoosterRule, l => Tree(l)["right_children"]!.AsArray().RemoveAt(0), "differ in length"),
        Xgboost("categories that contradict each other", Messages.DamagedBoosterRule, l => Tree(l)["categories_nodes"] = new JsonArray(0), "categories of tree 0"),
        Xgboost("a number that is a text", Messages.DamagedBoosterRule, l => Tree(l)["split_conditions"]![0] = "NaN", "finite number"),
        Xgboost("a base score that is no probability", Messages.DamagedBoosterRule, l => l["learner_model_param"]!["base_score"] = "2", "probability"),
        Xgboost("an unknown objective", Messages.RefusedBoosterRule, l => l["objective"]!["name"] = "survival:cox", "survival:cox"),
        Xgboost("a linear booster", Messages.RefusedBoosterRule, l => l["gradient_booster"]!["name"] = "gblinear", "gblinear", "Gemm"),
        Xgboost("leaves that are vectors", Messages.RefusedBoosterRule, l => Tree(l)["tree_param"]!["size_leaf_vector"] = "3", "one_output_per_tree"),
        Xgboost("branches on categories", Messages.CategoriesOfBoosterRule, _ => { }, "whole numbers"),
        Lightgbm("leaves that are linear functions", Messages.RefusedBoosterRule, m => Leaf(m)["leaf_coeff"] = new JsonArray(0.5), "linear_tree"),
        Lightgbm("an objective of LightGBM that is unknown", Messages.RefusedBoosterRule, m => m["objective"] = "median", "'median'"),
        Lightgbm("a decision that is unknown", Messages.DamagedBoosterRule, m => m["tree_info"]![0]!["tree_structure"]!["decision_type"] = ">", "'>'"),
    ];

    private static string LightgbmText(string tree) => $"tree\nnum_tree_per_iteration=1\nmax_feature_idx=1\nobjective=regression\n\n{tree}\nend of trees\n";

    private static JsonNode Tree(JsonNode learner) => learner["gradient_booster"]!["model"]!["trees"]![0]!;

    private static JsonNode Leaf(JsonNode model)
    {
        var node = model["tree_info"]![0]!["tree_structure"]!;
        while (node["left_child"] is { } child)
            node = child;
        return node;
    }

    private static RefusedModel File(string name, Rule rule, string text, params string[] says) => new(name, rule, _ => Encoding.Latin1.GetBytes(text), says);

    private static RefusedModel Xgboost(string name, Rule rule, Action<JsonNode> change, params string[] says)
    {
        var model = new XgboostModels(1, features: 4, categorical: 3).Draw("binary:logistic", 1, "gbtree", trees: 6, depth: 4);
        change(model["learner"]!);
        return File(name, rule, model.ToJsonString(), says);
    }

    private static RefusedModel Lightgbm(string name, Rule rule, Action<JsonNode> change, params string[] says)
    {
        var model = new LightgbmModels(1, features: 4, categorical: 3).Draw("regression", 1, trees: 1, depth: 3);
        change(model);
        return File(name, rule, model.ToJsonString(), says);
    }
}
