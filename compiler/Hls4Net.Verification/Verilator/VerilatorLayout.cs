using System.Globalization;
using System.Runtime.InteropServices;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;

namespace Hls4Net.Verification.Verilator;

/// <summary>How the ports of one design lie in the vectors that the bench drives and samples.</summary>
internal sealed class VerilatorLayout
{
    /// <summary>The module that holds all designs of a simulation.</summary>
    public const string TopName = "hls4net_bench_top";

    private readonly string _suffix;

    public VerilatorLayout(HardwareInterface description, int index, bool traces)
    {
        Interface = description;
        _suffix = index.ToString(CultureInfo.InvariantCulture);
        Inputs = Fields(PortRole.Input);
        Settings = Fields(PortRole.Setting);
        Outputs = Fields(PortRole.Output);
        Traces = traces ? TraceFields() : [];
        if (description.Valid is { } valid)
        {
            ValidInput = new("", valid.Input, WidthOf(Inputs), 1, 1, false);
            ValidOutput = new("", valid.Output, WidthOf(Outputs), 1, 1, false);
        }
        if (description.ClockEnable is { } enable)
            EnableInput = new("", enable, (ValidInput?.End ?? WidthOf(Inputs)), 1, 1, false);
    }

    public HardwareInterface Interface { get; }

    public IReadOnlyList<Field> Inputs { get; }

    public IReadOnlyList<Field> Settings { get; }

    public IReadOnlyList<Field> Outputs { get; }

    public IReadOnlyList<Field> Traces { get; }

    /// <summary>The bit behind the inputs that says whether an event starts; null if one does in every cycle.</summary>
    public Field? ValidInput { get; }

    /// <summary>The bit behind the outputs that says whether they count; null if they always do.</summary>
    public Field? ValidOutput { get; }

    /// <summary>The highest bit of what is driven, which says whether a cycle counts; null if all do.</summary>
    public Field? EnableInput { get; }

    /// <summary>All that is driven in every cycle.</summary>
    public IReadOnlyList<Field> Driven => [.. Inputs, .. new[] { ValidInput, EnableInput }.OfType<Field>()];

    /// <summary>All that is sampled in every cycle.</summary>
    public IReadOnlyList<Field> Sampled => ValidOutput is { } valid ? [.. Outputs, valid] : Outputs;

    /// <summary>Elements of equal width side by side.</summary>
    /// <param name="Name">A channel.</param>
    /// <param name="Expression">What the bits are called at the design: a port, or a path below it.</param>
    /// <param name="Low">The lowest bit in the vector.</param>
    /// <param name="Elements">Elements side by side.</param>
    internal sealed record Field(string Name, string Expression, int Low, int Elements, int Width, bool Signed)
    {
        /// <summary>How the elements of a tensor come one beat after the other; null for all at once.</summary>
        public InterfaceBeats? Beats { get; init; }

        /// <summary>Elements of the tensor.</summary>
        public int TensorElements => Beats?.Cycles.Count ?? Elements;

        public int End => Low + Elements * Width;
    }

    public static int WidthOf(IReadOnlyList<Field> fields) => fields.Count == 0 ? 0 : fields[^1].End;

    /// <summary>Words of 32 bits of one row of a vector.</summary>
    public static int WordsOf(IReadOnlyList<Field> fields) => (WidthOf(fields) + 31) / 32;

    /// <summary>The vectors as ports of the bench's top.</summary>
    public IEnumerable<string> Ports()
    {
        foreach (var (direction, name, fields) in Vectors())
        {
            if (fields.Count > 0)
                yield return string.Create(CultureInfo.InvariantCulture, $"{direction} wire [{WidthOf(fields) - 1}:0] {name}{_suffix}");
        }
        foreach (var isInput in Interface.Loading is null ? [] : new[] { true, false })
            yield return string.Create(CultureInfo.InvariantCulture, $"{(isInput ? "input" : "output")} wire [{LiteSignals(isInput).Sum(s => s.Width) - 1}:0] lite_{(isInput ? "in" : "out")}{_suffix}");
    }

    /// <summary>The design's instance, for the template.</summary>
    public Dictionary<string, object> Instance()
    {
        var connections = new[] { (Driven, "in"), (Settings, "set"), (Sampled, "out") }
            .SelectMany(v => v.Item1.Select(f => $".{f.Expression}({v.Item2}{_suffix}{Range(f)})")).ToList();
        foreach (var isInput in new[] { true, false })
        {
            var low = 0;
            foreach (var (name, width) in LiteSignals(isInput))
            {
                connections.Add(string.Create(CultureInfo.InvariantCulture, $".{name}(lite_{(isInput ? "in" : "out")}{_suffix}[{low + width - 1}:{low}])"));
                low += width;
            }
        }
        if (Interface.Clock is { } clock)
            connections.Insert(0, $".{clock}(clk)");
        return new(StringComparer.Ordinal)
        {
            ["head"] = $"{Interface.Top} design{_suffix} (",
            ["connections"] = connections.Select((c, k) => k + 1 < connections.Count ? $"{c}," : c).ToList(),
            ["assignments"] = Traces.Select(f => $"assign trace{_suffix}{Range(f)} = design{_suffix}.{f.Expression};").ToList(),
        };
    }

    /// <summary>The design's line in the table of the bench.</summary>
    public string TableLine()
    {
        var ports = Vectors().Select(v => v.Fields.Count == 0
            ? "no_port()"
            : string.Create(CultureInfo.InvariantCulture, $"port_of(model.{v.Name}{_suffix}, {WidthOf(v.Fields)})"));
        var lite = LiteSignals(isInput: true) is var into && into.Count == 0 ? "no_port(), no_port()"
            : string.Create(CultureInfo.InvariantCulture, $"port_of(model.lite_in{_suffix}, {into.Sum(s => s.Width)}), port_of(model.lite_out{_suffix}, {LiteSignals(isInput: false).Sum(s => s.Width)})");
        return string.Create(CultureInfo.InvariantCulture, $"{{{Interface.Latency}, {ValidOutput?.Low ?? -1}, {string.Join(", ", ports)}, {lite}, {Interface.Loading?.AddressWidth ?? 0}}},");
    }

    /// <summary>The signals of the port for weights on one side, from the low bits of its vector up; none without such a port. All zero is a port in reset.</summary>
    public List<(string Name, int Width)> LiteSignals(bool isInput)
    {
        if (Interface.Loading is not { } load)
            return [];
        var signals = AxiLite.Signals.Where(s => s.IsInput == isInput).Select(s => (s.Name, s.Width == 0 ? load.AddressWidth : s.Width));
        return isInput ? [(AxiLite.Reset, 1), .. signals] : [.. signals];
    }

    private IEnumerable<(string Direction, string Name, IReadOnlyList<Field> Fields)> Vectors() =>
        [("input", "in", Driven), ("input", "set", Settings), ("output", "out", Sampled), ("output", "trace", Traces)];

    private static string Range(Field field) => string.Create(CultureInfo.InvariantCulture, $"[{field.End - 1}:{field.Low}]");

    private List<Field> Fields(PortRole role)
    {
        var fields = new List<Field>();
        foreach (var port in Interface.Ports.Where(p => p.Role == role))
            fields.Add(new(port.Channel, port.Name, WidthOf(fields), port.Lanes, port.Width, port.Signed) { Beats = port.Beats });
        return fields;
    }

    private List<Field> TraceFields()
    {
        var fields = new List<Field>();
        foreach (var channel in Interface.Channels)
        {
            foreach (var element in channel.Elements.Where(e => e.Path is not null))
                fields.Add(new(channel.Channel, element.Path!, WidthOf(fields), 1, element.Width, element.Signed));
        }
        return fields;
    }

    /// <summary>Writes what the bench reads for this design.</summary>
    public void WriteInputs(Stream stream, IReadOnlyDictionary<string, RawBatch> inputs, EventTimes times)
    {
        var enables = Enables(times);
        stream.Write(BitConverter.GetBytes((long)(enables?.Count ?? times.Cycles)));
        stream.Write(MemoryMarshal.AsBytes<uint>(Rows(Settings, inputs, 1)));
        var beats = BeatsOf(Inputs).Select(cycle => (cycle, EventRows(Driven, AtBeat(Inputs, inputs, cycle), times.Events))).ToArray();
        var rows = times.IsDense ? beats[0].Item2 : times.Spread(beats, WordsOf(Driven), WidthOf(Driven), ValidInput?.Low ?? -1);
        stream.Write(MemoryMarshal.AsBytes<uint>(enables?.Spread(rows, WordsOf(Driven), WidthOf(Driven)) ?? rows));
    }

    /// <summary>Which cycles count; null if all do.</summary>
    public ClockEnables? Enables(EventTimes times) =>
        EnableInput is null ? null : new(times.Cycles + Interface.Latency + 1, Interface.Top.Length + times.Cycles);

    /// <summary>What the bench samples if the outputs are these: rows for every cycle if there is a valid bit, else from the latency on.</summary>
    public uint[] ExpectedRows(IReadOnlyDictionary<string, RawBatch> outputs, EventTimes times)
    {
        if (ValidOutput is null)
            return EventRows(Sampled, outputs, times.Events);
        var words = WordsOf(Sampled);
        var all = new uint[checked((long)(times.Cycles + Interface.Latency + 1) * words)];
        foreach (var cycle in BeatsOf(Outputs))
        {
            var rows = EventRows(Sampled, AtBeat(Outputs, outputs, cycle), times.Events);
            for (var e = 0; e < times.Events; e++)
                rows.AsSpan(e * words, words).CopyTo(all.AsSpan((times.StartOf(e) + Interface.Latency + cycle) * words));
        }
        return all;
    }

    /// <summary>The cycles, after the first, in which there are beats on any of the fields.</summary>
    public static IReadOnlyList<int> BeatsOf(IReadOnlyList<Field> fields) =>
        [.. fields.SelectMany(f => f.Beats?.Times() ?? [0]).DefaultIfEmpty(0).Distinct().Order()];

    /// <summary>What is on the fields in a beat: the elements of tensors that are due, and zeros where nothing is.</summary>
    private static Dictionary<string, RawBatch> AtBeat(IReadOnlyList<Field> fields, IReadOnlyDictionary<string, RawBatch> batches, int cycle)
    {
        var beat = new Dictionary<string, RawBatch>(batches, StringComparer.Ordinal);
        foreach (var field in fields.Where(f => f.Beats is not null))
        {
            var elements = new int[field.Elements];
            Array.Fill(elements, -1);
            for (var k = 0; k < field.TensorElements; k++)
            {
                if (field.Beats!.Cycles[k] == cycle)
                    elements[field.Beats.Lane[k]] = k;
            }
            var batch = batches[field.Name];
            var picked = Enumerable.Range(0, batch.Events).SelectMany(e => elements.Select(k => k < 0 ? 0 : batch[e, k])).ToArray();
            beat[field.Name] = batch.Wide is null ? RawBatch.Of(field.Elements, Array.ConvertAll(picked, p => (long)p)) : RawBatch.Of(field.Elements, picked);
        }
        return beat;
    }

    /// <summary>The cycles in which events start.</summary>
    /// <param name="starts">Null for as close together as the design takes them.</param>
    public EventTimes Times(int events, IReadOnlyList<int>? starts = null) => new(events, Interface.InitiationInterval, starts, Math.Max(BeatsOf(Inputs)[^1], BeatsOf(Outputs)[^1]));

    /// <summary>Batches as rows of a vector, with the bit set that says that they count.</summary>
    private static uint[] EventRows(IReadOnlyList<Field> fields, IReadOnlyDictionary<string, RawBatch> batches, int events)
    {
        if (fields.All(f => f.Name.Length > 0))
            return Rows(fields, batches, events);
        var ones = RawBatch.Of(1, Enumerable.Repeat(1L, events).ToArray());
        return Rows(fields, new Dictionary<string, RawBatch>(batches, StringComparer.Ordinal) { [""] = ones }, events);
    }

    /// <summary>Batches as rows of a vector.</summary>
    public static uint[] Rows(IReadOnlyList<Field> fields, IReadOnlyDictionary<string, RawBatch> batches, int events)
    {
        var words = WordsOf(fields);
        var rows = new uint[checked((long)events * words)];
        foreach (var field in fields)
            BitRows.Pack(rows, words, field.Low, field.Width, batches[field.Name]);
        return rows;
    }

    /// <summary>The module that holds all designs.</summary>
    public static string TopText(IReadOnlyList<VerilatorLayout> layouts)
    {
        var ports = layouts.SelectMany(l => l.Ports()).Prepend("input wire clk").ToList();
        return Templates.Render("bench/verilator_top.v", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = TopName,
            ["ports"] = ports.Select((p, k) => k + 1 < ports.Count ? $"{p}," : p).ToList(),
            ["designs"] = layouts.Select(l => l.Instance()).ToList(),
            ["unused"] = layouts.Any(l => l.Interface.Clock is not null) ? [] : new List<string> { "wire unused_clock = clk;" },
        });
    }

    /// <summary>The header that tells the bench where the vectors are.</summary>
    public static string HeaderText(IReadOnlyList<VerilatorLayout> layouts) =>
        Templates.Render("bench/verilator_ports.h", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = TopName,
            ["designs"] = layouts.Select(l => l.TableLine()).ToList(),
        });
}
