using Hls4Net.Transforms.Estimation;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>How a constant multiplication is built.</summary>
/// <param name="Tables">The tables in front of the sums, or null.</param>
/// <param name="Proved">What each input and node of the network is.</param>
internal sealed record SumSolution(InputTables? Tables, SumNetwork Network, IReadOnlyList<SumNetworkProof.Node> Proved);

/// <summary>From constant sums to proved networks of adders, behind tables where these take fewer look-up tables.</summary>
/// <param name="operands">Two or three: the most that an adder has.</param>
/// <param name="tableInputs">Inputs of a look-up table of the device where inputs of few bits may become tables; 0 for no tables.</param>
internal sealed class SumSolver(IConstantMultiplier multiplier, int operands, int tableInputs)
{
    /// <summary>How often the three-operand adders of a row are chosen.</summary>
    private const int Attempts = 16;

    public SumSolution Solve(LinearProblem problem)
    {
        var plain = Sums(problem, null);
        if (InputTables.Of(problem, tableInputs) is not { } tables)
            return plain;
        InputTablesProof.Check(problem, tables);
        var tabled = Sums(tables.Problem, tables);
        return Luts(tables.Problem, tabled) + tables.Luts() < Luts(problem, plain) ? tabled : plain;
    }

    private SumSolution Sums(LinearProblem problem, InputTables? tables)
    {
        var adders = multiplier.Solve(problem);
        var signed = operands > 2 ? RowForest.Of(problem, adders, new RowAdders(Attempts)) : SignedNetwork.Of(problem, adders);
        var network = NaturalSums.Of(problem, signed);
        return new(tables, network, SumNetworkProof.Check(problem, network));
    }

    /// <summary>Look-up tables of the adders, all bits of all sums built.</summary>
    private static long Luts(LinearProblem problem, SumSolution solution)
    {
        var total = 0L;
        for (var k = 0; k < solution.Network.Nodes.Count; k++)
        {
            var node = solution.Network.Nodes[k];
            var room = SumRoom.Of([.. node.Operands.Select(o => new RoomOperand(o.Shift, solution.Proved[o.Source].Type.Width, 0))],
                solution.Proved[problem.Inputs.Count + k].Type.Width);
            total += Costs.LutsOfAdder(node.Operands.Count, room.Place(node.Constant).Positions);
        }
        return total;
    }
}
