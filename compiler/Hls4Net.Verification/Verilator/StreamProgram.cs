using System.Globalization;
using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Verilator;

/// <summary>What came out of an AXI4-Stream top.</summary>
/// <param name="Events">Packets that had to give results.</param>
/// <param name="Malformed">Packets that had to give none.</param>
/// <param name="Patterns">Patterns of gaps and back-pressure, some of them ended by a reset.</param>
/// <param name="Different">Patterns in which anything differs.</param>
/// <param name="First">The first difference in words, or null.</param>
public sealed record StreamCheck(int Events, int Malformed, int Patterns, int Different, string? First);

/// <summary>A simulation of AXI4-Stream tops under random gaps, random back-pressure, resets and malformed packets.</summary>
public sealed class StreamProgram
{
    private readonly ExternalTool _program;
    private readonly IReadOnlyList<StreamLayout> _layouts;

    internal StreamProgram(string path, IReadOnlyList<StreamLayout> layouts)
    {
        _program = new ExternalTool("the Verilator simulation", path);
        _layouts = layouts;
    }

    /// <summary>Sends events as packets, a few in each pattern, with malformed packets between them, and compares every beat that comes back.</summary>
    /// <param name="events">For each top raw integers by channel name, inputs and settings, and the outputs that have to come.</param>
    /// <param name="patterns">How many patterns; together they may send events more than once.</param>
    /// <exception cref="UserErrorException">A top hangs, or offers something and takes it back.</exception>
    public IReadOnlyList<StreamCheck> Run(IReadOnlyList<(IReadOnlyDictionary<string, RawBatch> Inputs, IReadOnlyDictionary<string, RawBatch> Outputs)> events,
        int patterns, int seed, CancellationToken cancellation = default)
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-verilator-").FullName;
        try
        {
            var (input, output) = (Path.Combine(folder, "inputs.bin"), Path.Combine(folder, "outputs.bin"));
            var plans = _layouts.Select((layout, n) => StreamPlan.Draw(layout, events[n].Inputs, events[n].Outputs, patterns, seed + n)).ToList();
            using (var stream = File.Create(input))
            {
                for (var n = 0; n < _layouts.Count; n++)
                    plans[n].Write(stream, _layouts[n].SettingRow(events[n].Inputs));
            }
            _program.RunToSuccess([input, output], new ToolOptions { WorkingDirectory = folder, Timeout = TimeSpan.FromHours(1) }, cancellation);
            using var results = File.OpenRead(output);
            return [.. plans.Select(p => p.Compare(results))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>What is sent to a top, and what has to come back.</summary>
internal sealed class StreamPlan
{
    private const int MostEvents = 8;

    private readonly StreamLayout _layout;
    private readonly List<Pattern> _patterns = [];
    private int _events;
    private int _malformed;

    private StreamPlan(StreamLayout layout) => _layout = layout;

    /// <param name="Results">TUSER and the bytes of results, in their order.</param>
    private sealed record Pattern(long Seed, long ResetAt, List<(uint[] User, uint[] Beats, int Count)> Packets, List<(uint[] User, byte[] Bytes)> Results)
    {
        public int Malformed => Packets.Count - Results.Count;
    }

    public static StreamPlan Draw(StreamLayout layout, IReadOnlyDictionary<string, RawBatch> inputs, IReadOnlyDictionary<string, RawBatch> outputs, int patterns, int seed)
    {
        var plan = new StreamPlan(layout);
        var random = new Random(seed);
        var (next, count) = (0, outputs.Values.First().Events);
        for (var p = 0; p < patterns; p++)
        {
            var pattern = new Pattern(random.NextInt64(), random.Next(12) == 0 ? 1 + random.Next(60) : 0, [], []);
            for (var left = 1 + random.Next(MostEvents); left > 0; left--)
            {
                var @event = next++ % count;
                var bytes = StreamField.Pack(layout.Stream.Inputs, inputs, @event);
                var user = plan.User(random);
                if (random.Next(6) == 0)
                    pattern.Packets.Add(plan.Spoilt(random, bytes, plan.User(random)));
                pattern.Packets.Add(plan.Packet(random, bytes, user, layout.Stream.BeatsOf(layout.Stream.Inputs), 0));
                pattern.Results.Add((user, StreamField.Pack(layout.Stream.Outputs, outputs, @event)));
            }
            plan._patterns.Add(pattern);
            plan._events += pattern.ResetAt > 0 ? 0 : pattern.Results.Count;
            plan._malformed += pattern.ResetAt > 0 ? 0 : pattern.Malformed;
        }
        return plan;
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
            Number();
            var rows = new uint[checked((int)beats * _layout.OutputWords)];
            stream.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan()));
            if (Difference(_patterns[p], rows, malformed) is { } difference)
            {
                different++;
                first ??= string.Create(CultureInfo.InvariantCulture, $"pattern {p}: {difference}");
            }
        }
        return new(_events, _malformed, _patterns.Count, different, first);

        long Number()
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            stream.ReadExactly(bytes);
            return BitConverter.ToInt64(bytes);
        }
    }

    private string? Difference(Pattern pattern, uint[] rows, long malformed)
    {
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
                if (at < bytes.Length ? b + 1 != without || k > 0 : random.Next(2) == 0)
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
        foreach (var field in _layout.Stream.Inputs.Where(f => f.Width < 8 * f.Bytes))
        {
            for (var k = 0; k < field.Elements; k++)
            {
                var bit = 8 * (field.Offset + k * field.Bytes) + field.Width + random.Next(8 * field.Bytes - field.Width);
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
            1 => Packet(random, bytes, user, beats + 1 + random.Next(3), 0),
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
