using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// Stages that become one module: a computation and the elementwise ones behind it (rounding, rectifying) that nobody else reads
/// between, so that a rounding constant can join the sum that is rounded.
/// </summary>
internal sealed record StageGroup(Seq<Stage> Stages)
{
    /// <summary>The channel that the group writes.</summary>
    public string Output => Stages[^1].Output;

    /// <summary>The ONNX nodes that the group computes, each once.</summary>
    public Seq<Origin> Origins => Stages.Select(s => s.Origin).Distinct().ToSeq();

    /// <summary>The groups of a design in topological order; wiring stays alone.</summary>
    public static IReadOnlyList<StageGroup> Of(Design design)
    {
        var readers = design.Stages.SelectMany(s => s.Inputs.Distinct(StringComparer.Ordinal)).Concat(design.Outputs)
            .GroupBy(n => n, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var groups = new List<List<Stage>>();
        var open = new Dictionary<string, List<Stage>>(StringComparer.Ordinal);
        foreach (var stage in design.Stages)
        {
            var source = ElementwiseSource(design, stage);
            if (source is not null && readers[source] == 1 && open.Remove(source, out var group))
            {
                group.Add(stage);
            }
            else
            {
                group = [stage];
                groups.Add(group);
            }
            if (stage.Computation is Kernel)
                open[stage.Output] = group;
        }
        return [.. groups.Select(g => new StageGroup(g.ToSeq()))];
    }

    /// <summary>The only channel that the stage reads, if it reads it element by element; settings do not count.</summary>
    private static string? ElementwiseSource(Design design, Stage stage)
    {
        if (stage.Computation is not Kernel kernel)
            return null;
        var channels = stage.Inputs
            .Where(i => i.Length > 0 && design.Constant(i) is null && !design.Settings.Contains(i, StringComparer.Ordinal))
            .Distinct(StringComparer.Ordinal).ToArray();
        if (channels.Length != 1 || Shapes.Count(design.ShapeOf(channels[0])) != Shapes.Count(kernel.Domain))
            return null;
        return IsElementwise(stage, kernel, kernel.Body, channels[0]) ? channels[0] : null;
    }

    private static bool IsElementwise(Stage stage, Kernel kernel, Block block, string channel) => block.Instructions.All(i => i switch
    {
        Load load => stage.Inputs[load.Input] != channel || IsLinearPosition(load.Element, kernel.Domain),
        Reduce reduce => !Reads(stage, reduce.Term, channel),
        _ => true,
    });

    private static bool Reads(Stage stage, Block block, string channel) => block.Instructions.Any(i =>
        (i is Load load && stage.Inputs[load.Input] == channel) || (i is Reduce reduce && Reads(stage, reduce.Term, channel)));

    private static bool IsLinearPosition(Affine position, Seq<int> domain)
    {
        var strides = Shapes.Strides(domain);
        if (position.Offset != 0 || position.Coefficients.Count > domain.Count)
            return false;
        for (var k = 0; k < domain.Count; k++)
        {
            var coefficient = k < position.Coefficients.Count ? position.Coefficients[k] : 0;
            if (domain[k] > 1 && coefficient != strides[k])
                return false;
        }
        return true;
    }
}
