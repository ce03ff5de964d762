using System.Globalization;
using System.Text;
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

    /// <summary>The same model as LightGBM's save_model writes it: lists of branches and leaves for each tree, sets of categories as bits.</summary>
    public static string Text(JsonObject model)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"tree\nversion=v4\nnum_class={model["num_class"]}\nnum_tree_per_iteration={model["num_tree_per_iteration"]}\nlabel_index=0\nmax_feature_idx={model["max_feature_idx"]}\n");
        text.Append(CultureInfo.InvariantCulture, $"objective={model["objective"]}\n{(model["average_output"]!.GetValue<bool>() ? "average_output\n" : "")}feature_names=a b c d\n\n");
        foreach (var (tree, t) in model["tree_info"]!.AsArray().Select((tree, t) => (tree!, t)))
            text.Append(new TextTree(tree["tree_structure"]!).ToText(t));
        return text.Append("end of trees\n\nfeature_importances:\na=3\n\nparameters:\n[boosting: gbdt]\nend of parameters\n").ToString();
    }

    private sealed class TextTree
    {
        private readonly List<JsonNode> _branches = [];
        private readonly List<JsonNode> _leaves = [];
        private readonly List<(int Left, int Right)> _children = [];

        public TextTree(JsonNode root) => Add(root);

        public string ToText(int number)
        {
            List<string> lines = [$"Tree={number}", $"num_leaves={_leaves.Count}"];
            var isCategory = _branches.ConvertAll(b => b["decision_type"]!.GetValue<string>() == "==");
            var places = _branches.Select((_, k) => isCategory.Take(k).Count(c => c)).ToList();
            lines.Add($"num_cat={isCategory.Count(c => c)}");
            if (_branches.Count > 0)
            {
                lines.Add($"split_feature={Join(_branches.Select(b => b["split_feature"]!.ToString()))}");
                lines.Add($"threshold={Join(_branches.Select((b, k) => isCategory[k] ? Number(places[k]) : b["threshold"]!.ToString()))}");
                lines.Add($"decision_type={Join(_branches.Select((b, k) => Number((isCategory[k] ? 1 : 0) + (b["default_left"]!.GetValue<bool>() ? 2 : 0) + (b["missing_type"]!.ToString() == "Zero" ? 4 : 0))))}");
                lines.Add($"left_child={Join(_children.Select(c => Number(c.Left)))}");
                lines.Add($"right_child={Join(_children.Select(c => Number(c.Right)))}");
            }
            lines.Add($"leaf_value={Join(_leaves.Select(l => l["leaf_value"]!.ToString()))}");
            if (isCategory.Contains(true))
            {
                // Each set lies in the second of two words, where no category is, and in the first.
                lines.Add($"cat_boundaries={Join(Enumerable.Range(0, isCategory.Count(c => c) + 1).Select(k => Number(2 * k)))}");
                lines.Add($"cat_threshold={Join(_branches.Where((_, k) => isCategory[k]).Select(b => $"{Bits(b["threshold"]!.GetValue<string>())} 0"))}");
            }
            return $"{string.Join('\n', lines)}\nis_linear=0\nshrinkage=1\n\n\n";
        }

        private int Add(JsonNode node)
        {
            if (node["split_feature"] is null)
            {
                _leaves.Add(node);
                return ~(_leaves.Count - 1);
            }
            var place = _branches.Count;
            _branches.Add(node);
            _children.Add(default);
            _children[place] = (Add(node["left_child"]!), Add(node["right_child"]!));
            return place;
        }

        private static uint Bits(string members) => members.Split("||").Aggregate(0u, (bits, m) => bits | 1u << int.Parse(m, CultureInfo.InvariantCulture));

        private static string Join(IEnumerable<string> items) => string.Join(' ', items);

        private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
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
