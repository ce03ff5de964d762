using System.Globalization;
using System.Runtime.InteropServices;
using Hls4Net.Core.Emulation;

namespace Hls4Net.Verification.Verilator;

/// <summary>What is sent to a top, and what has to come back.</summary>
internal sealed class StreamPlan
{
    private const int MostEvents = 8;

    /// <summary>So many cycles without a pause are enough for a pattern, if that is not less than two events.</summary>
    private const int EnoughCycles = 3000;

    /// <summary>So many events can end while the receiver pauses, before the last of them is held: one at the output, two in the queue.</summary>
    private const int FillingEvents = 4;

    /// <summary>No pause is longer, however long an event takes: the bench would take it for a top that hangs.</summary>
    private const int LongestPause = 100_000;

    /// <summary>After so few cycles the next pattern begins, which would notice a result too many.</summary>
    private const int ShortDrain = 3;

    private readonly StreamLayout _layout;
    private readonly List<Pattern> _patterns = [];
    private int _events;
    private int _malformed;
    private long _beats;
    private long _cycles;
    private int _waiting;

    private StreamPlan(StreamLayout layout) => _layout = layout;

    /// <summary>A rate of 256, or a longest burst in cycles.</summary>
    private readonly record struct Pauses(int Rate, int Burst)
    {
        public static Pauses Draw(Random random, int longest) =>
            random.Next(4) switch { 0 => new(0, 1 + longest), 1 => new(220, 0), 2 => new(128, 0), _ => new(16 + random.Next(48), 0) };
    }

    /// <param name="ResetAt">The cycle of a reset that ends the pattern; 0 for none.</param>
    /// <param name="ResetFirst">Cycles of a reset in which it begins.</param>
    /// <param name="Results">TUSER and the bytes of results, in their order.</param>
    private sealed record Pattern(long Seed, long ResetAt, int ResetFirst, int Drain, Pauses Gaps, Pauses Stalls,
        List<(uint[] User, uint[] Beats, int Count)> Packets, List<(uint[] User, byte[] Bytes)> Results)
    {
        public int Malformed => Packets.Count - Results.Count;
    }

    public static StreamPlan Draw(StreamLayout layout, IReadOnlyDictionary<string, RawBatch> inputs, IReadOnlyDictionary<string, RawBatch> outputs, int patterns, int seed)
    {
        var plan = new StreamPlan(layout);
        var random = new Random(seed);
        var (next, count) = (0, outputs.Values.First().Events);
        var most = Math.Clamp(EnoughCycles / layout.Interface.InitiationInterval, 2, MostEvents);
        var settings = Enum.GetValues<StreamSetting>();
        for (var p = 0; p < patterns; p++)
        {
            var setting = settings[p % settings.Length];
            var pattern = plan.Empty(random, setting, isFirst: p == 0, isLast: p + 1 == patterns);
            var fewest = setting == StreamSetting.BackPressure && pattern.Stalls.Burst > 0 ? FillingEvents : 1;
            for (var left = Math.Max(fewest, 1 + random.Next(most)); left > 0; left--)
            {
                var @event = next++ % count;
                var bytes = layout.Stream.Inputs.Pack(inputs, @event);
                var user = plan.User(random);
                if (setting == StreamSetting.Malformed && random.Next(2) == 0)
                    pattern.Packets.Add(plan.Spoilt(random, bytes, plan.User(random)));
                pattern.Packets.Add(plan.Packet(random, bytes, user, layout.Stream.BeatsOf(layout.Stream.Inputs), 0));
                pattern.Results.Add((user, layout.Stream.Outputs.Pack(outputs, @event)));
            }
            plan._patterns.Add(pattern);
            plan._events += pattern.ResetAt > 0 ? 0 : pattern.Results.Count;
            plan._malformed += pattern.ResetAt > 0 ? 0 : pattern.Malformed;
            plan._beats += pattern.ResetAt > 0 ? 0 : pattern.Packets.Sum(x => (long)x.Count);
        }
        return plan;
    }

    /// <summary>A pattern without packets.</summary>
    private Pattern Empty(Random random, StreamSetting setting, bool isFirst, bool isLast)
    {
        var (interval, isSpoilt) = (_layout.Interface.InitiationInterval, setting == StreamSetting.Malformed);
        var resetAt = isSpoilt && random.Next(3) == 0 ? 1 + random.Next(60 + _layout.Interface.Latency + interval) : 0;
        var resetFirst = isFirst || (isSpoilt && random.Next(3) == 0) ? 1 + random.Next(3) : 0;
        var drain = isLast || (isSpoilt && random.Next(3) == 0) ? _layout.Drain : ShortDrain;
        var gaps = setting is StreamSetting.NoGaps or StreamSetting.BackPressure ? default : Pauses.Draw(random, 2 * interval + 16);
        var stalls = setting is StreamSetting.NoGaps or StreamSetting.Gaps ? default : Pauses.Draw(random, Math.Min(LongestPause, FillingEvents * interval + 16));
        return new(random.NextInt64(), resetAt, resetFirst, drain, gaps, stalls, [], []);
    }

    public void Write(Stream stream, uint[] settings)
    {
        Number(_patterns.Count);
        stream.Write(MemoryMarshal.AsBytes<uint>(settings));
        foreach (var pattern in _patterns)
        {
            Number(pattern.Seed);
            Number(pattern.Packets.Count);
            Number(pattern.Results.Count);
            Number(pattern.ResetAt);
            Number(pattern.ResetFirst);
            Number(pattern.Drain);
            foreach (var side in new[] { pattern.Gaps, pattern.Stalls })
            {
                Number(side.Rate);
                Number(side.Burst);
            }
            foreach (var (user, beats, count) in pattern.Packets)
            {
                Number(count);
                stream.Write(MemoryMarshal.AsBytes<uint>(user));
                stream.Write(MemoryMarshal.AsBytes<uint>(beats));
            }
        }

        void Number(long number) => stream.Write(BitConverter.GetBytes(number));
    }

    /// <summary>Holds what came back against the plan.</summary>
    public StreamCheck Compare(Stream stream)
    {
        var different = 0;
        string? first = null;
        for (var p = 0; p < _patterns.Count; p++)
        {
            var (beats, malformed) = (Number(), Number());
            _cycles += Number();
            var waiting = (int)Number();
            _waiting = Math.Max(_waiting, waiting);
            _beats += beats;
            var rows = new uint[checked((int)beats * _layout.OutputWords)];
            stream.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan()));
            if (Difference(_patterns[p], rows, malformed, waiting) is { } difference)
            {
                different++;
                first ??= string.Create(CultureInfo.InvariantCulture, $"pattern {p} ({(StreamSetting)(p % Enum.GetValues<StreamSetting>().Length)}): {difference}");
            }
        }
        return new(_events, _malformed, _patterns.Count, _beats, _cycles, _waiting, different, first);

        long Number()
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            stream.ReadExactly(bytes);
            return BitConverter.ToInt64(bytes);
        }
    }

    private string? Difference(Pattern pattern, uint[] rows, long malformed, int waiting)
    {
        if (waiting > _layout.Stream.ResultDepth)
            return string.Create(CultureInfo.InvariantCulture, $"{waiting} records of results waited, and there is room for {_layout.Stream.ResultDepth}");
        if (pattern.ResetAt > 0)
            return null;
        if (malformed != pattern.Malformed)
            return string.Create(CultureInfo.InvariantCulture, $"{malformed} packets were called malformed, {pattern.Malformed} are");
        var expected = pattern.Results.SelectMany(r => Rows(r.Bytes, r.User)).ToArray();
        if (expected.Length != rows.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{rows.Length / _layout.OutputWords} beats came out, {expected.Length / _layout.OutputWords} had to");
        var at = rows.AsSpan().CommonPrefixLength(expected);
        return at == rows.Length ? null
            : string.Create(CultureInfo.InvariantCulture, $"beat {at / _layout.OutputWords}, word {at % _layout.OutputWords} is {rows[at]:X8} instead of {expected[at]:X8}");
    }

    /// <summary>The beats of a packet of results.</summary>
    private uint[] Rows(byte[] bytes, uint[] user)
    {
        var stream = _layout.Stream;
        var beats = stream.BeatsOf(stream.Outputs);
        var rows = new uint[beats * _layout.OutputWords];
        for (var b = 0; b < beats; b++)
        {
            var row = rows.AsSpan(b * _layout.OutputWords, _layout.OutputWords);
            for (var k = 0; k < stream.BusBytes && b * stream.BusBytes + k < bytes.Length; k++)
            {
                row[k / 4] |= (uint)bytes[b * stream.BusBytes + k] << (8 * (k % 4));
                row[_layout.DataWords + k / 32] |= 1u << (k % 32);
            }
            user.CopyTo(row[(_layout.DataWords + _layout.KeepWords)..]);
            row[^1] = b + 1 == beats ? 1u : 0;
        }
        return rows;
    }

    /// <summary>A packet of some beats. Bytes that are not of the event are random, and so is whether TKEEP marks them.</summary>
    /// <param name="without">Beats in which a byte of the event is not marked, counted from 1; 0 for none.</param>
    private (uint[] User, uint[] Beats, int Count) Packet(Random random, byte[] bytes, uint[] user, int count, int without)
    {
        var stream = _layout.Stream;
        var rowWords = _layout.DataWords + _layout.KeepWords;
        var rows = new uint[count * rowWords];
        for (var b = 0; b < count; b++)
        {
            var row = rows.AsSpan(b * rowWords, rowWords);
            for (var k = 0; k < stream.BusBytes; k++)
            {
                var at = b * stream.BusBytes + k;
                row[k / 4] |= (uint)(at < bytes.Length ? bytes[at] : random.Next(256)) << (8 * (k % 4));
                if (at < bytes.Length ? b + 1 != without || k > 0 : at >= stream.BeatsOf(stream.Inputs) * stream.BusBytes || random.Next(2) == 0)
                    row[_layout.DataWords + k / 32] |= 1u << (k % 32);
            }
        }
        ScrambleSpareBits(random, rows, rowWords);
        return (user, rows, count);
    }

    /// <summary>Bits of containers above their elements may be anything on the way in.</summary>
    private void ScrambleSpareBits(Random random, uint[] rows, int rowWords)
    {
        var beats = rows.Length / rowWords;
        foreach (var field in _layout.Stream.Inputs.Fields.Where(f => f.Width < 8 * f.Bytes))
        {
            for (var k = 0; k < field.Elements; k++)
            {
                var bit = 8 * field.PlaceOf(k) + field.Width + random.Next(8 * field.Bytes - field.Width);
                var (beat, low) = (bit / _layout.Stream.BusWidth, bit % _layout.Stream.BusWidth);
                if (beat < beats && random.Next(2) == 0)
                    rows[beat * rowWords + low / 32] ^= 1u << (low % 32);
            }
        }
    }

    /// <summary>A packet that ends too early, too late, or lacks a byte.</summary>
    private (uint[] User, uint[] Beats, int Count) Spoilt(Random random, byte[] bytes, uint[] user)
    {
        var beats = _layout.Stream.BeatsOf(_layout.Stream.Inputs);
        return random.Next(3) switch
        {
            0 when beats > 1 => Packet(random, bytes, user, 1 + random.Next(beats - 1), 0),
            // As much too long as a packet is: what is left looks like a good one.
            1 => Packet(random, bytes, user, beats + (random.Next(2) == 0 ? beats : 1 + random.Next(3)), 0),
            _ => Packet(random, bytes, user, beats, 1 + random.Next(beats)),
        };
    }

    private uint[] User(Random random)
    {
        var words = new uint[_layout.UserWords];
        random.NextBytes(MemoryMarshal.AsBytes(words.AsSpan()));
        if (_layout.Stream.UserWidth % 32 is var rest and > 0)
            words[^1] &= (1u << rest) - 1;
        return words;
    }
}
