using System.Diagnostics;
using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Benchmarks;

/// <summary>
/// Events per second of CPU time through the emulator, from raw integers in memory to raw integers in memory, and the same events
/// through the reference interpretation. All outputs of both are compared.
/// </summary>
internal static class Emulation
{
    private const int DefaultEvents = 200_000;

    private const int ReferenceEvents = 2000;

    /// <summary>Bytes of input that are enough to measure with.</summary>
    private const long MostInput = 1L << 28;

    private const int Runs = 5;

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options) =>
        [.. Models(options.Model).SelectMany(m => Rows(m.Name, m.Design, options.Events, options.Threads))];

    private static IEnumerable<(string Name, Design Design)> Models(string? model)
    {
        if (model is not null)
            return [(Path.GetFileNameWithoutExtension(model), Compile(model, Score.None, []))];
        var networks = Path.Combine(Checkout.Root, "..", "shared", "data", "networks");
        var shared = new[] { "a57", "b16" }.Select(n => (Name: n, Path: Path.Combine(networks, $"{n}.qonnx.onnx"))).Where(n => File.Exists(n.Path))
            .Select(n => (n.Name, Compile(n.Path, Score.None, [])));
        var example = Path.Combine(Checkout.Root, "examples", "adc2021-vae", "encoder.onnx");
        return shared.Append(("example", Compile(example, Score.Mu2, ["mu"])));
    }

    private static Design Compile(string path, Score score, string[] outputs)
    {
        if (!File.Exists(path))
            throw new BenchmarkFailedException($"There is no file '{path}'.");
        var diagnostics = new DiagnosticBag();
        try
        {
            var graph = OnnxImporter.Import(path, new ImportOptions { Outputs = [.. outputs] }, diagnostics);
            var model = Pipelines.ToDesign(graph, score, Configuration.Default, null, diagnostics, Unrolling.MaximumOperationsInSoftware);
            return model?.Design ?? throw new UserErrorException([.. diagnostics.Items]);
        }
        catch (UserErrorException e)
        {
            throw new BenchmarkFailedException($"'{path}': {e.Message}");
        }
    }

    private static IEnumerable<Figure> Rows(string name, Design design, int? wanted, int threads)
    {
        var watch = new EmulationWatch { Threads = threads };
        var elements = design.Inputs.Sum(i => Shapes.Count(design.ShapeOf(i)));
        var events = wanted ?? (int)Math.Clamp(MostInput / 8 / elements, 1000, DefaultEvents);
        var inputs = design.Inputs.ToDictionary(i => i, i => Draw(design, i, events), StringComparer.Ordinal);
        var few = inputs.ToDictionary(i => i.Key, i => design.Settings.Contains(i.Key) ? i.Value : First(i.Value, Math.Min(ReferenceEvents, events)), StringComparer.Ordinal);
        var start = Environment.CpuUsage.TotalTime;
        var emulator = new Emulator(design);
        emulator.Run(few, null, watch);
        var preparation = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        emulator.Run(inputs, null, watch);
        var best = double.MaxValue;
        for (var run = 0; run < Runs; run++)
            best = Math.Min(best, Seconds(() => emulator.Run(inputs, null, watch)));
        yield return new($"{name}: emulator", events / best, "events/s of CPU time");
        yield return new($"{name}: emulator, first run with preparation", preparation, "s");

        var reference = new ReferenceEmulator(design);
        var expected = reference.Run(few, null, watch);
        var slow = few.Values.Max(b => b.Events) / Seconds(() => reference.Run(few, null, watch));
        yield return new($"{name}: reference interpretation", slow, "events/s of CPU time");
        yield return new($"{name}: emulator over reference", events / best / slow, "");
        var found = emulator.Run(few, null, watch);
        if (!design.Outputs.All(o => Equal(expected[o], found[o])))
            throw new BenchmarkFailedException($"{name}: the emulator and the reference interpretation differ.");
    }

    private static double Seconds(Action action)
    {
        var start = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        action();
        // Where the system's clock of CPU time is coarse, a short run shows no time at all.
        return Math.Max((Environment.CpuUsage.TotalTime - start).TotalSeconds, 1e-3 * watch.Elapsed.TotalSeconds);
    }

    /// <summary>Random integers of an input's type; the same ones in every run.</summary>
    private static RawBatch Draw(Design design, string input, int events)
    {
        var type = design.Channel(input).Type!.Value;
        var random = new Random(1);
        var elements = Shapes.Count(design.ShapeOf(input));
        var raw = new long[(design.Settings.Contains(input) ? 1 : events) * elements];
        var (low, high) = ((long)BigInteger.Max(type.MinimumRaw, long.MinValue), (long)BigInteger.Min(type.MaximumRaw, long.MaxValue - 1));
        for (var k = 0; k < raw.Length; k++)
            raw[k] = random.NextInt64(low, high + 1);
        return RawBatch.Of(elements, raw);
    }

    private static RawBatch First(RawBatch batch, int events) => RawBatch.Of(batch.Elements, batch.Raw[..(events * batch.Elements)]);

    private static bool Equal(RawBatch a, RawBatch b) =>
        a.Raw.AsSpan().SequenceEqual(b.Raw) && (a.Wide is null) == (b.Wide is null) && a.Wide.AsSpan().SequenceEqual(b.Wide);
}
