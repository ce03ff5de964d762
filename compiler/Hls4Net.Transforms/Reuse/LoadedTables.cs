using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Reuse;

/// <summary>Where the words of all loadable tables of a netlist are on its load bus.</summary>
internal sealed class LoadMap
{
    private readonly List<LoadableTable> _tables = [];
    private int _end;

    /// <summary>The tables, in the order of their words.</summary>
    public IReadOnlyList<LoadableTable> Tables => _tables;

    /// <summary>Room for a table, at a multiple of its size, so that comparing the high bits of a number says whose word it is.</summary>
    /// <param name="words">A power of two.</param>
    /// <param name="make">Describes the table, given its first word.</param>
    public int Add(int words, Func<int, LoadableTable> make)
    {
        var first = (_end + words - 1) / words * words;
        _end = first + words;
        _tables.Add(make(first));
        return first;
    }
}

/// <summary>What a layer has to know to be loaded.</summary>
/// <param name="Bank">The net that says which bank the event takes that starts now.</param>
/// <param name="Types">The type of an input of the kernel that is a loadable constant, or null.</param>
/// <param name="Names">The constant's name.</param>
/// <param name="Module">The module that the tables are in.</param>
/// <param name="Node">The ONNX node.</param>
internal sealed record LayerLoading(int Bank, Func<int, FixedType?> Types, Func<int, string> Names, LoadMap Map, string Module, string Node);

/// <summary>
/// Tables of a folded layer whose entries are loaded at run time. Nothing about them follows from the numbers of now: they are as wide as what any
/// number of its type leads to, and have an entry for each phase. The bank is the highest bit of the address, so that an event reads one of them only.
/// </summary>
internal sealed class LoadedTables(BitsAlgebra algebra, PhaseCounter phase, LayerLoading loading)
{
    private ModuleBuilder Builder => algebra.Builder;

    /// <summary>The weights of a multiplier, as integers.</summary>
    /// <param name="terms">By outer and inner phase.</param>
    /// <param name="exponent">A unit is 2 to this power.</param>
    public Signal Weights(FoldedTerm[][] terms, int exponent, string name)
    {
        var range = new Interval(0, 0, -exponent);
        foreach (var term in terms.SelectMany(t => t).Where(t => !t.IsZero))
            range = range.Union(term.Range.WithFraction(-exponent));
        var innerBits = phase.Inner < 0 ? 0 : Builder[phase.Inner].Width;
        var outerBits = phase.Outer < 0 ? 0 : Builder[phase.Outer].Width;
        var (entries, elements) = (new long[1 << (innerBits + outerBits)], Unused(1 << (innerBits + outerBits)));
        for (var o = 0; o < terms.Length; o++)
        {
            for (var p = 0; p < terms[o].Length; p++)
            {
                if (terms[o][p].IsZero)
                    continue;
                entries[(o << innerBits) | p] = (long)terms[o][p].Factor.ToRaw(-exponent);
                elements[(o << innerBits) | p] = terms[o][p].Loaded?.Element ?? -1;
            }
        }
        var constant = terms.SelectMany(t => t).Select(t => t.Loaded?.Constant ?? -1).Max();
        return Table([phase.Inner, phase.Outer], range with { Fraction = 0 }, entries, elements, constant, name, "weights by phase");
    }

    /// <summary>What the sums start with, in the type of the running sum.</summary>
    /// <param name="initial">The numbers of now, by outer phase.</param>
    /// <param name="loaded">What they can be; null where they stay.</param>
    /// <param name="ranges">What the sums can be; null if they have a type of their own, to which the numbers are cast before they are added.</param>
    public int Initials(Dyadic[] initial, LoadedRange?[] loaded, Interval[]? ranges, FixedType type, string name)
    {
        var range = ranges is null ? type.Range
            : initial.Select((n, k) => (loaded[k]?.Range ?? Interval.Of(n)).WithFraction(type.Fraction)).Aggregate((a, b) => a.Union(b));
        var bits = phase.Outer < 0 ? 0 : Builder[phase.Outer].Width;
        var (entries, elements) = (new long[1 << bits], Unused(1 << bits));
        for (var k = 0; k < initial.Length; k++)
            (entries[k], elements[k]) = ((long)initial[k].ToRaw(type.Fraction), loaded[k]?.Element ?? -1);
        var constant = loaded.Select(l => l?.Constant ?? -1).Max();
        var signal = Table([phase.Outer], range.Union(new(0, 0, range.Fraction)) with { Fraction = 0 }, entries, elements, constant, name, "what sums start with");
        return Builder.Reinterpret(algebra.ToNetModulo(signal.Form, new(type.Signed, type.Width, type.Width)), type.Signed);
    }

    private Signal Table(ReadOnlySpan<int> digits, Interval range, long[] entries, int[] elements, int constant, string name, string label)
    {
        if (range.Type.Width > LoadableTable.WidestWord)
            throw new UserErrorException(Messages.LoadTooWide(loading.Node, range.Type.Width, LoadableTable.WidestWord));
        var parts = new List<int>();
        foreach (var digit in digits)
        {
            if (digit >= 0)
                parts.Add(digit);
        }
        parts.Add(phase.Bank);
        var address = parts.Count == 1 ? parts[0] : Builder.Concatenate(parts, signed: false);
        var source = constant < 0 ? "" : loading.Names(constant);
        var first = loading.Map.Add(entries.Length, f => new(loading.Module, loading.Node, label, f, entries.Length, range.Type.Width, range.Type.Signed, source, elements));
        long[] banks = [.. entries, .. entries];
        return BitsAlgebra.FromNet(Builder.Add(name, range.Type, range, r => new Rom(r, address, Seq.Own(banks), label, Load: first)), range);
    }

    private static int[] Unused(int words)
    {
        var elements = new int[words];
        Array.Fill(elements, -1);
        return elements;
    }
}
