using System.Globalization;
using System.Text.Json.Nodes;

namespace Hls4Net.Tests.Operators;

/// <summary>Models in the JSON of XGBoost, drawn at random, and what they mean.</summary>
internal sealed class XgboostModels(int seed, int features, int categorical)
{
    private readonly Random _random = new(seed);

    public JsonObject Draw(string objective, int classes, string booster, int trees, int depth)
    {
        var drawn = new JsonArray([.. Enumerable.Range(0, trees).Select(_ => Tree(depth))]);
        var model = new JsonObject { ["model"] = new JsonObject { ["trees"] = drawn, ["tree_info"] = Array(Enumerable.Range(0, trees).Select(t => t % classes)) }, ["name"] = "gbtree" };
        var isProbability = objective.StartsWith("binary:log", StringComparison.Ordinal) || objective == "reg:logistic";
        return new JsonObject
        {
            ["version"] = Array([2, 1, 0]),
            ["learner"] = new JsonObject
            {
                ["learner_model_param"] = new JsonObject
                {
                    ["base_score"] = isProbability ? "5E-1" : "2.5E-1",
                    ["num_class"] = classes == 1 ? "0" : classes.ToString(CultureInfo.InvariantCulture),
                    ["num_feature"] = features.ToString(CultureInfo.InvariantCulture),
                },
                ["objective"] = new JsonObject { ["name"] = objective },
                ["gradient_booster"] = booster == "gbtree" ? model
                    : new JsonObject { ["gbtree"] = model, ["name"] = "dart", ["weight_drop"] = Array(Enumerable.Range(0, trees).Select(t => t % 2 == 0 ? 0.5 : 1)) },
            },
        };
    }

    /// <summary>The scores of an event: left where the feature is less, right where it is one of the categories; bases of 1/2 as a probability count 0.</summary>
    public static double[] Scores(JsonObject model, double[] x)
    {
        var learner = model["learner"]!;
        var booster = learner["gradient_booster"]!;
        var drops = booster["weight_drop"]?.AsArray();
        var content = (booster["gbtree"] ?? booster)["model"]!;
        var classes = Math.Max(1, int.Parse(learner["learner_model_param"]!["num_class"]!.GetValue<string>(), CultureInfo.InvariantCulture));
        var scores = Enumerable.Repeat(learner["learner_model_param"]!["base_score"]!.GetValue<string>() == "5E-1" ? 0 : 0.25, classes).ToArray();
        foreach (var (tree, t) in content["trees"]!.AsArray().Select((tree, t) => (tree!, t)))
        {
            var node = 0;
            while (Whole(tree, "left_children", node) != -1)
                node = Whole(tree, GoesLeft(tree, node, x[Whole(tree, "split_indices", node)]) ? "left_children" : "right_children", node);
            scores[content["tree_info"]![t]!.GetValue<int>()] += tree["split_conditions"]![node]!.GetValue<double>() * (drops?[t]!.GetValue<double>() ?? 1);
        }
        return scores;
    }

    private static bool GoesLeft(JsonNode tree, int node, double x)
    {
        if (tree["split_type"]![node]!.GetValue<int>() == 0)
            return x < tree["split_conditions"]![node]!.GetValue<double>();
        var set = tree["categories_nodes"]!.AsArray().Select(n => n!.GetValue<int>()).ToList().IndexOf(node);
        var (start, size) = (Whole(tree, "categories_segments", set), Whole(tree, "categories_sizes", set));
        return !Enumerable.Range(start, size).Any(k => Whole(tree, "categories", k) == x);
    }

    private static int Whole(JsonNode tree, string name, int place) => tree[name]![place]!.GetValue<int>();

    private JsonObject Tree(int depth)
    {
        var (lefts, rights, splits, types) = (new List<int>(), new List<int>(), new List<int>(), new List<int>());
        var conditions = new List<double>();
        var (nodes, starts, sizes, categories) = (new List<int>(), new List<int>(), new List<int>(), new List<int>());
        Grow(depth);
        return new JsonObject
        {
            ["tree_param"] = new JsonObject { ["num_nodes"] = lefts.Count.ToString(CultureInfo.InvariantCulture), ["size_leaf_vector"] = "1" },
            ["left_children"] = Array(lefts),
            ["right_children"] = Array(rights),
            ["split_indices"] = Array(splits),
            ["split_conditions"] = Array(conditions),
            ["split_type"] = Array(types),
            ["categories_nodes"] = Array(nodes),
            ["categories_segments"] = Array(starts),
            ["categories_sizes"] = Array(sizes),
            ["categories"] = Array(categories),
            ["default_left"] = Array(lefts.Select(_ => 0)),
        };

        int Grow(int levels)
        {
            var place = lefts.Count;
            var isLeaf = levels == 0 || (levels < depth && _random.Next(6) == 0);
            lefts.Add(-1);
            rights.Add(-1);
            splits.Add(isLeaf ? 0 : _random.Next(features));
            types.Add(!isLeaf && splits[place] == categorical ? 1 : 0);
            conditions.Add(isLeaf ? _random.Next(-400, 400) / 64.0 : _random.Next(-64, 64) / 8.0);
            if (types[place] == 1)
            {
                int[] set = [.. Enumerable.Range(0, 6).Where(_ => _random.Next(2) == 0)];
                nodes.Add(place);
                starts.Add(categories.Count);
                sizes.Add(set.Length);
                categories.AddRange(set);
            }
            if (!isLeaf)
                (lefts[place], rights[place]) = (Grow(levels - 1), Grow(levels - 1));
            return place;
        }
    }

    private static JsonArray Array<T>(IEnumerable<T> numbers) => [.. numbers.Select(n => (JsonNode?)JsonValue.Create(n))];
}
