using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Primitives;
using Hls4Net.Verification.Comparison;

namespace Hls4Net.Cli.Compilation;

/// <summary>Holds the prescales and rate counters of the Verilog against their model, over events in their order, with restarts between.</summary>
/// <param name="folder">A design that keeps something.</param>
internal sealed class DecisionCheck(CompiledFolder folder)
{
    private readonly DecisionEntry _decision = folder.Manifest.Decision!;

    public CheckEntry Run(IReadOnlyDictionary<string, RawBatch> events, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var count = events.Values.First().Events;
        var emulator = new Emulator(folder.Design);
        var zero = new Dictionary<string, RawBatch>(events.Concat(folder.SettingValues(0, isRaw: true)), StringComparer.Ordinal);
        var score = folder.Design.Outputs[^2];
        var inputs = new Dictionary<string, RawBatch>(events.Append(Thresholds(emulator.Run(zero, [score])[score])), StringComparer.Ordinal);
        var expected = emulator.Run(inputs, null, new() { Cancellation = cancellation });
        // The first event, every 500th, and others close together: one in 64, by a product that mixes its number.
        var restarts = Enumerable.Range(0, count).Select(e => e % 500 == 0 || (unchecked((uint)e * 2654435761U) >> 26 == 0 && e % 2000 > 1000)).ToArray();
        using var execution = Executions.Verilator(folder);
        var (different, passed, names) = (0, 0L, _decision.Outputs().Select(o => o.Name).ToList());
        var details = new List<string>();
        foreach (var factors in Factors())
        {
            var model = new DecisionModel(_decision.Options, _decision.Bits).Run(expected[folder.Design.Outputs[^1]], restarts, factors);
            var found = execution.Run(new Dictionary<string, RawBatch>(inputs.Concat(_decision.Options.Inputs(restarts, factors)), StringComparer.Ordinal), cancellation);
            var (wrong, first) = BatchComparison.Compare(model, found, names);
            different += wrong;
            passed += model.TryGetValue(DecisionOptions.Prescaled, out var bits) ? bits.Raw.Sum() : 0;
            if (first is not null)
                details.Add(string.Create(CultureInfo.InvariantCulture, $"'{first.Value}', event {first.Event}, bit {first.Element}: {first.Found} instead of {first.Expected}, with factors {string.Join(' ', factors)}"));
        }
        var what = string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names)} = model, {restarts.Count(r => r)} restarts{(_decision.Options.HasPrescale ? FormattableString.Invariant($", {passed} decisions passed") : "")}");
        return new("decision", different == 0, count, different, different == 0 ? what : "DIFFERENT", watch.Elapsed.TotalSeconds, [.. details]);
    }

    /// <summary>Run-time factors that are tried: small ones, and none or all.</summary>
    private IEnumerable<long[]> Factors()
    {
        var most = _decision.PrescaleBits == 0 ? 1 : (1L << _decision.PrescaleBits) - 1;
        yield return [.. Enumerable.Range(0, _decision.Bits).Select(k => Math.Min(most, 2L + k))];
        if (_decision.PrescaleBits > 0)
            yield return [.. Enumerable.Range(0, _decision.Bits).Select(k => k % 3 == 0 ? 0 : k % 3 == 1 ? 1L : most)];
    }

    /// <summary>Thresholds at which each bit accepts another part of the events.</summary>
    private KeyValuePair<string, RawBatch> Thresholds(RawBatch scores)
    {
        var sorted = Enumerable.Range(0, scores.Events).Select(e => scores[e, 0]).Order().ToList();
        var values = Enumerable.Range(0, _decision.Bits).Select(k => sorted[(int)((long)sorted.Count * (k + 1) / (_decision.Bits + 1))]).ToArray();
        var setting = folder.Settings.Single();
        return new(setting.Name, RawBatch.Of(Shapes.Count(Core.Text.Seq.ToSeq(setting.Shape)), values.Select(v => BigInteger.Min(v, setting.Quantizer.Type.MaximumRaw)).ToArray()));
    }
}
