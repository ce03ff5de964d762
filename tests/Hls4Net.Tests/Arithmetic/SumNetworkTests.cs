using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Tests.Arithmetic;

/// <summary>Signed sums as sums of natural numbers: proved, built, and run.</summary>
public sealed class SumNetworkTests
{
    private const int Problems = 60;
    private const int Events = 12;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Networks_of_natural_numbers_compute_their_rows_and_so_do_their_cells(int operands)
    {
        for (var seed = 0; seed < Problems; seed++)
        {
            var problem = Draw(new Random(seed));
            var network = operands == 2 ? NetworkOf(problem) : OfThree(problem);
            Assert.All(network.Nodes, n => Assert.InRange(n.Operands.Count, 1, operands));
            SumNetworkProof.Check(problem, network);
            Run(problem, network, seed);
        }
    }

    [Fact]
    public void A_wrong_constant_a_lost_complement_and_a_sum_that_may_be_negative_are_refused()
    {
        var problem = new LinearProblem([new(-8, 7, 0), new(0, 15, 0), new(-8, 7, 0)], [new([(0, 3), (1, -5), (2, 9)], 11, null)]);
        var network = NetworkOf(problem);
        SumNetworkProof.Check(problem, network);
        for (var k = 0; k < network.Nodes.Count; k++)
        {
            var node = network.Nodes[k];
            Refuse(problem, Replace(network, k, node with { Constant = node.Constant + 1 }));
            Refuse(problem, Replace(network, k, node with { Constant = node.Constant - (BigInteger.One << 40) - 1 }));
            Refuse(problem, Replace(network, k, node with { Operands = node.Operands.Select(o => o with { IsComplement = !o.IsComplement }).ToSeq() }));
        }
    }

    [Fact]
    public void The_constant_of_a_row_takes_no_adder_where_carries_and_free_positions_hold_it()
    {
        // Without the constants five adders each; any of them takes a carry.
        var terms = Enumerable.Range(0, 6).Select(k => (k, (BigInteger)1)).ToSeq();
        var problem = new LinearProblem(Enumerable.Repeat(new LinearInput(0, 15, 0), 6).ToSeq(), [new(terms, 1, null)]);
        var (builder, _) = Build(problem, NetworkOf(problem));
        Assert.Equal(5, builder.ToModule([], "").Cells.Count(c => c is Adder or Subtractor or Negator));
    }

    [Fact]
    public void Constants_make_a_matrix_no_deeper()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, 12).Select(_ => new LinearRow(
                Enumerable.Range(0, 12).Select(k => (k, (BigInteger)random.Next(1, 128) * (1 - 2 * random.Next(2)))).ToSeq(), 0, null)).ToSeq();
            var problem = new LinearProblem(Enumerable.Repeat(new LinearInput(-128, 127, 0), 12).ToSeq(), rows);
            var signed = SignedNetwork.Of(problem, new SearchSharing().Solve(problem));
            var (builder, _) = Build(problem, NaturalSums.Of(problem, signed));
            var depths = problem.Inputs.Select(_ => 0).ToList();
            foreach (var node in signed.Nodes)
                depths.Add(1 + node.Max(t => depths[t.Source]));
            var levels = new int[builder.Nets.Count];
            foreach (var cell in builder.ToModule([], "").Cells.OfType<Function>())
                levels[cell.Result] = cell.Operands.Select(o => levels[o]).DefaultIfEmpty(0).Max() + (cell is Adder or Subtractor ? 1 : 0);
            Assert.Equal(depths.Max(), levels.Max());
        }
    }

    [Fact]
    public void Three_operand_adders_halve_the_adders_of_a_row_and_no_row_is_later()
    {
        var terms = Enumerable.Range(0, 9).Select(k => (k, (BigInteger)1)).ToSeq();
        var late = new LinearInput(0, 255, 3 * DelayModel.AdderDelay);
        var problem = new LinearProblem([late, .. Enumerable.Repeat(new LinearInput(0, 255, 0), 8)], [new(terms, 0, null)]);
        var network = OfThree(problem);
        Assert.Equal(4, network.Nodes.Count);
        Assert.Contains(0, network.Nodes[^1].Operands.Select(o => o.Source));
    }

    [Fact]
    public void A_shared_sum_is_written_out_where_three_operand_adders_take_it_in()
    {
        // a + b is read by two rows of two further terms: two adders of three operands and one of two, or two of three and two of two.
        var problem = new LinearProblem(Enumerable.Repeat(new LinearInput(0, 255, 0), 4).ToSeq(),
            [new([(0, 1), (1, 1), (2, 1)], 0, null), new([(0, 1), (1, 1), (3, 1)], 0, null)]);
        Assert.Equal(2, OfThree(problem).Nodes.Count);
        Assert.Equal(3, NetworkOf(problem).Nodes.Count);
    }

    [Fact]
    public void Operands_of_a_sum_have_zeros_or_ones_in_front_and_no_copies_of_a_sign()
    {
        var (builder, _) = Build(Draw(new Random(5)), NetworkOf(Draw(new Random(5))));
        var module = builder.ToModule([], "");
        foreach (var operand in module.Cells.Where(c => c is Adder or Subtractor).SelectMany(c => c.Operands))
            Assert.False(builder.Driver(operand) is Extension e && builder[e.Source].Signed, $"net {operand} repeats a sign");
    }

    internal static SumNetwork NetworkOf(LinearProblem problem) =>
        NaturalSums.Of(problem, SignedNetwork.Of(problem, new SearchSharing().Solve(problem)));

    private static SumNetwork OfThree(LinearProblem problem) =>
        NaturalSums.Of(problem, RowForest.Of(problem, new SearchSharing().Solve(problem), new RowAdders(4)));

    private static void Refuse(LinearProblem problem, SumNetwork network) =>
        Assert.Throws<InvalidOperationException>(() => SumNetworkProof.Check(problem, network));

    private static SumNetwork Replace(SumNetwork network, int index, SumNode node) =>
        network with { Nodes = network.Nodes.Select((n, k) => k == index ? node : n).ToSeq() };

    /// <summary>Inputs with and without a sign, rows with and without constants, some cut to their low bits, some equal but for a factor.</summary>
    internal static LinearProblem Draw(Random random)
    {
        var inputs = Enumerable.Range(0, random.Next(1, 7)).Select(_ =>
        {
            var width = random.Next(1, 9);
            var low = random.Next(3) == 0 ? -(1 << (width - 1)) : random.Next(3) - 1;
            return new LinearInput(low, low + random.Next(1 << width), random.Next(3));
        }).ToSeq();
        var rows = new List<LinearRow>();
        for (var count = random.Next(1, 6); rows.Count < count;)
        {
            var terms = Enumerable.Range(0, inputs.Count).Select(k => (k, (BigInteger)random.Next(-40, 41))).Where(t => !t.Item2.IsZero && random.Next(4) > 0).ToSeq();
            if (terms.Count == 0)
                continue;
            var constant = random.Next(3) == 0 ? 0 : random.Next(-3000, 3000);
            rows.Add(new(terms, constant, random.Next(4) == 0 ? random.Next(1, 12) : null));
            if (random.Next(4) == 0)
                rows.Add(new(terms.Select(t => (t.k, t.Item2 * -4)).ToSeq(), constant, null));
        }
        return new(inputs, rows.ToSeq());
    }

    /// <summary>Tools make carry-save adders of a sum that is all of another sum's operand, also where zeros stand in front of it.</summary>
    [Fact]
    public void No_sum_is_all_of_an_operand_of_another_sum()
    {
        var problem = new LinearProblem(Enumerable.Repeat(new LinearInput(0, 7, 0), 8).ToSeq(),
            [new LinearRow(Enumerable.Range(0, 8).Select(k => (k, BigInteger.One)).ToSeq(), 0, null)]);
        var (builder, _) = Build(problem, NetworkOf(problem));
        var adders = Enumerable.Range(0, builder.Nets.Count).Select(builder.Driver).OfType<Adder>().ToArray();
        Assert.Equal(7, adders.Length);
        foreach (var operand in adders.SelectMany(a => a.Operands))
        {
            var lowest = builder.Driver(operand) is Concatenation whole ? whole.Parts[0] : operand;
            Assert.IsNotType<Adder>(builder.Driver(lowest));
        }
    }

    private static (ModuleBuilder Builder, int[] Results) Build(LinearProblem problem, SumNetwork network)
    {
        var builder = new ModuleBuilder("sums");
        var inputs = problem.Inputs.Select((x, k) => builder.InputNet(new($"x_{k}", new Interval(x.Low, x.High, 0).Type, x.Low, x.High))).ToArray();
        builder.InputPort("x", inputs);
        var results = new SumCells(builder, network, SumNetworkProof.Check(problem, network), [.. inputs.Select((n, k) => (n, problem.Inputs[k].Arrival))]).Write([.. problem.Rows.Select((r, k) => Result(problem, r, k))]);
        return (builder, results);
    }

    private static Net Result(LinearProblem problem, LinearRow row, int index)
    {
        var (low, high) = new LinearFunction(row.Terms, row.Constant).RangeOver(problem);
        var type = new Interval(low, high, 0).Type;
        return row.Bits is { } bits && bits < type.Width ? Net.Of($"y_{index}", new(type.Signed, bits, bits)) : new($"y_{index}", type, low, high);
    }

    private static void Run(LinearProblem problem, SumNetwork network, int seed)
    {
        var (builder, results) = Build(problem, network);
        builder.OutputPort("y", results);
        var netlist = NetlistVerifier.Demand(new Netlist([builder.ToModule([], "")]), "the test");
        var model = new CycleModel(netlist);
        var random = new Random(seed);
        for (var e = 0; e < Events; e++)
        {
            var values = problem.Inputs.Select(x => e < 2 ? (e == 0 ? x.Low : x.High) : x.Low + random.NextInt64((long)(x.High - x.Low) + 1)).ToArray();
            for (var k = 0; k < values.Length; k++)
                model.Set("x", k, values[k]);
            model.Settle();
            for (var k = 0; k < results.Length; k++)
            {
                var row = problem.Rows[k];
                var sum = row.Terms.Aggregate(row.Constant, (s, t) => s + t.Factor * values[t.Input]);
                var expected = Casting.Confine(sum, builder[results[k]].Type, Overflow.Wrap);
                Assert.True(expected == model.Get("y", k), $"seed {seed}, event {e}, row {k}: {model.Get("y", k)} instead of {expected}");
            }
        }
    }
}
