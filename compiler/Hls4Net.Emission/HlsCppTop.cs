using System.Globalization;
using Hls4Net.Core.Kernels;

namespace Hls4Net.Emission;

/// <summary>Prints the function that calls all stages, and its ports.</summary>
internal sealed class HlsCppTop
{
    private readonly Design _design;
    private readonly HlsCppLayout _layout;
    private readonly HashSet<string> _copied;

    public HlsCppTop(Design design, HlsCppLayout layout)
    {
        _design = design;
        _layout = layout;
        // Hardware cannot read its output ports, and an output can be an input as well: such values get an array of their own.
        var read = design.Stages.SelectMany(HlsCppStages.Inputs).Concat(design.Inputs).ToHashSet(StringComparer.Ordinal);
        _copied = design.Outputs.Where(o => layout.Network is not null || read.Contains(o)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Arguments of a call, in the order of the parameters.</summary>
    public string Arguments => string.Join(", ", PortNames);

    /// <summary>The parameters' names: inputs, then outputs.</summary>
    public IReadOnlyList<string> PortNames => [.. Ports.Select(p => p.Name)];

    private IEnumerable<(HlsArray Array, string Name, bool IsInput)> Ports =>
        _layout.Inputs.Select(i => (i, i.Identifier, true)).Concat(_layout.Outputs.Select(o => (o, OutputPort(o), false)));

    /// <summary>The parameter list; types are looked up in the given scope, such as <c>vae::</c>.</summary>
    public string Parameters(string scope) => string.Join(",\n    ", Ports.Select(p => p.Array.Beats is { } beats
        ? string.Create(CultureInfo.InvariantCulture, $"hls::stream<{scope}beat<{scope}{p.Array.Identifier}_t, {beats.Lanes}> >& {p.Name}")
        : $"{(p.IsInput ? "const " : "")}{scope}{p.Array.Identifier}_t {p.Name}[{p.Array.Elements}]"));

    /// <summary>Pragmas of the ports.</summary>
    public string Interface()
    {
        var code = new CodeWriter();
        foreach (var (array, name, isInput) in Ports)
        {
            if (array.Beats is not null)
            {
                code.Line($"#pragma HLS INTERFACE axis port={name}");
                continue;
            }
            code.Line($"#pragma HLS ARRAY_RESHAPE variable={name} complete dim=0");
            var holdsStill = isInput && _design.Settings.Contains(array.Name, StringComparer.Ordinal);
            code.Line($"#pragma HLS INTERFACE {(holdsStill ? "ap_stable" : "ap_vld")} port={name}");
        }
        return code.ToString();
    }

    /// <summary>Statements of the top function.</summary>
    public string Body(HlsCppStages stages)
    {
        var numbers = _layout.Channels.Select((c, n) => (c.Name, n)).ToDictionary(p => p.Name, p => p.n, StringComparer.Ordinal);
        var outputs = _design.Outputs.ToHashSet(StringComparer.Ordinal);
        var code = new CodeWriter();
        var read = _design.Stages.SelectMany(HlsCppStages.Inputs).Concat(_design.Outputs).ToHashSet(StringComparer.Ordinal);
        foreach (var input in _layout.Inputs)
            code.Line(read.Contains(input.Name) ? Trace(input) : $"(void){input.Identifier}; {Trace(input)}");
        foreach (var stage in _design.Stages)
        {
            var array = _layout[stage.Output];
            if (!outputs.Contains(stage.Output) || _copied.Contains(stage.Output))
            {
                code.Line($"{array.Identifier}_t {array.Identifier}[{array.Elements}];");
                code.Line($"#pragma HLS ARRAY_PARTITION variable={array.Identifier} complete dim=0");
            }
            code.Line(stages.Call(stage));
            code.Line(Trace(array));
        }
        foreach (var output in _layout.Outputs.Where(o => _copied.Contains(o.Name)))
            code.Line($"copy_elements<{output.Elements}>({output.Identifier}, {OutputPort(output)});");
        return code.ToString();

        string Trace(HlsArray array) => $"HLS4NET_TRACE({numbers[array.Name]}, {array.Identifier}, {array.Elements});";
    }

    /// <summary>Statements of the top function of a network: streams, and a call for each process.</summary>
    public string Body(HlsCppNetwork network, HlsCppProcesses processes)
    {
        var code = new CodeWriter();
        foreach (var stream in network.Streams)
        {
            var name = network.NameOf(stream);
            code.Line($"hls::stream<{network.BeatText(stream.Series)} > {name}(\"{name}\");");
            code.Line(string.Create(CultureInfo.InvariantCulture, $"#pragma HLS STREAM variable={name} depth={network.DepthOf(stream)}"));
            code.Line(string.Create(CultureInfo.InvariantCulture, $"HLS4NET_DEPTH({name}, {stream.Depth})"));
        }
        foreach (var process in network.Network.Processes)
            code.Line(processes.Call(process));
        return code.ToString();
    }

    /// <summary>What a network is, and why no process of it can wait for ever, as comments.</summary>
    public static string Argument(HlsCppNetwork network)
    {
        var code = new CodeWriter();
        string[] lines =
        [
            "Processes that run beside each other and meet only at streams, one function each. In the timetable that this design has in common with",
            "its Verilog, every process takes and gives each of its beats in a known tick. HLS4NET_DEPTH is the most beats that a stream holds in it.",
            "",
            "Why no process waits for ever: go through the ticks in their order, and in a tick through the processes in the order of their calls.",
            "Then no read meets an empty stream, and no write one that holds its most. Processes only read and write, and wait where they cannot;",
            "what goes through the streams of such a network does not depend on the order in which processes have their turns (Kahn, 1974; a bound is",
            "a stream of free places that goes the other way). So if one order comes to the end of all events, every order does. What it takes are",
            "pipelines that go on without the next input (style=flp). Depths beyond the most that the timetable needs only let writers wait less.",
            "",
            string.Create(CultureInfo.InvariantCulture, $"The longest process has {network.Cycles} step(s), so that an event can follow another after as many cycles. Sums and products are exact: every"),
            "variable is wide enough for all values that it can have. Bits are lost only where a type names a rounding and an overflow mode.",
        ];
        foreach (var line in lines)
            code.Line(line.Length == 0 ? "//" : $"// {line}");
        return code.ToString().TrimEnd('\n');
    }

    private string OutputPort(HlsArray output) => _copied.Contains(output.Name) ? $"{output.Identifier}_port" : output.Identifier;
}
