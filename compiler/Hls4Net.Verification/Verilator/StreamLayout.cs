using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;

namespace Hls4Net.Verification.Verilator;

/// <summary>The ports of one AXI4-Stream top in a simulation, and how its packets are rows of words.</summary>
internal sealed class StreamLayout
{
    private readonly string _suffix;
    private readonly VerilatorLayout _parallel;
    private readonly IReadOnlyList<Transfer> _load;

    /// <param name="description">A design with an AXI4-Stream top.</param>
    /// <param name="load">Words that are written through its port for weights before the first packet; none for weights as they are.</param>
    public StreamLayout(HardwareInterface description, int index, IReadOnlyList<Transfer> load)
    {
        _load = load;
        Interface = description;
        Stream = description.Stream ?? throw new ArgumentException($"{description.Top} has no AXI4-Stream top.", nameof(description));
        _suffix = index.ToString(CultureInfo.InvariantCulture);
        _parallel = new(description, index, traces: false);
        QueueBits = description.Ports.Any(p => p.Beats is not null) ? BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Stream.ResultDepth)) + 1 : 0;
    }

    public HardwareInterface Interface { get; }

    public AxiStreamInterface Stream { get; }

    public int DataWords => Words(Stream.BusWidth);

    public int KeepWords => Words(Stream.BusBytes);

    public int UserWords => Words(Stream.UserWidth);

    /// <summary>Words of a beat of results: data, keep, user, last.</summary>
    public int OutputWords => DataWords + KeepWords + UserWords + 1;

    /// <summary>Bits that count the records in the queue of results; 0 where events leave in one piece and no queue is built.</summary>
    private int QueueBits { get; }

    /// <summary>Cycles after which nothing more comes out of an idle top.</summary>
    public int Drain => 2 * Interface.Latency + 4 * Interface.InitiationInterval + 20;

    private static int Words(int bits) => (bits + 31) / 32;

    /// <summary>The settings as a row.</summary>
    public uint[] SettingRow(IReadOnlyDictionary<string, RawBatch> inputs) => VerilatorLayout.Rows(_parallel.Settings, inputs, 1);

    /// <summary>The module that holds all tops.</summary>
    public static string TopText(IReadOnlyList<StreamLayout> layouts)
    {
        var ports = layouts.SelectMany(l => l.Ports()).Prepend("input wire clk").ToList();
        return Templates.Render("bench/verilator_top.v", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = VerilatorLayout.TopName,
            ["ports"] = ports.Select((p, k) => k + 1 < ports.Count ? $"{p}," : p).ToList(),
            ["designs"] = layouts.Select(l => l.Instance()).ToList(),
            ["unused"] = new List<string>(),
        });
    }

    /// <summary>The header that tells the bench where the ports are.</summary>
    public static string HeaderText(IReadOnlyList<StreamLayout> layouts) =>
        Templates.Render("bench/stream_ports.h", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = VerilatorLayout.TopName,
            ["designs"] = layouts.Select(l => l.TableLine()).ToList(),
        });

    /// <summary>Direction, name and width of the ports of a side.</summary>
    private IEnumerable<(bool IsInput, string Name, string Port, int Width)> Signals()
    {
        foreach (var (side, into) in new[] { ("s", true), ("m", false) })
        {
            yield return (into, $"{side}_data", $"{side}_axis_tdata", Stream.BusWidth);
            yield return (into, $"{side}_keep", $"{side}_axis_tkeep", Stream.BusBytes);
            yield return (into, $"{side}_user", $"{side}_axis_tuser", Stream.UserWidth);
            yield return (into, $"{side}_last", $"{side}_axis_tlast", 1);
            yield return (into, $"{side}_valid", $"{side}_axis_tvalid", 1);
            yield return (!into, $"{side}_ready", $"{side}_axis_tready", 1);
        }
        yield return (true, "resetn", "aresetn", 1);
        yield return (false, "malformed", "malformed", 1);
    }

    private IEnumerable<string> Ports()
    {
        foreach (var (isInput, name, _, width) in Signals())
            yield return string.Create(CultureInfo.InvariantCulture, $"{(isInput ? "input" : "output")} wire {(width == 1 ? "" : $"[{width - 1}:0] ")}{name}{_suffix}");
        yield return $"output wire [31:0] queue{_suffix}";
        yield return $"output wire loaded{_suffix}";
        if (_parallel.LiteSignals(isInput: false) is { Count: > 0 } answers)
            yield return string.Create(CultureInfo.InvariantCulture, $"output wire [{answers.Sum(a => a.Width) - 1}:0] lite_out{_suffix}");
        if (_parallel.Settings.Count > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"input wire [{VerilatorLayout.WidthOf(_parallel.Settings) - 1}:0] set{_suffix}");
    }

    private Dictionary<string, object> Instance()
    {
        var connections = Signals().Select(s => $".{s.Port}({s.Name}{_suffix})").Prepend(".aclk(clk)").ToList();
        // Answers come in any cycle and are taken; what is not driven rests.
        string[] driven = _load.Count == 0 ? [] : ["awaddr", "awvalid", "wdata", "wvalid"];
        foreach (var (name, width) in _parallel.LiteSignals(isInput: true).Where(s => s.Name != AxiLite.Reset))
        {
            var signal = name[(name.LastIndexOf('_') + 1)..];
            var value = driven.Contains(signal) ? $"{signal}{_suffix}" : string.Create(CultureInfo.InvariantCulture, $"{width}'d{(signal == "wstrb" ? 15 : signal is "bready" or "rready" ? 1 : 0)}");
            connections.Add($".{name}({value})");
        }
        connections.AddRange(Answers().Select(a => $".{a.Name}({a.Wire})"));
        connections.AddRange(_parallel.Settings.Zip(Stream.Settings, (f, port) => string.Create(CultureInfo.InvariantCulture, $".{port}(set{_suffix}[{f.End - 1}:{f.Low}])")));
        return new(StringComparer.Ordinal)
        {
            ["head"] = $"{Stream.Module} design{_suffix} (",
            ["connections"] = connections.Select((c, k) => k + 1 < connections.Count ? $"{c}," : c).ToList(),
            ["assignments"] = new List<string>([$"assign queue{_suffix} = {Queue()};", .. _load.Count == 0 ? [$"assign loaded{_suffix} = 1'd1;"] : Loading()]),
        };
    }

    /// <summary>The answers of the port for weights, and the bits of the port of the bench that show them.</summary>
    private IEnumerable<(string Name, string Wire)> Answers()
    {
        var low = 0;
        foreach (var (name, width) in _parallel.LiteSignals(isInput: false))
        {
            yield return (name, string.Create(CultureInfo.InvariantCulture, $"lite_out{_suffix}[{low + width - 1}:{low}]"));
            low += width;
        }
    }

    /// <summary>What writes the words, and its wires.</summary>
    private IEnumerable<string> Loading()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"wire [{Interface.Loading!.AddressWidth - 1}:0] awaddr{_suffix};");
        yield return $"wire awvalid{_suffix};";
        yield return $"wire [31:0] wdata{_suffix};";
        yield return $"wire wvalid{_suffix};";
        var wires = Answers().ToDictionary(a => a.Name[(a.Name.LastIndexOf('_') + 1)..], a => a.Wire, StringComparer.Ordinal);
        string[] own = ["awaddr", "awvalid", "wdata", "wvalid", "loaded"];
        string[] read = ["awready", "wready", "bresp", "bvalid"];
        yield return $"{LoaderName} load{_suffix} (.clk(clk), {string.Join(", ", own.Select(n => $".{n}({n}{_suffix})").Concat(read.Select(n => $".{n}({wires[n]})")))});";
    }

    private string LoaderName => $"loader{_suffix}";

    /// <summary>The modules that write words, by file.</summary>
    public static IEnumerable<(string File, string Text)> Loaders(IEnumerable<StreamLayout> layouts) =>
        layouts.Where(l => l._load.Count > 0).Select(l => ($"{l.LoaderName}.v", l.LoaderText()));

    private string LoaderText()
    {
        var width = Interface.Loading!.AddressWidth + 32;
        return Templates.Render("bench/stream_loader.v", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = LoaderName,
            ["address_high"] = Text(width - 33),
            ["word_high"] = Text(width - 1),
            ["word_zero"] = string.Create(CultureInfo.InvariantCulture, $"{width}'d0"),
            ["words_end"] = Text(_load.Count - 1),
            ["count"] = Text(_load.Count),
            ["at_high"] = Text(Math.Max(0, BitOperations.Log2((uint)_load.Count - 1))),
            ["words"] = _load.Select((t, k) => string.Create(CultureInfo.InvariantCulture, $"words[{k}] = {width}'h{(ulong)t.Address << 32 | t.Data:x};")).ToList(),
        });

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The records that wait: a look inside, for no port says it.</summary>
    private string Queue() =>
        QueueBits == 0 ? "32'd0" : string.Create(CultureInfo.InvariantCulture, $"{{{32 - QueueBits}'d0, design{_suffix}.out_held}}");

    private string TableLine()
    {
        string[] sides = ["s", "m"];
        var parts = new List<string> { _parallel.Settings.Count == 0 ? "no_port()" : Port("set", VerilatorLayout.WidthOf(_parallel.Settings)) };
        foreach (var side in sides)
        {
            parts.AddRange([Port($"{side}_data", Stream.BusWidth), Port($"{side}_keep", Stream.BusBytes), Port($"{side}_user", Stream.UserWidth)]);
            parts.AddRange([$"&model.{side}_last{_suffix}", $"&model.{side}_valid{_suffix}", $"&model.{side}_ready{_suffix}"]);
        }
        parts.AddRange([$"&model.resetn{_suffix}", $"&model.malformed{_suffix}", $"&model.queue{_suffix}", $"&model.loaded{_suffix}"]);
        return $"{{{string.Join(", ", parts)}}},";
    }

    private string Port(string name, int width) => string.Create(CultureInfo.InvariantCulture, $"port_of(model.{name}{_suffix}, {width})");
}
