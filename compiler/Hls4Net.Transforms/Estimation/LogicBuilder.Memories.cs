using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Estimation;

internal sealed partial class LogicBuilder
{
    private readonly ModuleStructures _structures = new();

    /// <summary>Literals that come out of a memory whose own register stands for the one behind it.</summary>
    private readonly HashSet<int> _inside = [];

    /// <summary>Positions in the memories of this module's delay lines, by the first line in each.</summary>
    private Dictionary<DelayLine, (int[] At, int[] Next)> _lines = [];

    /// <summary>
    /// A table in logic. A tool that takes it for a memory also takes registers for the memory's own: those behind it, or else those in front, which
    /// then follow the table instead of its address; and it puts large ones into blocks.
    /// </summary>
    private int[] Look(Rom table, Module module, int[] address, int width)
    {
        if (!MemoryRules.IsMemory(table))
            return Look(table, address, width);
        var isLarge = (long)width * table.Entries.Count > _rules.LargestTable;
        if (_structures.Of(module).IsRegistered(table.Result))
        {
            if (!isLarge)
                return Look(table, address, width);
            var known = InMemory(address, width, MemoryRules.Blocks(_rules, table.Entries.Count, width));
            _inside.UnionWith(known);
            return known;
        }
        if (!TryReadBefore(address, out var before, out var enable))
            return Look(table, address, width);
        return isLarge ? InMemory([.. before, enable], width, MemoryRules.Blocks(_rules, table.Entries.Count, width))
            : Array.ConvertAll(Look(table, before, width), bit => Hold(bit, LogicGraph.True));
    }

    /// <summary>What the registers of an address take, if all of its bits come out of registers that hold at the same time.</summary>
    private bool TryReadBefore(int[] address, out int[] before, out int enable)
    {
        (before, enable) = (new int[address.Length], LogicGraph.False);
        for (var k = 0; k < address.Length; k++)
        {
            before[k] = address[k];
            if (address[k] >> 1 == 0)
                continue;
            if (!_registers.TryGetValue(address[k], out var bit) || (enable != LogicGraph.False && bit.Enable != enable))
                return false;
            enable = bit.Enable;
            before[k] = Graph.Choose(enable, bit.Next, address[k]);
        }
        return enable != LogicGraph.False;
    }

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

    /// <summary>A delay line: flip-flops, or a memory that is read and written at a position that goes round, which lines with one depth and enable share.</summary>
    private int[] Delay(DelayLine line, Module module, int[] source, int enable)
    {
        if (line.Depth < (line.Memory == MemoryKind.Block ? DelayLine.ShortestBlock : DelayLine.ShortestMemory))
            return Hold(source, line.Depth, enable);
        var (first, width) = _structures.Of(module).MemoryOf(line);
        if (!_lines.TryGetValue(first, out var position))
            _lines[first] = position = Position(line.Depth, enable);
        var plan = line.Memory == MemoryKind.Block ? MemoryRules.Blocks(_rules, line.Depth, width) : MemoryRules.InLuts(_rules, line.Depth, width);
        if (line != first)
            plan = plan with { Cost = default };
        var result = InMemory([.. source, .. position.At, enable], source.Length, plan, line.Memory == MemoryKind.Block ? Hold(position.Next, 1, enable) : position.Next);
        return line.Memory == MemoryKind.Block ? result : Hold(result, 1, enable);
    }

    /// <summary>A counter of the words of a memory, and what it counts to next.</summary>
    private (int[] At, int[] Next) Position(int words, int enable)
    {
        var position = new FlipFlop[32 - int.LeadingZeroCount(words - 1)];
        for (var k = 0; k < position.Length; k++)
            _blocks.Add(position[k] = new(Graph.Layer, Graph.Leaf() >> 1) { Initial = false, Enable = enable });
        int[] at = [.. position.Select(p => 2 * p.Node)];
        var isLast = Graph.All(at.Select((bit, k) => (words - 1 >> k & 1) == 1 ? bit : LogicGraph.Not(bit)).ToArray());
        var next = Choose(isLast, new int[at.Length], Sum(at, [LogicGraph.True, .. new int[at.Length - 1]], subtract: false));
        Read(next);
        for (var k = 0; k < position.Length; k++)
            position[k].Next = next[k];
        return (at, next);
    }

    /// <summary>A table in blocks of memory, for which the blocks count where it is the first of those with its address.</summary>
    private int[] InBlocks(BlockRom table, Module module, int[] address)
    {
        var (first, width) = _structures.Of(module).MemoryOf(table);
        var plan = MemoryRules.Blocks(_rules, table.Entries.Count, width);
        return InMemory(address, module.Nets[table.Result].Width, table == first ? plan : plan with { Cost = default }, Hold(address, 1, LogicGraph.True));
    }

    /// <summary>Something in memory; where its words are in several parts, the highest bits of the address select one.</summary>
    private int[] InMemory(int[] operands, int width, MemoryPlan plan, int[]? selection = null)
    {
        var parts = new int[plan.Parts][];
        for (var k = 0; k < parts.Length; k++)
            parts[k] = Leaves(width);
        _blocks.Add(new HardBlock(Graph.Layer, operands, [.. parts.SelectMany(p => p).Select(r => r >> 1)], plan.Cost));
        for (var bit = selection is null ? 0 : selection.Length - (32 - int.LeadingZeroCount(parts.Length - 1)); parts.Length > 1; bit++)
        {
            var select = selection is null ? operands[bit] : selection[bit];
            parts = [.. parts.Chunk(2).Select(p => p.Length == 1 ? p[0] : Pairwise(p[1], p[0], (a, b) => Graph.Choose(select, a, b)))];
        }
        return parts[0];
    }

    /// <summary>A product: in multiplier blocks where it is large enough for one.</summary>
    private int[] Product(int[] left, int[] right, int width, bool signed)
    {
        var (a, b) = (signed ? SignedWidth(left) : NaturalWidth(left), signed ? SignedWidth(right) : NaturalWidth(right));
        var full = width;
        width = Math.Min(width, a + b);
        if (_rules.Dsp.Takes(a, b, width))
            return Extend(InMultipliers(left, right, _rules.Dsp.Blocks(a, b, signed), width), full, signed);
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

    private int[] InMultipliers(int[] left, int[] right, int blocks, int width)
    {
        var result = Leaves(width);
        _blocks.Add(new HardBlock(Graph.Layer, [.. left, .. right], Array.ConvertAll(result, r => r >> 1), new(0, 0, 0, blocks, 0, 0)));
        return result;
    }

    private static int NaturalWidth(int[] bits) => Math.Max(1, Array.FindLastIndex(bits, b => b != LogicGraph.False) + 1);
}
