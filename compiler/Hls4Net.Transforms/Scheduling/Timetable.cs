using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>A point in time: a clock cycle and the delay since its start, in the units of <see cref="DelayModel"/>.</summary>
internal readonly record struct Moment(int Cycle, int Offset)
{
    /// <summary>Of constants and settings: there at any time.</summary>
    public static Moment Always { get; } = new(int.MinValue, 0);

    public bool IsAlways => Cycle == int.MinValue;

    public static Moment Later(Moment a, Moment b) => (a.Cycle, a.Offset).CompareTo((b.Cycle, b.Offset)) >= 0 ? a : b;
}

/// <summary>When everything in a module happens, counted from the cycle in which its inputs arrive.</summary>
/// <param name="Ready">For each net, when it can be read.</param>
/// <param name="Native">For each net, the cycle in which its driver works; less than that of Ready where registers follow at once.</param>
/// <param name="Starts">For each cell, the cycle in which it reads its operands.</param>
/// <param name="Latency">The cycle in which all outputs are there.</param>
internal sealed record ModuleTimetable(Moment[] Ready, int[] Native, int[] Starts, int Latency);

/// <summary>
/// Places registers as soon as a row of cells has used up a clock period: every cell starts when its operands are there, in the same
/// cycle if its delay still fits, else in the next. Elements of a module's outputs are brought to one cycle, so that a channel is valid
/// at one time.
/// </summary>
internal sealed class Timetable
{
    private readonly Netlist _netlist;
    private readonly int _period;
    private readonly HashSet<string> _shared;

    private Timetable(Netlist netlist, int period)
    {
        (_netlist, _period) = (netlist, period);
        _shared = netlist.Modules.SelectMany(m => m.Cells).OfType<Instance>().GroupBy(i => i.Module, StringComparer.Ordinal)
            .Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The timetable of each module by name.</summary>
    public Dictionary<string, ModuleTimetable> Modules { get; } = new(StringComparer.Ordinal);

    /// <summary>Cycles from the inputs of the top to its outputs, which are registered; 0 if no event changes any output.</summary>
    public int Latency { get; private set; }

    /// <param name="period">Delay that fits between two registers, in the units of <see cref="DelayModel"/>.</param>
    public static Timetable Of(Netlist netlist, int period)
    {
        var timetable = new Timetable(netlist, period);
        var top = netlist.Top;
        var inputs = top.Inputs.Select(p => p.Nets.Select(_ => p.IsSetting ? Moment.Always : new Moment(0, 0)).ToArray()).ToArray();
        var result = timetable.Run(top, inputs);
        // An output that comes straight from an input is registered, too; one that no event changes has no time.
        foreach (var net in top.Outputs.SelectMany(p => p.Nets).Where(n => !result.Ready[n].IsAlways))
            timetable.Latency = Math.Max(timetable.Latency, Math.Max(1, result.Ready[net].Cycle + (result.Ready[net].Offset > 0 ? 1 : 0)));
        timetable.Modules[top.Name] = result with { Latency = timetable.Latency };
        return timetable;
    }

    private ModuleTimetable Run(Module module, IReadOnlyList<Moment[]> inputs)
    {
        var ready = new Moment[module.Nets.Count];
        var native = new int[module.Nets.Count];
        var starts = new int[module.Cells.Count];
        foreach (var (port, moments) in module.Inputs.Zip(inputs))
        {
            for (var k = 0; k < moments.Length; k++)
            {
                ready[port.Nets[k]] = moments[k];
                native[port.Nets[k]] = moments[k].Cycle;
            }
        }
        foreach (var cells in Loops.Of(module))
        {
            var cycle = module.Cells[cells[0]] switch
            {
                Function function when cells.Length == 1 && function is not State => Place(module, function, ready, native),
                Instance instance => Place(instance, ready, native),
                _ => PlaceLoop(module, [.. cells.Select(c => (Function)module.Cells[c])], ready, native),
            };
            foreach (var c in cells)
                starts[c] = cycle;
        }
        var outputs = module.Outputs.SelectMany(p => p.Nets).Where(n => !ready[n].IsAlways).Select(n => ready[n].Cycle);
        return new(ready, native, starts, outputs.DefaultIfEmpty(0).Max());
    }

    private int Place(Module module, Function cell, Moment[] ready, int[] native)
    {
        var latest = Moment.Always;
        foreach (var operand in cell.Operands)
            latest = Moment.Later(latest, ready[operand]);
        if (!latest.IsAlways)
        {
            var delay = DelayModel.Of(cell, module.Nets);
            if (latest.Offset > 0 && latest.Offset + delay > _period)
                latest = new(latest.Cycle + 1, 0);
            // What does not fit into one period gets registers behind it, which synthesis moves into the cell.
            var extra = latest.Offset + delay > _period ? (delay - 1) / _period : 0;
            var wait = cell is Await a ? a.Cycles : 0;
            native[cell.Result] = latest.Cycle + wait;
            ready[cell.Result] = new(latest.Cycle + extra + wait, latest.Offset + delay - extra * _period);
            return latest.Cycle;
        }
        ready[cell.Result] = latest;
        native[cell.Result] = latest.Cycle;
        return latest.Cycle;
    }

    /// <summary>
    /// Everything in a loop happens in one cycle: that of the latest operand from outside if all fits behind it, else the next. What a state
    /// holds is there from the start.
    /// </summary>
    private int PlaceLoop(Module module, Function[] cells, Moment[] ready, int[] native)
    {
        var inside = cells.Select(c => c.Result).ToHashSet();
        var latest = Moment.Always;
        foreach (var operand in cells.SelectMany(c => c.Operands).Where(o => !inside.Contains(o)))
            latest = Moment.Later(latest, ready[operand]);
        var cycle = latest.IsAlways ? 0 : latest.Cycle;
        if (!PlaceIn(cycle) && latest.Offset > 0)
            PlaceIn(++cycle);
        return cycle;

        bool PlaceIn(int now)
        {
            var fits = true;
            foreach (var state in cells.OfType<State>())
                (ready[state.Result], native[state.Result]) = (new(now, 0), now);
            foreach (var cell in cells.Where(c => c is not State))
            {
                var offset = cell.Operands.Max(o => ready[o].Cycle == now ? ready[o].Offset : 0) + DelayModel.Of(cell, module.Nets);
                (ready[cell.Result], native[cell.Result]) = (new(now, offset), now);
                fits &= offset <= _period;
            }
            return fits;
        }
    }

    private int Place(Instance instance, Moment[] ready, int[] native)
    {
        // A module that is used several times has one timetable, made for inputs that come straight from registers.
        var isShared = _shared.Contains(instance.Module);
        var start = int.MinValue;
        foreach (var net in instance.Operands.Where(n => !ready[n].IsAlways))
            start = Math.Max(start, ready[net].Cycle + (isShared && ready[net].Offset > 0 ? 1 : 0));
        if (!isShared || !Modules.TryGetValue(instance.Module, out var inner))
        {
            var inputs = instance.Inputs.Select(p => p.Select(n => ready[n].IsAlways ? Moment.Always
                : new Moment(0, !isShared && ready[n].Cycle == start ? ready[n].Offset : 0)).ToArray()).ToArray();
            Modules[instance.Module] = inner = Run(_netlist[instance.Module], inputs);
        }
        foreach (var (port, nets) in _netlist[instance.Module].Outputs.Zip(instance.Outputs))
        {
            for (var k = 0; k < nets.Count; k++)
            {
                var moment = inner.Ready[port.Nets[k]];
                ready[nets[k]] = moment.IsAlways || start == int.MinValue ? Moment.Always
                    : new(start + inner.Latency, moment.Cycle == inner.Latency ? moment.Offset : 0);
                native[nets[k]] = ready[nets[k]].Cycle;
            }
        }
        return start;
    }
}
