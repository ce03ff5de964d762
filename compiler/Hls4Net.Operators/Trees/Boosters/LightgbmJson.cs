using System.Globalization;
using System.Text.Json;
using static Hls4Net.Operators.Trees.Boosters.BoosterJson;

namespace Hls4Net.Operators.Trees.Boosters;

/// <summary>
/// Reads what LightGBM's <c>Booster.dump_model()</c> gives: features and numbers are float64, an event goes left where its feature is at most the
/// threshold, or one of a set of categories. Trees trained with <c>zero_as_missing</c> send the number 0 where they send what is missing.
/// </summary>
internal sealed class LightgbmJson
{
    private readonly List<BoosterNode> _nodes = [];
    private readonly int _features;

    private LightgbmJson(int features) => _features = features;

    public static Booster Read(JsonElement root, string name)
    {
        var features = Whole(Member(root, "max_feature_idx")) + 1;
        var scores = Math.Max(1, Whole(Member(root, "num_tree_per_iteration")));
        // A loss of the user's own leaves no objective behind.
        var (task, steepness) = Objective(Find(root, "objective") is { } objective ? Text(objective) : "none");
        var trees = List(Member(root, "tree_info"));
        var isAverage = Find(root, "average_output") is { ValueKind: JsonValueKind.True };
        var scale = isAverage && trees.Count > 0 ? trees.Count / (double)scores : 1;
        return new(name, features, new double[scores], task, steepness, IsDouble: true, trees.Any(t => Find(t, "num_cat") is { } count && Whole(count) > 0),
            [.. trees.Select((t, k) => new BoosterTree(k % scores, new LightgbmJson(features).Tree(Member(t, "tree_structure"), scale)))]);
    }

    /// <summary>What becomes of the scores, and the factor in front of a logistic function.</summary>
    public static (BoosterTask Task, double Steepness) Objective(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var steepness = words.Where(w => w.StartsWith("sigmoid:", StringComparison.Ordinal))
            .Select(w => double.TryParse(w.AsSpan("sigmoid:".Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var s) && s > 0
                ? s
                : throw new JsonException($"'{w}' is no factor.")).FirstOrDefault(1);
        return words.FirstOrDefault("none") switch
        {
            "regression" when words.Contains("sqrt") => (BoosterTask.SignedSquare, 1),
            "regression" or "regression_l1" or "huber" or "fair" or "quantile" or "mape" or "lambdarank" or "rank_xendcg" or "none" or "custom" => (BoosterTask.Score, 1),
            "poisson" or "gamma" or "tweedie" => (BoosterTask.Exponential, 1),
            "cross_entropy" => (BoosterTask.Logistic, 1),
            "cross_entropy_lambda" => (BoosterTask.Softplus, 1),
            "binary" => (BoosterTask.TwoClasses, steepness),
            "multiclass" => (BoosterTask.Classes, 1),
            "multiclassova" => (BoosterTask.ClassesOnTheirOwn, steepness),
            var other => throw new BoosterException($"the objective '{other}' is not one that is known to the compiler", "train with another objective, or with one of your own, whose scores are compiled as they are"),
        };
    }

    private List<BoosterNode> Tree(JsonElement root, double scale)
    {
        Write(root, scale);
        return _nodes;
    }

    /// <summary>Writes a node and what hangs below it.</summary>
    /// <returns>Its place.</returns>
    private int Write(JsonElement node, double scale)
    {
        var place = _nodes.Count;
        if (Find(node, "leaf_coeff") is { } coefficients && List(coefficients).Count > 0)
            throw new BoosterException("its leaves are linear functions", "train without linear_tree");
        if (Find(node, "split_feature") is not { } split)
        {
            _nodes.Add(BoosterNode.Leaf(Number(Member(node, "leaf_value")) / scale));
            return place;
        }
        var feature = Whole(split);
        if (feature < 0 || feature >= _features)
            throw new JsonException(I($"a branch reads feature {feature} of {_features}."));
        _nodes.Add(BoosterNode.Leaf(0));
        var (left, right) = (Write(Member(node, "left_child"), scale), Write(Member(node, "right_child"), scale));
        var threshold = Member(node, "threshold");
        switch (Text(Member(node, "decision_type")))
        {
            case "<=":
                var missingIsZero = Find(node, "missing_type") is { } missing && Text(missing) == "Zero";
                WriteThreshold(_nodes, place, new("BRANCH_LEQ", feature, Number(threshold), left, right), missingIsZero,
                    missingIsZero && Member(node, "default_left").ValueKind == JsonValueKind.True);
                break;
            case "==":
                var members = Members(threshold);
                _nodes[place] = new("BRANCH_EQ", feature, members[0], left, right);
                CategorySets.Extend(_nodes, place, members, left, right);
                break;
            case var other:
                throw new JsonException($"the decision '{other}' is neither <= nor ==.");
        }
        return place;
    }

    /// <summary>Writes a comparison with a threshold.</summary>
    /// <param name="missingIsZero">Whether the number 0 goes where what is missing goes.</param>
    /// <param name="defaultLeft">Whether that is the branch's first child.</param>
    public static void WriteThreshold(List<BoosterNode> nodes, int place, BoosterNode branch, bool missingIsZero, bool defaultLeft)
    {
        nodes[place] = branch;
        var @default = defaultLeft ? branch.Then : branch.Otherwise;
        if (!missingIsZero || @default == (branch.Value >= 0 ? branch.Then : branch.Otherwise))
            return;
        nodes[place] = new("BRANCH_EQ", branch.Feature, 0, @default, nodes.Count);
        nodes.Add(branch);
    }

    /// <summary>Categories as LightGBM joins them: 0||3||7.</summary>
    private static int[] Members(JsonElement threshold)
    {
        var text = threshold.ValueKind == JsonValueKind.String ? threshold.GetString()! : threshold.GetRawText();
        return [.. text.Split("||").Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var member)
            ? member
            : throw new JsonException($"'{t}' is no category."))];
    }

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
