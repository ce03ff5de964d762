using Hls4Net.Core.Netlists;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>
/// Leaves out what no output of the top depends on: cells, elements of ports between modules, and whole modules. The ports of the top
/// stay as they are. Same bits.
/// </summary>
[Pass(Promise.SameBits, "Removes cells, ports between modules and modules that no output depends on.")]
internal sealed class RemoveDeadCells
{
    private readonly Netlist _netlist;
    private readonly HashSet<string> _shared;
    private readonly Dictionary<string, Trimmed> _trimmed = new(StringComparer.Ordinal);

    private RemoveDeadCells(Netlist netlist)
    {
        _netlist = netlist;
        _shared = netlist.Modules.SelectMany(m => m.Cells).OfType<Instance>().GroupBy(i => i.Module, StringComparer.Ordinal)
            .Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>A module without dead cells, and which elements of its ports are left.</summary>
    private sealed record Trimmed(Module Module, bool[][] Inputs, bool[][] Outputs);

    public static Netlist Run(Netlist netlist) => Run(netlist, out _);

    /// <param name="netsOfTop">For each net of the old top its index in the new one, or −1.</param>
    public static Netlist Run(Netlist netlist, out int[] netsOfTop)
    {
        var pass = new RemoveDeadCells(netlist);
        var top = netlist.Top;
        var everything = top.Outputs.Select(p => Array.ConvertAll(new bool[p.Nets.Count], _ => true)).ToArray();
        pass.Trim(top, everything, keepInputs: true, out netsOfTop);
        return new(netlist.Modules.Where(m => pass._trimmed.ContainsKey(m.Name)).Select(m => pass._trimmed[m.Name].Module).ToSeq());
    }

    private Trimmed Trim(Module module, bool[][] outputs, bool keepInputs, out int[] map)
    {
        var live = new bool[module.Nets.Count];
        Mark(module.Outputs, outputs, live);
        // A state comes before what it reads, so that going back through the cells once would miss that it is live.
        foreach (var state in Loops.Reaching(module, Enumerable.Range(0, live.Length).Where(n => live[n])).ToArray())
            live[state.Result] = live[state.Source] = true;
        var cells = new Stack<Cell>();
        foreach (var cell in module.Cells.Reverse())
        {
            if (!cell.Results.Any(r => live[r]))
                continue;
            var kept = cell is Instance instance ? TrimInstance(instance, live) : cell;
            cells.Push(kept);
            foreach (var operand in kept.Operands)
                live[operand] = true;
            foreach (var result in kept.Results)
                live[result] = true;
        }
        var inputs = module.Inputs.Select(p => p.Nets.Select(n => keepInputs || live[n]).ToArray()).ToArray();
        Mark(module.Inputs, inputs, live);
        map = new int[live.Length];
        var trimmed = new Trimmed(Rebuild(module, live, cells, inputs, outputs, map), inputs, outputs);
        _trimmed[module.Name] = trimmed;
        return trimmed;
    }

    private Instance TrimInstance(Instance instance, bool[] live)
    {
        if (!_trimmed.TryGetValue(instance.Module, out var used))
        {
            var outputs = instance.Outputs.Select(p => p.Select(n => live[n] || _shared.Contains(instance.Module)).ToArray()).ToArray();
            used = Trim(_netlist[instance.Module], outputs, keepInputs: false, out _);
        }
        return instance with { Inputs = Keep(instance.Inputs, used.Inputs), Outputs = Keep(instance.Outputs, used.Outputs) };
    }

    private static Seq<Seq<int>> Keep(Seq<Seq<int>> connections, bool[][] kept) =>
        connections.Select((c, p) => c.Where((_, k) => kept[p][k]).ToSeq()).Where(c => c.Count > 0).ToSeq();

    private static void Mark(IEnumerable<Port> ports, bool[][] kept, bool[] live)
    {
        foreach (var (port, flags) in ports.Zip(kept))
        {
            for (var k = 0; k < flags.Length; k++)
                live[port.Nets[k]] |= flags[k];
        }
    }

    private static Module Rebuild(Module module, bool[] live, IEnumerable<Cell> cells, bool[][] inputs, bool[][] outputs, int[] map)
    {
        var nets = new List<Net>();
        for (var n = 0; n < live.Length; n++)
        {
            map[n] = live[n] ? nets.Count : -1;
            if (live[n])
                nets.Add(module.Nets[n]);
        }
        var moved = map;
        Seq<Seq<int>> Move(Seq<Seq<int>> ports) => ports.Select(p => p.Select(n => moved[n]).ToSeq()).ToSeq();
        var rewritten = cells.Select<Cell, Cell>(c => c is Function f
            ? f.With(moved[f.Result], [.. f.Operands.Select(o => moved[o])])
            : (Instance)c with { Inputs = Move(((Instance)c).Inputs), Outputs = Move(((Instance)c).Outputs) }).ToSeq();
        var ports = module.Inputs.Zip(inputs).Concat(module.Outputs.Zip(outputs))
            .Select(p => p.First with { Nets = p.First.Nets.Where((_, k) => p.Second[k]).Select(n => moved[n]).ToSeq() })
            .Where(p => p.Nets.Count > 0).ToSeq();
        return module with { Ports = ports, Nets = nets.ToSeq(), Cells = rewritten };
    }
}
