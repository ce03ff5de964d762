using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>Scales of a convolution's data, filter and bias.</summary>
internal sealed partial class MoveRescales
{
    /// <summary>
    /// Which of the three have a scale decides what moves: a bias without one is divided out, b·(1 − s); a bias with one must have the
    /// product of the others'.
    /// </summary>
    private bool BehindConvolution(ProjectLayer convolution)
    {
        if (!convolution.Class.IsConvolution() || convolution.Windows is null)
            return false;
        var data = DataScale(convolution);
        var (filter, bias) = (convolution.WeightRescale, convolution.BiasRescale);
        if (data is null && filter is null && bias is null)
            return false;
        var scale = filter is null ? null : FilterScale(convolution, filter);
        if (data is not null)
            scale = scale is null ? data.Value.Scale : scale.Values.Length == 1 || data.Value.Scale.Values.Length == 1 ? data.Value.Scale * scale : throw NotMovable(convolution);
        var offset = bias is null ? Offset(convolution, scale!) : BiasOffset(convolution, scale, bias);
        if (offset is null)
            return filter is not null || bias is not null ? throw NotMovable(convolution) : false;
        if (data is { } moved)
            TakeOut(moved.Layer);
        (convolution.WeightRescale, convolution.BiasRescale) = (null, null);
        // The name, and with it the types, of the filter's scale if only it has a partner or none, of the data's else.
        var layer = data is { } first && (filter is null || bias is not null) ? first.Layer : Layer(filter ?? bias!);
        Append(convolution, layer, scale ?? FloatTensor.Fill([], Dyadic.One), offset);
        return true;
    }

    private static LayerRefusedException NotMovable(ProjectLayer convolution) =>
        Refused(convolution, "hls4ml cannot move the scales of this convolution's data, filter and bias behind it together");

    private (ProjectLayer Layer, FloatTensor Scale)? DataScale(ProjectLayer convolution) =>
        Producer(convolution) is { } data && data.IsAlpha() && data.Bias!.IsAll(Dyadic.Zero) && OfResults(data, convolution) is { } scale ? (data, scale) : null;

    private FloatTensor FilterScale(ProjectLayer convolution, Rescale filter)
    {
        // A scale on the data that stays before the convolution keeps hls4ml from moving the filter's.
        if (!filter.Offset.IsAll(Dyadic.Zero) || PerResult(filter.Scale) is not { } scale || (DataScale(convolution) is null && Producer(convolution).IsAlpha()))
            throw NotMovable(convolution);
        return OnChannels(scale, convolution);
    }

    private static FloatTensor? Offset(ProjectLayer convolution, FloatTensor scale)
    {
        if (convolution.Bias is not { } bias || bias.IsAll(Dyadic.Zero))
            return FloatTensor.Fill([], Dyadic.Zero);
        return scale.Values.Length == 1 ? OnChannels(bias * (FloatTensor.One(scale) - scale), convolution) : null;
    }

    private static FloatTensor? BiasOffset(ProjectLayer convolution, FloatTensor? scale, Rescale bias) =>
        bias.Scale.Narrowed() is { Values.Length: 1 } own && (scale ?? FloatTensor.Fill([], Dyadic.One)) is { Values.Length: 1 } product && own.Values[0] == product.Values[0]
            ? OnChannels(bias.Offset, convolution) : null;
}
