using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>Which bits of the nets and buses of a module the printed text reads.</summary>
internal sealed class VerilogUse
{
    private readonly Module _module;
    private readonly VerilogNames _names;
    private readonly bool[][] _read;
    private readonly bool[] _declared;

    public VerilogUse(Module module, VerilogNames names)
    {
        (_module, _names) = (module, names);
        _read = [.. module.Nets.Select(n => new bool[n.Width])];
        _declared = new bool[module.Nets.Count];
        foreach (var cell in module.Cells.Where(c => c is not Instance && (!c.IsWiring || module.Nets[c.Results[0]].Name.Length > 0)))
            ReadByCell(cell);
        foreach (var net in module.Cells.OfType<Instance>().SelectMany(i => i.Operands).Concat(module.Outputs.SelectMany(p => p.Nets)))
            ReadFromBus(net);
    }

    /// <summary>Whether an element of a bus is needed under its own name.</summary>
    public bool IsNamed(int net) => _declared[net];

    /// <summary>The ranges of bits of a net that nobody reads.</summary>
    public IEnumerable<(int Low, int Width)> Unread(int net)
    {
        var bits = _read[net];
        for (var low = 0; low < bits.Length; low++)
        {
            if (bits[low])
                continue;
            var start = low;
            while (low + 1 < bits.Length && !bits[low + 1])
                low++;
            yield return (start, low - start + 1);
        }
    }

    private void ReadByCell(Cell cell)
    {
        if (cell is Slice slice)
        {
            Read(slice.Source, slice.Low, _module.Nets[slice.Result].Width);
            return;
        }
        foreach (var operand in cell.Operands)
            Read(operand, 0, _module.Nets[operand].Width);
    }

    /// <summary>Connections take elements straight from the bus.</summary>
    private void ReadFromBus(int net)
    {
        if (_names.Bus(net) is not null)
            Array.Fill(_read[net], true);
        else
            Read(net, 0, _module.Nets[net].Width);
    }

    private void Read(int net, int low, int width)
    {
        switch (_names.Wiring(net))
        {
            case null:
                Array.Fill(_read[net], true, low, width);
                _declared[net] = true;
                break;
            case Slice c:
                Read(c.Source, c.Low + low, width);
                break;
            case Extension c:
                var inner = _module.Nets[c.Source].Width;
                var from = Math.Min(low, inner - 1);
                Read(c.Source, from, Math.Max(1, Math.Min(low + width, inner) - from));
                break;
            case Concatenation c:
                ReadParts(c, low, width);
                break;
        }
    }

    private void ReadParts(Concatenation cell, int low, int width)
    {
        var start = 0;
        foreach (var part in cell.Parts)
        {
            var partWidth = _module.Nets[part].Width;
            var from = Math.Max(low, start);
            var to = Math.Min(low + width, start + partWidth);
            if (from < to)
                Read(part, from - start, to - from);
            start += partWidth;
        }
    }
}
