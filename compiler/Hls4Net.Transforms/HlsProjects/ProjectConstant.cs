using Hls4Net.Core.Graphs;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>A constant of the model as hls4ml holds it: the numbers, and the quantiser that is applied when they are written.</summary>
/// <param name="Values">Before the quantiser; in units of its scale where that is no power of two.</param>
/// <param name="Quantizer">The type of the quantiser's integers, or null without one.</param>
/// <param name="Rescale">What gives the real numbers back, or null if the type alone does.</param>
internal sealed record ProjectConstant(FloatTensor Values, HlsType? Quantizer, Rescale? Rescale)
{
    /// <summary>The same numbers in another arrangement.</summary>
    public ProjectConstant Arranged(Func<FloatTensor, FloatTensor> arrange) => this with
    {
        Values = arrange(Values),
        Rescale = Rescale is null ? null : Rescale with { Scale = arrange(Rescale.Scale), Offset = arrange(Rescale.Offset) },
    };
}

/// <summary>x · scale + offset: the layer by which hls4ml undoes a quantiser's scale and zero point.</summary>
/// <param name="Name">hls4ml's name of the layer.</param>
internal sealed record Rescale(string Name, Origin Origin, FloatTensor Scale, FloatTensor Offset);
