using System.Globalization;
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
    /// <summary>Largest from so many weights up: of 16 × 16 and more.</summary>
    private const int ManyWeights = 256;

    /// <summary>A network that was found and proved.</summary>
    private sealed record Found(int Adders, long Bits, int Levels, int Negated, double Seconds);

    /// <summary>Solves every matrix, or once for every number of levels that a peer took if there is a file of peers.</summary>
    /// <param name="options">Folder of matrices, effort, file of peers, and levels beyond a balanced tree without sharing; negative for none of a limit.</param>
    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        // The just-in-time compiler is not what is measured.
        foreach (var warm in new[] { 1, 2, 3 })
            new SearchSharing(Effort.Quick).Solve(Problem(ConstantMatrices.Random(16, 16, 8, 0, warm)));
        var matrices = ConstantMatrices.Of(options.Matrices);
        return options.Peers is { } file
            ? Compare(matrices.ToDictionary(m => m.Name, m => m.Matrix, StringComparer.Ordinal), PeerFigures.Read(file), options.Effort)
            : [.. matrices.SelectMany(m => Rows(m.Name, Solve(m.Matrix, new SearchSharing(options.Effort, options.DepthSlack))))];
    }

    private static IEnumerable<Figure> Rows(string name, Found found) =>
    [
        new($"{name}: adders", found.Adders, ""),
        new($"{name}: adder bits", found.Bits, ""),
        new($"{name}: levels", found.Levels, ""),
        new($"{name}: negated outputs", found.Negated, ""),
        new($"{name}: CPU", found.Seconds, "s"),
    ];

    /// <summary>Each matrix with the levels that the better peer took, and how many times the peer's adders and bits that is.</summary>
    private static IReadOnlyList<Figure> Compare(Dictionary<string, long[][]> matrices, IReadOnlyList<PeerFigures> peers, Effort effort)
    {
        if (peers.FirstOrDefault(p => !matrices.ContainsKey(p.Matrix)) is { } missing)
            throw new BenchmarkFailedException($"There is no matrix '{missing.Matrix}'; --matrices names their folder.");
        var solved = new Dictionary<(string, int), Found>();
        var figures = new List<Figure>();
        foreach (var peer in peers)
        {
            var key = (peer.Matrix, peer.Levels);
            if (!solved.TryGetValue(key, out var found))
                solved[key] = found = Solve(matrices[peer.Matrix], new SearchSharing(effort) { Level = peer.Levels });
            if (found.Levels > peer.Levels)
                throw new BenchmarkFailedException($"{peer.Matrix} takes {found.Levels} adder levels and not {peer.Levels}.");
            var name = string.Create(CultureInfo.InvariantCulture, $"{peer.Matrix}, slack {peer.Slack}");
            figures.AddRange(Rows(name, found));
            figures.Add(new($"{name}: adders over the peer's", found.Adders / peer.Adders, ""));
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {found.Adders} of {peer.Adders} adders, {found.Bits} of {peer.Bits} bits, {found.Levels} of {peer.Levels} levels, {found.Seconds:0.000} s\n"));
        }
        return [.. figures, .. Summary([.. peers.Select(p => (p, solved[(p.Matrix, p.Levels)], matrices[p.Matrix]))])];
    }

    private static IEnumerable<Figure> Summary(IReadOnlyList<(PeerFigures Peer, Found Found, long[][] Matrix)> rows)
    {
        yield return new("adders over the better peer's, geometric mean", Mean(rows), "");
        foreach (var slack in rows.Select(r => r.Peer.Slack).Distinct().Order())
            yield return new(string.Create(CultureInfo.InvariantCulture, $"adders over the better peer's, geometric mean, slack {slack}"), Mean(rows.Where(r => r.Peer.Slack == slack)), "");
        yield return new("adders over the better peer's, largest from 16x16 up",
            rows.Where(r => r.Matrix.Length * r.Matrix[0].Length >= ManyWeights).Select(r => r.Found.Adders / r.Peer.Adders).DefaultIfEmpty(0).Max(), "");
        yield return new("adder bits over the first peer's, geometric mean", Math.Exp(rows.Average(r => Math.Log(r.Found.Bits / r.Peer.Bits))), "");
        yield return new("CPU, largest below 64x64", rows.Where(r => r.Matrix.Length * r.Matrix[0].Length < 4096).Select(r => r.Found.Seconds).DefaultIfEmpty(0).Max(), "s");
        yield return new("CPU, largest", rows.Max(r => r.Found.Seconds), "s");
        yield return new("CPU over the better peer's, all rows together", rows.Sum(r => r.Found.Seconds) / rows.Sum(r => r.Peer.Seconds), "");

        static double Mean(IEnumerable<(PeerFigures Peer, Found Found, long[][])> rows) => Math.Exp(rows.Average(r => Math.Log(r.Found.Adders / r.Peer.Adders)));
    }

    private static Found Solve(long[][] matrix, SearchSharing multiplier)
    {
        var problem = Problem(matrix);
        var start = Environment.CpuUsage.TotalTime;
        var network = multiplier.Solve(problem);
        var seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        var (bits, levels) = Measures(problem, network, AdderNetworkProof.Check(problem, network));
        return new(network.Nodes.Count, bits, levels, network.Outputs.Count(o => o.IsNegated), seconds);
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
