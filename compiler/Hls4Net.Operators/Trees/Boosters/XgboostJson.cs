using System.Globalization;
using System.Text.Json;
using static Hls4Net.Operators.Trees.Boosters.BoosterJson;

namespace Hls4Net.Operators.Trees.Boosters;

/// <summary>
/// Reads what XGBoost's <c>save_model("model.json")</c> writes (the schema of its documentation, versions 1 to 3): features and numbers are float32,
/// an event goes left where its feature is less than the condition, and to the right where it is one of a set of categories.
/// </summary>
internal static class XgboostJson
{
    private const string Advice = "train with another objective or booster, or compile the part of the model that has a meaning in hardware";

    public static Booster Read(JsonElement root, string name)
    {
        var learner = Member(root, "learner");
        var parameters = Member(learner, "learner_model_param");
        var objective = Text(Member(Member(learner, "objective"), "name"));
        var (task, toMargin) = Objective(objective);
        var (model, drops) = Model(Member(learner, "gradient_booster"));
        var classes = Math.Max(1, Whole(Member(parameters, "num_class")));
        var targets = Find(parameters, "num_target") is { } stated ? Math.Max(1, Whole(stated)) : 1;
        var scores = Math.Max(classes, targets);
        var bases = Bases(Member(parameters, "base_score"), scores).Select(b => (double)toMargin(b)).ToArray();
        var groups = Integers(model, "tree_info");
        var trees = List(Member(model, "trees"));
        if (groups.Length != trees.Count)
            throw new JsonException(I($"'tree_info' has {groups.Length} entries for {trees.Count} trees."));
        if (Array.Exists(groups, g => g < 0 || g >= scores))
            throw new JsonException(I($"'tree_info' names a score that is not one of {scores}."));
        var features = Whole(Member(parameters, "num_feature"));
        return new(name, features, bases, task, 1, IsDouble: false, trees.Any(t => Find(t, "categories_nodes") is { } set && List(set).Count > 0),
            [.. trees.Select((t, k) => new BoosterTree(groups[k], Tree(t, k, features, drops is null ? 1 : k < drops.Length ? (float)drops[k] : throw new JsonException("'weight_drop' is too short."))))]);
    }

    /// <summary>What becomes of the scores, and of the base score, which is given as a prediction.</summary>
    private static (BoosterTask Task, Func<float, float> ToMargin) Objective(string name) => name switch
    {
        "reg:squarederror" or "reg:linear" or "reg:squaredlogerror" or "reg:pseudohubererror" or "reg:absoluteerror" or "reg:quantileerror"
            or "rank:pairwise" or "rank:ndcg" or "rank:map" => (BoosterTask.Score, b => b),
        "reg:logistic" => (BoosterTask.Logistic, Logit),
        "binary:logistic" => (BoosterTask.TwoClasses, Logit),
        "binary:logitraw" => (BoosterTask.Score, Logit),
        "binary:hinge" => (BoosterTask.TwoClassesWithoutProbability, b => b),
        "multi:softmax" or "multi:softprob" => (BoosterTask.Classes, b => b),
        "count:poisson" or "reg:gamma" or "reg:tweedie" => (BoosterTask.Exponential, MathF.Log),
        _ => throw new BoosterException($"the objective '{name}' is not one that is known to the compiler", Advice),
    };

    private static float Logit(float probability) => probability is > 0 and < 1
        ? -MathF.Log(1 / probability - 1)
        : throw new JsonException(I($"the base score {probability} is no probability."));

    /// <summary>The trees, and the weights of those of a DART booster.</summary>
    private static (JsonElement Model, double[]? Drops) Model(JsonElement booster) => Text(Member(booster, "name")) switch
    {
        "gbtree" => (Member(booster, "model"), null),
        "dart" => (Member(Member(booster, "gbtree"), "model"), Numbers(booster, "weight_drop")),
        var other => throw new BoosterException($"the booster '{other}' has no trees", "train with booster='gbtree', or write a linear model as Gemm in ONNX"),
    };

    /// <summary>One number for all scores, or since version 3.1 a list in brackets.</summary>
    private static float[] Bases(JsonElement element, int scores)
    {
        var texts = (element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText()).Trim('[', ']').Split(',');
        var numbers = texts.Select(t => float.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && float.IsFinite(n)
            ? n
            : throw new JsonException($"the base score '{t}' is no finite number.")).ToArray();
        return numbers.Length == scores ? numbers
            : numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], scores)]
            : throw new JsonException(I($"there are {numbers.Length} base scores for {scores} scores."));
    }

    private static List<BoosterNode> Tree(JsonElement tree, int number, int features, float weight)
    {
        if (Find(Member(tree, "tree_param"), "size_leaf_vector") is { } size && Whole(size) > 1)
            throw new BoosterException("the leaves of its trees are vectors", "train with multi_strategy='one_output_per_tree'");
        var (lefts, rights) = (Integers(tree, "left_children"), Integers(tree, "right_children"));
        var (splits, conditions) = (Integers(tree, "split_indices"), Numbers(tree, "split_conditions"));
        if (rights.Length != lefts.Length || splits.Length != lefts.Length || conditions.Length != lefts.Length || lefts.Length == 0)
            throw new JsonException(I($"the lists of tree {number} differ in length, or are empty."));
        var categories = Categories(tree, number);
        var nodes = new List<BoosterNode>();
        for (var k = 0; k < lefts.Length; k++)
        {
            if (lefts[k] == -1)
                nodes.Add(BoosterNode.Leaf(weight * (float)conditions[k]));
            else if (Array.Exists([lefts[k], rights[k]], c => c < 0 || c >= lefts.Length) || splits[k] < 0 || splits[k] >= features)
                throw new JsonException(I($"node {k} of tree {number} leads to a node, or reads a feature, that is not there."));
            else if (categories.TryGetValue(k, out var set))
                nodes.Add(new("BRANCH_EQ", splits[k], set.Length == 0 ? -1 : set[0], set.Length == 0 ? lefts[k] : rights[k], lefts[k]));
            else
                nodes.Add(new("BRANCH_LT", splits[k], (float)conditions[k], lefts[k], rights[k]));
        }
        foreach (var (k, set) in categories.OrderBy(c => c.Key).Where(c => lefts[c.Key] != -1))
            CategorySets.Extend(nodes, k, set, rights[k], lefts[k]);
        return nodes;
    }

    /// <summary>The categories that go right, for each node that asks for some.</summary>
    private static Dictionary<int, int[]> Categories(JsonElement tree, int number)
    {
        if (Find(tree, "categories_nodes") is null)
            return [];
        var (nodes, starts, sizes, all) = (Integers(tree, "categories_nodes"), Integers(tree, "categories_segments"), Integers(tree, "categories_sizes"), Integers(tree, "categories"));
        var fits = starts.Length == nodes.Length && sizes.Length == nodes.Length && nodes.Distinct().Count() == nodes.Length
            && Enumerable.Range(0, nodes.Length).All(k => starts[k] >= 0 && sizes[k] >= 0 && sizes[k] <= all.Length - starts[k]);
        return fits
            ? Enumerable.Range(0, nodes.Length).ToDictionary(k => nodes[k], k => all[starts[k]..(starts[k] + sizes[k])])
            : throw new JsonException(I($"the categories of tree {number} contradict each other."));
    }

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
