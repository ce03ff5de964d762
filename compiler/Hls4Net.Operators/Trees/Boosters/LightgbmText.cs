using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hls4Net.Operators.Trees.Boosters;

/// <summary>
/// Reads the text that LightGBM's <c>save_model()</c> and <c>model_to_string()</c> write: a head of key=value lines, and a block of them for each tree. What
/// the lines mean is what <see cref="LightgbmJson"/> says.
/// </summary>
internal sealed class LightgbmText
{
    private const int IsCategory = 1;
    private const int IsDefaultLeft = 2;
    private const int MissingIsZero = 1;
    private const int BitsOfWord = 32;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly string _block;

    private LightgbmText(string block) => _block = block;

    /// <summary>Whether a file may be one.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) => bytes.StartsWith("tree\n"u8) || bytes.StartsWith("tree\r\n"u8);

    /// <exception cref="JsonException">A part is missing, or parts contradict each other.</exception>
    /// <exception cref="BoosterException">The model has no meaning in hardware.</exception>
    public static Booster Read(byte[] bytes, string name)
    {
        var head = new LightgbmText("the head");
        var trees = new List<LightgbmText>();
        var isWhole = false;
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n').Select(l => l.TrimEnd('\r')))
        {
            isWhole = line == "end of trees";
            if (isWhole)
                break;
            var (key, value) = line.IndexOf('=') is >= 0 and var at ? (line[..at], line[(at + 1)..]) : (line, "");
            if (key == "Tree")
                trees.Add(new($"tree {value}"));
            else if (key.Length > 0)
                (trees.Count == 0 ? head : trees[^1])._values[key] = value;
        }
        if (!isWhole)
            throw new JsonException("the line 'end of trees' is missing: the file breaks off.");
        var features = head.Whole("max_feature_idx") + 1;
        var scores = Math.Max(1, head.Whole("num_tree_per_iteration"));
        var (task, steepness) = LightgbmJson.Objective(head._values.GetValueOrDefault("objective", "none"));
        var scale = head._values.ContainsKey("average_output") && trees.Count > 0 ? trees.Count / (double)scores : 1;
        return new(name, features, new double[scores], task, steepness, IsDouble: true, trees.Exists(t => t.Whole("num_cat") > 0),
            [.. trees.Select((t, k) => new BoosterTree(k % scores, t.Tree(features, scale)))]);
    }

    /// <summary>The branches in the order of the file, then the leaves.</summary>
    private List<BoosterNode> Tree(int features, double scale)
    {
        var leaves = Numbers("leaf_value");
        var branches = Whole("num_leaves") - 1;
        if (branches < 0 || leaves.Length != branches + 1)
            throw Damaged(I($"has {leaves.Length} values for {branches + 1} leaves"));
        if (_values.GetValueOrDefault("is_linear", "0") != "0")
            throw new BoosterException("its leaves are linear functions", "train without linear_tree");
        var (splits, kinds, thresholds) = (ForBranches("split_feature", branches, Integers), ForBranches("decision_type", branches, Integers), ForBranches("threshold", branches, Numbers));
        var (lefts, rights) = (ForBranches("left_child", branches, Integers), ForBranches("right_child", branches, Integers));
        var nodes = new List<BoosterNode>(Enumerable.Repeat(BoosterNode.Leaf(0), branches));
        nodes.AddRange(leaves.Select(l => BoosterNode.Leaf(l / scale)));
        for (var k = 0; k < branches; k++)
        {
            if (splits[k] < 0 || splits[k] >= features)
                throw Damaged(I($"reads feature {splits[k]} of {features}"));
            var (left, right) = (Child(lefts[k]), Child(rights[k]));
            if ((kinds[k] & IsCategory) == 0)
            {
                LightgbmJson.WriteThreshold(nodes, k, new("BRANCH_LEQ", splits[k], thresholds[k], left, right), ((kinds[k] >> 2) & 3) == MissingIsZero, (kinds[k] & IsDefaultLeft) != 0);
                continue;
            }
            var members = Members(thresholds[k]);
            nodes[k] = new("BRANCH_EQ", splits[k], members.Count == 0 ? -1 : members[0], members.Count == 0 ? right : left, right);
            CategorySets.Extend(nodes, k, members, left, right);
        }
        return nodes;

        // A leaf is written as the complement of its place.
        int Child(int place) => place < 0 && ~place < leaves.Length ? branches + ~place
            : place >= 0 && place < branches ? place
            : throw Damaged(I($"has a branch to {place}, which is not there"));
    }

    /// <summary>The set with a number: the bits of some 32-bit words.</summary>
    private List<int> Members(double set)
    {
        var (bounds, words) = (Integers("cat_boundaries"), Items("cat_threshold"));
        var fits = set >= 0 && set + 1 < bounds.Length && set == Math.Truncate(set) && bounds[(int)set] >= 0 && bounds[(int)set] <= bounds[(int)set + 1] && bounds[(int)set + 1] <= words.Length;
        if (!fits)
            throw Damaged("names a set of categories that is not there");
        var (first, end) = (bounds[(int)set], bounds[(int)set + 1]);
        var members = new List<int>();
        for (var w = first; w < end; w++)
        {
            var word = uint.TryParse(words[w], NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? bits : throw Damaged($"has '{words[w]}' among its categories");
            members.AddRange(Enumerable.Range(0, BitsOfWord).Where(b => (word >> b & 1) != 0).Select(b => (w - first) * BitsOfWord + b));
        }
        return members;
    }

    private string[] Items(string key) => _values.TryGetValue(key, out var text)
        ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        : throw Damaged($"has no '{key}'");

    private double[] Numbers(string key) => [.. Items(key).Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
        ? number
        : throw Damaged($"has '{t}' where '{key}' needs a finite number"))];

    private int[] Integers(string key) => [.. Numbers(key).Select(n => n == Math.Truncate(n) && Math.Abs(n) <= int.MaxValue ? (int)n : throw Damaged(I($"has {n} where '{key}' needs whole numbers")))];

    /// <summary>An entry for each branch; a tree of one leaf has none of the lists.</summary>
    private T[] ForBranches<T>(string key, int count, Func<string, T[]> read) => count == 0 ? [] : read(key) is var entries && entries.Length == count
        ? entries
        : throw Damaged(I($"has {entries.Length} entries of '{key}' for {count} branches"));

    private int Whole(string key) => Integers(key) is [var number] ? number : throw Damaged($"has no single '{key}'");

    private JsonException Damaged(string what) => new($"{_block} {what}.");

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
