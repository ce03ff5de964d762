using System.CommandLine;
using System.Globalization;
using System.Text;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Trigger.Events;
using Hls4Net.Trigger.Toys;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net events</c>: what a file of collision events holds, its conversion, and toy events.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "Events: ADC2021 or feature table (.h5), Dark Machines or table (.csv), .npy, .npz.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output", "-o") { Description = "X.npy that receives features, X.h5 that receives objects as ADC2021 has them, or X.csv that receives them as Dark Machines has them." };
        var order = new Option<string?>("--order") { Description = "Order of the features: interleaved (57) or grouped (56). [default: interleaved]" };
        var units = new Option<string?>("--units") { Description = "Units of momenta in FILE, GeV or MeV. [default: those of its format]" };
        var generate = new Option<string?>("--generate") { Description = $"Draw TOY events of a process: {string.Join(", ", ToyGenerator.Processes)}." };
        var events = new Option<long>("--events") { Description = "How many to draw.", DefaultValueFactory = _ => 10_000 };
        var seed = new Option<ulong>("--seed") { Description = "Names the sample that is drawn.", DefaultValueFactory = _ => 1 };
        var hardness = new Option<double>("--hardness") { Description = "Scale of the pT of toy signals.", DefaultValueFactory = _ => 2 };
        var ghosts = new Option<double>("--ghosts") { Description = "Share of toy events with a jet slot of class 4 and pT 0, as the real files have them (.h5 only).", DefaultValueFactory = _ => 0 };
        var ids = new Option<bool>("--ids") { Description = "Number the toy events (EvtId), as in a black box (.h5 only)." };
        var truth = new Option<string?>("--truth") { Description = "X.csv that receives the numbers and names of the signals in a blackbox." };
        return new Command("events",
            """
            Shows what a file of events holds (events, objects, ranges, in GeV and radians), converts it, or draws toy events. A slot holds an
            object if and only if its pT is above 0. Toy events are hand-made distributions: they show the tools, not physics.

              hls4net events background.h5
              hls4net events background_chan1.csv -o features.npy --order grouped
              hls4net events background.h5 -o background.csv
              hls4net events --generate background --events 1000000 --ghosts 0.05 -o background.h5
              hls4net events --generate a4l --seed 2 -o a4l.h5
              hls4net events --generate blackbox --events 100000 --ids --truth truth.csv -o blackbox.h5
            """) { file, output, order, units, generate, events, seed, hardness, ghosts, ids, truth }.WithAction((parsed, reporter, cancellation) => Task.FromResult(Run(
            new(parsed.GetValue(file), parsed.GetValue(output), OneOf<FeatureOrder>("--order", parsed.GetValue(order)), UnitsOf(parsed.GetValue(units))),
            parsed.GetValue(generate) is { } process
                ? ToyOf(process, parsed.GetValue(seed), parsed.GetValue(hardness), parsed.GetValue(ghosts))
                : null,
            parsed.GetValue(events), parsed.GetValue(ids), parsed.GetValue(truth), reporter, cancellation)));
    }

    /// <summary>The value of --units.</summary>
    /// <exception cref="UserErrorException">It is another word (HLS5205).</exception>
    public static EventUnits UnitsOf(string? text) => text is null ? EventUnits.OfTheFormat : text switch
    {
        "GeV" => EventUnits.GeV,
        "MeV" => EventUnits.MeV,
        _ => throw new UserErrorException(Messages.UnknownOptionValue("--units", text, ["GeV", "MeV"])),
    };

    /// <summary>A word of an option as the value of an enumeration; without one, the first.</summary>
    /// <exception cref="UserErrorException">It is another word (HLS5205).</exception>
    public static T OneOf<T>(string option, string? text)
        where T : struct, Enum
    {
        if (text is null)
            return default;
        var names = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToList();
        return names.IndexOf(text.ToLowerInvariant()) is >= 0 and var index
            ? Enum.GetValues<T>()[index]
            : throw new UserErrorException(Messages.UnknownOptionValue(option, text, names));
    }

    private static int Run(Options options, ToyGenerator? toy, long events, bool ids, string? truth, Reporter reporter, CancellationToken cancellation)
    {
        if (toy is null == options.File is null)
            throw new UserErrorException(Messages.BadOptionValue("--generate", toy?.Process ?? "", "given where there is no FILE, or left out where there is one"));
        if (truth is not null && toy?.Process != ToyGenerator.BlackBox)
            throw new UserErrorException(Messages.BadOptionValue("--truth", truth, "of use without --generate blackbox"));
        return toy is null ? Describe(options, reporter, cancellation) : Generate(options, toy, events, ids, truth, reporter, cancellation);
    }

    private static int Describe(Options options, Reporter reporter, CancellationToken cancellation)
    {
        using var reader = EventFiles.Open(options.File!, options.Units);
        var summary = new EventSummary();
        var conversion = options.Output is { } output ? new EventConversion(output, options.Order) : null;
        var blocks = Blocks(reader, summary, reporter, cancellation);
        if (conversion is null)
            blocks.ForEach(_ => { });
        else
            conversion.Write(blocks);
        reporter.Result(EventsView.ToJson(reader, summary, conversion), () => EventsView.Of(reader, summary, conversion));
        return ExitCode.Done;
    }

    private static IEnumerable<EventBlock> Blocks(IEventReader reader, EventSummary summary, Reporter reporter, CancellationToken cancellation)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (reader.Read() is { } block)
        {
            cancellation.ThrowIfCancellationRequested();
            summary.Add(block);
            yield return block;
            if (clock.Elapsed.TotalSeconds > 2)
            {
                reporter.Progress(string.Create(CultureInfo.InvariantCulture, $"{summary.Events} events{(reader.Count is { } all ? $" of {all}" : "")}"));
                clock.Restart();
            }
        }
    }

    private static void ForEach(this IEnumerable<EventBlock> blocks, Action<EventBlock> action)
    {
        foreach (var block in blocks)
            action(block);
    }

    private static int Generate(Options options, ToyGenerator toy, long events, bool ids, string? truth, Reporter reporter, CancellationToken cancellation)
    {
        if (options.Output is not { } path)
            throw new UserErrorException(Messages.BadOptionValue("--output", "", "given: --generate needs a file to write"));
        if (events is < 1 or > 100_000_000)
            throw new UserErrorException(Messages.BadOptionValue("--events", events.ToString(CultureInfo.InvariantCulture), "a number from 1 to 100000000"));
        if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException(Messages.BadOptionValue("--output", path, "a name that ends in .npy (features) or .h5 (objects); hls4net events X.h5 -o X.csv writes a table of them"));
        var isHdf5 = new EventConversion(path, options.Order).IsHdf5;
        if (!isHdf5 && (toy.Ghosts > 0 || ids))
            throw new UserErrorException(Messages.BadOptionValue("--output", path, "HDF5 (.h5), which alone has ghosts and numbers of events"));
        reporter.Progress($"drawing {events.ToString(CultureInfo.InvariantCulture)} TOY events");
        if (isHdf5)
            AtomicFile.Write(path, temporary => WriteHdf5(temporary, toy, events, ids, cancellation));
        else
            WriteFeatures(path, options.Order, toy, events, cancellation);
        if (truth is not null)
            WriteTruth(truth, toy, events);
        reporter.Result(new { File = path, Events = events, toy.Process, toy.Seed, Toy = true },
            () => new Spectre.Console.Text(string.Create(CultureInfo.InvariantCulture, $"{path}: {events} TOY events, process {toy.Process}, seed {toy.Seed}\n")));
        return ExitCode.Done;
    }

    private static void WriteTruth(string path, ToyGenerator toy, long events)
    {
        var text = new StringBuilder("EvtId,Signal\n");
        for (var i = 0L; i < events; i++)
        {
            if (toy.SignalOf(i) is { } signal)
                text.Append(CultureInfo.InvariantCulture, $"{i},{signal}\n");
        }
        AtomicFile.WriteAllText(path, text.ToString());
    }

    private static void WriteHdf5(string path, ToyGenerator toy, long events, bool ids, CancellationToken cancellation)
    {
        using var writer = new Adc2021Writer(path);
        foreach (var block in toy.Draw(events, cancellation))
            writer.Append(block);
        if (ids)
            writer.WriteIds([.. Enumerable.Range(0, (int)events).Select(i => (long)i)]);
        writer.Finish();
    }

    private static void WriteFeatures(string path, FeatureOrder order, ToyGenerator toy, long events, CancellationToken cancellation)
    {
        var layout = EventLayout.Adc2021(order);
        using var writer = new NpyBatchWriter<double>(path, [layout.Features]);
        foreach (var block in toy.Draw(events, cancellation))
        {
            var features = new double[block.Length / (4 * layout.Slots) * layout.Features];
            for (var i = 0; i < block.Length / 4; i++)
            {
                for (var c = 0; c < 3; c++)
                {
                    if (layout.IndexOf(i % layout.Slots, c) is >= 0 and var place)
                        features[i / layout.Slots * layout.Features + place] = block[4 * i + c];
                }
            }
            writer.Append(features);
        }
        writer.Commit();
    }

    private static ToyGenerator ToyOf(string process, ulong seed, double hardness, double ghosts)
    {
        if (!ToyGenerator.Processes.Contains(process))
            throw new UserErrorException(Messages.UnknownOptionValue("--generate", process, [.. ToyGenerator.Processes]));
        if (!(hardness is >= 0.1 and <= 10))
            throw new UserErrorException(Messages.BadOptionValue("--hardness", hardness.ToString(CultureInfo.InvariantCulture), "a number from 0.1 to 10"));
        if (!(ghosts is >= 0 and <= 1))
            throw new UserErrorException(Messages.BadOptionValue("--ghosts", ghosts.ToString(CultureInfo.InvariantCulture), "a share from 0 to 1"));
        return new(process, seed, hardness, ghosts);
    }

    private sealed record Options(string? File, string? Output, FeatureOrder Order, EventUnits Units);
}
