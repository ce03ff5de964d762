using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>When everything in a module happens, counted from the inputs of the top.</summary>
/// <param name="Ready">For each net, the cycle from which on it can be read; <see cref="Always"/> for what is the same for every event.</param>
/// <param name="Native">For each net, the cycle in which its driver works; less than Ready where registers follow at once.</param>
/// <param name="Starts">For each cell, the cycle in which it reads its operands; an instance takes each in the cycle of its own.</param>
/// <param name="Inputs">For each element of the input ports, the cycle in which it comes.</param>
/// <param name="Outputs">For each element of the output ports, the cycle in which it is there.</param>
internal sealed record ModuleTimetable(int[] Ready, int[] Native, int[] Starts, int[] Inputs, int[] Outputs)
{
    /// <summary>The cycle of what is there at any time.</summary>
    public const int Always = int.MinValue;

    /// <summary>The timetables of all modules of a netlist, by name.</summary>
    public static Dictionary<string, ModuleTimetable> Of(Netlist netlist, Timetable timetable)
    {
        var all = new Dictionary<string, ModuleTimetable>(StringComparer.Ordinal);
        foreach (var module in netlist.Modules)
            all[module.Name] = Of(module, timetable);
        return all;
    }

    /// <summary>The first cycle in which something comes, and the last in which something leaves.</summary>
    public (int First, int Last) Span =>
        (Inputs.Where(c => c != Always).DefaultIfEmpty(0).Min(), Outputs.Where(c => c != Always).DefaultIfEmpty(0).Max());

    private static ModuleTimetable Of(Module module, Timetable timetable)
    {
        var graph = timetable.Graph;
        var places = graph[module.Name];
        var (ready, native) = (new int[module.Nets.Count], new int[module.Nets.Count]);
        for (var net = 0; net < ready.Length; net++)
        {
            var driver = places.Drivers[net];
            var isAlways = driver < 0 || graph.IsAlways[driver];
            ready[net] = isAlways ? Always : timetable.Ready(driver);
            native[net] = isAlways ? Always : timetable.Native(driver);
        }
        var starts = new int[module.Cells.Count];
        for (var c = 0; c < starts.Length; c++)
        {
            var cell = module.Cells[c];
            starts[c] = cell.Operands.Select(o => ready[o]).DefaultIfEmpty(Always).Max();
            if (cell.IsWiring)
                ready[cell.Results[0]] = native[cell.Results[0]] = starts[c];
            else if (cell is Function && places.Drivers[cell.Results[0]] is var node && !graph.IsAlways[node])
                starts[c] = timetable.Cycle(node);
        }
        return new(ready, native, starts, [.. places.Inputs.Select(Cycle)], [.. places.Outputs.Select(Cycle)]);

        int Cycle(int node) => graph.IsAlways[node] ? Always : timetable.Cycle(node);
    }
}
