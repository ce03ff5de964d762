using System.Globalization;
using System.Text.RegularExpressions;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Emission;

/// <summary>
/// Prints a typed design as a project for HLS tools: a C++ function for each stage, weights and tables as integers, a build script and
/// a testbench. Rounding and overflow are left to the ap_fixed headers: a road to hardware that shares nothing with the netlist.
/// </summary>
public static class HlsCppEmitter
{
    /// <summary>The files of the project, with paths relative to its folder, in a fixed order.</summary>
    /// <exception cref="UserErrorException">A number is wider than HLS allows, or the part's name cannot be one.</exception>
    public static IReadOnlyList<(string Path, string Text)> Emit(Design design, HlsOptions options) => Emit(design, options, HlsCppLayout.Of(design, options));

    /// <summary>The files of the project, with the names and types that a layout of the same design and options has.</summary>
    /// <param name="layout">Takes up the names of what is inside as well.</param>
    /// <inheritdoc cref="Emit(Design, HlsOptions)"/>
    public static IReadOnlyList<(string Path, string Text)> Emit(Design design, HlsOptions options, HlsCppLayout layout) =>
        new HlsCppProject(design, options, layout).Files();
}

/// <summary>Puts the files of one project together.</summary>
internal sealed partial class HlsCppProject(Design design, HlsOptions options, HlsCppLayout layout)
{
    private readonly HlsCppLayout _layout = layout;
    private readonly DiagnosticBag _diagnostics = new();

    public IReadOnlyList<(string Path, string Text)> Files()
    {
        CheckOptionsAndTypes();
        var model = Model();
        var weights = (IReadOnlyList<Dictionary<string, object>>)model["weights"];
        _diagnostics.ThrowIfErrors();
        return
        [
            ($"firmware/{_layout.Prefix}.h", Templates.Render("hls/firmware.h", model)),
            ($"firmware/{_layout.Prefix}.cpp", Templates.Render(_layout.Network is null ? "hls/firmware.cpp" : "hls/firmware_network.cpp", model)),
            ("firmware/defines.h", Templates.Render("hls/defines.h", model)),
            ("firmware/raw_bits.h", Templates.Render("hls/raw_bits.h", model)),
            .. weights.Select(w => ($"firmware/weights/{w["name"]}.h", Templates.Render("hls/weights.h", w))),
            .. _layout.Network is null ? [] : new[] { ("firmware/beats.h", Templates.Render("hls/beats.h", model)) },
            ($"{_layout.Prefix}_test.cpp", Templates.Render("hls/testbench.cpp", model)),
            ("build_vitis.tcl", Templates.Render("hls/build_vitis.tcl", model)),
            ("README.md", Templates.Render("hls/README.md", model)),
        ];
    }

    /// <summary>Everything that the templates name.</summary>
    private Dictionary<string, object> Model()
    {
        var top = new HlsCppTop(design, _layout);
        var (functions, body) = Text(top);
        return new(StringComparer.Ordinal)
        {
            ["prefix"] = _layout.Prefix,
            ["guard"] = Guard,
            ["top_function"] = _layout.TopFunction,
            ["model"] = HlsCppText.Comment(design.Name),
            ["part"] = options.Part,
            ["interval"] = _layout.Network?.Cycles ?? 1,
            ["period"] = options.ClockNs.ToString("0.###", CultureInfo.InvariantCulture),
            ["functions"] = functions,
            ["body"] = Indented(body),
            ["is_network"] = _layout.Network is not null,
            ["argument"] = _layout.Network is { } network ? HlsCppTop.Argument(network) : "",
            ["is_streamed"] = _layout.IsStreamed,
            ["parameters"] = top.Parameters(""),
            ["global_parameters"] = top.Parameters($"{_layout.Prefix}::"),
            ["interface"] = Indented(top.Interface()),
            ["arguments"] = top.Arguments,
            ["test_arguments"] = string.Join(", ", _layout.Inputs.Select((_, n) => $"input_{n}").Concat(_layout.Outputs.Select((_, n) => $"output_{n}"))),
            ["types"] = _layout.Channels.Concat(_layout.Constants).Select(TypeModel).ToList(),
            ["weights"] = _layout.Constants.Select(Constant).Concat(_layout.Tables.Select(t => TableModel(t.Key, t.Value))).ToList(),
            ["inputs"] = _layout.Inputs.Select(Port).ToList(),
            ["outputs"] = _layout.Outputs.Select(Port).ToList(),
        };
    }

    /// <summary>The functions, and the statements of the top.</summary>
    private (List<string> Functions, string Body) Text(HlsCppTop top)
    {
        if (_layout.Network is not { } network)
        {
            var stages = new HlsCppStages(design, _layout, _diagnostics);
            return ([.. design.Stages.Select(stages.Function)], top.Body(stages));
        }
        var processes = new HlsCppProcesses(design, _layout, _diagnostics);
        return ([.. network.Network.Processes.Select(processes.Function)], top.Body(network, processes));
    }

    /// <summary>Begins the include guards. The length keeps a file b of prefix a_c apart from a file c_b of prefix a.</summary>
    private string Guard => string.Create(CultureInfo.InvariantCulture, $"HLS4NET_{_layout.Prefix.Length}_{_layout.Prefix}");

    private static string Indented(string text) => string.Concat(text.Split('\n').Select(l => l.Length == 0 ? "" : $"    {l}\n")).TrimEnd('\n');

    private Dictionary<string, object> TypeModel(HlsArray array) => new(StringComparer.Ordinal)
    {
        ["type"] = HlsCppTypes.Text(array.Type),
        ["name"] = array.Identifier,
        ["comment"] = $"{HlsCppText.Comment(array.Name)} {design.ShapeOf(array.Name)}",
    };

    private Dictionary<string, object> Port(HlsArray array) => new(StringComparer.Ordinal)
    {
        ["name"] = array.Identifier,
        ["type"] = array.Type.ToString(),
        ["count"] = array.Elements,
        ["beats"] = array.Beats?.Beats ?? 0,
        ["lanes"] = array.Beats?.Lanes ?? 0,
        ["places"] = array.Beats is { } beats ? Wrapped(beats.Places.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p},"))) : "",
        ["is_setting"] = design.Settings.Contains(array.Name, StringComparer.Ordinal),
        ["comment"] = HlsCppText.Comment(array.Name),
    };

    private Dictionary<string, object> Constant(HlsArray array) =>
        Numbers(array.Identifier, array.Type, design.Constant(array.Name)!.Raw, $"{HlsCppText.Comment(array.Name)}: raw integers of {array.Type} {design.ShapeOf(array.Name)}");

    private Dictionary<string, object> TableModel(TableData table, string name) =>
        Numbers(name, table.Output, table.Entries, $"raw integers of {table.Output}, one for each bit pattern of {table.Input}");

    private Dictionary<string, object> Numbers(string name, FixedType type, IReadOnlyList<long> raw, string comment)
    {
        return new(StringComparer.Ordinal)
        {
            ["prefix"] = _layout.Prefix,
            ["guard"] = Guard,
            ["name"] = name,
            ["comment"] = comment,
            ["type"] = HlsCppTypes.IntegerText(type),
            ["count"] = raw.Count,
            ["numbers"] = Wrapped(raw.Select(r => $"{HlsCppTypes.Integer(r)},")),
        };
    }

    private static string Wrapped(IEnumerable<string> numbers)
    {
        var code = new CodeWriter();
        code.Wrapped(numbers);
        return Indented(code.ToString());
    }

    private void CheckOptionsAndTypes()
    {
        if (!PartName().IsMatch(options.Part))
            _diagnostics.Add(Messages.BadPartName(options.Part));
        foreach (var array in _layout.Channels.Where(c => c.Type.Width > HlsCppTypes.MaximumWidth))
            _diagnostics.Add(Messages.TooWideForHls($"value '{array.Name}'", array.Type.Width, HlsCppTypes.MaximumWidth));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]*\z")]
    private static partial Regex PartName();
}
