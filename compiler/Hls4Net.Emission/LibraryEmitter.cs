using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>What a library says of itself, and how real numbers enter it.</summary>
/// <param name="Compiler">The compiler with its version.</param>
/// <param name="Fingerprint">A sentence with the hash of the model.</param>
/// <param name="Inputs">For each input the rounding and overflow by which a real number becomes a raw integer.</param>
public sealed record LibraryOptions(string Compiler, string Fingerprint, IReadOnlyDictionary<string, Quantizer> Inputs);

/// <summary>
/// Prints a design as a C++17 library that depends on nothing: the functions of the HLS project, and the types that they compute with, in one file
/// behind an interface in C. Everything else in it is local to the file.
/// </summary>
public static class LibraryEmitter
{
    /// <summary>Raw integers cross the interface in signed 64 bits.</summary>
    private const int MostBits = 64;

    private const string TypesFolder = "testbenches/ap_types";

    /// <summary>The files of the library, with paths relative to its folder.</summary>
    /// <exception cref="UserErrorException">A port is wider than 64 bits (HLS5104), or something inside is too wide for the types.</exception>
    public static IReadOnlyList<(string Path, string Text)> Emit(Design design, HlsOptions options, LibraryOptions library) =>
        Emit(design, options, library, LayoutOf(design, options));

    /// <param name="layout">What <see cref="LayoutOf(Design, HlsOptions)"/> gives; it takes up the names of what is inside as well.</param>
    /// <inheritdoc cref="Emit(Design, HlsOptions, LibraryOptions)"/>
    public static IReadOnlyList<(string Path, string Text)> Emit(Design design, HlsOptions options, LibraryOptions library, HlsCppLayout layout)
    {
        (design, options) = WithoutSchedule(design, options);
        var prefix = layout.Prefix;
        CheckPorts(layout);
        var model = Model(design, layout, library);
        var source = new Amalgamation(HlsCppEmitter.Emit(design, options, layout)
            .Where(f => f.Path.StartsWith("firmware/", StringComparison.Ordinal))
            .ToDictionary(f => f.Path["firmware/".Length..], f => f.Text, StringComparer.Ordinal));
        model["sources"] = source.Of($"{prefix}.cpp");
        model["system_includes"] = string.Join('\n', source.SystemHeaders.Select(h => $"#include <{h}>"));
        return
        [
            ($"{prefix}.h", Templates.Render("library/library.h", model)),
            ($"{prefix}.cpp", Templates.Render("library/library.cpp", model)),
            ("CMakeLists.txt", Templates.Render("library/CMakeLists.txt", model)),
            ("README.md", Templates.Render("library/README.md", model)),
        ];
    }

    /// <summary>The names and types of the library.</summary>
    public static HlsCppLayout LayoutOf(Design design, HlsOptions options) => LayoutOf(design, options, RangeAnalysis.Run(design));

    /// <summary>The names and types of the library of a design whose ranges are known.</summary>
    public static HlsCppLayout LayoutOf(Design design, HlsOptions options, RangeAnalysis ranges)
    {
        (design, options) = WithoutSchedule(design, options);
        return HlsCppLayout.Of(design, options, ranges);
    }

    /// <summary>Software has an event at once, and nothing to gain from phases.</summary>
    private static (Design Design, HlsOptions Options) WithoutSchedule(Design design, HlsOptions options) =>
        (design with { Stages = design.Stages.Select(s => s with { Schedule = Schedule.Unrolled }).ToSeq() }, options with { Stream = null });

    private static void CheckPorts(HlsCppLayout layout)
    {
        var diagnostics = new DiagnosticBag();
        foreach (var port in layout.Inputs.Concat(layout.Outputs).Where(p => p.Type.Width + (p.Type.Signed ? 0 : 1) > MostBits))
            diagnostics.Add(Messages.TooWideForLibrary($"value '{port.Name}'", port.Type.Width, MostBits));
        diagnostics.ThrowIfErrors();
    }

    private static Dictionary<string, object> Model(Design design, HlsCppLayout layout, LibraryOptions library)
    {
        bool IsSetting(HlsArray array) => design.Settings.Contains(array.Name, StringComparer.Ordinal);
        // An output that is also an input needs a name of its own.
        var given = layout.Inputs.Concat(layout.Outputs).Select(a => a.Identifier).ToList();
        var names = given.Distinct().Count() == given.Count ? given : new HlsCppTop(design, layout).PortNames;
        var inputs = layout.Inputs.Select((a, k) => Port(design, a, names[k], IsSetting(a), library.Inputs.TryGetValue(a.Name, out var q) ? q : new Quantizer(a.Type, default, default))).ToList();
        var outputs = layout.Outputs.Select((a, k) => Port(design, a, names[layout.Inputs.Count + k], false, null)).ToList();
        var compiler = HlsCppText.Comment(library.Compiler);
        var name = HlsCppText.Comment(design.Name);
        return new(StringComparer.Ordinal)
        {
            ["prefix"] = layout.Prefix,
            ["guard"] = layout.Prefix,
            ["model"] = name,
            ["compiler"] = compiler,
            ["fingerprint"] = HlsCppText.Comment(library.Fingerprint),
            ["description"] = string.Concat($"{name}, compiled by {compiler}. {HlsCppText.Comment(library.Fingerprint)}".Select(c => c is '"' or '\\' ? '\'' : c)),
            ["top_function"] = layout.TopFunction,
            ["arguments"] = string.Join(", ", names.Select(n => $"ports.{n}")),
            ["ports"] = inputs.Concat(outputs).ToList(),
            ["settings"] = inputs.FindAll(i => (bool)i["is_setting"]),
            ["inputs"] = inputs.FindAll(i => !(bool)i["is_setting"]),
            ["outputs"] = outputs,
        };
    }

    private static Dictionary<string, object> Port(Design design, HlsArray array, string name, bool isSetting, Quantizer? way) => new(StringComparer.Ordinal)
    {
        ["name"] = name,
        ["type_name"] = $"{array.Identifier}_t",
        ["elements"] = array.Elements,
        ["is_setting"] = isSetting,
        ["qualifier"] = way is null ? "" : "const ",
        ["low"] = Literal(array.Type.MinimumRaw),
        ["high"] = Literal(array.Type.MaximumRaw),
        ["interface_type"] = way is { } quantizer ? HlsCppTypes.Text(quantizer) : "",
        ["comment"] = string.Create(CultureInfo.InvariantCulture,
            $"{HlsCppText.Comment(array.Name)}: {array.Elements} of {array.Type} {(isSetting ? "for all events" : "an event")}, shape {design.ShapeOf(array.Name)}"),
    };

    /// <summary>An integer of 64 bits as a C++ literal; the least one has none of its own.</summary>
    private static string Literal(System.Numerics.BigInteger number) =>
        number == long.MinValue ? "INT64_MIN" : string.Create(CultureInfo.InvariantCulture, $"INT64_C({number})");

    /// <summary>Puts a file and all that it includes in quotes into one text, each once.</summary>
    private sealed class Amalgamation(Dictionary<string, string> firmware)
    {
        private const string Include = "#include ";
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _headers = new(StringComparer.Ordinal);

        /// <summary>Headers in angle brackets of all files so far.</summary>
        public IEnumerable<string> SystemHeaders => _headers;

        public string Of(string file)
        {
            if (!_seen.Add(file))
                return "";
            var lines = new List<string>();
            foreach (var line in (firmware.TryGetValue(file, out var text) ? text : ResourceFiles.Read($"{TypesFolder}/{file}")).ReplaceLineEndings("\n").Split('\n'))
            {
                if (!line.StartsWith(Include, StringComparison.Ordinal))
                    lines.Add(line);
                else if (line[Include.Length] == '"')
                    lines.Add(Of(line[(Include.Length + 1)..line.LastIndexOf('"')]));
                else
                    _headers.Add(line[(Include.Length + 1)..line.LastIndexOf('>')]);
            }
            return string.Join('\n', lines).Trim('\n');
        }
    }
}
