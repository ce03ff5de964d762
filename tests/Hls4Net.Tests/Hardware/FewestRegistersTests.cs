using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Tests.Hardware;

/// <summary>The placing of registers against every other placing that the period allows, on netlists small enough to try them all.</summary>
public sealed class FewestRegistersTests
{
    /// <summary>An adder takes one unit and so does everything else that takes time.</summary>
    private static readonly DelayTable Units = new(LutInputs: 6, Lut: 1, Route: 0, CarryEntry: 0, CarryPerBit: 0, BlockRead: 0, ClockOverhead: 0);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    public void No_other_placing_has_fewer_bits(int period, int spare)
    {
        var improved = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var netlist = Draw(seed);
            var graph = TimingGraph.Of(netlist, Units);
            var latency = Timetable.Earliest(graph, new(period)).Latency;
            var earliest = Timetable.Earliest(graph, new(period, Stages: latency + spare));
            var found = Bits(netlist, FewestRegisters.Run(earliest));
            var best = Placings(earliest).Min(t => Bits(netlist, t));
            Assert.True(found == best, $"seed {seed}: {found} bits where {best} are enough");
            improved += best < Bits(netlist, earliest) ? 1 : 0;
        }
        Assert.True(improved > 10, "The earliest placing is nearly always the best: nothing was tested.");
    }

    private static long Bits(Netlist netlist, Timetable timetable)
    {
        var clocked = NetlistVerifier.Demand(InsertRegisters.Run(netlist, ModuleTimetable.Of(netlist, timetable), out _), "the test");
        var figures = Costs.All(clocked, clocked.Top);
        return figures.RegisterBits + figures.ShiftBits;
    }

    /// <summary>Adders over a few inputs, some of them read in part; every sum that nobody reads is an output.</summary>
    private static Netlist Draw(int seed)
    {
        var random = new Random(seed);
        var builder = new ModuleBuilder("top");
        var nets = Enumerable.Range(0, 3).Select(k => builder.InputNet(Net.Of($"x_{k}", new FixedType(false, random.Next(2, 9), 4)))).ToList();
        builder.InputPort("x", nets);
        var unread = new HashSet<int>(nets);
        for (var k = 0; k < 6; k++)
        {
            var width = random.Next(2, 9);
            var (left, right) = (Pick(width), Pick(width));
            var sum = builder.Add("t", new(false, width, width), null, r => new Adder(r, left, right));
            nets.Add(sum);
            unread.Add(sum);
        }
        builder.OutputPort("y", unread);
        return new([builder.ToModule([], "")]);

        int Pick(int width)
        {
            var net = nets[random.Next(Math.Max(0, nets.Count - 4), nets.Count)];
            unread.Remove(net);
            var low = random.Next(2) == 0 ? 0 : random.Next(builder[net].Width);
            return builder.Resize(builder.Slice(net, low, builder[net].Width - low, signed: false), width);
        }
    }

    /// <summary>Every choice of cycles in which each node comes after what it reads and no logic exceeds the period.</summary>
    private static IEnumerable<Timetable> Placings(Timetable earliest)
    {
        var graph = earliest.Graph;
        var cycles = Enumerable.Range(0, graph.Nodes.Count).Select(earliest.Cycle).ToArray();
        var cells = graph.Order.Where(n => graph.Nodes[n].Cell is not null).ToArray();
        return Choose(0);

        IEnumerable<Timetable> Choose(int k)
        {
            if (k == cells.Length)
            {
                var timetable = earliest.With(cycles);
                if (graph.Order.All(n => IsFeasible(timetable, n)))
                    yield return timetable;
                yield break;
            }
            for (var cycle = earliest.Cycle(cells[k]); cycle < earliest.Latency; cycle++)
            {
                cycles[cells[k]] = cycle;
                foreach (var timetable in Choose(k + 1))
                    yield return timetable;
            }
        }
    }

    private static bool IsFeasible(Timetable timetable, int node) =>
        timetable.Graph.Predecessors(node).ToArray().All(p => timetable.Ready(p) <= timetable.Cycle(node))
        && timetable.Start(node) <= timetable.Room(node);
}
