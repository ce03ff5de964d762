using System.Numerics;
using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Verilator;

/// <summary>A simulation of one or more designs, which runs batches of events, one event a cycle.</summary>
public sealed class VerilatorProgram
{
    private readonly ExternalTool _program;
    private readonly IReadOnlyList<VerilatorLayout> _layouts;

    internal VerilatorProgram(string path, IReadOnlyList<VerilatorLayout> layouts, TimeSpan? buildTime)
    {
        _program = new ExternalTool("the Verilator simulation", path);
        _layouts = layouts;
        BuildTime = buildTime;
    }

    /// <summary>How long Verilator and g++ took; null if the program was there already.</summary>
    public TimeSpan? BuildTime { get; }

    /// <summary>Runs events through the only design of the simulation.</summary>
    /// <param name="inputs">Raw integers, one batch for each input by channel name; a setting has one event, used for all.</param>
    /// <exception cref="ArgumentException">An input is missing or does not fit.</exception>
    /// <exception cref="UserErrorException">The simulation failed.</exception>
    public VerilatorRun Run(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation = default) => Run([inputs], cancellation)[0];

    /// <summary>Runs events through all designs at once, those of each design in the order in which the simulation was built.</summary>
    /// <inheritdoc cref="Run(IReadOnlyDictionary{string, RawBatch}, CancellationToken)"/>
    public IReadOnlyList<VerilatorRun> Run(IReadOnlyList<IReadOnlyDictionary<string, RawBatch>> inputs, CancellationToken cancellation = default) =>
        Run(inputs, null, cancellation);

    /// <summary>Runs events that start in given cycles.</summary>
    /// <param name="inputs">As in the other overloads.</param>
    /// <param name="starts">For each design the cycle in which each event starts, or null for as close together as it takes them.</param>
    /// <inheritdoc cref="Run(IReadOnlyDictionary{string, RawBatch}, CancellationToken)"/>
    public IReadOnlyList<VerilatorRun> Run(
        IReadOnlyList<IReadOnlyDictionary<string, RawBatch>> inputs, IReadOnlyList<IReadOnlyList<int>?>? starts, CancellationToken cancellation = default)
    {
        if (inputs.Count != _layouts.Count)
            throw new ArgumentException($"There are {_layouts.Count} designs and inputs for {inputs.Count}.", nameof(inputs));
        var times = _layouts.Select((l, d) => l.Times(CountEvents(l, inputs[d]), starts?[d])).ToArray();
        var folder = Directory.CreateTempSubdirectory("hls4net-verilator-").FullName;
        try
        {
            var (input, output) = (Path.Combine(folder, "inputs.bin"), Path.Combine(folder, "outputs.bin"));
            WriteInputs(input, _layouts, inputs, times);
            _program.RunToSuccess([input, output], new ToolOptions { WorkingDirectory = folder, Timeout = TimeSpan.FromHours(1) }, cancellation);
            using var results = File.OpenRead(output);
            return [.. _layouts.Select((layout, d) => Read(results, layout, times[d]))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static void WriteInputs(string path, IReadOnlyList<VerilatorLayout> layouts, IReadOnlyList<IReadOnlyDictionary<string, RawBatch>> inputs, EventTimes[] times)
    {
        using var stream = File.Create(path);
        for (var d = 0; d < layouts.Count; d++)
            layouts[d].WriteInputs(stream, inputs[d], times[d]);
    }

    internal static int CountEvents(VerilatorLayout layout, IReadOnlyDictionary<string, RawBatch> inputs)
    {
        var events = -1;
        foreach (var field in layout.Inputs.Concat(layout.Settings))
        {
            if (!inputs.TryGetValue(field.Name, out var batch) || batch.Elements != field.TensorElements)
                throw new ArgumentException($"The input '{field.Name}' needs {field.TensorElements} elements an event.", nameof(inputs));
            var wanted = layout.Settings.Contains(field) ? 1 : events < 0 ? batch.Events : events;
            if (batch.Events != wanted)
                throw new ArgumentException($"The input '{field.Name}' has {batch.Events} events; {wanted} are needed.", nameof(inputs));
            if (!layout.Settings.Contains(field))
                events = batch.Events;
        }
        return events < 0 ? 1 : events;
    }

    internal static VerilatorRun Read(FileStream stream, VerilatorLayout layout, EventTimes times)
    {
        var enables = layout.Enables(times);
        var cycles = (enables?.Count ?? times.Cycles) + layout.Interface.Latency + 1;
        var outputs = ReadRows(stream, cycles, VerilatorLayout.WordsOf(layout.Sampled));
        var traces = ReadRows(stream, cycles, VerilatorLayout.WordsOf(layout.Traces));
        if (enables is null)
            return new(layout, times, outputs, traces);
        enables.RequireHeld(outputs, VerilatorLayout.WordsOf(layout.Sampled), layout.Interface.Top);
        return new(layout, times, enables.Pick(outputs, VerilatorLayout.WordsOf(layout.Sampled)), enables.Pick(traces, VerilatorLayout.WordsOf(layout.Traces)));
    }

    private static uint[] ReadRows(FileStream stream, int rows, int words)
    {
        var data = new uint[checked((long)rows * words)];
        stream.ReadExactly(MemoryMarshal.AsBytes(data.AsSpan()));
        return data;
    }
}

/// <summary>What came out of a design in every cycle.</summary>
public sealed class VerilatorRun
{
    private readonly VerilatorLayout _layout;
    private readonly EventTimes _times;
    private readonly uint[] _outputs;
    private readonly uint[] _traces;

    internal VerilatorRun(VerilatorLayout layout, EventTimes times, uint[] outputs, uint[] traces)
    {
        (_layout, _times, _outputs, _traces) = (layout, times, outputs, traces);
        CheckValid();
    }

    /// <summary>The number of events.</summary>
    public int Events => _times.Events;

    /// <summary>The outputs by channel name, each read in exactly the cycle that the latency promises.</summary>
    public IReadOnlyDictionary<string, RawBatch> Outputs() => OutputsAt(_layout.Interface.Latency);

    /// <summary>
    /// Whether another latency would explain these results as well: true for a cycle earlier or later says that the events do not vary
    /// enough to tell, or that the latency is not what was promised.
    /// </summary>
    public (bool Earlier, bool Later) CouldBe(IReadOnlyDictionary<string, RawBatch> expected)
    {
        var latency = _layout.Interface.Latency;
        return (latency > 0 && Matches(latency - 1), Matches(latency + 1));

        bool Matches(int other) => OutputsAt(other).All(o => Comparison.BatchComparison.Compare(expected, OutputsOnly(o), [o.Key]).Events == 0);
    }

    /// <summary>The intermediate values by channel name, in the order of computation, each element read in its own cycle; only from a
    /// simulation that was built with traces, and without channels of which some element is not built because nobody reads it.</summary>
    public IReadOnlyList<(string Channel, RawBatch Values)> Traces()
    {
        var results = new List<(string, RawBatch)>();
        var fields = _layout.Traces.GetEnumerator();
        foreach (var channel in _layout.Interface.Channels)
        {
            var columns = channel.Elements.Select(e => e.Path is not null && fields.MoveNext() ? Column(e, fields.Current)
                : e.Constant is { } c ? Enumerable.Repeat(BigInteger.Parse(c, System.Globalization.CultureInfo.InvariantCulture), Events).ToArray() : null).ToArray();
            if (Array.TrueForAll(columns, c => c is not null))
                results.Add((channel.Channel, Join(columns!)));
        }
        return results;
    }

    /// <exception cref="InvalidOperationException">The bit that says when results count was not 1 in exactly the cycles that the latency promises.</exception>
    private void CheckValid()
    {
        if (_layout.ValidOutput is not { } valid)
            return;
        var beats = VerilatorLayout.BeatsOf(_layout.Outputs);
        var due = Enumerable.Range(0, Events).SelectMany(e => beats.Select(b => _times.StartOf(e) + _layout.Interface.Latency + b)).ToHashSet();
        var words = VerilatorLayout.WordsOf(_layout.Sampled);
        for (var cycle = 0; cycle < _outputs.Length / words; cycle++)
        {
            if (BitRows.GetWide(_outputs.AsSpan(cycle * words, words), valid.Low, 1, false).IsOne != due.Contains(cycle))
                throw new InvalidOperationException($"In cycle {cycle} '{valid.Expression}' of {_layout.Interface.Top} is {(due.Contains(cycle) ? 0 : 1)}.");
        }
    }

    private Dictionary<string, RawBatch> OutputsAt(int cycle)
    {
        var words = VerilatorLayout.WordsOf(_layout.Sampled);
        return _layout.Outputs.ToDictionary(f => f.Name, f => f.Beats is { } beats ? OfBeats(words, cycle, f, beats) : Values(_outputs, words, cycle, f), StringComparer.Ordinal);
    }

    /// <summary>A tensor whose elements come one beat after the other.</summary>
    private RawBatch OfBeats(int words, int cycle, VerilatorLayout.Field field, InterfaceBeats beats)
    {
        var rows = beats.Times().ToDictionary(t => t, t => Values(_outputs, words, cycle + t, field));
        return Join([.. Enumerable.Range(0, field.TensorElements).Select(k => Enumerable.Range(0, Events).Select(e => rows[beats.Cycles[k]][e, beats.Lane[k]]).ToArray())]);
    }

    private static Dictionary<string, RawBatch> OutputsOnly(KeyValuePair<string, RawBatch> output) => new(StringComparer.Ordinal) { [output.Key] = output.Value };

    private RawBatch Values(uint[] rows, int words, int cycle, VerilatorLayout.Field field)
    {
        if (!_times.IsDense)
            (rows, cycle) = (_times.Pick(rows, words, cycle), 0);
        if (field.Width + (field.Signed ? 0 : 1) <= 64)
        {
            var raw = new long[Events * field.Elements];
            for (var k = 0; k < field.Elements && Events > 0; k++)
                BitRows.Unpack(rows, words, cycle, field.Low + k * field.Width, field.Width, field.Signed, raw.AsSpan(k), field.Elements);
            return new(Events, field.Elements, null, raw);
        }
        var wide = new BigInteger[Events * field.Elements];
        for (var i = 0; i < wide.Length; i++)
        {
            var row = rows.AsSpan((cycle + i / field.Elements) * words, words);
            wide[i] = BitRows.GetWide(row, field.Low + i % field.Elements * field.Width, field.Width, field.Signed);
        }
        return new(Events, field.Elements, wide, []);
    }

    private BigInteger[] Column(InterfaceElement element, VerilatorLayout.Field field)
    {
        var values = Values(_traces, VerilatorLayout.WordsOf(_layout.Traces), element.Cycle, field);
        return [.. Enumerable.Range(0, Events).Select(e => Shifted(values[e, 0], element.Shift))];
    }

    private static BigInteger Shifted(BigInteger raw, int shift) => Casting.Round(raw, -shift, Rounding.Trn);

    private RawBatch Join(BigInteger[][] columns)
    {
        var values = new BigInteger[Events * columns.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = columns[i % columns.Length][i / columns.Length];
        return Array.TrueForAll(values, v => v >= long.MinValue && v <= long.MaxValue)
            ? new(Events, columns.Length, null, Array.ConvertAll(values, v => (long)v))
            : new(Events, columns.Length, values, []);
    }
}
