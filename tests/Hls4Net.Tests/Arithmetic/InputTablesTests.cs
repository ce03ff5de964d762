using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Arithmetic;

namespace Hls4Net.Tests.Arithmetic;

/// <summary>Tables in place of groups of inputs of few bits: proved, built, and run.</summary>
public sealed class InputTablesTests
{
    private const int Problems = 40;
    private const int Events = 12;

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Tables_and_the_sums_behind_them_compute_the_rows(int lutInputs)
    {
        var built = 0;
        for (var seed = 0; seed < Problems; seed++)
        {
            var problem = Draw(new Random(seed));
            if (InputTables.Of(problem, lutInputs) is not { } tables)
                continue;
            built++;
            Assert.All(tables.Groups, g => Assert.InRange(g.Sum(k => InputTables.TypeOf(problem.Inputs[k]).Width), 1, lutInputs));
            InputTablesProof.Check(problem, tables);
            Run(problem, tables, seed);
        }
        Assert.InRange(built, Problems / 2, Problems);
    }

    [Fact]
    public void A_wrong_entry_and_a_wrong_row_are_refused()
    {
        var problem = Draw(new Random(3));
        var tables = InputTables.Of(problem, 6)!;
        InputTablesProof.Check(problem, tables);
        for (var k = 0; k < tables.Tables.Count; k++)
        {
            var table = tables.Tables[k];
            Refuse(problem, tables, k, table with { Entries = table.Entries.Select((e, code) => code == table.Entries.Count - 1 ? e ^ 1 : e).ToSeq() });
            Refuse(problem, tables, k, table with { Offset = table.Offset + 1 });
            Refuse(problem, tables, k, table with { Factors = table.Factors.Select(f => -f).ToSeq() });
        }
        var rows = tables.Problem.Rows.Select((r, k) => k == 0 ? r with { Constant = r.Constant + 1 } : r).ToSeq();
        Assert.Throws<InvalidOperationException>(() => InputTablesProof.Check(problem, tables with { Problem = tables.Problem with { Rows = rows } }));
    }

    [Fact]
    public void Bits_are_put_into_tables_where_that_is_smaller_and_never_where_it_is_not_asked_for()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 8).Select(_ => new LinearRow(Enumerable.Range(0, 18).Select(k => (k, (BigInteger)random.Next(1, 256))).ToSeq(), 0, null)).ToSeq();
        LinearProblem Of(int high) => new(Enumerable.Repeat(new LinearInput(0, high, 0), 18).ToSeq(), rows);
        Assert.NotNull(new SumSolver(new SearchSharing(), 2, 6).Solve(Of(1)).Tables);
        Assert.Null(new SumSolver(new SearchSharing(), 2, 0).Solve(Of(1)).Tables);
        Assert.Null(new SumSolver(new SearchSharing(), 2, 6).Solve(Of(255)).Tables);
    }

    private static void Refuse(LinearProblem problem, InputTables tables, int index, InputTable table) => Assert.Throws<InvalidOperationException>(
        () => InputTablesProof.Check(problem, tables with { Tables = tables.Tables.Select((t, k) => k == index ? table : t).ToSeq() }));

    /// <summary>Inputs of one to four bits, with and without a sign, some of which never take all of their codes.</summary>
    private static LinearProblem Draw(Random random)
    {
        var inputs = Enumerable.Range(0, random.Next(2, 12)).Select(_ =>
        {
            var width = random.Next(1, 5);
            var low = random.Next(3) == 0 ? -random.Next(1 << (width - 1)) - 1 : random.Next(2);
            return new LinearInput(low, low + Math.Max(1, random.Next(1 << width)), random.Next(3));
        }).ToSeq();
        var rows = Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
        {
            var terms = Enumerable.Range(0, inputs.Count).Select(k => (k, (BigInteger)random.Next(-20, 21))).Where(t => !t.Item2.IsZero && random.Next(4) > 0).ToSeq();
            return new LinearRow(terms.Count > 0 ? terms : [(0, 3)], random.Next(-300, 300), null);
        }).ToSeq();
        return new(inputs, rows);
    }

    private static void Run(LinearProblem problem, InputTables tables, int seed)
    {
        var builder = new ModuleBuilder("sums");
        var inputs = problem.Inputs.Select((x, k) => builder.InputNet(new($"x_{k}", new Interval(x.Low, x.High, 0).Type, x.Low, x.High))).ToArray();
        builder.InputPort("x", inputs);
        var network = SumNetworkTests.NetworkOf(tables.Problem);
        var sources = tables.Write(builder, problem, inputs);
        var types = problem.Rows.Select(r => new LinearFunction(r.Terms, r.Constant).RangeOver(problem)).Select(r => new Interval(r.Low, r.High, 0)).ToArray();
        var results = new SumCells(builder, network, SumNetworkProof.Check(tables.Problem, network), [.. sources.Select((n, k) => (n, tables.Problem.Inputs[k].Arrival))])
            .Write([.. types.Select((t, k) => new Net($"y_{k}", t.Type, t.Low, t.High))]);
        builder.OutputPort("y", results);
        var module = builder.ToModule([], "");
        Assert.Equal(tables.Tables.Count, module.Cells.OfType<Rom>().Count());
        var model = new CycleModel(NetlistVerifier.Demand(new Netlist([module]), "the test"));
        var random = new Random(seed);
        for (var e = 0; e < Events; e++)
        {
            var values = problem.Inputs.Select(x => e < 2 ? (e == 0 ? x.Low : x.High) : x.Low + random.NextInt64((long)(x.High - x.Low) + 1)).ToArray();
            for (var k = 0; k < values.Length; k++)
                model.Set("x", k, values[k]);
            model.Settle();
            for (var k = 0; k < results.Length; k++)
                Assert.Equal(problem.Rows[k].Terms.Aggregate(problem.Rows[k].Constant, (s, t) => s + t.Factor * values[t.Input]), model.Get("y", k));
        }
    }
}
