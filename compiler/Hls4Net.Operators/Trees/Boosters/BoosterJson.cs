using System.Globalization;
using System.Text.Json;

namespace Hls4Net.Operators.Trees.Boosters;

/// <summary>Boosted trees in the JSON of the libraries that train them: XGBoost's <c>save_model</c> and LightGBM's <c>dump_model</c>.</summary>
internal static class BoosterJson
{
    /// <summary>LightGBM nests a level of JSON for each level of a tree.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 4096 };

    /// <summary>Whether a file may be one: a text that begins as an object does. In XGBoost's binary JSON a length follows the brace.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.TrimStart(" \t\r\n"u8);
        if (start is not [(byte)'{', .. var rest])
            return false;
        rest = rest.TrimStart(" \t\r\n"u8);
        return rest.IsEmpty || rest[0] is (byte)'"' or (byte)'}';
    }

    /// <summary>The booster, or null where the text is another JSON.</summary>
    public static Booster? Read(byte[] bytes, string name)
    {
        using var document = JsonDocument.Parse(bytes, Options);
        var root = document.RootElement;
        return Find(root, "learner") is not null ? XgboostJson.Read(root, name)
            : Find(root, "tree_info") is not null ? LightgbmJson.Read(root, name)
            : null;
    }

    /// <summary>A member that must be there.</summary>
    public static JsonElement Member(JsonElement parent, string name) => Find(parent, name) ?? throw new JsonException($"there is no '{name}'.");

    /// <summary>A member that may be there.</summary>
    public static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var found) ? found : null;

    /// <summary>A finite number, written as one or as a text.</summary>
    public static double Number(JsonElement element) =>
        (element.ValueKind == JsonValueKind.Number ? element.GetRawText() : element.ValueKind == JsonValueKind.String ? element.GetString() : null) is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new JsonException($"{Shown(element)} stands where a finite number is needed.");

    /// <summary>A whole number, written as one or as a text.</summary>
    public static int Whole(JsonElement element) => Number(element) is var number && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue
        ? (int)number
        : throw new JsonException($"{Shown(element)} stands where a whole number is needed.");

    /// <summary>A text.</summary>
    public static string Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new JsonException($"{Shown(element)} stands where a text is needed.");

    /// <summary>The elements of a list.</summary>
    public static IReadOnlyList<JsonElement> List(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : throw new JsonException($"{Shown(element)} stands where a list is needed.");

    /// <summary>A list of numbers.</summary>
    public static double[] Numbers(JsonElement parent, string name) => [.. List(Member(parent, name)).Select(Number)];

    /// <summary>A list of whole numbers.</summary>
    public static int[] Integers(JsonElement parent, string name) => [.. List(Member(parent, name)).Select(Whole)];

    private static string Shown(JsonElement element)
    {
        const int Longest = 40;
        var text = element.GetRawText();
        return text.Length <= Longest ? text : $"{text[..Longest]}...";
    }
}
