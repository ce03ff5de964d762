using System.Globalization;

namespace Hls4Net.Tests.Support;

/// <summary>A value change dump, read by the standard's grammar and no further: declarations by scope, then times and changes.</summary>
internal sealed class VcdFile
{
    private readonly Dictionary<string, (string Code, int Width)> _signals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(long Time, string Bits)>> _changes = new(StringComparer.Ordinal);

    public VcdFile(string text)
    {
        var words = text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var at = Declarations(words);
        var time = -1L;
        for (; at < words.Length; at++)
        {
            var word = words[at];
            if (word[0] == '#')
            {
                var next = long.Parse(word[1..], CultureInfo.InvariantCulture);
                Assert.True(next > time, $"time {next} after {time}");
                (time, End) = (next, next);
            }
            else if (word[0] == 'b')
            {
                Change(words[++at], time, word[1..]);
            }
            else
            {
                Change(word[1..], time, word[..1]);
            }
        }
    }

    /// <summary>Paths of all signals: scopes and the name, with dots.</summary>
    public IReadOnlyCollection<string> Paths => _signals.Keys;

    /// <summary>The last time.</summary>
    public long End { get; private set; }

    public string Timescale { get; private set; } = "";

    public int WidthOf(string path) => _signals[path].Width;

    /// <summary>The times at which a signal changes.</summary>
    public IReadOnlyList<long> TimesOf(string path) => [.. _changes[_signals[path].Code].Select(c => c.Time)];

    /// <summary>The bits of a signal at a time, the highest first.</summary>
    public string At(string path, long time)
    {
        var (code, width) = _signals[path];
        var bits = _changes[code].Last(c => c.Time <= time).Bits;
        return bits.PadLeft(width, bits[0] == '1' ? '0' : bits[0]);
    }

    /// <summary>Bits <paramref name="low"/> and up of a signal as an integer.</summary>
    public System.Numerics.BigInteger Number(string path, long time, int low, int width, bool signed)
    {
        var bits = At(path, time);
        bits = bits[(bits.Length - low - width)..(bits.Length - low)];
        var value = bits.Aggregate(System.Numerics.BigInteger.Zero, (v, b) => 2 * v + (b - '0'));
        return signed && bits[0] == '1' ? value - (System.Numerics.BigInteger.One << width) : value;
    }

    private int Declarations(string[] words)
    {
        var scopes = new List<string>();
        for (var at = 0; ; at++)
        {
            var end = Array.IndexOf(words, "$end", at);
            switch (words[at])
            {
                case "$scope":
                    scopes.Add(words[at + 2]);
                    break;
                case "$upscope":
                    scopes.RemoveAt(scopes.Count - 1);
                    break;
                case "$timescale":
                    Timescale = words[at + 1];
                    break;
                case "$var":
                    var width = int.Parse(words[at + 2], CultureInfo.InvariantCulture);
                    Assert.Equal(width == 1 ? "$end" : $"[{width - 1}:0]", words[at + 5]);
                    // One code is one signal of one width, whatever it is called.
                    Assert.All(_signals.Values.Where(s => s.Code == words[at + 3]), s => Assert.Equal(width, s.Width));
                    _signals.Add(string.Join('.', [.. scopes, words[at + 4]]), (words[at + 3], width));
                    _changes.TryAdd(words[at + 3], []);
                    break;
                case "$enddefinitions":
                    Assert.Empty(scopes);
                    return end + 1;
            }
            at = end;
        }
    }

    private void Change(string code, long time, string bits)
    {
        var changes = _changes[code];
        if (changes.Count > 0 && changes[^1].Time == time)
            changes.RemoveAt(changes.Count - 1);
        changes.Add((time, bits));
    }
}
