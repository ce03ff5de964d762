using System.Globalization;
using System.Text;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Vectors;

/// <summary>
/// The files tb_input_features.dat and tb_output_predictions.dat beside an hls4ml project: a line for each event, its real numbers separated by
/// spaces, those of several inputs one after the other.
/// </summary>
public static class DatVectors
{
    /// <summary>Reads a file.</summary>
    /// <returns>A row for each event, all equally long.</returns>
    /// <exception cref="UserErrorException">It cannot be read (HLS4001) or a line is malformed (HLS4109).</exception>
    public static IReadOnlyList<double[]> Read(string path)
    {
        var lines = new PatternLines(path);
        var rows = new List<double[]>();
        while (lines.TryNext() is { } line)
        {
            // hls4ml writes lists with brackets or commas in some versions.
            var tokens = line.Split([' ', '\t', ',', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
            if (rows.Count > 0 && tokens.Length != rows[0].Length)
                throw lines.Malformed($"there are {tokens.Length} numbers instead of the {rows[0].Length} of the first line");
            rows.Add([.. tokens.Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw lines.Malformed($"'{Messages.Printable(t)}' is no finite number"))]);
        }
        return rows;
    }

    /// <summary>Writes a file, or nothing; every number is read back exactly.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public static void Write(string path, IEnumerable<IEnumerable<double>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
            text.AppendJoin(' ', row.Select(v => v.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        AtomicFile.WriteAllText(path, text.ToString());
    }
}
