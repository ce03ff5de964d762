using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Estimation;

/// <summary>What the text of a module shows a tool before any logic is built; looked for once for each module.</summary>
internal sealed class ModuleStructures
{
    private readonly Dictionary<string, ModuleStructure> _known = new(StringComparer.Ordinal);

    public ModuleStructure Of(Module module)
    {
        if (!_known.TryGetValue(module.Name, out var structure))
            _known[module.Name] = structure = new(module);
        return structure;
    }
}

/// <summary>What drives and reads the nets of a module, and which cells share a memory.</summary>
internal sealed class ModuleStructure
{
    private readonly Module _module;
    private readonly Function?[] _drivers;
    private readonly List<Cell>?[] _readers;
    private readonly Dictionary<Function, (Function First, int Width)> _memories = new(ReferenceEqualityComparer.Instance);

    public ModuleStructure(Module module)
    {
        _module = module;
        _drivers = new Function?[module.Nets.Count];
        _readers = new List<Cell>?[module.Nets.Count];
        foreach (var cell in module.Cells)
        {
            if (cell is Function function)
                _drivers[function.Result] = function;
            foreach (var operand in cell.Operands)
                (_readers[operand] ??= []).Add(cell);
        }
        foreach (var net in module.Outputs.SelectMany(p => p.Nets))
            (_readers[net] ??= []).Add(new Instance("", "", [], []));
        Share(module.Cells.OfType<DelayLine>().GroupBy(l => (l.Enable, l.Depth, l.Memory)));
        Share(module.Cells.OfType<BlockRom>().GroupBy(r => r.Address));
    }

    /// <summary>The first line in the memory of a line, and the memory's width: lines of one depth and enable lie side by side.</summary>
    public (DelayLine First, int Width) MemoryOf(DelayLine line) => _memories[line] is var (first, width) ? ((DelayLine)first, width) : default;

    /// <summary>The first table in the memory of a table, and the memory's width: tables with one address lie side by side.</summary>
    public (BlockRom First, int Width) MemoryOf(BlockRom table) => _memories[table] is var (first, width) ? ((BlockRom)first, width) : default;

    /// <summary>The lowest bit of a net that is written as a constant; the net's width for none.</summary>
    public int LowestConstant(int net) => _drivers[net] switch
    {
        Constant => 0,
        Slice c => Math.Clamp(LowestConstant(c.Source, c.Low) - c.Low, 0, Width(net)),
        Extension c when LowestConstant(c.Source) is var low && low < Width(c.Source) => low,
        Extension c when !_module.Nets[c.Source].Signed && Width(net) > Width(c.Source) => Width(c.Source),
        Concatenation c => OfParts(c),
        _ => Width(net),
    };

    /// <summary>Whether each bit of a net goes into one register and nowhere else.</summary>
    public bool IsRegistered(int net) => _readers[net] is { Count: > 0 } readers
        && (readers is [Register or ShiftRegister] || (readers.TrueForAll(r => r is Slice s && _readers[s.Result] is [Register or ShiftRegister]) && AreApart(readers)));

    private bool AreApart(List<Cell> slices)
    {
        var end = 0;
        foreach (var slice in slices.Cast<Slice>().OrderBy(s => s.Low))
        {
            if (slice.Low < end)
                return false;
            end = slice.Low + Width(slice.Result);
        }
        return true;
    }

    /// <summary>The lowest constant bit from a position on.</summary>
    private int LowestConstant(int net, int from)
    {
        if (_drivers[net] is not Concatenation parts)
            return LowestConstant(net) is var low && low >= from ? low : _drivers[net] is Constant ? from : Width(net);
        var at = 0;
        foreach (var part in parts.Parts)
        {
            if (at + Width(part) > from && LowestConstant(part, Math.Max(0, from - at)) is var inner && inner < Width(part))
                return at + inner;
            at += Width(part);
        }
        return at;
    }

    private int OfParts(Concatenation cell)
    {
        var at = 0;
        foreach (var part in cell.Parts)
        {
            if (LowestConstant(part) is var low && low < Width(part))
                return at + low;
            at += Width(part);
        }
        return at;
    }

    private int Width(int net) => _module.Nets[net].Width;

    private void Share<TKey, T>(IEnumerable<IGrouping<TKey, T>> groups)
        where T : Function
    {
        foreach (var group in groups)
        {
            var (first, width) = (group.First(), group.Sum(c => Width(c.Result)));
            foreach (var cell in group)
                _memories[cell] = (first, width);
        }
    }
}
