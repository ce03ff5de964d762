using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Emission;

/// <summary>Prints each process of a network as a function that takes and gives beats.</summary>
internal sealed partial class HlsCppProcesses(Design design, HlsCppLayout layout, DiagnosticBag diagnostics)
{
    private readonly HlsCppNetwork _network = layout.Network!;

    /// <summary>A process's function while it is printed.</summary>
    private sealed class Draft(HlsCppNetwork network, HlsCppLayout layout, Process process)
    {
        public Identifiers Names { get; } = layout.Names.Inner();

        /// <summary>What stands before the loop: tables and what is kept from one step to the next.</summary>
        public CodeWriter Kept { get; } = new();

        /// <summary>One step.</summary>
        public CodeWriter Step { get; } = new();

        /// <summary>Steps of an event.</summary>
        public int Steps { get; } = process.Last - process.First + 1;

        public HlsCppFlags Flags { get; } = new(process.First, process.Last - process.First + 1, $"{network.NameOf(process)}_flags");
    }

    /// <summary>The function of a process, with the comment before it.</summary>
    public string Function(Process process)
    {
        var draft = new Draft(_network, layout, process);
        var code = new CodeWriter();
        code.Line($"// {Describe(process)}");
        var loop = Write(process, draft);
        code.Open($"static void {_network.NameOf(process)}({string.Join(", ", Parameters(process))}) {{");
        draft.Flags.Declare(code);
        code.Append(draft.Kept);
        loop(code, draft);
        code.Close();
        return code.ToString();
    }

    /// <summary>The call of a process's function, in a macro that a testbench can use to run it beside others.</summary>
    public string Call(Process process) => $"HLS4NET_PROCESS({_network.NameOf(process)}({string.Join(", ", Arguments(process))}))";

    private static Action<CodeWriter, Draft> Ticks => (code, draft) =>
    {
        if (draft.Steps == 1)
        {
            code.Line("#pragma HLS PIPELINE II=1 style=flp");
            code.Append(draft.Step);
            return;
        }
        code.Open(Text($"for (int tick = 0; tick < {draft.Steps}; tick++) {{"));
        code.Line("#pragma HLS PIPELINE II=1 rewind style=flp");
        draft.Flags.Load(code);
        code.Append(draft.Step);
        code.Close();
    };

    /// <summary>Writes the parts of the function; the result puts them together.</summary>
    private Action<CodeWriter, Draft> Write(Process process, Draft draft)
    {
        switch (process)
        {
            case ReceiveProcess p:
                Receive(p, draft);
                return Ticks;
            case SendProcess p:
                Send(p, draft);
                return Ticks;
            case CollectProcess p:
                Collect(p, draft);
                return Ticks;
            case ReduceProcess p:
                Reduce(p, draft);
                return Ticks;
            case AtOnceProcess p:
                return AtOnce(p, draft);
            case WindowsProcess p:
                Windows(p, draft);
                return Ticks;
            case FoldedProcess p:
                return Folded(p, draft);
            default:
                return Positions((PositionsProcess)process, draft);
        }
    }

    private IEnumerable<(string Type, string Name, string Argument)> Ports(Process process)
    {
        if (process is ReceiveProcess receive)
        {
            yield return _network.IsStreamed ? ($"hls::stream<{_network.BeatText(receive.Series)} >& ", "port", layout[receive.Channel].Identifier)
                : ($"const {layout[receive.Channel].Identifier}_t ", Text($"port[{layout[receive.Channel].Elements}]"), layout[receive.Channel].Identifier);
        }
        foreach (var stream in process.Inputs)
            yield return ($"hls::stream<{_network.BeatText(stream.Series)} >& ", _network.NameOf(stream), _network.NameOf(stream));
        foreach (var setting in Settings(process))
            yield return ($"const {layout[setting].Identifier}_t ", Text($"{layout[setting].Identifier}[{layout[setting].Elements}]"), layout[setting].Identifier);
        foreach (var stream in process.Outputs.SelectMany(_network.ReadersOf))
            yield return ($"hls::stream<{_network.BeatText(stream.Series)} >& ", _network.NameOf(stream), _network.NameOf(stream));
        if (process is SendProcess send)
        {
            var array = layout[send.Channel];
            yield return _network.IsStreamed ? ($"hls::stream<{_network.BeatText(send.Port)} >& ", "port", $"{array.Identifier}_port") : ($"{array.Identifier}_t ", Text($"port[{array.Elements}]"), $"{array.Identifier}_port");
        }
    }

    private IEnumerable<string> Parameters(Process process) => Ports(process).Select(p => p.Type + p.Name);

    private IEnumerable<string> Arguments(Process process) => Ports(process).Select(p => p.Argument);

    /// <summary>The settings behind the channels that a process reads.</summary>
    private IEnumerable<string> Settings(Process process)
    {
        var places = process switch
        {
            AtOnceProcess p => Read(p.Group),
            PositionsProcess p => Read(p.Group),
            WindowsProcess p => Read(p.Group),
            SendProcess p => p.Lanes,
            _ => [],
        };
        var lanes = places.Where(p => !p.IsTimed && !p.IsConstant).Select(p => p.Lane).ToHashSet();
        return design.Settings.Where(s => _network.Network.Plan.Channels[s].Any(p => lanes.Contains(p.Lane)));
    }

    private IEnumerable<Place> Read(Transforms.Lowering.StageGroup group)
    {
        var inner = group.Stages.Select(s => s.Output).ToHashSet(StringComparer.Ordinal);
        return group.Stages.SelectMany(s => HlsCppStages.Inputs(s)).Where(i => !inner.Contains(i) && design.Constant(i) is null).Distinct(StringComparer.Ordinal).SelectMany(c => _network.Network.Plan.Channels[c]);
    }

    private string Describe(Process process) => process switch
    {
        ReceiveProcess p => $"{Named(p.Channel)}: hands its beats to their readers.",
        CollectProcess p => $"{Named(p.Collected.Channel)}: all of an event as one beat.",
        ReduceProcess p => $"{HlsCppText.Comment(p.Group.Stages[0].Origin.ToString())}: keeps the {p.Reduction.Reduction.ToString().ToLowerInvariant()} up to date while elements come.",
        AtOnceProcess p => $"{Origins(p.Group)} -> {Named(p.Group.Output)}, all elements at once.",
        PositionsProcess p => $"{Origins(p.Group)} -> {Named(p.Group.Output)}, {Text($"{p.Slots.Sum(s => s.Count)}")} position(s) at a time.",
        WindowsProcess p => $"{Origins(p.Group)}: its windows, position after position.",
        FoldedProcess p => $"{Origins(p.Group)} -> {Named(p.Group.Output)}, {Text($"{p.Slots.Count}")} position(s) at a time, each in {ReuseOf(p.Group)} steps.",
        SendProcess p => $"{Named(p.Channel)}: puts results into the beats in which they leave.",
        _ => "",
    };

    private static string Origins(Transforms.Lowering.StageGroup group) => HlsCppText.Comment(string.Join(", ", group.Origins.Select(o => o.ToString())));

    private string Named(string channel) => $"{HlsCppText.Comment(channel)} {design.ShapeOf(channel)} of {layout[channel].Type}";

    private void Receive(ReceiveProcess process, Draft draft)
    {
        var series = process.Series;
        if (_network.IsStreamed)
        {
            draft.Step.Line($"const {_network.BeatText(series)} now = port.read();");
        }
        else
        {
            draft.Step.Line($"{_network.BeatText(series)} now;");
            draft.Step.Line(Text($"copy_elements<{series.Lanes.Count}>(port, now.at);"));
        }
        Give(draft.Step, series, "now");
    }

    /// <summary>Writes a beat to all readers.</summary>
    private void Give(CodeWriter code, BeatSeries series, string beat)
    {
        var number = _network.Traced.ToList().FindIndex(t => ReferenceEquals(t, series));
        if (number >= 0)
            code.Line(Text($"HLS4NET_TRACE({number}, {beat}.at, {series.Lanes.Count});"));
        foreach (var stream in _network.ReadersOf(series))
            code.Line($"{_network.NameOf(stream)}.write({beat});");
    }

    /// <summary>A shift register of beats: nothing chooses a place, and the last beat completes it.</summary>
    private void Collect(CollectProcess process, Draft draft)
    {
        var (series, collected) = (process.Source.Series, process.Collected);
        var (lanes, kept) = (series.Lanes.Count, series.Ticks.Take(collected.Lanes.Count / series.Lanes.Count).ToArray());
        draft.Kept.Line($"static {_network.BeatText(collected)} all;");
        Partition(draft.Kept, "all.at");
        OpenIf(draft.Step, ReadCondition(process.Source, draft));
        draft.Step.Line($"const {_network.BeatText(series)} now = {_network.NameOf(process.Source)}.read();");
        var isKept = kept.Length == series.Ticks.Count ? "true" : draft.Flags.In(kept);
        OpenIf(draft.Step, isKept);
        draft.Step.Line(Text($"shift_in<{collected.Lanes.Count}, {lanes}>(all.at, now.at);"));
        CloseIf(draft.Step, isKept);
        CloseIf(draft.Step, ReadCondition(process.Source, draft));
        GiveIn(draft, collected, "all");
    }

    /// <summary>Writes a beat in the ticks of its series.</summary>
    private void GiveIn(Draft draft, BeatSeries series, string beat)
    {
        var condition = draft.Flags.In(series.Ticks);
        OpenIf(draft.Step, condition);
        Give(draft.Step, series, beat);
        CloseIf(draft.Step, condition);
    }

    private static void OpenIf(CodeWriter code, string condition)
    {
        if (condition != "true")
            code.Open($"if ({condition}) {{");
    }

    private static void CloseIf(CodeWriter code, string condition)
    {
        if (condition != "true")
            code.Close();
    }

    private static void Partition(CodeWriter code, string variable) => code.Line($"#pragma HLS ARRAY_PARTITION variable={variable} complete dim=0");

    private static string ReadCondition(BeatStream stream, Draft draft) => draft.Flags.In([.. stream.Series.Ticks.Select(t => t + stream.Delay)]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
