using System.Globalization;

namespace Hls4Net.Benchmarks;

/// <summary>What other compilers made of a constant matrix, with so many levels allowed beyond balanced trees without sharing.</summary>
/// <param name="Slack">Levels that they were allowed; −1 for no limit.</param>
/// <param name="Adders">Adders of the one that needs fewer; of two that need as many, the one of fewer levels.</param>
/// <param name="Levels">Adder levels of that one.</param>
/// <param name="Seconds">CPU time that it took.</param>
/// <param name="Bits">Adder bits of the first of them.</param>
internal sealed record PeerFigures(string Matrix, int Slack, double Adders, int Levels, double Seconds, double Bits)
{
    /// <summary>Reads a file with a line of column names.</summary>
    /// <exception cref="BenchmarkFailedException">There is none, or a column or number is missing.</exception>
    public static IReadOnlyList<PeerFigures> Read(string file)
    {
        if (!File.Exists(file))
            throw new BenchmarkFailedException($"There is no file '{file}'.");
        var lines = File.ReadAllLines(file).Where(l => l.Trim().Length > 0).Select(l => l.Split(',')).ToArray();
        var names = lines.Length == 0 ? [] : lines[0];
        return [.. lines.Skip(1).Select(l => Of(l, names, file))];
    }

    private static PeerFigures Of(string[] cells, string[] names, string file)
    {
        var (adders, levels, seconds) = new[] { "da4ml", "alkaid" }
            .Select(p => (Adders: Number(p + "_adders"), Levels: (int)Number(p + "_depth"), Seconds: Number(p + "_cpu_s")))
            .OrderBy(p => p.Adders).ThenBy(p => p.Levels).First();
        return new(Cell("matrix"), (int)Number("depth_slack"), adders, levels, seconds, Number("da4ml_adder_bits"));

        string Cell(string name)
        {
            var column = Array.IndexOf(names, name);
            return column >= 0 && column < cells.Length ? cells[column] : throw new BenchmarkFailedException($"'{file}' has no {name} in '{string.Join(',', cells)}'.");
        }

        double Number(string name) => double.TryParse(Cell(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : throw new BenchmarkFailedException($"In '{file}' '{Cell(name)}' is no number ({name}).");
    }
}
