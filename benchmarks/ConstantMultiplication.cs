using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Arithmetic;

namespace Hls4Net.Benchmarks;

/// <summary>
/// Shift-and-add networks for constant matrices (<see cref="ConstantMatrices"/>): adders, adder bits, levels and CPU time of each;
/// inputs are signed integers of 8 bits.
/// </summary>
internal static class ConstantMultiplication
{
    /// <summary>Solves every matrix.</summary>
    /// <param name="options">Folder of matrices, effort, and levels beyond a balanced tree without sharing; negative for none of a limit.</param>
    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var effort = options.Effort;
        // The just-in-time compiler is not what is measured.
        foreach (var warm in new[] { 1, 2, 3 })
            new SearchSharing(Effort.Quick).Solve(Problem(ConstantMatrices.Random(16, 16, 8, 0, warm)));
        return [.. ConstantMatrices.Of(options.Matrices).SelectMany(m => Rows(m.Name, m.Matrix, effort, options.DepthSlack))];
    }

    private static IEnumerable<Figure> Rows(string name, long[][] matrix, Effort effort, int slack)
    {
        var problem = Problem(matrix);
        var start = Environment.CpuUsage.TotalTime;
        var network = new SearchSharing(effort, slack).Solve(problem);
        var seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        var proved = AdderNetworkProof.Check(problem, network);
        var (bits, depth) = Measures(problem, network, proved);
        yield return new($"{name}: adders", network.Nodes.Count, "");
        yield return new($"{name}: adder bits", bits, "");
        yield return new($"{name}: levels", depth, "");
        yield return new($"{name}: negated outputs", network.Outputs.Count(o => o.IsNegated), "");
        yield return new($"{name}: CPU", seconds, "s");
    }

    /// <summary>
    /// Bits: for each adder the positions from the higher of the lowest bits of its operands to the highest bit of either; a subtrahend
    /// that sticks out below counts as well, for its low bits are not copied.
    /// </summary>
    private static (long Bits, int Depth) Measures(LinearProblem problem, AdderNetwork network, IReadOnlyList<AdderNetworkProof.Node> proved)
    {
        var inputs = problem.Inputs.Count;
        var depths = new int[inputs + network.Nodes.Count];
        var bits = 0L;
        for (var k = 0; k < network.Nodes.Count; k++)
        {
            var (left, right) = (network.Nodes[k].Left, network.Nodes[k].Right);
            depths[inputs + k] = 1 + Math.Max(Depth(left), Depth(right));
            var copied = network.Nodes[k].IsSubtraction && left.Shift > 0 ? 0 : Math.Max(left.Shift, right.Shift);
            bits += Math.Max(Top(left), Top(right)) - copied;
        }
        return (bits, network.Outputs.Max(o => Depth(o.Value)));

        int Depth(AdderOperand operand) => operand.Source < 0 ? 0 : depths[operand.Source];

        int Top(AdderOperand operand) => operand.Shift + (operand.Source < inputs
            ? new Interval(problem.Inputs[operand.Source].Low, problem.Inputs[operand.Source].High, 0)
            : new Interval(proved[operand.Source - inputs].Low, proved[operand.Source - inputs].High, 0)).Type.Width;
    }

    private static LinearProblem Problem(long[][] matrix) => new(
        Enumerable.Repeat(new LinearInput(-128, 127, 0), matrix.Length).ToSeq(),
        Enumerable.Range(0, matrix[0].Length)
            .Select(o => new LinearRow(matrix.Select((row, i) => (i, (BigInteger)row[o])).Where(t => !t.Item2.IsZero).ToSeq(), 0, null))
            .Where(r => r.Terms.Count > 0).ToSeq());
}
