using System.Globalization;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>Where an entry of an array comes from.</summary>
/// <param name="Array">The array that is read; null for a number.</param>
/// <param name="Index">Its position there.</param>
/// <param name="Condition">Where this is false, the number stands in its place; empty for always.</param>
/// <param name="Number">The number.</param>
internal readonly record struct CppSource(CppSourceArray? Array, int Index, string Condition, Dyadic Number);

/// <summary>An array that others are filled from: rows of so many elements, or just elements if there are no rows.</summary>
internal sealed record CppSourceArray(string Text, int Rows, int Columns)
{
    /// <summary>The element at an index over all rows.</summary>
    public string At(string index) => Rows == 0 ? $"{Text}[{index}]" : Rows == 1 ? $"{Text}[0][{index}]"
        : string.Create(CultureInfo.InvariantCulture, $"{Text}[({index}) / {Columns}][({index}) % {Columns}]");

    /// <summary>The element at a known index.</summary>
    public string At(int index) => Rows == 0 ? string.Create(CultureInfo.InvariantCulture, $"{Text}[{index}]")
        : string.Create(CultureInfo.InvariantCulture, $"{Text}[{index / Columns}][{index % Columns}]");
}

/// <summary>
/// Prints how an array is filled from others, entry by entry: as unrolled loops, in which positions are equally far apart or stand in tables,
/// so that the text stays short and no hardware comes of it but wires.
/// </summary>
internal sealed class HlsCppFill(CodeWriter code, Identifiers names)
{
    /// <param name="target">The array.</param>
    /// <param name="type">Its type, as it is written.</param>
    /// <param name="numbers">A number in the type.</param>
    /// <param name="entries">One for each element of the array.</param>
    public void Print(string target, string type, Func<Dyadic, string> numbers, IReadOnlyList<CppSource> entries)
    {
        foreach (var group in Enumerable.Range(0, entries.Count).GroupBy(k => (entries[k].Array, entries[k].Condition, entries[k].Array is null || entries[k].Condition.Length > 0 ? entries[k].Number : Dyadic.Zero)))
            Print(target, type, numbers, [.. group], [.. group.Select(k => entries[k].Index)], entries[group.First()]);
    }

    private void Print(string target, string type, Func<Dyadic, string> numbers, int[] to, int[] from, CppSource source)
    {
        if (to.Length == 1)
        {
            Assign(Text($"{to[0]}"), source.Array?.At(from[0]));
            return;
        }
        var (toText, fromText) = (Positions("to", to), source.Array is null ? null : Positions("from", from));
        var index = names.Fresh("n");
        code.Open(Text($"for (int {index} = 0; {index} < {to.Length}; {index}++) {{"));
        code.Line("#pragma HLS UNROLL");
        Assign(toText(index), fromText is null ? null : source.Array!.At(fromText(index)));
        code.Close();

        void Assign(string at, string? value) => code.Line(value is null ? $"{target}[{at}] = {numbers(source.Number)};"
            : source.Condition.Length == 0 ? $"{target}[{at}] = {value};"
            : $"{target}[{at}] = {source.Condition} ? {type}({value}) : {numbers(source.Number)};");
    }

    /// <summary>Positions as an expression of the loop's index.</summary>
    public Func<string, string> Positions(string stem, int[] positions)
    {
        var step = positions.Length > 1 ? positions[1] - positions[0] : 0;
        if (Enumerable.Range(1, positions.Length - 1).All(k => positions[k] - positions[k - 1] == step))
        {
            var start = positions[0];
            return index => (start, step) switch
            {
                (_, 0) => Text($"{start}"),
                (0, 1) => index,
                (_, 1) => Text($"{start} + {index}"),
                (0, _) => Text($"{step} * {index}"),
                _ => Text($"{start} + {step} * {index}"),
            };
        }
        var name = names.Fresh(stem);
        code.Open(Text($"static const int {name}[{positions.Length}] = {{"));
        code.Wrapped(positions.Select(p => Text($"{p},")));
        code.Close("};");
        return index => $"{name}[{index}]";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
