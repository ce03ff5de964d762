using Hls4Net.Core.Emulation;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Netlists;

/// <summary>
/// Measures how many words of a delay line are in use. A word is in use from its writing to its last reading, and so are those behind it: when
/// the word at the end of a line of depth D is read, D are. Whether it ever is read shows by spoiling it: everything that readers find at the
/// ends is inverted, and outputs change if, and only if, somebody needs it. That no word is needed that is older shows by the results, which are
/// right.
/// </summary>
public static class LineProbe
{
    /// <summary>Whether any output of any event needs the oldest words of some lines.</summary>
    /// <param name="netlist">A streamed design.</param>
    /// <param name="inputs">Raw integers by channel name.</param>
    /// <param name="expected">The outputs of the design as it is.</param>
    public static bool IsFull(Netlist netlist, HardwareInterface description, LineFigures lines, IReadOnlyDictionary<string, RawBatch> inputs,
        IReadOnlyDictionary<string, RawBatch> expected, CancellationToken cancellation = default)
    {
        var found = new EventSimulation(Spoilt(netlist, lines.Ends), description).Run(inputs, null, cancellation);
        return expected.Any(e => Enumerable.Range(0, e.Value.Events * e.Value.Elements)
            .Any(k => e.Value[k / e.Value.Elements, k % e.Value.Elements] != found.Outputs[e.Key][k / e.Value.Elements, k % e.Value.Elements]));
    }

    /// <summary>The netlist with all bits inverted that are read at the ends of lines; lines that go on from there carry what they did.</summary>
    /// <param name="ends">Names of nets of the top.</param>
    internal static Netlist Spoilt(Netlist netlist, IReadOnlyList<string> ends)
    {
        var (top, names) = (netlist.Top, ends.ToHashSet(StringComparer.Ordinal));
        var nets = top.Nets.ToList();
        var instead = new Dictionary<int, int>();
        for (var n = 0; n < top.Nets.Count; n++)
        {
            if (names.Contains(top.Nets[n].Name))
                Invert(n);
        }
        // Registers only bring them elsewhere, perhaps to a line that goes on.
        foreach (var cell in top.Cells)
        {
            if (cell is Register or ShiftRegister && instead.ContainsKey(cell.Operands[0]))
                Invert(cell.Results[0]);
        }
        var cells = new List<Cell>(top.Cells.Count + instead.Count);
        foreach (var cell in top.Cells)
        {
            cells.Add(Reading(cell, instead));
            foreach (var result in cell.Results.Where(instead.ContainsKey))
                cells.Add(new BitwiseNot(instead[result], result));
        }
        var ports = top.Ports.Select(p => p.Direction == PortDirection.Output ? p with { Nets = [.. p.Nets.Select(Inverted)] } : p);
        return netlist with { Modules = [.. netlist.Modules.SkipLast(1), top with { Nets = [.. nets], Cells = [.. cells], Ports = [.. ports] }] };

        void Invert(int net)
        {
            instead[net] = nets.Count;
            nets.Add(Net.Of("", top.Nets[net].Type));
        }

        int Inverted(int net) => instead.GetValueOrDefault(net, net);
    }

    private static Cell Reading(Cell cell, Dictionary<int, int> instead) => cell switch
    {
        DelayLine or Register or ShiftRegister => cell,
        Instance i => i with { Inputs = [.. i.Inputs.Select(p => p.Select(n => instead.GetValueOrDefault(n, n)).ToSeq())] },
        Function f when f.Operands.Any(instead.ContainsKey) => f.With(f.Result, [.. f.Operands.Select(n => instead.GetValueOrDefault(n, n))]),
        _ => cell,
    };
}
