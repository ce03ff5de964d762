using System.Globalization;

namespace Hls4Net.Emission;

/// <summary>
/// Conditions on the tick of a process: comparisons where the ticks follow each other, else bits of a table that the tick addresses.
/// </summary>
/// <param name="first">The tick of the process's first step.</param>
/// <param name="count">Its steps.</param>
/// <param name="table">The name of the table.</param>
internal sealed class HlsCppFlags(int first, int count, string table)
{
    private const int Most = 60;

    private readonly List<bool[]> _flags = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>An expression of <c>tick</c> that is true in the given ticks.</summary>
    /// <param name="ticks">Ascending.</param>
    public string In(IReadOnlyList<int> ticks)
    {
        if (ticks.Count == 0)
            return "false";
        if (ticks.Count == count)
            return "true";
        var (from, to) = (ticks[0] - first, ticks[^1] - first);
        if (to - from + 1 == ticks.Count)
            return from == to ? Text($"tick == {from}") : from == 0 ? Text($"tick <= {to}") : to == count - 1 ? Text($"tick >= {from}") : Text($"tick >= {from} && tick <= {to}");
        var key = string.Join(',', ticks);
        if (!_known.TryGetValue(key, out var flag))
        {
            _known[key] = flag = _flags.Count;
            var values = new bool[count];
            foreach (var tick in ticks)
                values[tick - first] = true;
            _flags.Add(values);
        }
        return Text($"((flags_{flag / Most} >> {flag % Most}) & 1) != 0");
    }

    /// <summary>The tables.</summary>
    public void Declare(CodeWriter code)
    {
        for (var word = 0; word * Most < _flags.Count; word++)
        {
            var flags = _flags.Skip(word * Most).Take(Most).ToArray();
            code.Open(Text($"static const {TypeOf(flags.Length)} {table}_{word}[{count}] = {{"));
            code.Wrapped(Enumerable.Range(0, count).Select(t => Text($"{flags.Select((f, k) => f[t] ? 1UL << k : 0).Aggregate(0UL, (a, b) => a | b)}{(flags.Length > 32 ? "ULL" : "")},")));
            code.Close("};");
        }
    }

    /// <summary>The bits of a tick.</summary>
    public void Load(CodeWriter code)
    {
        for (var word = 0; word * Most < _flags.Count; word++)
            code.Line(Text($"const {TypeOf(Math.Min(Most, _flags.Count - (word * Most)))} flags_{word} = {table}_{word}[tick];"));
    }

    private static string TypeOf(int bits) => bits <= 8 ? "unsigned char" : bits <= 16 ? "unsigned short" : bits <= 32 ? "unsigned int" : "unsigned long long";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
