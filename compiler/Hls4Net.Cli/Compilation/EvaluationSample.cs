using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Trigger.Events;

namespace Hls4Net.Cli.Compilation;

/// <summary>One file of events with its scores.</summary>
/// <param name="Name">As the user calls it.</param>
/// <param name="Fixed">The firmware's score of each event.</param>
/// <param name="Float">The score in real numbers; null if nobody asked.</param>
/// <param name="Met">Missing transverse energy in GeV; empty where the file has features only.</param>
/// <param name="Ht">Scalar sum of the jets' pT in GeV.</param>
/// <param name="Leptons">How many electrons and muons.</param>
/// <param name="Ids">The numbers of the events in the file, or their places where it has none.</param>
/// <param name="Dropped">Objects for which the network has no slot.</param>
internal sealed record EvaluationSample(string Name, double[] Fixed, double[]? Float, float[] Met, float[] Ht, byte[] Leptons, long[] Ids, long Dropped)
{
    public int Events => Fixed.Length;

    /// <summary>Whether the file says what the objects are.</summary>
    public bool HasObjects => Met.Length > 0;

    /// <summary>Everything that orders events: the design's scores, and cuts that need no network.</summary>
    public IEnumerable<(string Name, double[] Scores)> Scores()
    {
        yield return (FixedName, Fixed);
        if (Float is not null)
            yield return (FloatName, Float);
        if (!HasObjects)
            yield break;
        yield return ("HT + MET", [.. Met.Zip(Ht, (met, ht) => (double)met + ht)]);
        yield return ("leptons", Array.ConvertAll(Leptons, l => (double)l));
    }

    public const string FixedName = "fixed";
    public const string FloatName = "float";
}

/// <summary>Reads files of events and scores them with a compiled design; reading and scoring go on at the same time.</summary>
/// <param name="folder">The design.</param>
/// <param name="score">The output that orders events.</param>
/// <param name="options">How files are read.</param>
internal sealed class EvaluationRun(CompiledFolder folder, PortEntry score, EvaluationOptions options)
{
    private readonly Emulator _emulator = new(folder.Design);
    private readonly Design? _real = options.Float ? DesignBuilder.Build(folder.ReadImported()) : null;

    /// <summary>Scores a file.</summary>
    /// <param name="progress">Receives how far it is.</param>
    public EvaluationSample Score(string name, string path, Action<string> progress, CancellationToken cancellation)
    {
        using var reader = EventFiles.Open(path, options.Units);
        var features = new FeatureSource(reader, folder, options);
        var (fixedScores, floatScores, met, ht) = (new List<double>(), new List<double>(), new List<float>(), new List<float>());
        var (leptons, ids, dropped) = (new List<byte>(), new List<long>(), 0L);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var block in ReadAhead(reader, cancellation))
        {
            var (values, without) = features.Of(block);
            dropped += without;
            fixedScores.AddRange(FixedScores(features.ToInputs(values), cancellation));
            if (_real is not null)
                floatScores.AddRange(FloatScores(features.ToReals(values), block.Count));
            for (var i = 0; i < block.Count; i++)
                ids.Add(block.Ids is { } known ? known[i] : block.First + i);
            for (var i = 0; block.HasObjects && i < block.Count; i++)
            {
                met.Add((float)block.Met[i]);
                ht.Add((float)block.HtOf(i));
                leptons.Add((byte)Math.Min(255, block.LeptonsOf(i)));
            }
            if (clock.Elapsed.TotalSeconds > 2)
            {
                progress(FormattableString.Invariant($"{name}: {fixedScores.Count} events{(reader.Count is { } all ? $" of {all}" : "")}"));
                clock.Restart();
            }
        }
        return new(name, [.. fixedScores], _real is null ? null : [.. floatScores], [.. met], [.. ht], [.. leptons], [.. ids], dropped);
    }

    private double[] FixedScores(IReadOnlyDictionary<string, RawBatch> events, CancellationToken cancellation)
    {
        var inputs = folder.SettingValues(0, isRaw: true).Concat(events).ToDictionary(StringComparer.Ordinal);
        return InputConversion.ToDoubles(_emulator.Run(inputs, [score.Name], new() { Cancellation = cancellation })[score.Name], score.Quantizer.Type);
    }

    private double[] FloatScores(IReadOnlyDictionary<string, double[]> values, int events)
    {
        const int slice = 4096;
        var result = new double[events];
        Parallel.For(0, (events + slice - 1) / slice, i =>
        {
            var (first, count) = (i * slice, Math.Min(slice, events - i * slice));
            var inputs = _real!.Settings.ToDictionary(s => s, s => new double[Core.Primitives.Shapes.Count(_real.ShapeOf(s))], StringComparer.Ordinal);
            foreach (var (name, all) in values)
                inputs[name] = all[(first * (all.Length / events))..((first + count) * (all.Length / events))];
            new RealEvaluator(_real, applyCasts: true).Run(inputs, count, [score.Name])[score.Name].CopyTo(result, first);
        });
        return result;
    }

    /// <summary>The blocks of a file, the next of which is read while one is worked on.</summary>
    private static IEnumerable<EventBlock> ReadAhead(IEventReader reader, CancellationToken cancellation)
    {
        var next = Task.Run(reader.Read, CancellationToken.None);
        while (next.GetAwaiter().GetResult() is { } block)
        {
            cancellation.ThrowIfCancellationRequested();
            next = Task.Run(reader.Read, CancellationToken.None);
            yield return block;
        }
    }
}
