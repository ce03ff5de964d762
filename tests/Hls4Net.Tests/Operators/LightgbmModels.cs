using System.Globalization;
using System.Text.Json.Nodes;

namespace Hls4Net.Tests.Operators;

/// <summary>Models in the JSON of LightGBM, drawn at random, and what they mean.</summary>
internal sealed class LightgbmModels(int seed, int features, int categorical)
{
    private readonly Random _random = new(seed);

    public JsonObject Draw(string objective, int scores, int trees, int depth) => new()
    {
        ["name"] = "tree",
        ["version"] = "v4",
        ["num_class"] = scores,
        ["num_tree_per_iteration"] = scores,
        ["max_feature_idx"] = features - 1,
        ["objective"] = objective,
        ["average_output"] = false,
        ["tree_info"] = new JsonArray([.. Enumerable.Range(0, trees).Select(t => new JsonObject { ["tree_index"] = t, ["num_cat"] = 1, ["tree_structure"] = Node(depth, depth) })]),
    };

    /// <summary>The scores of an event: left where the feature is at most the threshold or one of the categories; a 0 that counts as missing goes its own way.</summary>
    public static double[] Scores(JsonObject model, double[] x)
    {
        var scores = new double[model["num_tree_per_iteration"]!.GetValue<int>()];
        foreach (var (tree, t) in model["tree_info"]!.AsArray().Select((tree, t) => (tree!, t)))
        {
            var node = tree["tree_structure"]!;
            while (node["split_feature"] is { } split)
                node = node[GoesLeft(node, x[split.GetValue<int>()]) ? "left_child" : "right_child"]!;
            scores[t % scores.Length] += node["leaf_value"]!.GetValue<double>();
        }
        return scores;
    }

    private static bool GoesLeft(JsonNode node, double x)
    {
        if (node["decision_type"]!.GetValue<string>() == "==")
            return node["threshold"]!.GetValue<string>().Split("||").Any(t => double.Parse(t, CultureInfo.InvariantCulture) == x);
        return node["missing_type"]!.GetValue<string>() == "Zero" && x == 0 ? node["default_left"]!.GetValue<bool>() : x <= node["threshold"]!.GetValue<double>();
    }

    private JsonObject Node(int levels, int depth)
    {
        if (levels == 0 || (levels < depth && _random.Next(6) == 0))
            return new() { ["leaf_index"] = 0, ["leaf_value"] = _random.Next(-400, 400) / 64.0 };
        var feature = _random.Next(features);
        var node = new JsonObject { ["split_feature"] = feature, ["default_left"] = _random.Next(2) == 0, ["missing_type"] = _random.Next(2) == 0 ? "Zero" : "None" };
        if (feature == categorical)
        {
            node["decision_type"] = "==";
            node["threshold"] = string.Join("||", Enumerable.Range(0, 6).Where(_ => _random.Next(2) == 0).Append(6));
        }
        else
        {
            node["decision_type"] = "<=";
            node["threshold"] = _random.Next(-64, 64) / 8.0;
        }
        node["left_child"] = Node(levels - 1, depth);
        node["right_child"] = Node(levels - 1, depth);
        return node;
    }
}
