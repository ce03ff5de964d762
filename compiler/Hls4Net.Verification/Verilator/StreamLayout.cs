using System.Globalization;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;

namespace Hls4Net.Verification.Verilator;

/// <summary>The ports of one AXI4-Stream top in a simulation, and how its packets are rows of words.</summary>
internal sealed class StreamLayout
{
    private readonly string _suffix;
    private readonly VerilatorLayout _parallel;

    /// <param name="description">A design with an AXI4-Stream top.</param>
    public StreamLayout(HardwareInterface description, int index)
    {
        Interface = description;
        Stream = description.Stream ?? throw new ArgumentException($"{description.Top} has no AXI4-Stream top.", nameof(description));
        _suffix = index.ToString(CultureInfo.InvariantCulture);
        _parallel = new(description, index, traces: false);
    }

    public HardwareInterface Interface { get; }

    public AxiStreamInterface Stream { get; }

    public int DataWords => Words(Stream.BusWidth);

    public int KeepWords => Words(Stream.BusBytes);

    public int UserWords => Words(Stream.UserWidth);

    /// <summary>Words of a beat of results: data, keep, user, last.</summary>
    public int OutputWords => DataWords + KeepWords + UserWords + 1;

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
        if (_parallel.LiteSignals(isInput: false) is { Count: > 0 } answers)
            yield return string.Create(CultureInfo.InvariantCulture, $"output wire [{answers.Sum(a => a.Width) - 1}:0] lite_out{_suffix}");
        if (_parallel.Settings.Count > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"input wire [{VerilatorLayout.WidthOf(_parallel.Settings) - 1}:0] set{_suffix}");
    }

    private Dictionary<string, object> Instance()
    {
        var connections = Signals().Select(s => $".{s.Port}({s.Name}{_suffix})").Prepend(".aclk(clk)").ToList();
        // The port for weights rests: no transfer begins, and every answer is taken.
        foreach (var (name, width) in _parallel.LiteSignals(isInput: true).Where(s => s.Name != AxiLite.Reset))
            connections.Add(string.Create(CultureInfo.InvariantCulture, $".{name}({width}'d0)"));
        var (low, answers) = (0, _parallel.LiteSignals(isInput: false));
        foreach (var (name, width) in answers)
        {
            connections.Add(string.Create(CultureInfo.InvariantCulture, $".{name}(lite_out{_suffix}[{low + width - 1}:{low}])"));
            low += width;
        }
        connections.AddRange(_parallel.Settings.Zip(Stream.Settings, (f, port) => string.Create(CultureInfo.InvariantCulture, $".{port}(set{_suffix}[{f.End - 1}:{f.Low}])")));
        return new(StringComparer.Ordinal)
        {
            ["head"] = $"{Stream.Module} design{_suffix} (",
            ["connections"] = connections.Select((c, k) => k + 1 < connections.Count ? $"{c}," : c).ToList(),
            ["assignments"] = new List<string>(),
        };
    }

    private string TableLine()
    {
        string[] sides = ["s", "m"];
        var parts = new List<string> { _parallel.Settings.Count == 0 ? "no_port()" : Port("set", VerilatorLayout.WidthOf(_parallel.Settings)) };
        foreach (var side in sides)
        {
            parts.AddRange([Port($"{side}_data", Stream.BusWidth), Port($"{side}_keep", Stream.BusBytes), Port($"{side}_user", Stream.UserWidth)]);
            parts.AddRange([$"&model.{side}_last{_suffix}", $"&model.{side}_valid{_suffix}", $"&model.{side}_ready{_suffix}"]);
        }
        parts.AddRange([$"&model.resetn{_suffix}", $"&model.malformed{_suffix}"]);
        return $"{{{string.Join(", ", parts)}}},";
    }

    private string Port(string name, int width) => string.Create(CultureInfo.InvariantCulture, $"port_of(model.{name}{_suffix}, {width})");
}
