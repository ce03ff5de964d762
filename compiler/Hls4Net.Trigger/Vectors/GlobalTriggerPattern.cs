using System.Globalization;
using System.Text;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Trigger.Vectors;

/// <summary>What CMS's Global Trigger sees and decides in one crossing of bunches; the words are those of its links.</summary>
/// <param name="Crossing">The number of the crossing.</param>
/// <param name="Muons">64 bits each.</param>
/// <param name="Electrons">Electrons or photons, 32 bits each.</param>
/// <param name="Taus">32 bits each.</param>
/// <param name="Jets">32 bits each.</param>
/// <param name="Sums">Energy sums, 32 bits each: ETT, HTT, ETM, HTM and further ones.</param>
/// <param name="External">256 external conditions as hexadecimal digits.</param>
/// <param name="Algorithms">512 decisions as hexadecimal digits, the last digit for 0 to 3.</param>
/// <param name="FinalOr">The digits behind the decisions.</param>
public sealed record GlobalTriggerCrossing(
    int Crossing, Seq<ulong> Muons, Seq<uint> Electrons, Seq<uint> Taus, Seq<uint> Jets, Seq<uint> Sums, string External, string Algorithms, string FinalOr)
{
    /// <summary>Whether an algorithm accepts.</summary>
    /// <param name="number">From 0.</param>
    public bool Accepts(int number) => ((Convert.ToInt32(Algorithms[^(number / 4 + 1)].ToString(), 16) >> (number % 4)) & 1) != 0;
}

/// <summary>
/// Test vectors of CMS's Global Trigger: a line for each crossing with its number, 8 muons, 12 electrons, 12 (8 in old files) taus, 12 jets,
/// energy sums, external conditions, algorithms and the final decision, all hexadecimal.
/// </summary>
public static class GlobalTriggerPattern
{
    private const int Muons = 8;
    private const int Objects = 12;
    private const int OldTaus = 8;
    private const int OldWords = 2 * Objects + OldTaus + 4;
    private const int ExternalDigits = 64;
    private const int AlgorithmDigits = 128;

    /// <summary>Whether a line looks like one of these.</summary>
    public static bool Recognises(string line)
    {
        var tokens = Tokens(line);
        return tokens.Length > Muons + OldWords && tokens[0].Length == 4 && tokens[1].Length == 16 && tokens.All(t => t.All(char.IsAsciiHexDigit));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserErrorException">It cannot be read (HLS4001) or a line is malformed (HLS4109).</exception>
    public static IReadOnlyList<GlobalTriggerCrossing> Read(string path)
    {
        var lines = new PatternLines(path);
        var crossings = new List<GlobalTriggerCrossing>();
        while (lines.TryNext() is { } line)
            crossings.Add(Parse(lines, Tokens(line)));
        return crossings;
    }

    /// <summary>Writes a file, or nothing.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public static void Write(string path, IEnumerable<GlobalTriggerCrossing> crossings)
    {
        var text = new StringBuilder();
        foreach (var c in crossings)
        {
            text.Append(c.Crossing.ToString("x4", CultureInfo.InvariantCulture));
            foreach (var muon in c.Muons)
                text.Append(CultureInfo.InvariantCulture, $" {muon:x16}");
            foreach (var word in c.Electrons.Concat(c.Taus).Concat(c.Jets).Concat(c.Sums))
                text.Append(CultureInfo.InvariantCulture, $" {word:x8}");
            text.Append($" {c.External} {c.Algorithms}{(c.FinalOr.Length > 0 ? " " : "")}{c.FinalOr}\n");
        }
        AtomicFile.WriteAllText(path, text.ToString());
    }

    private static GlobalTriggerCrossing Parse(PatternLines lines, string[] tokens)
    {
        if (Array.Find(tokens, t => !t.All(char.IsAsciiHexDigit)) is { } wrong)
            throw lines.Malformed($"'{Messages.Printable(wrong)}' is not hexadecimal");
        var end = Array.FindIndex(tokens, t => t.Length == ExternalDigits);
        if (tokens[0].Length != 4 || end < 0 || tokens.Skip(1).Take(Muons).Any(t => t.Length != 16) || tokens.Skip(1 + Muons).Take(end - 1 - Muons).Any(t => t.Length != 8))
            throw lines.Malformed($"a number of 4 digits, {Muons} muons of 16, words of 8, external conditions of {ExternalDigits} and algorithms of {AlgorithmDigits} digits were expected");
        if (tokens.Length is var count && (count < end + 2 || count > end + 3 || tokens[end + 1].Length != AlgorithmDigits))
            throw lines.Malformed($"behind the external conditions, algorithms of {AlgorithmDigits} digits and the final decision were expected");
        var words = tokens[(1 + Muons)..end].Select(t => uint.Parse(t, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToArray();
        var taus = words.Length == OldWords ? OldTaus : Objects;
        var jets = Objects + taus;
        if (words.Length < jets + Objects)
            throw lines.Malformed($"there are {words.Length} words of electrons, taus, jets and sums; at least {3 * Objects}, or {OldWords} in old files, were expected");
        return new(int.Parse(tokens[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            tokens.Skip(1).Take(Muons).Select(t => ulong.Parse(t, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToSeq(),
            words[..Objects].ToSeq(), words[Objects..jets].ToSeq(), words[jets..(jets + Objects)].ToSeq(), words[(jets + Objects)..].ToSeq(),
            tokens[end], tokens[end + 1], tokens.Length > end + 2 ? tokens[end + 2] : "");
    }

    private static string[] Tokens(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
