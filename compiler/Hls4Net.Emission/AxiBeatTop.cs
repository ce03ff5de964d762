using System.Numerics;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>
/// The wrapper around a network that takes an event beat by beat: bytes of a packet become records, one for each beat of the network, which is
/// held while one is missing; records of results wait until their packet is known to be whole, and become bytes again.
/// </summary>
internal sealed class AxiBeatTop : AxiTop
{
    private readonly Gears _in;
    private readonly Gears _out;
    private readonly int[] _lows;
    private readonly int _resultBits;

    public AxiBeatTop(HardwareDesign hardware, AxiStreamInterface stream)
        : base(hardware, stream)
    {
        (_in, _out) = (new(stream.Inputs.RecordBytes, stream.BusBytes), new(stream.Outputs.RecordBytes, stream.BusBytes));
        _lows = new int[stream.Outputs.Fields.Count];
        for (var k = 0; k < _lows.Length; k++)
            (_lows[k], _resultBits) = (_resultBits, _resultBits + stream.Outputs.Fields[k].Lanes * stream.Outputs.Fields[k].Width);
    }

    protected override string Template => "verilog/axi_beats.v";

    protected override string Starts => "feed";

    protected override int InBits => _in.Bits;

    /// <summary>
    /// Bytes between records and beats of the bus, which need not be multiples of each other, counted in units of their greatest common divisor.
    /// There is room for one of each but for a unit: less would block, and more is of no use.
    /// </summary>
    private sealed record Gears(int RecordBytes, int BusBytes)
    {
        public int Unit { get; } = (int)BigInteger.GreatestCommonDivisor(RecordBytes, BusBytes);

        public int Record => RecordBytes / Unit;

        public int Bus => BusBytes / Unit;

        public int Room => Record + Bus - 1;

        public int Bits => 8 * Unit * Room;
    }

    protected override Dictionary<string, object> View()
    {
        var view = base.View();
        var times = AxiStreamPacking.Times(Hardware, PortRole.Input);
        var outTimes = AxiStreamPacking.Times(Hardware, PortRole.Output);
        var tick = times.Count > 1 ? times[1] - times[0] : 1;
        var (inBeats, interval) = (Stream.BeatsOf(Stream.Inputs), Hardware.InitiationInterval);
        // One whose results are complete before its packet is, and one whose packet is complete before it starts.
        var inFlight = (Hardware.Latency + outTimes[^1]) / interval + 1;
        var users = (int)BitOperations.RoundUpToPowerOf2((uint)inFlight + 3);
        var memory = (int)BitOperations.RoundUpToPowerOf2((uint)Stream.ResultDepth);
        view["in_records"] = Text(times.Count);
        view["out_records"] = Text(outTimes.Count);
        view["many_records"] = times.Count > 1;
        view["many_results"] = outTimes.Count > 1;
        view["many_ticks"] = tick > 1 && times.Count > 1;
        view["many_cycles"] = interval > 1;
        view["has_grid"] = Hardware.StartGrid > 1;
        view["grid"] = Text(Hardware.StartGrid);
        view["users_end"] = Text(users - 1);
        view["depth"] = Text(Stream.ResultDepth);
        view["early"] = Text(AxiStreamPacking.EarlyResults(Hardware));
        view["memory_end"] = Text(memory - 1);
        view["word"] = VerilogNames.Dimension(1 + Stream.UserWidth + _resultBits);
        view["raw_results"] = string.Join(", ", Stream.Outputs.Fields.Select((_, k) => Text($"result_{k}")).Reverse());
        view["word_last"] = VerilogNames.Range("out_word", _resultBits + Stream.UserWidth, 1, 1 + _resultBits + Stream.UserWidth);
        view["word_user"] = VerilogNames.Range("out_word", _resultBits, Stream.UserWidth, 1 + _resultBits + Stream.UserWidth);
        view["record"] = VerilogNames.Dimension(8 * Stream.Outputs.RecordBytes);
        view["packing"] = Separated([.. Packing(8 * Stream.Outputs.RecordBytes).Reverse()]);
        view["out_low"] = VerilogNames.Range("out_data", 0, Stream.BusWidth, _out.Bits);
        Gear(view, "in", _in, _in.Record, _in.Bus, "s_axis_tdata");
        Gear(view, "out", _out, _out.Bus, _out.Record, "out_packed");
        Counter(view, "flush", Flush, ("from", Flush), ("zero", 0), ("one", 1));
        Counter(view, "beat", Math.Max(1, inBeats - 1), ("zero", 0), ("one", 1), ("end", inBeats - 1));
        Counter(view, "records", times.Count - 1, ("zero", 0), ("one", 1), ("from", times.Count - 1));
        Counter(view, "due", tick - 1, ("zero", 0), ("one", 1), ("from", tick - 1));
        Counter(view, "wait", interval - 1, ("zero", 0), ("one", 1), ("from", interval - 1), ("again", Hardware.StartGrid - 1));
        Counter(view, "user", users - 1, ("zero", 0), ("one", 1));
        Counter(view, "results_left", outTimes.Count - 1, ("zero", 0), ("one", 1), ("from", outTimes.Count - 1));
        var pointer = BitsFor(memory - 1) + 1;
        Counter(view, "place", 2 * memory - 1, ("zero", 0), ("one", 1), ("depth", Stream.ResultDepth));
        view["place_low"] = VerilogNames.Range("", 0, memory == 1 ? 1 : pointer - 1, pointer);
        return view;
    }

    /// <summary>A register of bytes: what leaves it at a time, and what is put above what is left.</summary>
    /// <param name="leaves">Units.</param>
    /// <param name="enters">Units.</param>
    /// <param name="source">What enters.</param>
    private static void Gear(Dictionary<string, object> view, string name, Gears gears, int leaves, int enters, string source)
    {
        var (bits, gone, more) = (gears.Bits, 8 * gears.Unit * leaves, gears.Bits - 8 * gears.Unit * enters);
        // One value more than there is, so that no comparison is the same for all values.
        Counter(view, $"{name}_level", gears.Room + 1, ("zero", 0), ("leaves", leaves), ("enters", enters), ("fits", gears.Room - enters));
        view[$"{name}_bits"] = VerilogNames.Dimension(bits);
        view[$"{name}_empty"] = VerilogNames.Literal(0, bits);
        view[$"{name}_shifted"] = gone == bits ? VerilogNames.Literal(0, bits) : $"{{{VerilogNames.Literal(0, gone)}, {VerilogNames.Range($"{name}_data", gone, bits - gone, bits)}}}";
        var wide = more == 0 ? source : $"{{{VerilogNames.Literal(0, more)}, {source}}}";
        // What enters finds at most this many units left.
        var most = gears.Room - enters;
        var level = BitsFor(gears.Room + 1);
        var amount = Math.Max(level, BitsFor(most * 8 * gears.Unit));
        var rest = amount == level ? $"{name}_rest" : $"{{{VerilogNames.Literal(0, amount - level)}, {name}_rest}}";
        view[$"{name}_entering"] = most == 0 ? wide : $"{wide} << ({rest} * {VerilogNames.Literal(8 * gears.Unit, amount)})";
    }

    protected override string ResultBits(int port, int low, int width) => VerilogNames.Range("out_word", _lows[port] + low, width, 1 + Stream.UserWidth + _resultBits);
}
