using System.Globalization;
using System.Runtime.InteropServices;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>
/// A combinational netlist with the registers that a timetable asks for: whoever reads a net in a later cycle reads it behind a row of
/// registers, one row for all readers, and only of the bits that are still read then. Wiring is not delayed but what it rearranges.
/// </summary>
[Pass(Promise.SameBits, "Places registers where the clock asks for them, so that every output comes a fixed number of cycles after its inputs.")]
internal sealed class InsertRegisters
{
    /// <summary>
    /// So many cycles without a reader between them become a shift register, and a register behind it: what shifts is slow to read.
    /// </summary>
    private const int ShortestShift = 3;

    private readonly Module _module;
    private readonly IReadOnlyDictionary<string, ModuleTimetable> _timetables;
    private readonly ModuleTimetable _timetable;
    private readonly IReadOnlyDictionary<string, Module> _done;
    private readonly ModuleBuilder _builder;
    private readonly int[] _map;
    private readonly Function?[] _wiring;
    private readonly WiringReads _reads;
    private readonly Dictionary<(int Net, int Cycle), (int Low, int High)> _demands = [];
    private readonly Dictionary<(int Net, int Cycle), (int Net, int Low)> _rows = [];
    private readonly int[] _lastCycles;
    private readonly bool[] _isReadWhole;

    private InsertRegisters(Module module, IReadOnlyDictionary<string, ModuleTimetable> timetables, IReadOnlyDictionary<string, Module> done)
    {
        (_module, _timetables, _timetable, _done) = (module, timetables, timetables[module.Name], done);
        _builder = new ModuleBuilder(module.Name);
        _builder.Reserve(module.Nets.Select(n => n.Name).Concat(module.Ports.Select(p => p.Name)).Where(n => n.Length > 0));
        _map = new int[module.Nets.Count];
        Array.Fill(_map, -1);
        _wiring = WiringReads.WiringOf(module);
        _reads = new WiringReads(module, (net, low, high, cycle) => Note(net, cycle, low, high));
        _lastCycles = [.. _timetable.Native];
        _isReadWhole = new bool[module.Nets.Count];
    }

    /// <param name="netsOfTop">For each net of the top the net that holds the same value as soon as it is ready, or −1.</param>
    public static Netlist Run(Netlist netlist, IReadOnlyDictionary<string, ModuleTimetable> timetables, out int[] netsOfTop)
    {
        var done = new Dictionary<string, Module>(StringComparer.Ordinal);
        netsOfTop = [];
        foreach (var module in netlist.Modules)
        {
            var pass = new InsertRegisters(module, timetables, done);
            done[module.Name] = pass.Run();
            netsOfTop = pass._map;
        }
        return new(netlist.Modules.Select(m => done[m.Name]).ToSeq());
    }

    private Module Run()
    {
        for (var c = 0; c < _module.Cells.Count; c++)
        {
            if (!_module.Cells[c].IsWiring)
                DemandOperands(_module.Cells[c], _timetable.Starts[c]);
        }
        foreach (var (net, cycle) in _module.Outputs.SelectMany(p => p.Nets).Zip(_timetable.Outputs))
            Demand(net, cycle);
        foreach (var port in _module.Inputs)
        {
            foreach (var net in port.Nets)
                _map[net] = _builder.InputNet(_module.Nets[net]);
            _builder.InputPort(port.Name, port.Nets.Select(n => _map[n]), port.IsSetting);
        }
        for (var c = 0; c < _module.Cells.Count; c++)
            Copy(_module.Cells[c], _timetable.Starts[c]);
        for (var c = 0; c < _module.Cells.Count; c++)
        {
            if (_module.Cells[c] is State state)
                _builder.Close(_map[state.Result], At(state.Source, _timetable.Starts[c]));
        }
        var element = 0;
        foreach (var port in _module.Outputs)
            _builder.OutputPort(port.Name, [.. port.Nets.Select(n => At(n, _timetable.Outputs[element++]))]);
        return _builder.ToModule(_module.Origins, _module.Comment);
    }

    private bool IsAlways(int net) => _timetable.Ready[net] == ModuleTimetable.Always;

    private void DemandOperands(Cell cell, int cycle)
    {
        var cycles = cell is Instance instance ? _timetables[instance.Module].Inputs : null;
        var operands = cell.Operands;
        for (var k = 0; k < operands.Count; k++)
            Demand(operands[k], cycles is null ? cycle : cycles[k]);
    }

    /// <summary>Somebody reads the whole net in the cycle.</summary>
    private void Demand(int net, int cycle)
    {
        if (_wiring[net] is not null && _module.Nets[net].Name.Length > 0 && (IsAlways(net) || cycle == _timetable.Ready[net]))
            _isReadWhole[net] = true;
        _reads.Read(net, cycle);
    }

    private void Note(int net, int cycle, int low, int high)
    {
        if (IsAlways(net) || cycle <= _timetable.Native[net])
            return;
        var key = (net, cycle);
        ref var demand = ref CollectionsMarshal.GetValueRefOrAddDefault(_demands, key, out var isKnown);
        demand = isKnown ? (Math.Min(demand.Low, low), Math.Max(demand.High, high)) : (low, high);
        _lastCycles[net] = Math.Max(_lastCycles[net], cycle);
    }

    private void Copy(Cell cell, int start)
    {
        if (cell is Instance instance)
        {
            var cycles = _timetables[instance.Module].Inputs;
            var element = 0;
            var inputs = instance.Inputs.Select(p => p.Select(n => At(n, cycles[element++])).ToSeq()).ToSeq();
            var results = _builder.Use(instance.Name, _done[instance.Module], inputs, instance.Outputs.Select(p => p.Select(n => _module.Nets[n])));
            foreach (var (old, made) in instance.Results.Zip(results.SelectMany(r => r)))
                _map[old] = made;
            return;
        }
        var function = (Function)cell;
        var net = _module.Nets[function.Result];
        if (function is State state)
        {
            _map[state.Result] = _builder.Open(net, state.Initial);
        }
        else if (function is Await wait)
        {
            _map[wait.Result] = At(wait.Source, start);
        }
        else if (function is Rom { Memory: MemoryKind.Block } rom)
        {
            // What holds still needs no clock.
            Function memory = IsAlways(rom.Result) ? rom with { Memory = MemoryKind.Distributed } : new BlockRom(rom.Result, rom.Address, rom.Entries, rom.Label, rom.Load);
            _map[rom.Result] = _builder.Copy(memory, net, At(rom.Address, start));
        }
        else if (!cell.IsWiring)
        {
            var operands = function.Operands;
            var moved = new int[operands.Count];
            for (var k = 0; k < moved.Length; k++)
                moved[k] = At(operands[k], start);
            _map[function.Result] = _builder.Copy(function, net, moved);
        }
        else if (_isReadWhole[function.Result])
        {
            var whole = Bits(function.Result, start, 0, net.Width - 1);
            _map[function.Result] = _builder.Named(_builder.Reinterpret(whole, net.Signed), () => net.Name, net.Note, net.Type.Fraction);
        }
    }

    /// <summary>A net as it was computed, in a later cycle.</summary>
    private int At(int net, int cycle) =>
        _builder.Reinterpret(Bits(net, cycle, 0, _module.Nets[net].Width - 1), _module.Nets[net].Signed);

    /// <summary>Bits of a net in a cycle; unsigned unless they are the whole net.</summary>
    private int Bits(int net, int cycle, int low, int high)
    {
        var width = high - low + 1;
        if (_wiring[net] is not { } wiring || (_map[net] >= 0 && (IsAlways(net) || cycle == _timetable.Ready[net])))
        {
            var (row, start) = Row(net, IsAlways(net) ? int.MinValue : cycle);
            return width == _builder[row].Width ? row : _builder.Slice(row, low - start, width, signed: false);
        }
        return wiring switch
        {
            Slice c => Bits(c.Source, cycle, low + c.Low, high + c.Low),
            Extension c => Extended(c, cycle, low, high),
            Concatenation c => Concatenated(c, cycle, low, high),
            Constant c => Part(_builder.Constant(c.Value, _module.Nets[net].Type), low, width),
            _ => throw new InvalidOperationException($"{wiring.GetType().Name} is not wiring."),
        };
    }

    private int Concatenated(Concatenation cell, int cycle, int low, int high)
    {
        var parts = new List<int>(cell.Parts.Count);
        var start = 0;
        foreach (var part in cell.Parts)
        {
            var width = _module.Nets[part].Width;
            var (from, to) = (Math.Max(low - start, 0), Math.Min(high - start, width - 1));
            if (from <= to)
                parts.Add(Bits(part, cycle, from, to));
            start += width;
        }
        return _builder.Concatenate(parts, signed: false);
    }

    private int Part(int net, int low, int width) => width == _builder[net].Width ? net : _builder.Slice(net, low, width, signed: false);

    private int Extended(Extension cell, int cycle, int low, int high)
    {
        var source = _module.Nets[cell.Source];
        var top = source.Width - 1;
        if (high <= top)
            return Bits(cell.Source, cycle, low, high);
        if (low > top && !source.Signed)
            return _builder.Constant(0, new FixedType(false, high - low + 1, 0));
        var kept = _builder.Reinterpret(Bits(cell.Source, cycle, Math.Min(low, top), top), source.Signed);
        // Above the sign bit there are only copies of it.
        return _builder.Extend(kept, high - low + 1);
    }

    /// <summary>What holds a net's bits in a cycle in which somebody reads it, and the lowest bit of the net that it holds.</summary>
    private (int Net, int Low) Row(int net, int cycle)
    {
        if (cycle <= _timetable.Native[net] || cycle == int.MinValue)
            return (_map[net], 0);
        if (_rows.TryGetValue((net, cycle), out var row))
            return row;
        var before = RowBefore(net, cycle);
        var (source, start) = Row(net, before);
        var (low, high) = BitsReadFrom(net, cycle);
        var old = _module.Nets[net];
        var isWhole = low == 0 && high == old.Width - 1;
        var held = _builder.Slice(source, low - start, high - low + 1, isWhole && old.Signed);
        if (cycle - before >= ShortestShift)
            held = AddBehind(old, low, held, cycle - 1 - _timetable.Native[net], (r, from) => new ShiftRegister(r, from, cycle - 1 - before));
        else if (cycle - before > 1)
            held = Row(net, cycle - 1).Net;
        return _rows[(net, cycle)] = (AddBehind(old, low, held, cycle - _timetable.Native[net], (r, from) => new Register(r, from)), low);
    }

    /// <summary>The cycle of the row that a row reads: the last that somebody reads, or in which the result of a slow cell is there.</summary>
    private int RowBefore(int net, int cycle)
    {
        for (var c = cycle - 1; c > _timetable.Native[net]; c--)
        {
            // Synthesis moves the registers behind a slow cell into it.
            if (c <= _timetable.Ready[net] || _demands.ContainsKey((net, c)))
                return c;
        }
        return _timetable.Native[net];
    }

    /// <summary>A register or shift register that holds bits of a net from the lowest on, some cycles behind the net.</summary>
    private int AddBehind(Net net, int low, int source, int cycles, Func<int, int, Function> make)
    {
        var width = _builder[source].Width;
        var type = _builder[source].Type with { Integer = width - (net.Type.Fraction - low) };
        return _builder.Add(() => _builder.FreshName(string.Create(CultureInfo.InvariantCulture, $"{net.Name}_d{cycles}")),
            type, _builder[source].Range, r => make(r, source));
    }

    /// <summary>The bits that somebody reads in the cycle or later.</summary>
    private (int Low, int High) BitsReadFrom(int net, int cycle)
    {
        var (low, high) = (int.MaxValue, -1);
        for (var c = cycle; c <= _lastCycles[net]; c++)
        {
            if (_demands.TryGetValue((net, c), out var d))
                (low, high) = (Math.Min(low, d.Low), Math.Max(high, d.High));
        }
        return high < 0 ? throw new InvalidOperationException($"Nobody reads '{_module.Nets[net].Name}' in cycle {cycle}.") : (low, high);
    }
}
