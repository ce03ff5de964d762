using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Netlists;

/// <summary>
/// What every netlist keeps to: legal and unique names, one driver for every net, cells after what they read (so that every loop
/// goes through a <see cref="State"/>), widths and signs that agree, and values that fit.
/// </summary>
public static class NetlistVerifier
{
    /// <summary>What is wrong, one sentence each; empty for a sound netlist.</summary>
    public static IReadOnlyList<string> Verify(Netlist netlist)
    {
        var problems = new List<string>();
        var before = new Dictionary<string, Module>(StringComparer.Ordinal);
        foreach (var module in netlist.Modules)
        {
            new Check(module, before, problems).Run();
            if (!before.TryAdd(module.Name, module))
                problems.Add($"The module '{module.Name}' is there twice.");
        }
        if (netlist.Modules.Count == 0)
            problems.Add("There is no module.");
        return problems;
    }

    /// <exception cref="InvalidOperationException">The netlist is not sound: the compiler's own mistake.</exception>
    public static Netlist Demand(Netlist netlist, string after)
    {
        var problems = Verify(netlist);
        return problems.Count == 0
            ? netlist
            : throw new InvalidOperationException($"The netlist is not sound after {after}: {string.Join(" ", problems.Take(5))}");
    }

    private sealed class Check(Module module, IReadOnlyDictionary<string, Module> before, List<string> problems)
    {
        private readonly bool[] _driven = new bool[module.Nets.Count];
        private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { Netlist.Clock, Netlist.Enable };

        public void Run()
        {
            Name(module.Name, fresh: false);
            foreach (var port in module.Ports)
                Name(port.Name, fresh: true);
            for (var n = 0; n < module.Nets.Count; n++)
                CheckNet(n);
            foreach (var net in module.Inputs.SelectMany(p => p.Nets))
                Drive(net, null);
            foreach (var cell in module.Cells)
                CheckCell(cell);
            foreach (var state in module.Cells.OfType<State>().Where(s => !IsDriven(s.Source) || W(s.Source) != W(s.Result)))
                Problem($"{Describe(state)} reads a net that nothing drives, or one of another width");
            foreach (var port in module.Outputs.Where(p => !p.Nets.All(IsDriven)))
                Problem($"the output '{port.Name}' shows a net that nothing drives");
            CheckNames();
        }

        private void CheckNet(int index)
        {
            var net = module.Nets[index];
            if (net.Name.Length > 0)
                Name(net.Name, fresh: true);
            if (net.Width < 1 || net.Low > net.High || net.Low < net.Type.MinimumRaw || net.High > net.Type.MaximumRaw)
                Problem($"net {index} '{net.Name}' of {net.Type} cannot hold [{net.Low}, {net.High}]");
        }

        /// <summary>Only wiring may do without a name: the printer writes it where it is used.</summary>
        private void CheckNames()
        {
            var isWiring = new bool[module.Nets.Count];
            foreach (var cell in module.Cells)
            {
                if (cell is Function { IsWiring: true } wiring && Exists(wiring.Result))
                    isWiring[wiring.Result] = true;
            }
            for (var n = 0; n < module.Nets.Count; n++)
            {
                if (module.Nets[n].Name.Length == 0 && !isWiring[n])
                    Problem($"net {n} has no name");
            }
            foreach (var cell in module.Cells)
            {
                if (cell is Slice slice && Exists(slice.Source) && module.Nets[slice.Source].Name.Length == 0 && !IsWhole(slice))
                    Problem($"net {slice.Result} selects bits of net {slice.Source}, which has no name");
            }
        }

        private bool IsWhole(Slice slice) => module.Nets[slice.Result].Width == module.Nets[slice.Source].Width;

        private void CheckCell(Cell cell)
        {
            if (cell is not State && !AreDriven(cell))
            {
                Problem($"{Describe(cell)} reads a net that no earlier cell drives");
                return;
            }
            if (cell is Function function)
                Drive(function.Result, cell);
            else
                DriveAll(cell);
            if ((cell is Function f ? Exists(f.Result) : cell.Results.All(Exists)) && !Agrees(cell))
                Problem($"widths or signs do not fit in {Describe(cell)}");
        }

        private bool AreDriven(Cell cell) => cell switch
        {
            Unary c => IsDriven(c.Source),
            Binary c => IsDriven(c.Left) && IsDriven(c.Right),
            _ => cell.Operands.All(IsDriven),
        };

        private void DriveAll(Cell cell)
        {
            foreach (var result in cell.Results)
                Drive(result, cell);
        }

        private bool Agrees(Cell cell) => cell switch
        {
            Constant c => Contains(c.Result, c.Value, c.Value),
            State c => Contains(c.Result, c.Initial, c.Initial),
            ShiftRegister c => c.Cycles >= 2 && W(c.Source) == W(c.Result),
            DelayLine c => c.Depth >= 1 && W(c.Source) == W(c.Result) && IsBit(c.Enable),
            Await c => c.Cycles >= 0 && W(c.Source) == W(c.Result),
            Slice c => c.Low >= 0 && c.Low + W(c.Result) <= W(c.Source),
            Concatenation c => c.Parts.Count > 0 && WidthOf(c.Parts) == W(c.Result),
            Extension c => W(c.Result) > W(c.Source) && (!S(c.Source) || S(c.Result)),
            Multiplier c => S(c.Left) == S(c.Right) && S(c.Left) == S(c.Result) && W(c.Result) <= W(c.Left) + W(c.Right),
            LessThan c => IsBit(c.Result) && W(c.Left) == W(c.Right) && S(c.Left) == S(c.Right),
            EqualTo c => IsBit(c.Result) && W(c.Left) == W(c.Right),
            OrReduction or AndReduction => IsBit(cell.Results[0]),
            Binary c => W(c.Left) == W(c.Result) && W(c.Right) == W(c.Result),
            TernaryAdder c => c.Operands.All(o => W(o) == W(c.Result)) && c.Subtracted is >= 0 and <= 2,
            Unary c => W(c.Source) == W(c.Result),
            Multiplexer c => IsBit(c.Condition) && W(c.Then) == W(c.Result) && W(c.Otherwise) == W(c.Result),
            Rom c => HoldsTable(c.Result, c.Address, c.Entries),
            BlockRom c => HoldsTable(c.Result, c.Address, c.Entries),
            LinearSum c => c.Terms.Count > 0 && c.Terms.All(t => !t.Factor.IsZero),
            Instance c => Agrees(c),
            _ => false,
        };

        private bool HoldsTable(int result, int address, Seq<long> entries) =>
            W(address) <= 30 && entries.Count == 1 << W(address) && entries.All(e => Contains(result, e, e));

        private bool Agrees(Instance instance)
        {
            Name(instance.Name, fresh: true);
            if (!before.TryGetValue(instance.Module, out var used))
                return false;
            return Agree(used, used.Inputs, instance.Inputs) && Agree(used, used.Outputs, instance.Outputs);
        }

        private bool Agree(Module used, IEnumerable<Port> ports, Seq<Seq<int>> connections)
        {
            var list = ports.ToArray();
            return list.Length == connections.Count && list.Zip(connections).All(pair => pair.First.Nets.Count == pair.Second.Count
                && pair.First.Nets.Zip(pair.Second).All(n => used.Nets[n.First].Width == W(n.Second) && used.Nets[n.First].Signed == S(n.Second)));
        }

        /// <param name="driver">Null for an input port.</param>
        private void Drive(int net, Cell? driver)
        {
            if (!Exists(net))
                Problem($"{(driver is null ? "an input" : Describe(driver))} drives net {net}, which is not there");
            else if (_driven[net])
                Problem($"net {net} '{module.Nets[net].Name}' has two drivers");
            else
                _driven[net] = true;
        }

        private void Name(string name, bool fresh)
        {
            if (Identifiers.Legal(name) != name && !IsNumbered(name))
                Problem($"'{name}' is not a legal identifier");
            if (fresh && !_names.Add(name))
                Problem($"the name '{name}' is there twice");
        }

        /// <summary>An identifier cut at the largest length may carry a number behind it.</summary>
        private static bool IsNumbered(string name) =>
            name.Length > 60 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && char.IsAsciiLetter(name[0]);

        private bool Exists(int net) => net >= 0 && net < module.Nets.Count;

        private bool IsDriven(int net) => Exists(net) && _driven[net];

        private int W(int net) => module.Nets[net].Width;

        private int WidthOf(Seq<int> nets)
        {
            var width = 0;
            foreach (var net in nets)
                width += W(net);
            return width;
        }

        private bool S(int net) => module.Nets[net].Signed;

        private bool IsBit(int net) => module.Nets[net].Type is { Width: 1, Signed: false };

        private bool Contains(int net, System.Numerics.BigInteger low, System.Numerics.BigInteger high)
        {
            FixedType type = module.Nets[net].Type;
            return low >= type.MinimumRaw && high <= type.MaximumRaw;
        }

        private static string Describe(Cell cell) => $"{cell.GetType().Name} of net {string.Join(",", cell.Results)}";

        private void Problem(string what) => problems.Add($"In the module '{module.Name}' {what}.");
    }
}
