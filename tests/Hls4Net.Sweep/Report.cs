using System.Globalization;

namespace Hls4Net.Sweep;

/// <summary>Counts findings and prints those that matter.</summary>
internal static class Report
{
    /// <summary>Prints differences as they come and figures at the end; 1 if anything differs.</summary>
    public static int Print(IEnumerable<(string Name, Finding Finding)> findings, bool withRefusals)
    {
        var counts = new Dictionary<Outcome, int>();
        foreach (var (name, (outcome, detail)) in findings)
        {
            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
            if (outcome == Outcome.Differs || (withRefusals && outcome != Outcome.Agrees))
                Write($"{outcome}: {name}: {detail}");
        }
        Write(string.Join(", ", Enum.GetValues<Outcome>().Select(o => $"{o} {counts.GetValueOrDefault(o).ToString(CultureInfo.InvariantCulture)}")));
        return counts.ContainsKey(Outcome.Differs) ? 1 : 0;
    }

    private static void Write(string line) => Console.Out.Write($"{line}\n");
}
