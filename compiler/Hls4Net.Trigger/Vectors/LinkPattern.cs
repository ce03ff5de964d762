using Hls4Net.Core.Text;

namespace Hls4Net.Trigger.Vectors;

/// <summary>Formats of files that hold what the links of a trigger board carry.</summary>
public enum PatternFormat
{
    /// <summary>EMP and MP7 boards, first version: <c>Frame 0000 : 1v00000000deadbeef …</c></summary>
    Emp1,

    /// <summary>EMP boards, second version: <c>Frame 0000    1101 00000000000007e2 …</c></summary>
    Emp2,

    /// <summary>APx boards: <c>0x0000    0x03 0x00000000000007e2 …</c> with a sideband for each word.</summary>
    Apx,

    /// <summary>CTP7 boards: a counter and a word for each link, without a sideband.</summary>
    Ctp7,
}

/// <summary>What travels beside a word.</summary>
[Flags]
public enum LinkFlags
{
    None = 0,
    Valid = 1,
    StartOfPacket = 2,
    StartOfOrbit = 4,
    EndOfPacket = 8,

    /// <summary>The word counts in this cycle; set but where a link says otherwise.</summary>
    Strobe = 16,
}

/// <summary>A word of a link in one frame.</summary>
/// <param name="Data">Up to 64 bits.</param>
/// <param name="Flags">What the format has of it; the strobe is set where a file says nothing of it.</param>
public readonly record struct LinkWord(ulong Data, LinkFlags Flags);

/// <summary>The words of some links, frame by frame.</summary>
/// <param name="Board">The name in the file's head; empty where the format has none.</param>
/// <param name="Links">Numbers of the links, in the file's order.</param>
/// <param name="Strobed">For each link whether the file says of each word if it counts.</param>
/// <param name="Digits">Hexadecimal digits of a word: 16, or 8 on boards of the first generation.</param>
/// <param name="Frames">For each frame the word of each link.</param>
public sealed record LinkPattern(string Board, Seq<int> Links, Seq<bool> Strobed, int Digits, Seq<Seq<LinkWord>> Frames)
{
    /// <summary>A pattern of 64-bit words.</summary>
    public static LinkPattern Of(string board, IEnumerable<int> links, IEnumerable<IEnumerable<LinkWord>> frames)
    {
        var numbers = links.ToSeq();
        return new(board, numbers, numbers.Select(_ => false).ToSeq(), 16, frames.Select(f => f.ToSeq()).ToSeq());
    }

    /// <summary>
    /// The packets: runs of frames from a start to an end of packet, or between valid and invalid words, or, in a format that marks none, of so
    /// many frames.
    /// </summary>
    /// <param name="framesAnEvent">Frames of an event where nothing marks them.</param>
    public IReadOnlyList<Range> Packets(int framesAnEvent)
    {
        var all = Frames.Span.ToArray().SelectMany(f => f).Aggregate(LinkFlags.None, (flags, w) => flags | w.Flags);
        if ((all & (LinkFlags.Valid | LinkFlags.StartOfPacket)) == LinkFlags.None)
            return [.. Enumerable.Range(0, Frames.Count / framesAnEvent).Select(i => (i * framesAnEvent)..((i + 1) * framesAnEvent))];
        var hasStarts = (all & LinkFlags.StartOfPacket) != LinkFlags.None;
        var (packets, start) = (new List<Range>(), -1);
        for (var i = 0; i <= Frames.Count; i++)
        {
            var flags = i == Frames.Count ? LinkFlags.None : Frames[i].Aggregate(LinkFlags.None, (f, w) => f | ((w.Flags & LinkFlags.Strobe) != LinkFlags.None ? w.Flags : LinkFlags.None));
            var isValid = (flags & LinkFlags.Valid) != LinkFlags.None;
            var begins = hasStarts ? (flags & LinkFlags.StartOfPacket) != LinkFlags.None : isValid && (start < 0 || i - start == framesAnEvent);
            if (start >= 0 && (begins || !isValid))
            {
                packets.Add(start..i);
                start = -1;
            }
            if (begins)
                start = i;
        }
        return packets;
    }
}
