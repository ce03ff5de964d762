using System.Numerics;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Tests.Arithmetic;

[Trait("Speed", "Slow")]
public sealed class SearchSharingTests
{
    [Theory]
    [InlineData(4, 4, 6, 0)]
    [InlineData(8, 8, 8, 0)]
    [InlineData(12, 5, 7, 50)]
    [InlineData(5, 17, 5, 75)]
    [InlineData(1, 6, 12, 0)]
    [InlineData(30, 1, 8, 30)]
    public void Networks_compute_their_matrix_within_the_levels_of_balanced_trees(int inputs, int rows, int bits, int zeros)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var problem = RandomProblem(inputs, rows, bits, zeros, seed);
            foreach (var effort in new[] { Effort.Quick, Effort.Normal })
            {
                if (effort == Effort.Normal && (inputs * rows > 8 || seed > 0))
                    continue;
                var network = new SearchSharing(effort).Solve(problem);
                AdderNetworkProof.Check(problem, network);
                Assert.True(DepthOf(problem, network) <= BalancedDepth(problem), $"{seed}: too deep");
                Assert.True(network.Nodes.Count <= PlainAdders(problem), $"{seed}: more adders than without sharing");
            }
        }
    }

    [Fact]
    public void A_longer_search_is_never_worse_and_finds_what_a_short_one_misses()
    {
        var problem = RandomProblem(4, 4, 8, 0, 1);
        var quick = new SearchSharing().Solve(problem).Nodes.Count;
        var normal = new SearchSharing(Effort.Normal).Solve(problem).Nodes.Count;
        Assert.True(normal < quick, $"{normal} adders after a long search, {quick} after a short one");
    }

    [Fact]
    public void The_same_seed_gives_the_same_network_and_another_may_give_another()
    {
        var problem = RandomProblem(10, 10, 7, 20, 3);
        Assert.Equal(new SearchSharing().Solve(problem), new SearchSharing().Solve(problem));
        Assert.Contains(Enumerable.Range(2, 5), seed => new SearchSharing(seed: seed).Solve(problem) != new SearchSharing().Solve(problem));
    }

    [Fact]
    public void A_common_difference_is_computed_once()
    {
        // 13a − 13b takes one subtraction and two adders.
        var problem = Problem(2, [[(0, 13), (1, -13)]]);
        Assert.Equal(3, Solve(problem).Nodes.Count);
    }

    [Fact]
    public void Equal_rows_and_rows_that_differ_by_a_power_of_two_cost_nothing_more()
    {
        var row = new (int, BigInteger)[] { (0, 5), (1, 3), (2, 7) };
        var single = Solve(Problem(3, [row])).Nodes.Count;
        Assert.Equal(single, Solve(Problem(3, [row, row, [.. row.Select(t => (t.Item1, t.Item2 * 8))]])).Nodes.Count);
    }

    [Fact]
    public void A_row_of_negative_factors_is_one_negation_and_a_row_with_a_positive_one_needs_none()
    {
        Assert.True(Solve(Problem(2, [[(0, -1), (1, -1)]])).Outputs[0].IsNegated);
        Assert.False(Solve(Problem(4, [[(0, -5), (1, -3), (2, -7), (3, 1)]])).Outputs[0].IsNegated);
    }

    [Fact]
    public void Constants_are_added_and_factors_too_long_for_the_search_are_right()
    {
        var wide = (BigInteger.One << 90) + 12345;
        var problem = new LinearProblem(Inputs(3, 0),
            [new([(0, 3), (2, -5)], 77, null), new([(1, 1)], -4, null), new([(0, wide), (1, -wide - 2)], 0, null)]);
        AdderNetworkProof.Check(problem, new SearchSharing().Solve(problem));
        var narrow = problem with { Rows = [problem.Rows[0], problem.Rows[1]] };
        AdderNetworkProof.Check(narrow, new SearchSharing().Solve(narrow));
    }

    [Fact]
    public void A_late_input_is_added_last()
    {
        const int Late = 6;
        var inputs = Enumerable.Range(0, 9).Select(k => new LinearInput(-128, 127, k == 4 ? Late * DelayModel.AdderDelay : 0)).ToSeq();
        var problem = new LinearProblem(inputs, [new([.. Enumerable.Range(0, 9).Select(k => (k, (BigInteger)1))], 0, null)]);
        var network = new SearchSharing().Solve(problem);
        AdderNetworkProof.Check(problem, network);
        Assert.Equal(Late + 1, DepthOf(problem, network));
    }

    [Fact]
    public void Slack_is_kept_to_and_can_only_be_of_use()
    {
        var problem = RandomProblem(16, 4, 8, 0, 5);
        for (var slack = 0; slack < 3; slack++)
            Assert.True(DepthOf(problem, new SearchSharing(slack: slack).Solve(problem)) <= BalancedDepth(problem) + slack);
    }

    [Fact]
    public void A_further_level_gives_fewer_adders_where_rows_fill_their_levels()
    {
        // 15 terms of 16 leave no room for sharing.
        var random = new Random(2);
        var problem = Problem(16, [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 16).OrderBy(_ => random.Next()).Take(15).Order()
            .Select(k => (k, (BigInteger)(random.Next(2) * 2 - 1) << random.Next(3))).ToArray())]);
        var tight = new SearchSharing().Solve(problem);
        Assert.Equal(4, DepthOf(problem, tight));
        foreach (var slack in new[] { 1, 2, -1 })
            Assert.True(Solve(problem, new SearchSharing(slack: slack)).Nodes.Count < tight.Nodes.Count, $"slack {slack}");
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(6, 6)]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    public void Results_are_there_at_the_level_that_is_asked_for_or_at_that_of_balanced_trees(int level, int most)
    {
        var problem = RandomProblem(16, 12, 8, 0, 5);
        Assert.Equal(6, BalancedDepth(problem));
        Assert.True(DepthOf(problem, Solve(problem, new SearchSharing { Level = level })) <= most);
    }

    [Fact]
    public void A_late_input_costs_rows_without_it_nothing()
    {
        // Beside a row of late inputs the others are shared as if it were not there; and it waits for its own inputs only.
        const int Late = 5;
        var others = RandomProblem(8, 6, 6, 0, 3);
        var inputs = others.Inputs.Append(new LinearInput(-128, 127, Late * DelayModel.AdderDelay)).ToSeq();
        var late = new LinearRow([(0, 1), (8, 5)], 0, null);
        var second = new SearchEffort(Effort.Normal, 1);
        var network = Solve(new(inputs, [.. others.Rows, late]), new SearchSharing(second));
        Assert.Equal(Solve(others, new SearchSharing(second, slack: 2)).Nodes.Count + 2, network.Nodes.Count);
        Assert.Equal(Late + 2, DepthOf(new(inputs, [.. others.Rows, late]), network));
    }

    [Fact]
    public void A_deep_row_does_not_make_others_deep()
    {
        // A row of many terms and one that shares nothing with it: each takes a tree of its own length.
        var deep = Enumerable.Range(0, 16).Select(k => (k, (BigInteger)1)).ToArray();
        var problem = Problem(18, [deep, [(16, 3), (17, 1)]]);
        var network = Solve(problem);
        Assert.Equal(15 + 2, network.Nodes.Count);
        Assert.Equal((4, 2), (DepthOf(problem, network, 0), DepthOf(problem, network, 1)));
    }

    [Fact]
    public void A_problem_without_rows_has_an_empty_network() =>
        Assert.Empty(Solve(new LinearProblem(Inputs(2, 0), [])).Nodes);

    private static AdderNetwork Solve(LinearProblem problem) => Solve(problem, new SearchSharing());

    private static AdderNetwork Solve(LinearProblem problem, SearchSharing search)
    {
        var network = search.Solve(problem);
        AdderNetworkProof.Check(problem, network);
        return network;
    }

    private static Seq<LinearInput> Inputs(int count, int arrival) => Enumerable.Repeat(new LinearInput(-128, 127, arrival), count).ToSeq();

    private static LinearProblem Problem(int inputs, (int Input, BigInteger Factor)[][] rows) =>
        new(Inputs(inputs, 0), rows.Select(r => new LinearRow(r.ToSeq(), 0, null)).ToSeq());

    internal static LinearProblem RandomProblem(int inputs, int rows, int bits, int zeros, int seed)
    {
        var random = new Random(seed);
        var all = Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, inputs)
            .Select(k => (k, (BigInteger)(random.Next(100) < zeros ? 0 : random.Next(-(1 << bits - 1), 1 << bits - 1))))
            .Where(t => !t.Item2.IsZero).ToArray()).Where(r => r.Length > 0).ToArray();
        return Problem(inputs, all);
    }

    private static int DepthOf(LinearProblem problem, AdderNetwork network) => Enumerable.Range(0, network.Outputs.Count).Max(k => DepthOf(problem, network, k));

    private static int DepthOf(LinearProblem problem, AdderNetwork network, int output)
    {
        var depths = problem.Inputs.Select(i => i.Arrival / DelayModel.AdderDelay).ToList();
        foreach (var node in network.Nodes)
            depths.Add(Math.Max(Of(node.Left), Of(node.Right)) + 1);
        return Of(network.Outputs[output].Value);

        int Of(AdderOperand operand) => operand.Source < 0 ? 0 : depths[operand.Source];
    }

    private static int PlainAdders(LinearProblem problem) => problem.Rows.Sum(r => DigitsOf(r) - 1);

    private static int BalancedDepth(LinearProblem problem) => problem.Rows.Max(r => (int)Math.Ceiling(Math.Log2(DigitsOf(r))));

    private static int DigitsOf(LinearRow row) => row.Terms.Sum(t => SignedDigits.Of(t.Factor).Count());
}
