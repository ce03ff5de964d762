using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>Finds the slowest logic of a timetable.</summary>
internal static class CriticalPath
{
    private const double Nanoseconds = 1e-3;

    /// <summary>The figures of a timetable on a device.</summary>
    public static TimingFigures Of(Timetable timetable, Device device)
    {
        var steps = Trace(timetable).Select(n => Step(timetable, n)).ToSeq();
        var longest = timetable.Longest();
        return new(timetable.Rules.IsCombinational ? null : timetable.Rules.Period * Nanoseconds, longest * Nanoseconds, device.ClockOf(longest), steps);
    }

    private static PathStep Step(Timetable timetable, int node)
    {
        var step = timetable.Graph.Nodes[node];
        return new(step.Module.Name, step.Module.Nets[step.Net].Name, step.Cell!.GetType().Name, timetable.Share(node) * Nanoseconds, timetable.End(node) * Nanoseconds);
    }

    /// <summary>The cells that the last result of any cycle waits for, first things first; of several paths alike the first.</summary>
    private static List<int> Trace(Timetable timetable)
    {
        var graph = timetable.Graph;
        var path = new List<int>();
        var node = graph.Order.Where(n => !graph.IsAlways[n] && timetable.End(n) > 0).DefaultIfEmpty(-1).MaxBy(n => n < 0 ? 0 : timetable.End(n));
        while (node >= 0)
        {
            if (graph.Nodes[node].Cell is not null)
                path.Add(node);
            var (start, cycle) = (timetable.End(node) - timetable.Share(node), timetable.Cycle(node));
            node = start == 0 ? -1 : Before(timetable, node, cycle, start);
        }
        path.Reverse();
        return path;
    }

    /// <summary>The first of what a node reads that is there just when it starts.</summary>
    private static int Before(Timetable timetable, int node, int cycle, int start)
    {
        foreach (var p in timetable.Graph.Predecessors(node))
        {
            if (timetable.Ready(p) == cycle && timetable.End(p) == start)
                return p;
        }
        throw new InvalidOperationException("A node starts when nothing that it reads is there.");
    }
}
