using System.Diagnostics;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.OnnxRuntime;

namespace Hls4Net.Tests.Verification;

public sealed class OnnxRuntimeTests : IDisposable
{
    private const int Int8 = 3;

    private readonly OnnxRuntimeLibrary _library = LoadOrSkip();
    private readonly TemporaryFolder _folder = new();

    /// <summary>y = max(x·W + b, 0) with x of any number of rows.</summary>
    private static byte[] DenseModel => OnnxBytes.Model(
        [OnnxBytes.Node("Gemm", ["x", "W", "b"], ["h"]), OnnxBytes.Node("Relu", ["h"], ["y"])],
        [OnnxBytes.Value("x", OnnxBytes.Float, "batch", 3)],
        [OnnxBytes.Value("y", OnnxBytes.Float, "batch", 2), OnnxBytes.Value("h", OnnxBytes.Float, "batch", 2)],
        [OnnxBytes.Tensor("W", [3, 2], 1, 2, 3, 4, 5, -6), OnnxBytes.Tensor("b", [2], 0.5f, -0.25f)]);

    public static TheoryData<string, int> ElementTypes => new()
    {
        { "float", 1 }, { "uint8", 2 }, { "int8", 3 }, { "uint16", 4 }, { "int16", 5 }, { "int32", 6 }, { "int64", 7 }, { "bool", 9 },
        { "float16", 10 }, { "double", 11 }, { "uint32", 12 }, { "uint64", 13 },
    };

    public void Dispose()
    {
        _folder.Dispose();
        _library.Dispose();
    }

    [Fact]
    public void The_library_tells_its_version() => Assert.Matches(@"^\d+\.\d+\.\d+$", _library.Version);

    [Fact]
    public void What_the_configuration_puts_behind_an_input_is_no_part_of_the_reference()
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read("inputs: { x: { type: 'fixed<10,6>', offset: [1, 20, -3.5], shift: [1, -2, 0], result: 'fixed<5,4>' } }", "c.yaml", diagnostics);
        var graph = OnnxImporter.Import(DenseModel, "dense", null, new ImportOptions { Outputs = ["y"] }, diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics)!;
        var raw = Enumerable.Range(0, 300).Select(k => (long)(k * 7 % 1024 - 512)).ToArray();
        using var session = _library.Open(DenseModel);
        var result = ReferenceCheck.Run(session, compiled.Imported, compiled.Design, new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(3, raw) }, TestContext.Current.CancellationToken);
        Assert.True(result.Passed, result.First);
    }

    [Fact]
    public void Inputs_and_outputs_are_described_in_the_graphs_order()
    {
        using var session = _library.Open(DenseModel);
        var x = Assert.Single(session.Inputs);
        Assert.Equal(new OnnxValueInfo("x", "float", NpyType.Float32, [-1, 3], ["batch", ""]), x);
        Assert.Equal(["y", "h"], session.Outputs.Select(o => o.Name));
    }

    [Fact]
    public void A_model_runs_from_memory_and_from_a_file()
    {
        var x = new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of([2, 3], [1f, 1, 1, 2, 0, -1]) };
        foreach (var options in new[] { OnnxSessionOptions.Plain, new OnnxSessionOptions(SingleThreaded: false, Optimise: true) })
        {
            using var memory = _library.Open(DenseModel, options);
            using var file = _library.Open(_folder.Write("modèle 1.onnx", DenseModel), options);
            foreach (var session in new[] { memory, file })
            {
                var results = session.Run(x);
                Assert.Equal(["y", "h"], results.Keys);
                Assert.Equal(NpyArray.Of([2, 2], [9.5f, 0, 0, 9.75f]), results["y"]);
                Assert.Equal(NpyArray.Of([2, 2], [9.5f, -0.25f, -2.5f, 9.75f]), results["h"]);
                Assert.Equal(["h"], session.Run(x, ["h"]).Keys);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ElementTypes))]
    public void Every_element_type_passes_unchanged(string name, int code)
    {
        using var session = _library.Open(OnnxBytes.Model([OnnxBytes.Node("Identity", ["x"], ["y"])],
            [OnnxBytes.Value("x", code, "n", "m")], [OnnxBytes.Value("y", code, "n", "m")]));
        Assert.Equal(name, session.Inputs[0].ElementType);
        var type = session.Inputs[0].Type!.Value;
        var random = new Random(code);
        foreach (var (n, m) in new[] { (3, 5), (1, 1), (0, 4), (1000, 3) })
        {
            var bytes = new byte[n * m * type.Size()];
            random.NextBytes(bytes);
            if (type == NpyType.Bool)
                bytes = Array.ConvertAll(bytes, b => (byte)(b & 1));
            var x = NpyArray.FromBytes([n, m], type, bytes);
            Assert.Equal(x, session.Run(new Dictionary<string, NpyArray> { ["x"] = x })["y"]);
        }
    }

    [Fact]
    public void Scalars_pass()
    {
        using var session = _library.Open(OnnxBytes.Model([OnnxBytes.Node("Neg", ["x"], ["y"])],
            [OnnxBytes.Value("x", OnnxBytes.Double)], [OnnxBytes.Value("y", OnnxBytes.Double)]));
        Assert.Empty(session.Inputs[0].Shape);
        Assert.Equal(NpyArray.Of([], [-2.5]), session.Run(new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of([], [2.5]) })["y"]);
    }

    [Fact]
    public void What_the_library_refuses_comes_back_in_its_own_words()
    {
        Assert.Contains("protobuf parsing failed", Refusal(() => _library.Open("not a model"u8.ToArray())));
        Assert.Contains("absent.onnx", Refusal(() => _library.Open(_folder["absent.onnx"])));
        var custom = OnnxBytes.Model([OnnxBytes.Node("Quant", ["x"], ["y"], "qonnx.custom_op.general")],
            [OnnxBytes.Value("x", OnnxBytes.Float, 1)], [OnnxBytes.Value("y", OnnxBytes.Float, 1)], domain: "qonnx.custom_op.general");
        Assert.Contains("qonnx.custom_op.general", Refusal(() => _library.Open(custom)));

        using var session = _library.Open(DenseModel);
        var good = NpyArray.Of([1, 3], [1f, 2, 3]);
        Assert.Contains("Invalid input name: z", Refusal(() => session.Run(new Dictionary<string, NpyArray> { ["x"] = good, ["z"] = good })));
        Assert.Contains("Missing Input: x", Refusal(() => session.Run(new Dictionary<string, NpyArray>())));
        Assert.Contains("dimensions", Refusal(() => session.Run(new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of([1, 4], new float[4]) })));
        Assert.Contains("double", Refusal(() => session.Run(new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of([1, 3], new double[3]) })));
        Assert.Contains("nowhere", Refusal(() => session.Run(new Dictionary<string, NpyArray> { ["x"] = good }, ["nowhere"])));
        // A refusal leaves the session as it was.
        Assert.Equal([22.5, 0], session.Run(new Dictionary<string, NpyArray> { ["x"] = good })["y"].ToDoubles());
    }

    [Fact]
    public void Many_runs_and_sessions_do_not_pile_up_memory()
    {
        var x = new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of([10_000, 3], new float[30_000]) };
        long Measure(int runs)
        {
            for (var i = 0; i < runs; i++)
            {
                using var session = _library.Open(DenseModel);
                session.Run(x);
            }
            GC.Collect();
            return Process.GetCurrentProcess().WorkingSet64;
        }
        var before = Measure(50);
        // Each run moves 0.3 MB in and out: a leak of one tensor per run would show as 50 MB and more.
        Assert.InRange(Measure(300) - before, long.MinValue, 40_000_000);
    }

    [Fact]
    public void The_reference_encoder_gives_its_recorded_outputs()
    {
        var folder = TestFiles.Shared("data", "hls4ml", "vae_enc57");
        var expected = Npz.Read(Path.Combine(folder, "float_ref.npz"));
        using var session = _library.Open(Path.Combine(folder, "model.onnx"));
        var input = Assert.Single(session.Inputs);
        var rows = expected["out0"].Shape[0];
        var x = Npy.Read(Path.Combine(folder, "input.npy"));
        Assert.Equal([256, 57], x.Shape);
        var results = session.RunRows(new Dictionary<string, NpyArray> { [input.Name] = NpyArray.Of([rows, 57], x.ToDoubles()[..(rows * 57)]) },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(expected.Count, results.Count);
        foreach (var (result, reference) in results.Values.Zip(expected.Values))
        {
            Assert.Equal(reference.Shape, result.Shape);
            foreach (var (r, e) in result.ToDoubles().Zip(reference.ToDoubles()))
                Assert.Equal(e, r, 1e-5 * Math.Max(1, Math.Abs(e)));
        }
    }

    [Theory]
    [InlineData("batch", 2500)]
    [InlineData(1, 7)]
    [InlineData(4, 10)]
    public void Events_are_run_in_the_batches_that_the_model_takes(object batch, int rows)
    {
        using var session = _library.Open(OnnxBytes.Model([OnnxBytes.Node("Neg", ["x"], ["y"]), OnnxBytes.Node("Neg", ["k"], ["l"])],
            [OnnxBytes.Value("x", OnnxBytes.Float, batch, 2), OnnxBytes.Value("k", Int8, batch)],
            [OnnxBytes.Value("y", OnnxBytes.Float, batch, 2), OnnxBytes.Value("l", Int8, batch)]));
        var x = Enumerable.Range(0, rows * 2).Select(i => i / 4.0).ToArray();
        var k = Enumerable.Range(0, rows).Select(i => i % 128L).ToArray();
        var results = session.RunRows(new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of([rows, 2], x), ["k"] = NpyArray.Of([rows], k) },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(NpyArray.Of([rows, 2], Array.ConvertAll(x, v => (float)-v)), results["y"]);
        Assert.Equal(NpyArray.Of([rows], Array.ConvertAll(k, v => (sbyte)-v)), results["l"]);

        k[^1] = 128;
        Assert.Contains("'k' has values that its declared type int8 cannot hold",
            Refusal(() => session.RunRows(new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of([rows, 2], x), ["k"] = NpyArray.Of([rows], k) })));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => session.RunRows(new Dictionary<string, NpyArray> { ["k"] = NpyArray.Of([1], [1L]) }, null, cancelled.Token));
    }

    [Fact]
    public void An_output_that_does_not_count_events_is_refused()
    {
        using var session = _library.Open(OnnxBytes.Model([OnnxBytes.Node("Transpose", ["x"], ["y"])],
            [OnnxBytes.Value("x", OnnxBytes.Float, "n", 2)], [OnnxBytes.Value("y", OnnxBytes.Float, 2, "n")]));
        Assert.Contains("does not count events", Refusal(() => session.RunRows(new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of([3, 2], new double[6]) })));
    }

    private static OnnxRuntimeLibrary LoadOrSkip()
    {
        try
        {
            return OnnxRuntimeLocator.Load();
        }
        catch (UserErrorException e) when (e.Diagnostics.Any(d => d.Rule == Messages.OnnxRuntimeMissingRule))
        {
            TestFiles.Missing("ONNX Runtime (tools/install-onnxruntime.sh)");
            throw;
        }
    }

    private static string Refusal(Action action) => Assert.Throws<OnnxRuntimeException>(action).Message;
}
