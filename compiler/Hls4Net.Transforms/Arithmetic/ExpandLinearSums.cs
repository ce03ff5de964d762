using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// Replaces every <see cref="LinearSum"/> by adders: <c>y = 5·a − 3·b + 7</c> → <c>t = a + (a &lt;&lt; 2); u = b + (b &lt;&lt; 1); y = t − u + 7</c>.
/// The sums of a module that do not depend on one another are solved together. Same bits.
/// </summary>
[Pass(Promise.SameBits, "Replaces sums with constant factors by shifts and adders, and shares what several sums have in common.")]
internal static class ExpandLinearSums
{
    /// <param name="operands">Two or three: the most that an adder has.</param>
    /// <param name="tableInputs">As in <see cref="SumSolver"/>.</param>
    /// <param name="netsOfTop">For each net of the old top the one that took its place.</param>
    public static Netlist Run(Netlist netlist, IConstantMultiplier multiplier, int operands, int tableInputs, out int[] netsOfTop)
    {
        var modules = netlist.Modules.ToDictionary(m => m.Name, StringComparer.Ordinal);
        var solver = new SumSolver(multiplier, operands, tableInputs);
        var expansion = new Expansion(netlist.Top, [], solver, modules, new(StringComparer.Ordinal));
        modules[netlist.Top.Name] = expansion.Run().Module;
        netsOfTop = expansion.Map;
        return new(netlist.Modules.Select(m => modules[m.Name]).ToSeq());
    }

    /// <summary>One module, given when its inputs are there.</summary>
    private sealed class Expansion
    {
        private readonly Module _module;
        private readonly SumSolver _solver;
        private readonly Dictionary<string, Module> _modules;
        private readonly Dictionary<string, (Module Module, IReadOnlyList<int[]> OutputArrivals)> _done;
        private readonly ModuleBuilder _builder;
        private readonly int[] _map;
        private readonly List<int> _arrivals = [];

        /// <param name="inputArrivals">For each input port, when each element is there; empty if all are at time zero.</param>
        public Expansion(Module module, IReadOnlyList<int[]> inputArrivals, SumSolver solver, Dictionary<string, Module> modules,
            Dictionary<string, (Module Module, IReadOnlyList<int[]> OutputArrivals)> done)
        {
            (_module, _solver, _modules, _done) = (module, solver, modules, done);
            _builder = new ModuleBuilder(module.Name);
            _builder.Reserve(module.Nets.Select(n => n.Name).Concat(module.Ports.Select(p => p.Name)).Where(n => n.Length > 0));
            _map = new int[module.Nets.Count];
            var inputs = module.Inputs.ToArray();
            for (var p = 0; p < inputs.Length; p++)
            {
                for (var k = 0; k < inputs[p].Nets.Count; k++)
                {
                    _map[inputs[p].Nets[k]] = _builder.InputNet(module.Nets[inputs[p].Nets[k]]);
                    _arrivals.Add(inputArrivals.Count == 0 ? 0 : inputArrivals[p][k]);
                }
                _builder.InputPort(inputs[p].Name, inputs[p].Nets.Select(n => _map[n]), inputs[p].IsSetting);
            }
        }

        public int[] Map => _map;

        public (Module Module, IReadOnlyList<int[]> OutputArrivals) Run()
        {
            var ranks = Ranks();
            var cells = _module.Cells
                .OrderBy(c => ranks[c]).ThenBy(c => c is LinearSum ? 0 : 1);
            foreach (var group in cells.GroupBy(c => (Rank: ranks[c], IsSum: c is LinearSum)))
            {
                if (group.Key.IsSum)
                    Solve([.. group.Cast<LinearSum>()]);
                else
                    Copy(group);
            }
            foreach (var state in _module.Cells.OfType<State>())
                _builder.Close(_map[state.Result], _map[state.Source]);
            foreach (var port in _module.Outputs)
                _builder.OutputPort(port.Name, port.Nets.Select(n => _map[n]));
            var arrivals = _module.Outputs.Select(p => p.Nets.Select(n => Arrival(_map[n])).ToArray()).ToArray();
            return (_builder.ToModule(_module.Origins, _module.Comment), arrivals);
        }

        /// <summary>For each cell the largest number of sums on a path to it, itself included.</summary>
        private Dictionary<Cell, int> Ranks()
        {
            var ofNets = new int[_module.Nets.Count];
            var ofCells = new Dictionary<Cell, int>(ReferenceEqualityComparer.Instance);
            foreach (var cell in _module.Cells)
            {
                var rank = cell is LinearSum ? 1 : 0;
                foreach (var operand in cell.Operands)
                    rank = Math.Max(rank, ofNets[operand] + (cell is LinearSum ? 1 : 0));
                foreach (var result in cell.Results)
                    ofNets[result] = rank;
                ofCells[cell] = rank;
            }
            return ofCells;
        }

        private void Copy(IEnumerable<Cell> cells)
        {
            foreach (var cell in cells)
            {
                if (cell is Function function)
                    CopyFunction(function);
                else
                    CopyInstance((Instance)cell);
            }
        }

        private void CopyFunction(Function cell)
        {
            var net = _module.Nets[cell.Result];
            _map[cell.Result] = cell is State state ? _builder.Open(net, state.Initial) : _builder.Copy(cell, net, [.. cell.Operands.Select(o => _map[o])]);
        }

        private void CopyInstance(Instance instance)
        {
            var inputs = instance.Inputs.Select(p => p.Select(n => _map[n]).ToSeq()).ToSeq();
            var arrivals = inputs.Select(p => p.Select(Arrival).ToArray()).ToArray();
            // A module that is used several times takes its shape from the first use.
            if (!_done.TryGetValue(instance.Module, out var done))
            {
                done = new Expansion(_modules[instance.Module], arrivals, _solver, _modules, _done).Run();
                (_done[instance.Module], _modules[instance.Module]) = (done, done.Module);
            }
            var (module, outputArrivals) = done;
            var results = _builder.Use(instance.Name, module, inputs, instance.Outputs.Select(p => p.Select(n => _module.Nets[n])));
            for (var p = 0; p < results.Count; p++)
            {
                for (var k = 0; k < results[p].Count; k++)
                {
                    _map[instance.Outputs[p][k]] = results[p][k];
                    SetArrival(results[p][k], outputArrivals[p][k]);
                }
            }
        }

        private void Solve(LinearSum[] sums)
        {
            int[] nets = [.. sums.SelectMany(s => s.Operands).Select(o => _map[o]).Distinct().Order()];
            var position = nets.Select((net, k) => (net, k)).ToDictionary(p => p.net, p => p.k);
            var inputs = nets.Select(n => new LinearInput(_builder[n].Low, _builder[n].High, Arrival(n))).ToSeq();
            var rows = sums.Select(s => new LinearRow(
                Merge(s.Terms.Select(t => (position[_map[t.Net]], t.Factor))), s.Constant, Kept(s))).ToSeq();
            var problem = new LinearProblem(inputs, rows);
            var solution = _solver.Solve(problem);
            var sources = solution.Tables?.Write(_builder, problem, nets) ?? nets;
            var results = new SumCells(_builder, solution.Network, solution.Proved, [.. sources.Select(n => (n, Arrival(n)))])
                .Write([.. sums.Select(s => _module.Nets[s.Result])]);
            for (var k = 0; k < sums.Length; k++)
                _map[sums[k].Result] = results[k];
        }

        /// <summary>Two nets of the original can have become one.</summary>
        private static Seq<(int Input, BigInteger Factor)> Merge(IEnumerable<(int Input, BigInteger Factor)> terms) =>
            terms.GroupBy(t => t.Input).OrderBy(g => g.Key)
                .Select(g => (g.Key, g.Aggregate(BigInteger.Zero, (sum, t) => sum + t.Factor)))
                .Where(t => !t.Item2.IsZero).ToSeq();

        /// <summary>The width of the result, if the exact sum can be wider.</summary>
        private int? Kept(LinearSum sum)
        {
            var net = _module.Nets[sum.Result];
            var (low, high) = (sum.Constant, sum.Constant);
            foreach (var term in sum.Terms)
            {
                var operand = _module.Nets[term.Net];
                var (a, b) = (operand.Low * term.Factor, operand.High * term.Factor);
                low += BigInteger.Min(a, b);
                high += BigInteger.Max(a, b);
            }
            return low >= net.Type.MinimumRaw && high <= net.Type.MaximumRaw ? null : net.Width;
        }

        /// <summary>When a net is there: after its driver's operands and the driver's delay.</summary>
        private int Arrival(int net)
        {
            while (_arrivals.Count <= net)
            {
                var next = _arrivals.Count;
                var arrival = 0;
                if (_builder.Driver(next) is { } driver and not State)
                {
                    foreach (var operand in driver.Operands)
                        arrival = Math.Max(arrival, _arrivals[operand]);
                    arrival += DelayModel.Of(driver, _builder.Nets);
                }
                _arrivals.Add(arrival);
            }
            return _arrivals[net];
        }

        private void SetArrival(int net, int arrival)
        {
            Arrival(net);
            _arrivals[net] = arrival;
        }
    }
}
