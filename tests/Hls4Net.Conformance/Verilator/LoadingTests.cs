using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Tests.Hardware;
using Hls4Net.Tests.Primitives;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Conformance.Verilator;

/// <summary>
/// Weights that are loaded through AXI4-Lite while events flow, in Verilator: each event is that of the emulator of the old or of the new network,
/// and which of them the commit's answer decides to the cycle.
/// </summary>
public sealed class LoadingTests
{
    private const int Okay = 0;
    private const int SlaveError = 2;

    /// <summary>A design, the networks that are loaded into it one after the other, and the transfers that do it.</summary>
    private sealed record Case(VerilatorBatch Batch, int Index, Design[] Networks, List<(Transfer Transfer, int Response)> Script, int[] Commits, IReadOnlyDictionary<string, RawBatch> Inputs, int[] Starts);

    [Fact]
    public void Every_event_is_that_of_the_old_or_of_the_new_network_exactly_at_the_boundary()
    {
        using var batch = new VerilatorBatch();
        var encoder = SampleDesigns.Encoder(4, 8, 6, 4);
        foreach (var factors in new int[][] { [2, 2], [4, 6], [48, 24], [3, 1] })
            batch.Add(Loadable.Of(Folded.With(encoder, factors)), 2);
        batch.Add(Loadable.Of(Folded.With(encoder, 16, 8)), 1, memory: MemoryChoice.Block);
        batch.Add(Loadable.Of(Folded.With(encoder, 4, 4)), 1, clockEnable: true);
        batch.Add(Loadable.Of(Folded.With(encoder, 6, 3)), null, stages: 30, clockEnable: true, memory: MemoryChoice.Block);
        foreach (var (name, pixels) in new[] { ("classifier", 1), ("strides", 1), ("skip", 2), ("mean of a picture", 1), ("window with padding", 3), ("depthwise", 1) })
        {
            var design = Streamed.Chains[name]();
            batch.Add(Loadable.Of(Folded.With(design, Folded.Sample(design, 3)[0])), 2, stream: new(pixels));
        }
        batch.Add(Loadable.Of(Folded.With(Streamed.Chains["window with padding"](), 6)), 1, stream: new(), clockEnable: true);
        batch.Add(Loadable.Of(Folded.With(Streamed.Chains["window with padding"](), 3)), 2);
        batch.Add(encoder, 2);
        var runs = Run(batch, seed: 1);
        Assert.True(runs.All(r => r is null), string.Join("\n", runs.OfType<string>()));
    }

    [Theory]
    [InlineData("weights", "!bank, aresetn", "bank, aresetn")]
    [InlineData("weights", "aw_held && w_held &&", "w_held &&")]
    [InlineData("weights", "w_strb == 4'd15", "w_strb != 4'd0")]
    [InlineData("weights", "bank <= !bank;", "bank <= bank;")]
    [InlineData("fc1_sum", "bank_now =", "bank_now = bank; wire bank_unused =")]
    public void A_mistake_is_found(string file, string text, string mistake)
    {
        using var batch = new VerilatorBatch();
        batch.Add(Loadable.Of(Folded.With(SampleDesigns.Encoder(4, 8, 6, 4), 48, 24)), 2, f =>
        {
            if (!f.Path.EndsWith($"_{file}.v", StringComparison.Ordinal))
                return f.Text;
            Assert.Contains(text, f.Text, StringComparison.Ordinal);
            return "/* verilator lint_off UNUSEDSIGNAL */\n" + f.Text.Replace(text, mistake, StringComparison.Ordinal);
        });
        try
        {
            Assert.NotNull(Run(batch, seed: 1)[0]);
        }
        catch (Core.Diagnostics.UserErrorException e)
        {
            Assert.Contains("weights_bench", e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>What is wrong with each design, or null.</summary>
    private static string?[] Run(VerilatorBatch batch, int seed)
    {
        var random = new Random(seed);
        var cases = batch.Designs.Select((_, n) => Draw(batch, n, random)).ToArray();
        var program = VerilatorRunner.BuildLoading([.. batch.Designs.Select(d => d.Files)], batch.BuildFolder, TestContext.Current.CancellationToken);
        var runs = program.Run([.. cases.Select(c => c.Inputs)], [.. cases.Select(c => c.Starts)], [.. cases.Select(c => c.Script.Select(s => s.Transfer).ToArray())], seed,
            TestContext.Current.CancellationToken);
        return [.. cases.Zip(runs, Problem)];
    }

    private static Case Draw(VerilatorBatch batch, int index, Random random)
    {
        var (design, hardware, files) = batch.Designs[index];
        var (networks, script, commits) = (new List<Design> { design }, new List<(Transfer, int)>(), new List<int>());
        var cycles = 2000;
        if (files.Interface.Loading is { } load)
        {
            script.AddRange(Registers(load));
            foreach (var round in new[] { 1, 2 })
            {
                var retrained = Loadable.Retrained(design, 100 * index + round);
                networks.Add(retrained);
                script.AddRange(Words(load, EntriesOf(batch, index, retrained), random));
                script.AddRange(Mistakes(load, random));
                script.Add((new(TransferKind.Write, LoadInterface.AddressOf(LoadRegister.NextTag), (uint)round, Pause: random.Next(20)), Okay));
                commits.Add(script.Count);
                script.Add((new(TransferKind.Write, LoadInterface.AddressOf(LoadRegister.Control), 1, Pause: random.Next(40)), Okay));
                script.AddRange(WhileBusy(load));
            }
            cycles = 12 * script.Count + 4 * load.DrainCycles;
            // A clock enable stretches time.
            if (files.Interface.ClockEnable is not null)
                cycles = 3 * cycles / 2;
        }
        var events = cycles / hardware.InitiationInterval * 3 / 4 + 20;
        var starts = Streamed.Starts(hardware.InitiationInterval, hardware.StartGrid, events, random);
        return new(batch, index, [.. networks], script, [.. commits], RandomDesigns.Events(design, events, index), starts[..events]);
    }

    /// <summary>The entries for a network: those of its own hardware, which is the same but for them.</summary>
    internal static IReadOnlyDictionary<int, Core.Text.Seq<long>> EntriesOf(VerilatorBatch batch, int index, Design network)
    {
        var hardware = batch.Rebuild(index, network);
        Assert.Equal(batch.Designs[index].Hardware.Loading!.Hash, hardware.Loading!.Hash);
        return LoadPorts.EntriesOf(hardware.Netlist);
    }

    private static IEnumerable<(Transfer, int)> Registers(LoadInterface load)
    {
        yield return (new(TransferKind.Read, LoadInterface.AddressOf(LoadRegister.Id)), Okay);
        yield return (new(TransferKind.Read, LoadInterface.AddressOf(LoadRegister.HashLow)), Okay);
        yield return (new(TransferKind.Read, LoadInterface.AddressOf(LoadRegister.HashHigh)), Okay);
        yield return (new(TransferKind.Read, LoadInterface.AddressOf(LoadRegister.Commits)), Okay);
        yield return (new(TransferKind.Read, 4 * (int)LoadRegister.Words + 4), SlaveError);
        yield return (new(TransferKind.Read, load.TableBase), SlaveError);
        yield return (new(TransferKind.Write, LoadInterface.AddressOf(LoadRegister.Id), 1), SlaveError);
        yield return (new(TransferKind.Write, LoadInterface.AddressOf(LoadRegister.Control), 0), Okay);
        yield return (new(TransferKind.Write, LoadInterface.AddressOf(LoadRegister.Control), 1, Strobe: 14), Okay);
        yield return (new(TransferKind.Write, LoadInterface.AddressOf(LoadRegister.NextTag), 0xAABBCCDD), Okay);
        yield return (new(TransferKind.Write, LoadInterface.AddressOf(LoadRegister.NextTag), 0x11223344, Strobe: 5), Okay);
        yield return (new(TransferKind.Read, LoadInterface.AddressOf(LoadRegister.NextTag)), Okay);
        if (load.Tables[^1].First + load.Tables[^1].Words is var end && end < 1 << (load.AddressWidth - 3))
            yield return (new(TransferKind.Write, load.AddressOf(end), 1), SlaveError);
    }

    internal static (Transfer Transfer, int Response)[] Words(LoadInterface load, IReadOnlyDictionary<int, Core.Text.Seq<long>> entries, Random random)
    {
        var words = load.Tables.SelectMany(t => Enumerable.Range(0, t.Words).Select(k =>
            (new Transfer(TransferKind.Write, load.AddressOf(t.First + k), unchecked((uint)entries[t.First][k])), Okay))).ToArray();
        random.Shuffle(words);
        return words;
    }

    /// <summary>Transfers that change nothing.</summary>
    private static IEnumerable<(Transfer, int)> Mistakes(LoadInterface load, Random random)
    {
        for (var k = 0; k < 4; k++)
        {
            var address = load.AddressOf(load.Tables[random.Next(load.Tables.Count)].First);
            yield return (new(TransferKind.Write, address, 0x5A5A5A5A, Strobe: random.Next(1, 15)), SlaveError);
            yield return (new(TransferKind.Write, address, 0x5A5A5A5A, Strobe: 0), Okay);
        }
    }

    /// <summary>Behind a commit everything is refused until old events have left, and then the registers say what happened.</summary>
    private static IEnumerable<(Transfer, int)> WhileBusy(LoadInterface load)
    {
        if (load.DrainCycles > 60)
        {
            yield return (new(TransferKind.Write, LoadInterface.AddressOf(LoadRegister.Control), 1), SlaveError);
            yield return (new(TransferKind.Write, load.AddressOf(load.Tables[0].First), 0x5A5A5A5A), SlaveError);
        }
        yield return (new(TransferKind.Wait, LoadInterface.AddressOf(LoadRegister.Status)), Okay);
        yield return (new(TransferKind.Read, LoadInterface.AddressOf(LoadRegister.Commits)), Okay);
        yield return (new(TransferKind.Read, LoadInterface.AddressOf(LoadRegister.Tag)), Okay);
    }

    private static string? Problem(Case drawn, LoadRun run)
    {
        for (var k = 0; k < drawn.Script.Count; k++)
        {
            var (transfer, response) = drawn.Script[k];
            if (run.Answers[k].Response != response)
                return $"design {drawn.Index}: {transfer} is answered by {run.Answers[k]}";
        }
        if (RegisterProblem(drawn, run) is { } wrong)
            return wrong;
        var outputs = drawn.Networks.Select(n => new Emulator(n).Run(drawn.Inputs)).ToArray();
        var commits = drawn.Commits.Select(c => run.Answers[c].Cycle).ToArray();
        var network = run.Starts.Select(s => commits.Count(c => s >= c)).ToArray();
        if (commits.Length > 0 && Enumerable.Range(0, 3).Any(n => network.Count(k => k == n) < 3))
            return $"design {drawn.Index}: too few events with one of the networks: {string.Join(", ", network.CountBy(k => k))}";
        foreach (var name in drawn.Networks[0].Outputs)
        {
            var found = run.Run.Outputs()[name];
            for (var e = 0; e < network.Length; e++)
            {
                for (var k = 0; k < found.Elements; k++)
                {
                    if (found[e, k] != outputs[network[e]][name][e, k])
                        return $"design {drawn.Index}, event {e} of network {network[e]} in cycle {run.Starts[e]} with commits in {string.Join(", ", commits)}, element {k} of {name}: {found[e, k]} instead of {outputs[network[e]][name][e, k]}";
                }
            }
        }
        // Otherwise nothing would have been seen of the exchange.
        return commits.Length == 0 || Enumerable.Range(0, network.Length).Any(e => Differ(outputs[0], outputs[1], e) && network[e] == 1) ? null : $"design {drawn.Index}: the networks do not differ";

        bool Differ(IReadOnlyDictionary<string, RawBatch> a, IReadOnlyDictionary<string, RawBatch> b, int e) =>
            drawn.Networks[0].Outputs.Any(o => Enumerable.Range(0, a[o].Elements).Any(k => a[o][e, k] != b[o][e, k]));
    }

    /// <summary>What registers hold: identity and hash, then commits and tags of one round after the other.</summary>
    private static string? RegisterProblem(Case drawn, LoadRun run)
    {
        if (drawn.Batch.Designs[drawn.Index].Files.Interface.Loading is not { } load)
            return null;
        var reads = Enumerable.Range(0, drawn.Script.Count).Where(k => drawn.Script[k] is ({ Kind: TransferKind.Read }, Okay)).Select(k => run.Answers[k].Data).ToArray();
        uint[] wanted = [AxiLite.Identity, Convert.ToUInt32(load.Hash[8..], 16), Convert.ToUInt32(load.Hash[..8], 16), 0, 0xAA22CC44, 1, 1, 2, 2];
        return reads.SequenceEqual(wanted) ? null : $"design {drawn.Index}: registers hold {string.Join(", ", reads.Select(r => r.ToString("x", System.Globalization.CultureInfo.InvariantCulture)))}";
    }
}
