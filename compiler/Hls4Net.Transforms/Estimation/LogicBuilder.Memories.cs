using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Estimation;

internal sealed partial class LogicBuilder
{
    /// <summary>A table as multiplexers, the highest bit of the address last, of which no two parts are the same.</summary>
    private int[] Look(Rom table, int[] address, int width)
    {
        var bits = new int[width];
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var k = 0; k < width; k++)
        {
            var column = new char[table.Entries.Count];
            for (var e = 0; e < column.Length; e++)
                column[e] = (table.Entries[e] >> k & 1) == 0 ? '0' : '1';
            bits[k] = Part(new(column), address.Length - 1);
        }
        return bits;

        int Part(string column, int highest)
        {
            if (!column.Contains('1', StringComparison.Ordinal))
                return LogicGraph.False;
            if (!column.Contains('0', StringComparison.Ordinal))
                return LogicGraph.True;
            if (known.TryGetValue(column, out var literal))
                return literal;
            var half = column.Length / 2;
            return known[column] = Graph.Choose(address[highest], Part(column[half..], highest - 1), Part(column[..half], highest - 1));
        }
    }

    /// <summary>A delay line: flip-flops, or a memory that is read and written at a position that goes round.</summary>
    private int[] Delay(int[] source, int enable, int depth)
    {
        if (depth < DelayLine.ShortestMemory)
            return Hold(source, depth, enable);
        var words = depth - 1;
        var position = new FlipFlop[32 - int.LeadingZeroCount(words - 1)];
        for (var k = 0; k < position.Length; k++)
            _blocks.Add(position[k] = new(Graph.Layer, Graph.Leaf() >> 1) { Initial = false, Enable = enable });
        int[] at = [.. position.Select(p => 2 * p.Node)];
        var isLast = Graph.All(at.Select((bit, k) => (words - 1 >> k & 1) == 1 ? bit : LogicGraph.Not(bit)).ToArray());
        var next = Sum(at, [LogicGraph.True, .. new int[at.Length - 1]], subtract: false);
        for (var k = 0; k < position.Length; k++)
            (position[k].Next, position[k].Reset) = (next[k], isLast);
        var result = Leaves(source.Length);
        _blocks.Add(new HardBlock(Graph.Layer, [.. source, .. at, enable], Array.ConvertAll(result, r => r >> 1), MemoryRules.Of(_rules, words, source.Length)));
        return result;
    }

    /// <summary>A part of a block of memory, for which the blocks count where it is the first part.</summary>
    /// <param name="whole">Bits of all parts; 0 where another part is the first.</param>
    private int[] InMemory(int[] operands, int width, int words, int whole)
    {
        var result = Leaves(width);
        _blocks.Add(new HardBlock(Graph.Layer, operands, Array.ConvertAll(result, r => r >> 1), whole == 0 ? new(0, 0, 0, 0, 0, 0) : MemoryRules.InBlocks(_rules, words, whole)));
        return result;
    }

    /// <summary>Bits of the memory whose first part a cell is; 0 if it is another: cells with the same key lie side by side.</summary>
    private static int WidthInMemory<T, TKey>(Module module, T cell, Func<T, TKey> key)
        where T : Function
    {
        var sharing = module.Cells.OfType<T>().Where(c => EqualityComparer<TKey>.Default.Equals(key(c), key(cell)));
        return ReferenceEquals(sharing.First(), cell) ? sharing.Sum(c => module.Nets[c.Result].Width) : 0;
    }

    /// <summary>A product: in multiplier blocks where it is large enough for one.</summary>
    private int[] Product(int[] left, int[] right, int width, bool signed)
    {
        var (a, b) = (signed ? SignedWidth(left) : NaturalWidth(left), signed ? SignedWidth(right) : NaturalWidth(right));
        var full = width;
        width = Math.Min(width, a + b);
        if (_rules.Dsp.Takes(a, b, width))
            return Extend(InBlocks(left, right, _rules.Dsp.Blocks(a, b, signed), width), full, signed);
        var (wide, narrow) = a >= b ? (left[..a], right[..b]) : (right[..b], left[..a]);
        var rows = new List<Term>();
        for (var k = 0; k < narrow.Length && k < width; k++)
        {
            var row = new int[width];
            for (var j = k; j < width; j++)
                row[j] = j - k < wide.Length || signed ? Graph.And(narrow[k], wide[Math.Min(j - k, wide.Length - 1)]) : LogicGraph.False;
            rows.Add(new(row, signed && k == narrow.Length - 1));
        }
        return Extend(SumOf(width, rows), full, signed);
    }

    private int[] InBlocks(int[] left, int[] right, int blocks, int width)
    {
        var result = Leaves(width);
        _blocks.Add(new HardBlock(Graph.Layer, [.. left, .. right], Array.ConvertAll(result, r => r >> 1), new(0, 0, 0, blocks, 0, 0)));
        return result;
    }

    private static int NaturalWidth(int[] bits) => Math.Max(1, Array.FindLastIndex(bits, b => b != LogicGraph.False) + 1);
}
