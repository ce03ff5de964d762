using Hls4Net.Core.Kernels;
using Hls4Net.Emission;

namespace Hls4Net.Verification.Gpp;

/// <summary>Prints the file that ties the firmware of a design to the generic bench.</summary>
internal static class GppGlue
{
    public static string Text(GppDesign design, HlsCppLayout layout)
    {
        var arguments = layout.Inputs.Select((_, n) => $"input_{n}").Concat(layout.Outputs.Select((_, n) => $"output_{n}"));
        return Templates.Render(layout.IsNetwork ? "bench/gpp_network_glue.cpp" : "bench/gpp_glue.cpp", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["prefix"] = layout.Prefix,
            ["top_function"] = layout.TopFunction,
            ["arguments"] = string.Join(", ", arguments),
            ["inputs"] = Arrays(layout.Inputs, design.Design),
            ["outputs"] = Arrays(layout.Outputs, null),
            ["channels"] = Arrays(layout.Traced, null),
            // Processes that read the ports of a parallel design see one event at a time.
            ["events_beside"] = layout.IsStreamed ? 3 : 1,
        });
    }

    private static List<Dictionary<string, object>> Arrays(IEnumerable<HlsArray> arrays, Design? withSettings) =>
        [.. arrays.Select(a => new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = a.Identifier,
            ["elements"] = a.Beats is { } beats ? beats.Beats * beats.Lanes : a.Elements,
            ["beats"] = a.Beats?.Beats ?? 0,
            ["lanes"] = a.Beats?.Lanes ?? 0,
            ["words"] = RawWords.WordsOf(a.Type.Width),
            ["is_setting"] = withSettings?.Settings.Contains(a.Name, StringComparer.Ordinal) == true ? "true" : "false",
        })];
}
