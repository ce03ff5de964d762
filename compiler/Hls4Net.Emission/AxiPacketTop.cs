using System.Numerics;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>The wrapper around a network that takes an event at once: a packet is gathered, and starts the event if it is whole.</summary>
internal sealed class AxiPacketTop(HardwareDesign hardware, AxiStreamInterface stream) : AxiTop(hardware, stream)
{
    protected override string Template => "verilog/axi_stream.v";

    protected override string Starts => "launch";

    protected override int InBits => Stream.BeatsOf(Stream.Inputs) * Stream.BusWidth;

    protected override Dictionary<string, object> View()
    {
        var view = base.View();
        var (inBeats, outBeats) = (Stream.BeatsOf(Stream.Inputs), Stream.BeatsOf(Stream.Outputs));
        var outBits = outBeats * Stream.BusWidth;
        var inFlight = Hardware.Latency / Hardware.InitiationInterval + 1;
        var users = (int)BitOperations.RoundUpToPowerOf2((uint)inFlight + 1);
        view["bus_width"] = Text(Stream.BusWidth);
        view["in_bits"] = VerilogNames.Dimension(InBits);
        view["in_shift"] = Text($"{InBits - 1}:{Stream.BusWidth}");
        view["out_bits"] = VerilogNames.Dimension(outBits);
        view["out_low"] = outBeats > 1 ? Text($"[{Stream.BusWidth - 1}:0]") : "";
        view["many_out"] = outBeats > 1;
        view["many_cycles"] = Hardware.InitiationInterval > 1;
        view["makes_valid"] = Hardware.Valid is null;
        view["line"] = VerilogNames.Dimension(Hardware.Latency);
        view["line_next"] = Hardware.Latency > 1 ? Text($"{{{VerilogNames.Range("launched", 0, Hardware.Latency - 1, Hardware.Latency)}, launch}}") : "launch";
        view["line_end"] = VerilogNames.Range("launched", Hardware.Latency - 1, 1, Hardware.Latency);
        view["in_flight"] = Text(inFlight);
        view["users_end"] = Text(users - 1);
        view["packing"] = Separated([.. Packing(outBits).Reverse()]);
        // Registers of the network hold anything after a reset; no event may be taken for one of these.
        Counter(view, "flush", Flush, ("from", Flush), ("zero", 0), ("one", 1));
        Counter(view, "in", Math.Max(1, inBeats - 1), ("zero", 0), ("one", 1), ("end", inBeats - 1));
        Counter(view, "out", Math.Max(1, outBeats - 1), ("zero", 0), ("one", 1), ("end", outBeats - 1));
        Counter(view, "wait", Math.Max(1, Hardware.InitiationInterval - 1), ("zero", 0), ("one", 1), ("from", Hardware.InitiationInterval - 1));
        Counter(view, "user", users - 1, ("zero", 0), ("one", 1));
        view["flush"] = view["flush_count"];
        return view;
    }

    protected override string ResultBits(int port, int low, int width)
    {
        var field = Stream.Outputs.Fields[port];
        return VerilogNames.Range(Text($"result_{port}"), low, width, field.Lanes * field.Width);
    }
}
