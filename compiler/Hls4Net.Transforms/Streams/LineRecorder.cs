using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Streams;

/// <summary>Keeps who reads which lane how many ticks later, while a streamed design is built, and says afterwards what lines there are.</summary>
internal sealed class LineRecorder(StreamPlan plan)
{
    private readonly List<Tap> _taps = [];

    /// <summary>Who reads at the moment, and why what it reads waits if it is not a window.</summary>
    public (string Name, LineReason Reason) Reader { get; set; } = ("", LineReason.Meeting);

    /// <param name="Words">Steps of the line from the source to the tap.</param>
    /// <param name="Net">The net of the top at the end.</param>
    private readonly record struct Tap(string Consumer, LineReason Reason, int Lane, int Words, int Width, int Net);

    public void Note(int lane, int words, int width, int net)
    {
        if (words > 0)
            _taps.Add(new(Reader.Name, Reader.Reason, lane, words, width, net));
    }

    /// <summary>The lines that are left of those when dead cells are gone.</summary>
    /// <param name="nameOf">The name of a net of the top; null if it is not there any more.</param>
    public IEnumerable<LineFigures> Lines(Func<int, string?> nameOf)
    {
        var built = _taps.Where(t => nameOf(t.Net) is not null).ToArray();
        foreach (var channel in built.GroupBy(t => (Producer: plan.OwnerOf(t.Lane), t.Consumer, t.Reason, plan.Periods[t.Lane].Period)))
        {
            var lanes = channel.GroupBy(t => t.Lane).Select(l => l.MaxBy(t => t.Words)).ToArray();
            var deepest = lanes.MaxBy(l => l.Words);
            int[] words = [.. channel.Where(t => t.Lane == deepest.Lane).Select(t => t.Words).Distinct().Order()];
            var isWindow = channel.Key.Reason == LineReason.Meeting && words.Length > 1;
            var rows = isWindow ? words.Zip(words.Skip(1), (a, b) => b - a).ToArray() : [];
            var pitch = rows.Count(r => r > 1) is > 0 and var breaks && breaks < rows.Length ? (words[^1] - words[0]) / breaks : 0;
            yield return new(channel.Key.Producer, channel.Key.Consumer, isWindow ? LineReason.Window : channel.Key.Reason, lanes.Length, lanes.Max(l => l.Width), deepest.Words,
                lanes.Sum(l => (long)l.Words * l.Width), channel.Key.Period, pitch > 0 ? rows.Count(r => r > 1) + 1 : 1, pitch,
                [.. lanes.Where(l => l.Words == deepest.Words).Select(l => nameOf(l.Net)!).Distinct(StringComparer.Ordinal)]);
        }
    }
}
