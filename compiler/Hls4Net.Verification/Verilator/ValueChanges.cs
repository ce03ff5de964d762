using System.Globalization;
using System.Numerics;

namespace Hls4Net.Verification.Verilator;

/// <summary>A value change dump (IEEE 1364-2005, clause 18): what each signal of the top was at each time.</summary>
internal sealed class ValueChanges
{
    private readonly Dictionary<string, List<(long Time, BigInteger Bits)>> _signals = new(StringComparer.Ordinal);

    /// <summary>Reads a dump. Where scopes repeat a name, the outermost counts.</summary>
    public static ValueChanges Read(string path)
    {
        var result = new ValueChanges();
        var byCode = new Dictionary<string, List<(long, BigInteger)>>(StringComparer.Ordinal);
        var time = 0L;
        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (words[0] == "$var")
                result.Declare(words, byCode);
            else if (words[0][0] == '#')
                time = long.Parse(words[0][1..], CultureInfo.InvariantCulture);
            else if (words[0][0] is 'b' && words.Length == 2 && byCode.TryGetValue(words[1], out var vector))
                vector.Add((time, Bits(words[0][1..])));
            else if (words[0][0] is '0' or '1' && byCode.TryGetValue(words[0][1..], out var bit))
                bit.Add((time, words[0][0] == '1' ? 1 : 0));
        }
        return result;
    }

    /// <summary>The bits of a signal or of a part select of one (<c>name[7:4]</c>, <c>name[3]</c>) at a time, or null if there is no such signal.</summary>
    public BigInteger? At(string path, long time)
    {
        var bracket = path.IndexOf('[', StringComparison.Ordinal);
        var name = bracket < 0 ? path : path[..bracket];
        if (!_signals.TryGetValue(name, out var changes))
            return null;
        var last = changes.FindLastIndex(c => c.Time <= time);
        if (last < 0)
            return null;
        if (bracket < 0)
            return changes[last].Bits;
        var range = path[(bracket + 1)..^1].Split(':').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return (changes[last].Bits >> range[^1]) & ((BigInteger.One << (range[0] - range[^1] + 1)) - 1);
    }

    /// <summary><c>$var wire 8 # name [7:0] $end</c></summary>
    private void Declare(string[] words, Dictionary<string, List<(long, BigInteger)>> byCode)
    {
        var (code, name) = (words[3], words[4]);
        if (!byCode.TryGetValue(code, out var changes))
            byCode[code] = changes = [];
        _signals.TryAdd(name, changes);
    }

    private static BigInteger Bits(string digits)
    {
        var value = BigInteger.Zero;
        foreach (var digit in digits)
            value = (value << 1) | (digit == '1' ? BigInteger.One : BigInteger.Zero);
        return value;
    }
}
