using System.Globalization;
using System.Text;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Results;

/// <summary>A line of a Dark Machines result: one model on one signal of one channel.</summary>
/// <param name="Signal">The signal's name.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Channel">For example chan1 or chan2b.</param>
/// <param name="Auc">Area under the ROC curve.</param>
/// <param name="At2">Signal efficiency at a background efficiency of 1e-2.</param>
/// <param name="At3">The same at 1e-3.</param>
/// <param name="At4">The same at 1e-4.</param>
public sealed record DarkMachinesResult(string Signal, string Model, string Channel, double Auc, double At2, double At3, double At4);

/// <summary>The table of results of the Dark Machines challenge (arXiv:2105.14027): text with a header line.</summary>
public static class DarkMachinesResults
{
    public const string Header = "Signal,Model,Chan,AUC,1e-2,1e-3,1e-4";

    /// <summary>Writes a table, or nothing.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public static void Write(string path, IEnumerable<DarkMachinesResult> results)
    {
        var text = new StringBuilder(Header + "\n");
        foreach (var r in results)
            text.Append(CultureInfo.InvariantCulture, $"{Name(r.Signal)},{Name(r.Model)},{Name(r.Channel)},{r.Auc:R},{r.At2:R},{r.At3:R},{r.At4:R}\n");
        AtomicFile.WriteAllText(path, text.ToString());
    }

    /// <summary>Reads a table.</summary>
    /// <exception cref="UserErrorException">The file cannot be read (HLS4001) or a line is malformed (HLS4103).</exception>
    public static IReadOnlyList<DarkMachinesResult> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.CannotRead(path, e.Message));
        }
        if (lines.Length == 0 || lines[0].Trim() != Header)
            throw Malformed(path, 1, $"the header is not '{Header}'");
        var results = new List<DarkMachinesResult>();
        for (var i = 1; i < lines.Length; i++)
        {
            var fields = lines[i].Split(',', StringSplitOptions.TrimEntries);
            if (lines[i].Length == 0)
                continue;
            var numbers = new double[4];
            if (fields.Length != 7)
                throw Malformed(path, i + 1, $"there are {fields.Length} fields instead of 7");
            for (var k = 0; k < numbers.Length; k++)
            {
                if (!double.TryParse(fields[3 + k], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[k]) || !(numbers[k] is >= 0 and <= 1))
                    throw Malformed(path, i + 1, $"'{Messages.Printable(fields[3 + k])}' is no number from 0 to 1");
            }
            results.Add(new(fields[0], fields[1], fields[2], numbers[0], numbers[1], numbers[2], numbers[3]));
        }
        return results;
    }

    /// <summary>A comma would be the end of a field.</summary>
    private static string Name(string text) => text.Replace(',', ' ').ReplaceLineEndings(" ").Trim();

    private static UserErrorException Malformed(string path, int line, string what) =>
        new(Messages.EventMalformed(path, string.Create(CultureInfo.InvariantCulture, $"line {line}"), what));
}
