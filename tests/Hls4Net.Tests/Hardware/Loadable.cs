using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Reuse;

namespace Hls4Net.Tests.Hardware;

/// <summary>Folded designs whose weights are loaded at run time.</summary>
internal static class Loadable
{
    private static readonly LoadChoices All = new(true, new Dictionary<Origin, (bool, string)>());

    /// <summary>The design with all weights loadable that can be.</summary>
    public static Design Of(Design folded)
    {
        var diagnostics = new DiagnosticBag();
        var marked = MarkLoadable.Run(folded, All, diagnostics);
        Assert.Empty(diagnostics.Items);
        // Exact outputs have room for all weights, as the choice of types makes it.
        var ranges = RangeAnalysis.Run(marked);
        return marked with
        {
            Channels = marked.Channels.Select(c => c.Type is { } type && marked.Outputs.Contains(c.Name) && ranges.Hull(c.Name) is var hull && !type.Contains(hull) ? c with { Type = hull.Type } : c).ToSeq(),
        };
    }

    /// <summary>The design with other numbers in its loadable constants, each drawn from all of its type, and some at its ends.</summary>
    public static Design Retrained(Design design, int seed)
    {
        var random = new Random(seed);
        return design with { Constants = design.Constants.Select(c => c.IsLoadable ? c with { Tensor = Drawn(c.Tensor, random) } : c).ToSeq() };
    }

    /// <summary>The design with every loadable number at an end of its type.</summary>
    public static Design AtEnds(Design design, bool isHigh) => design with
    {
        Constants = design.Constants.Select(c => c.IsLoadable ? c with { Tensor = With(c.Tensor, [.. c.Tensor.Raw.Select(_ => (long)(isHigh ? c.Tensor.Type!.Value.MaximumRaw : c.Tensor.Type!.Value.MinimumRaw))]) } : c).ToSeq(),
    };

    private static ConstantTensor Drawn(ConstantTensor tensor, Random random)
    {
        var type = tensor.Type!.Value;
        return With(tensor, [.. tensor.Raw.Select(_ => random.Next(8) switch
        {
            0 => (long)type.MinimumRaw,
            1 => (long)type.MaximumRaw,
            2 => 0,
            _ => random.NextInt64((long)type.MinimumRaw, (long)type.MaximumRaw + 1),
        })]);
    }

    private static ConstantTensor With(ConstantTensor tensor, long[] raw) =>
        tensor with { Raw = Seq.Own(raw), Values = raw.Select(r => new Dyadic(r, -tensor.Type!.Value.Fraction)).ToSeq() };
}
