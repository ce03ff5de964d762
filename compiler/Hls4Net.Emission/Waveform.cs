using System.IO.Enumeration;
using Hls4Net.Core.Data;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>
/// Which signals of a cycle model a waveform shows, and under which names: those of the Verilog. Ports and buses are shown whole, nets and
/// elements of ports by themselves. What lies inside a shift register has no name and is not shown.
/// </summary>
public sealed class Waveform
{
    private readonly CycleModel _model;
    private readonly Netlist _netlist;
    private readonly Func<string, bool> _isShown;
    private readonly Dictionary<int, int> _slots = [];
    private readonly Dictionary<int, List<int>> _busesOfSlot = [];
    private readonly List<(int Number, IReadOnlyList<int> Slots, int Width)> _buses = [];
    private readonly Dictionary<Seq<int>, int> _busNumbers = [];
    private readonly List<string> _hidden = [];
    private int _numbers;
    private char[]? _digits;

    private Waveform(CycleModel model, Netlist netlist, Func<string, bool> isShown) => (_model, _netlist, _isShown) = (model, netlist, isShown);

    /// <summary>The hierarchy below the top.</summary>
    public VcdScope Scope { get; private set; } = null!;

    /// <summary>Names that are shown; a signal with several names counts for each.</summary>
    public int Names { get; private set; }

    /// <summary>Paths of the signals that are not shown, such as <c>top.layer_fc1.sum_3</c>.</summary>
    public IReadOnlyList<string> Hidden => _hidden;

    /// <summary>The number of the clock among the signals; null if it is not shown or there is none.</summary>
    public int? Clock { get; private set; }

    /// <summary>The number of the clock enable, which is always 1 here; null if it is not shown or there is none.</summary>
    public int? Enable { get; private set; }

    /// <summary>Numbers from here on are free for signals of others.</summary>
    public int Numbers => _numbers;

    /// <summary>Chooses signals.</summary>
    /// <param name="patterns">Paths with <c>*</c> for any text and <c>?</c> for any character; none for all signals.</param>
    public static Waveform Of(CycleModel model, Netlist netlist, IReadOnlyList<string> patterns)
    {
        var waveform = new Waveform(model, netlist, path => patterns.Count == 0 || patterns.Any(p => FileSystemName.MatchesSimpleExpression(p, path, ignoreCase: false)));
        var clocked = netlist.ClockedModules();
        waveform.Scope = waveform.ScopeOf(model.Top, model.Top.Name, model.Top.Name, clocked) ?? new(model.Top.Name, [], []);
        return waveform;
    }

    /// <summary>Writes what has changed since the last call.</summary>
    public void WriteChanges(VcdWriter writer)
    {
        var changed = new List<int>();
        _model.TakeChanges(changed);
        _digits ??= new char[_buses.Select(b => b.Width).Concat(_slots.Keys.Select(_model.WidthOf)).DefaultIfEmpty(1).Max()];
        Span<char> digits = _digits;
        var buses = new SortedSet<int>();
        foreach (var slot in changed)
        {
            if (_slots.TryGetValue(slot, out var number))
            {
                _model.WriteBits(slot, digits[.._model.WidthOf(slot)]);
                writer.Change(number, digits[.._model.WidthOf(slot)]);
            }
            if (_busesOfSlot.TryGetValue(slot, out var touched))
                buses.UnionWith(touched);
        }
        foreach (var bus in buses)
        {
            var (number, slots, width) = _buses[bus];
            var end = width;
            foreach (var slot in slots)
            {
                _model.WriteBits(slot, digits[(end - _model.WidthOf(slot))..end]);
                end -= _model.WidthOf(slot);
            }
            writer.Change(number, digits[..width]);
        }
    }

    /// <summary>An instance with all that is shown in it; null if nothing is.</summary>
    private VcdScope? ScopeOf(ModelInstance instance, string name, string path, HashSet<string> clocked)
    {
        var names = new VerilogNames(instance.Module, _netlist);
        var variables = new List<VcdVariable>();
        if (clocked.Contains(instance.Module.Name) && Shows(path, Netlist.Clock))
            variables.Add(new(Netlist.Clock, 1, Clock ??= _numbers++));
        if (_netlist.HasEnable && clocked.Contains(instance.Module.Name) && Shows(path, Netlist.Enable))
            variables.Add(new(Netlist.Enable, 1, Enable ??= _numbers++));
        foreach (var port in instance.Module.Ports.Where(p => Shows(path, p.Name)))
            variables.Add(Bus(port.Name, [.. port.Nets.Select(n => instance.Slots[n])]));
        foreach (var cell in instance.Module.Cells.OfType<Instance>())
        {
            foreach (var (port, nets) in _netlist[cell.Module].Outputs.Zip(cell.Outputs))
            {
                if (names.Buses[(cell.Name, port.Name)] is var bus && Shows(path, bus))
                    variables.Add(Bus(bus, [.. nets.Select(n => instance.Slots[n])]));
            }
        }
        for (var n = 0; n < instance.Slots.Count; n++)
        {
            if (instance.Module.Nets[n].Name is { Length: > 0 } net && Shows(path, net))
                variables.Add(new(net, instance.Module.Nets[n].Width, Number(instance.Slots[n])));
        }
        var scopes = new List<VcdScope>();
        foreach (var inner in instance.Instances)
        {
            var used = names.Instances[inner.Name];
            if (ScopeOf(inner, used, $"{path}.{used}", clocked) is { } scope)
                scopes.Add(scope);
        }
        Names += variables.Count;
        return variables.Count + scopes.Count == 0 ? null : new(name, variables, scopes);
    }

    private bool Shows(string path, string name)
    {
        if (_isShown($"{path}.{name}"))
            return true;
        _hidden.Add($"{path}.{name}");
        return false;
    }

    private VcdVariable Bus(string name, IReadOnlyList<int> slots)
    {
        var width = slots.Sum(_model.WidthOf);
        if (slots.Count == 1)
            return new(name, width, Number(slots[0]));
        // A port and what it is connected to are mostly one.
        if (_busNumbers.TryGetValue(slots.ToSeq(), out var known))
            return new(name, width, known);
        _busNumbers[slots.ToSeq()] = _numbers;
        foreach (var slot in slots)
        {
            if (!_busesOfSlot.TryGetValue(slot, out var buses))
                _busesOfSlot[slot] = buses = [];
            buses.Add(_buses.Count);
        }
        _buses.Add((_numbers, slots, width));
        return new(name, width, _numbers++);
    }

    private int Number(int slot) => _slots.TryGetValue(slot, out var number) ? number : _slots[slot] = _numbers++;
}
