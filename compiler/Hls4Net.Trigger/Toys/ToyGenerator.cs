namespace Hls4Net.Trigger.Toys;

/// <summary>
/// Draws TOY events in the layout of the ADC2021 challenge: hand-made distributions without parton densities, showers or a detector
/// simulation, tuned until the signals separate from the background about as well as published studies report. They show a chain of
/// tools at work and are no evidence about any method or any physics.
/// </summary>
/// <param name="Process">background, or one of its parts or a signal by name.</param>
/// <param name="Seed">Names the sample; the same seed gives the same events, for any number of threads.</param>
/// <param name="Hardness">Scale of the signals' pT.</param>
/// <param name="Ghosts">The share of events with a jet slot of class 4 and pT 0, as a bug left them in the real files.</param>
public sealed record ToyGenerator(string Process, ulong Seed, double Hardness = 2, double Ghosts = 0)
{
    /// <summary>The mixture of all processes that are no signal.</summary>
    public const string Background = "background";

    /// <summary>Events that are drawn from one sequence of random numbers.</summary>
    public const int BlockSize = 4096;

    private const int Row = 19 * 4;
    private const int FirstJet = 9;
    private const int Jets = 10;

    /// <summary>Background with a few signals among it; <see cref="SignalOf"/> tells where.</summary>
    public const string BlackBox = "blackbox";

    /// <summary>The share of signals in a black box.</summary>
    private const double BlackBoxShare = 0.01;

    private static readonly string[] BlackBoxSignals = ["a4l", "lq", "h0", "hpm"];

    /// <summary>Everything that can be drawn.</summary>
    public static IReadOnlyList<string> Processes { get; } = [Background, BlackBox, .. ToyProcesses.All.Keys];

    /// <summary>The signal that an event of a black box is; null for background, and for all events of other samples.</summary>
    /// <param name="number">The place of the event in the sample.</param>
    public string? SignalOf(long number)
    {
        if (Process != BlackBox)
            return null;
        // Numbers of their own: whether an event is a signal is known without drawing it.
        var random = new ToyRandom(unchecked(Seed * 0x9E3779B97F4A7C15 + (ulong)number * 0xC2B2AE3D27D4EB4F + 3));
        return random.Uniform() < BlackBoxShare ? BlackBoxSignals[random.Choice(BlackBoxSignals.Length)] : null;
    }

    /// <summary>Draws events, block after block of [events, 19, 4].</summary>
    /// <param name="count">How many in all.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public IEnumerable<double[]> Draw(long count, CancellationToken cancellation = default)
    {
        var blocks = (count + BlockSize - 1) / BlockSize;
        var atOnce = Math.Max(1, Environment.ProcessorCount);
        for (var first = 0L; first < blocks; first += atOnce)
        {
            var drawn = new double[Math.Min(atOnce, blocks - first)][];
            Parallel.For(0, drawn.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
                drawn[i] = DrawBlock((ulong)(first + i), (int)Math.Min(BlockSize, count - (first + i) * BlockSize)));
            foreach (var block in drawn)
                yield return block;
        }
    }

    private double[] DrawBlock(ulong index, int count)
    {
        var random = new ToyRandom(unchecked(Seed * 0xD1342543DE82EF95 + index * 0x2545F4914F6CDD1D + 1));
        var (rows, final) = (new double[count * Row], new ToyEvent(random));
        for (var i = 0; i < count; i++)
        {
            var process = Process == BlackBox ? SignalOf((long)index * BlockSize + i) ?? Background : Process;
            var draw = ToyProcesses.All[process == Background ? Part(random) : process];
            var row = rows.AsSpan(i * Row, Row);
            do
            {
                final.Clear();
                draw(random, final, Hardness);
                final.AddUnderlying();
            }
            while (!final.TryWrite(row));
            if (random.Uniform() < Ghosts)
                AddGhost(random, row);
        }
        return rows;
    }

    /// <summary>One part of the background, chosen before the selection, which each event then passes: the shares are those of kept events.</summary>
    private static string Part(ToyRandom random)
    {
        var u = random.Uniform();
        foreach (var (name, share) in ToyProcesses.Background)
        {
            if (u < share)
                return name;
            u -= share;
        }
        return ToyProcesses.Background[0].Name;
    }

    private static void AddGhost(ToyRandom random, Span<double> row)
    {
        var place = random.Choice(Jets);
        var jets = row[(FirstJet * 4)..];
        jets[(place * 4)..((Jets - 1) * 4)].CopyTo(jets[((place + 1) * 4)..]);
        ReadOnlySpan<double> ghost = [0, 0, Math.Round(random.Uniform(-3.1, 3.1), 3), 4];
        ghost.CopyTo(jets[(place * 4)..]);
    }
}
