using System.Globalization;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Events;

/// <summary>
/// Writes events in the format of the Dark Machines challenge (see <see cref="DarkMachinesReader"/>), in MeV. Energies are those of objects without
/// mass; an electron or muon of unknown charge is a negative one, and what may be an electron or a photon is an electron.
/// </summary>
/// <remarks>Every number is read back exactly.</remarks>
public static class DarkMachinesWriter
{
    private const string NoProcess = "events";

    /// <summary>Writes all blocks, or nothing.</summary>
    /// <param name="blocks">Events with objects.</param>
    /// <returns>How many events were written.</returns>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016), or the events have features and no objects (HLS4106).</exception>
    public static long Write(string path, IEnumerable<EventBlock> blocks)
    {
        var count = 0L;
        AtomicFile.Write(path, temporary =>
        {
            using var writer = new StreamWriter(temporary) { NewLine = "\n" };
            foreach (var block in blocks)
            {
                if (!block.HasObjects)
                    throw new UserErrorException(Messages.EventsDoNotFit(path, "the file has features and no objects, and only objects have a place in this format"));
                for (var i = 0; i < block.Count; i++)
                    Write(writer, block, i);
                count += block.Count;
            }
        });
        return count;
    }

    private static void Write(StreamWriter writer, EventBlock block, int number)
    {
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"{block.Ids?[number] ?? block.First + number};{NoProcess};{Text(block.Weights?[number] ?? 1)};{MeV(block.Met[number])};{Text(block.MetPhi[number])}"));
        foreach (var item in block.ObjectsOf(number))
            writer.Write($";{Name(item)},{MeV(item.Pt * Math.Cosh(item.Eta))},{MeV(item.Pt)},{Text(item.Eta)},{Text(item.Phi)}");
        writer.WriteLine();
    }

    private static string Name(EventObject item) => item.Kind switch
    {
        ObjectKinds.Jet => "j",
        ObjectKinds.BJet => "b",
        ObjectKinds.Photon => "g",
        ObjectKinds.Muon => item.Charge > 0 ? "m+" : "m-",
        _ => item.Charge > 0 ? "e+" : "e-",
    };

    /// <summary>The decimal point three places further, so that no digit changes.</summary>
    private static string MeV(double gev)
    {
        var text = Text(gev);
        if (text.IndexOf('E', StringComparison.Ordinal) is >= 0 and var end)
            return string.Create(CultureInfo.InvariantCulture, $"{text[..end]}E{int.Parse(text.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) + 3}");
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        fraction = fraction.PadRight(3, '0');
        var moved = (whole + fraction[..3]).TrimStart('0');
        return $"{(moved.Length == 0 ? "0" : moved)}{(fraction.Length > 3 ? "." : "")}{fraction[3..]}";
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
