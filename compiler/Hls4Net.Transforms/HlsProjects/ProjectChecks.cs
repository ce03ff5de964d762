using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>Says what of a configuration has another effect than its words.</summary>
internal sealed class ProjectChecks(string file, ProjectSettings settings, DiagnosticBag diagnostics)
{
    /// <summary>hls4ml writes these into its configurations, and reads them only as keys of their own.</summary>
    private static readonly (string Variable, string Key)[] ReadElsewhere =
        [("table", "TableT"), ("exp_table", "ExpTableT"), ("inv_table", "InvTableT"), ("inv_inp", "InvInpT")];

    public void Check(IReadOnlyList<ProjectLayer> layers, Graph graph)
    {
        foreach (var layer in layers)
        {
            foreach (var (variable, key) in ReadElsewhere.Where(v => layer.Types.ContainsKey(v.Variable)))
            {
                if (settings.Ignored(layer.Name, layer.Class, variable) is { Type: { } named } found && named != layer.Types[variable])
                    diagnostics.Add(Messages.HlsWithoutEffect($"{file}:{found.Line}", $"hls4ml does not read '{variable}' under Precision, so that '{layer.Name}' keeps {layer.Types[variable]}; write {key}: {named} beside Precision"));
            }
        }
        if (graph.Outputs.Count > 1)
            diagnostics.Add(Messages.HlsOutputOrder(string.Join(", ", graph.Outputs)));
    }
}
