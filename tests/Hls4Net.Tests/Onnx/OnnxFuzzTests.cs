using System.Diagnostics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Onnx;

/// <summary>
/// Damaged models end in a graph or in diagnostics, within seconds and bounded memory. A model that does not is written to
/// tests/corpus/onnx, where it stays as a test.
/// </summary>
public sealed class OnnxFuzzTests
{
    private const int MutantsPerSeed = 350;
    private const long MemoryLimit = 1L << 30;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Corpus() =>
        [.. Directory.EnumerateFiles(TestFiles.InRepository("tests", "corpus", "onnx"), "*.onnx").Select(Path.GetFileName).Order(StringComparer.Ordinal).Cast<string>()];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [Trait("Speed", "Slow")]
    public void A_damaged_model_ends_in_a_graph_or_in_diagnostics(int seed)
    {
        var bases = Catalogue.Entries.SelectMany(e => e.Cases()).Select(c => c.ToModel()).Append(Encoder()).ToArray();
        var random = new Random(seed);
        var mutator = new OnnxMutator(random);
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (var k = 0; k < MutantsPerSeed; k++)
        {
            // Half of the mutants come from the larger model, whose nodes depend on one another.
            var model = random.Next(2) == 0 ? bases[^1] : bases[random.Next(bases.Length)];
            var mutant = mutator.Mutate(model, bases[random.Next(bases.Length)]);
            if (Problem(mutant, seen) is { } problem)
            {
                var path = TestFiles.InRepository("tests", "corpus", "onnx", $"seed{seed}-{k}.onnx");
                File.WriteAllBytes(path, mutant);
                Assert.Fail($"{path}: {problem}");
            }
        }
        // The damage must reach far into the importer, and leave some models whole.
        Assert.True(seen.Count > 20, $"Only these rules were met: {string.Join(", ", seen)}.");
        Assert.Contains("graph", seen);
    }

    [Theory]
    [MemberData(nameof(Corpus))]
    public void A_model_that_once_broke_the_importer_no_longer_does(string file) =>
        Assert.Null(Problem(File.ReadAllBytes(TestFiles.InRepository("tests", "corpus", "onnx", file)), new HashSet<string>(StringComparer.Ordinal)));

    /// <summary>What is wrong with the import of a model, or null.</summary>
    /// <param name="seen">Collects the rules that were met, and "graph".</param>
    private static string? Problem(byte[] model, ISet<string> seen)
    {
        string? problem = null;
        // On a thread of its own, so that a hang is seen and the allocations of one model are counted alone.
        var thread = new Thread(() => problem = Import(model, seen), maxStackSize: 1 << 20) { IsBackground = true };
        thread.Start();
        return thread.Join(TimeLimit) ? problem : $"no end after {TimeLimit.TotalSeconds} s";
    }

    private static string? Import(byte[] model, ISet<string> seen)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var graph = OnnxImporter.Import(model, "mutant.onnx", AppContext.BaseDirectory, new ImportOptions(), new DiagnosticBag());
            if (graph.Values.Sum(v => (double)Shapes.Count(v.Shape)) < 10_000)
                Assert.Empty(GraphVerifier.Verify(graph));
            seen.Add("graph");
        }
        catch (UserErrorException e) when (e.Diagnostics.Any(d => d.Rule.Severity == Severity.Error))
        {
            seen.UnionWith(e.Diagnostics.Select(d => d.Rule.Id));
        }
#pragma warning disable CA1031 // Any other exception is what this test looks for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.ToString();
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated > MemoryLimit ? $"{allocated >> 20} MiB allocated in {watch.Elapsed.TotalSeconds} s" : null;
    }

    private static byte[] Encoder() => new OnnxModelBuilder().Import("qonnx.custom_op.general", 1).Input("x", [-1, 4])
        .Constant("w", [3, 4], [.. Enumerable.Range(0, 12).Select(k => k / 8.0)]).Constant("b", [3], [1, 2, 3])
        .Constant("s", [], [0.25]).Constant("z", [], [0]).Constant("n", [], [6]).Constant("p", [3], [1, 2, 3]).Constant("shape", [2], [0, -1], DataType.Int64)
        .Node("qonnx.custom_op.general", "Quant", ["w", "s", "z", "n"], ["wq"], [("signed", 1), ("narrow", 1), ("rounding_mode", "ROUND")])
        .Node("Gemm", ["x", "wq", "b"], ["h"], ("transB", 1), ("alpha", 0.5f)).Node("Relu", ["h"], ["r"])
        .Node("BatchNormalization", ["r", "p", "p", "p", "p"], ["n1"], ("epsilon", 0.01f))
        .Node("Reshape", ["n1", "shape"], ["f"]).Node("Transpose", ["f"], ["t"], ("perm", new long[] { 1, 0 }))
        .Node("MatMul", ["f", "t"], ["m"]).Node("Mul", ["m", "f"], ["y"]).Output("y").Output("r").ToBytes();


}
