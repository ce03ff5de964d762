using Hls4Net.Core.Kernels;
using Hls4Net.Emission;

namespace Hls4Net.Verification.Gpp;

/// <summary>Prints the file that ties the firmware of a design to the generic bench.</summary>
internal static class GppGlue
{
    public static string Text(GppDesign design, HlsCppLayout layout)
    {
        var arguments = layout.Inputs.Select((_, n) => $"input_{n}").Concat(layout.Outputs.Select((_, n) => $"output_{n}"));
        return Templates.Render("bench/gpp_glue.cpp", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["prefix"] = layout.Prefix,
            ["top_function"] = layout.TopFunction,
            ["arguments"] = string.Join(", ", arguments),
            ["inputs"] = Arrays(layout.Inputs, design.Design),
            ["outputs"] = Arrays(layout.Outputs, null),
            ["channels"] = Arrays(layout.Channels, null),
        });
    }

    private static List<Dictionary<string, object>> Arrays(IEnumerable<HlsArray> arrays, Design? withSettings) =>
        [.. arrays.Select(a => new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = a.Identifier,
            ["elements"] = a.Elements,
            ["words"] = RawWords.WordsOf(a.Type.Width),
            ["is_setting"] = withSettings?.Settings.Contains(a.Name, StringComparer.Ordinal) == true ? "true" : "false",
        })];
}
