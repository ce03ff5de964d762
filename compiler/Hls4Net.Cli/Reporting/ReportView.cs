using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Netlists;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Reporting;

/// <summary>What a compiled design is, for people: its ports, its layers with their cost, its latency, its warnings.</summary>
internal static class ReportView
{
    private const int NameWidth = 30;
    private const int TypeWidth = 18;
    private const int PortTypeWidth = 28;
    private const int PortWidth = 22;
    private const int OperatorWidth = 14;
    private const int FoldedNameWidth = 18;
    private static readonly string[] UnrolledColumns = [">adders", ">adder bits", ">register bits"];
    private static readonly string[] FoldedColumns = [">II", ">multipliers", ">ROM bits", ">adder bits", ">registers"];

    public static IRenderable Of(Manifest manifest)
    {
        var parts = new List<IRenderable> { Summary(manifest), Ports(manifest) };
        if (manifest.Events is { } events)
            parts.Add(EventInputView.Of(events));
        if (manifest.Hardware is { } hardware)
        {
            parts.Add(Layers(hardware));
            if (hardware.Estimate is { } estimate)
                parts.Add(ResourceView.Of(hardware, estimate));
            if (hardware.Channels is { Length: > 0 } channels)
                parts.Add(Channels(channels));
            if (hardware.Timing.CriticalPath.Length > 0)
                parts.Add(CriticalPath(hardware));
        }
        if (manifest.Work is { Length: > 0 } work)
            parts.Add(ResourceView.Of(work));
        if (manifest.Weights is { Length: > 0 } weights)
            parts.Add(Weights(weights));
        if (manifest.Tables is { Length: > 0 } tables)
            parts.Add(Tables(tables));
        if (manifest.Warnings.Length > 0)
            parts.Add(Warnings(manifest.Warnings));
        return new Rows(parts);
    }

    private static Rows Channels(ChannelEntry[] channels)
    {
        var table = Reporter.Table("from", "to", ">lines", ">width", ">words", ">bits", "why so deep");
        foreach (var c in channels)
            Reporter.Row(table, CellText.Shorten(c.Producer, FoldedNameWidth), CellText.Shorten(c.Consumer, FoldedNameWidth), Number(c.Lines), Number(c.Width), Number(c.Depth), Number(c.Bits), c.Why);
        return new(table, new Text($"{LineFigures.Argument}\n"));
    }

    private static Grid Summary(Manifest manifest)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn());
        Line(grid, "model", $"{CellText.Shorten(manifest.Model.File, 2 * NameWidth)}, SHA-256 {Beginning(manifest.Model.Sha256)}");
        if (manifest.Model.Score.Length > 0 && manifest.Model.Score != "none")
            Line(grid, "score", manifest.Model.Score);
        if (manifest.Decision is { } decision)
            Line(grid, "decision", decision.ToText());
        Line(grid, "compiler", $"hls4net {manifest.Compiler}");
        Line(grid, "part", manifest.Target.Part);
        Line(grid, "clock", (manifest.Hardware?.ClockMHz ?? manifest.Target.ClockMHz) is { } clock ? $"{Number(clock)} MHz" : "none: combinational");
        if (manifest.Hardware is not { } hardware)
        {
            Line(grid, "hardware", "HLS C++ only: cycles and resources are the HLS tool's to say");
            return grid;
        }
        Line(grid, "latency", Latency(hardware));
        Line(grid, "interval", Interval(hardware.InitiationInterval));
        if (manifest.Target.Pixels is { } pixels)
            Line(grid, "stream", $"{Count(pixels, "pixel")} a beat");
        Line(grid, "timing", Timing(hardware.Timing, manifest.Target.Part));
        if (hardware.AdderLuts is { } luts)
            Line(grid, "adders", $"{Number(hardware.Adders)} of {Number(hardware.AdderBits)} bits: about {Number(luts)} look-up tables");
        if (hardware.Layers.Any(l => l.Reuse > 1))
            Line(grid, "folded", Folded(hardware));
        else
            Line(grid, "besides", $"{Count(hardware.Multipliers, "multiplier")} of variables, {Number(hardware.RomBits)} bits of tables, {Number(hardware.ShiftBits)} bits in shift registers");
        if (hardware.BlockBits > 0)
            Line(grid, "blocks", $"{Number(hardware.BlockBits)} of the bits of tables and delay lines are in blocks of memory");
        return grid;
    }

    /// <summary>The latency in the units that people think in.</summary>
    public static string Latency(HardwareEntry hardware)
    {
        var text = Count(hardware.LatencyCycles, "cycle");
        if (hardware.LatencyNs is { } nanoseconds)
            text += $" = {Number(nanoseconds)} ns";
        if (hardware.LatencyBunchCrossings is { } crossings)
            text += $" = {Count(crossings, "bunch crossing")} of 25 ns";
        return text;
    }

    private static string Timing(TimingEntry timing, string part) => timing.PeriodNs is { } period
        ? $"at most {Number(timing.LongestNs)} ns of logic between registers ({Number(period)} ns allowed): about {Number(timing.MaximumClockMHz)} MHz, by the delay table of {CellText.Shorten(part, PortWidth)}"
        : $"{Number(timing.LongestNs)} ns from inputs to outputs; with registers at both ends about {Number(timing.MaximumClockMHz)} MHz, by the delay table of {CellText.Shorten(part, PortWidth)}";

    /// <summary>The slowest logic, cell by cell; nets are named so that they are found in the Verilog.</summary>
    private static Rows CriticalPath(HardwareEntry hardware)
    {
        var table = Reporter.Table("layer", "cell", "net", ">ns", ">at ns");
        foreach (var step in hardware.Timing.CriticalPath)
        {
            Reporter.Row(table, CellText.Shorten(step.Node, NameWidth), CellText.Shorten(step.Cell, OperatorWidth), CellText.Shorten(step.Net, NameWidth),
                Number(step.DelayNs), Number(step.ArrivalNs));
        }
        return new Rows(new Text("critical path:"), table);
    }

    private static string Interval(int cycles) =>
        cycles == 1 ? "a new event every cycle (II = 1)" : $"a new event every {Number(cycles)} cycles (II = {Number(cycles)})";

    private static string Folded(HardwareEntry hardware)
    {
        var pruned = hardware.Layers.Sum(l => l.PrunedMultipliers);
        var text = $"{Count(hardware.Layers.Count(l => l.Reuse > 1), "layer")} on {Count(hardware.Multipliers, "multiplier")}, {Number(hardware.RomBits)} bits of tables";
        return pruned == 0 ? text : $"{text}; zero weights save {Count(pruned, "more multiplier")}";
    }

    private static string Beginning(string hash) =>
        hash.Length > 12 && hash.All(char.IsAsciiHexDigit) ? $"{hash[..12]}…" : CellText.Shorten(hash, 12);

    private static Table Ports(Manifest manifest)
    {
        var table = Reporter.Table("", "name", "shape", "type", "port");
        foreach (var (port, direction) in manifest.Inputs.Select(p => (p, p.Setting == true ? "setting" : "input")).Concat(manifest.Outputs.Select(p => (p, "output"))))
        {
            Reporter.Row(table, direction, CellText.Shorten(port.Name, NameWidth), Shape(port.Shape), CellText.Shorten(TypeOf(port), PortTypeWidth),
                CellText.Shorten(port.Port, PortWidth));
        }
        return table;
    }

    /// <summary>The type; for inputs with the rounding and overflow by which a number from outside gets into it.</summary>
    private static string TypeOf(PortEntry port) =>
        port.Rounding is { } rounding && port.Overflow is { } overflow && port.Type.EndsWith('>') ? $"{port.Type[..^1]},{rounding},{overflow}>" : port.Type;

    private static string Shape(int[] shape) => CellText.Shorten($"[{string.Join(", ", shape.Select(e => e.ToString(CultureInfo.InvariantCulture)))}]", TypeWidth);

    private static Table Layers(HardwareEntry hardware)
    {
        var isFolded = hardware.Layers.Any(l => l.Reuse > 1);
        var table = Reporter.Table(["layer", "operator", "type", .. isFolded ? FoldedColumns : UnrolledColumns, ">cycles"]);
        foreach (var layer in hardware.Layers)
        {
            Row(CellText.Shorten(layer.Node, isFolded ? FoldedNameWidth : NameWidth), CellText.Shorten(layer.Operator, OperatorWidth), CellText.Shorten(layer.Type, TypeWidth),
                [Number(layer.Reuse), Number(layer.Multipliers), Number(layer.RomBits)], Number(layer.Adders), Number(layer.AdderBits), Number(layer.RegisterBits), Cycles(layer));
        }
        AddRest(hardware, Row);
        table.AddEmptyRow();
        Row("total", "", "", [Number(hardware.InitiationInterval), Number(hardware.Multipliers), Number(hardware.RomBits)],
            Number(hardware.Adders), Number(hardware.AdderBits), Number(hardware.RegisterBits), Number(hardware.LatencyCycles));
        return table;

        void Row(string layer, string operators, string type, string[] folded, string adders, string adderBits, string registerBits, string cycles) =>
            Reporter.Row(table, [layer, operators, type, .. isFolded ? folded : [adders], adderBits, registerBits, cycles]);
    }

    /// <summary>What belongs to no layer: registers that carry results past other layers.</summary>
    private static void AddRest(HardwareEntry hardware, Action<string, string, string, string[], string, string, string, string> row)
    {
        var adders = Rest(hardware.Adders, l => l.Adders);
        var adderBits = Rest(hardware.AdderBits, l => l.AdderBits);
        var registerBits = Rest(hardware.RegisterBits, l => l.RegisterBits);
        if ((adders, adderBits, registerBits) != (0, 0, 0))
            row("between layers", "", "", ["", "", ""], Whole(adders), Whole(adderBits), Whole(registerBits), "");

        // Decimals, because the numbers come from a file and may be absurd.
        decimal Rest(decimal total, Func<LayerEntry, decimal> part) => total - hardware.Layers.Sum(part);
    }

    /// <summary>Tables with their size and the proved error, in units of the last place and as a number.</summary>
    private static Table Tables(TableEntry[] entries)
    {
        var table = Reporter.Table("table of", "function", "type", ">entries", ">bits", ">error <= units", ">=", ">sum within");
        foreach (var entry in entries)
        {
            Reporter.Row(table, CellText.Shorten(entry.Node, NameWidth), CellText.Shorten(entry.Function, OperatorWidth), CellText.Shorten(entry.Type, TypeWidth),
                Number(entry.Entries), Number(entry.Bits), Small(entry.ErrorUnits), Small(entry.Error), entry.SumError is null ? "" : $"1 ± {Small(entry.SumError)}");
        }
        return table;
    }

    /// <summary>Layers that compute something else than the model, because that was asked for.</summary>
    private static Rows Weights(WeightEntry[] entries)
    {
        var table = Reporter.Table("changed weights of", "asked for", ">weights", ">zero", ">before", ">others", ">error", ">unused inputs", ">constant outputs");
        foreach (var w in entries)
        {
            Reporter.Row(table, CellText.Shorten(w.Node, FoldedNameWidth), CellText.Shorten(w.Choice, NameWidth), Number(w.Weights), Number(w.Zeros), Number(w.ZerosBefore), Number(w.Changed),
                w.Error.ToString("0.## %", CultureInfo.InvariantCulture), Number(w.UnusedInputs), Number(w.EmptyOutputs));
        }
        return new(table, new Text("The firmware computes something else than the model here: error is what the layer's output is off for its weights, on average.\n"));
    }

    private static string Small(double? number) => number is { } value ? value.ToString("G4", CultureInfo.InvariantCulture) : "not stated";

    private static string Cycles(LayerEntry layer) =>
        layer.FirstCycle == layer.LastCycle ? Number(layer.FirstCycle) : $"{Number(layer.FirstCycle)}-{Number(layer.LastCycle)}";

    private static Rows Warnings(string[] warnings)
    {
        var lines = warnings.Select(w => (IRenderable)new Padder(new Text(CellText.OneLine(w)), new Padding(2, 0, 0, 0)));
        return new Rows(lines.Prepend(new Text(warnings.Length == 1 ? "1 warning:" : $"{Number(warnings.Length)} warnings:")));
    }

    private static void Line(Grid grid, string name, string text) => grid.AddRow(new Text(name), new Text(CellText.OneLine(text)));

    private static string Count(int count, string unit) => $"{Number(count)} {unit}{(count == 1 ? "" : "s")}";

    private static string Number(long number) => Whole(number);

    private static string Whole(decimal number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);
}
