using System.Reflection;

namespace Hls4Net.Core.Diagnostics;

/// <summary>
/// The catalogue of messages: one rule and one method per message, in one file per area.
/// HLS1xxx model files, HLS2xxx operators, HLS3xxx types and configuration, HLS4xxx data files,
/// HLS5xxx tools and output, HLS6xxx verification.
/// </summary>
public static partial class Messages
{
    /// <summary>All rules, ordered by identifier.</summary>
    public static IReadOnlyList<Rule> Rules => AllRules.Value;

    private static readonly Lazy<IReadOnlyList<Rule>> AllRules = new(() =>
        [.. typeof(Messages).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(f => f.FieldType == typeof(Rule))
            .Select(f => (Rule)f.GetValue(null)!)
            .OrderBy(r => r.Id, StringComparer.Ordinal)]);

    /// <summary>The closest of <paramref name="known"/> to a misspelt name, as advice, or an empty string.</summary>
    public static string DidYouMean(string found, IEnumerable<string> known)
    {
        // What was asked for is no advice, whatever is wrong with it.
        var best = known.Where(k => k != found)
            .Select(k => (Name: k, Distance: EditDistance(found.ToLowerInvariant(), k.ToLowerInvariant())))
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
            .FirstOrDefault((Name: "", Distance: int.MaxValue));
        return best.Distance <= Math.Max(1, found.Length / 3) ? $"Did you mean '{best.Name}'?" : "";
    }

    private static int EditDistance(string a, string b)
    {
        if (Math.Max(a.Length, b.Length) > 200)
            return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }
}
