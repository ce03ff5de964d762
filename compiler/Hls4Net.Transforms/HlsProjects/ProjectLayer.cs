using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>The kinds of layers of hls4ml; their names are what LayerType sections and reports call them.</summary>
public enum LayerClass
{
    Input,
    Dense,
    Conv1D,
    Conv2D,
    PointwiseConv1D,
    PointwiseConv2D,
    DepthwiseConv1D,
    DepthwiseConv2D,
    BatchNormalization,
    ApplyAlpha,
    Activation,
    ParametrizedActivation,
    PReLU,
    HardActivation,
    Softmax,
    Pooling1D,
    Pooling2D,
    GlobalPooling1D,
    GlobalPooling2D,
    Merge,
    Concatenate,
    Reshape,
    Transpose,
    Resize,
    ZeroPadding1D,
    ZeroPadding2D,
    LayerNormalization,
    BatchNormalizationQuantizedTanh,
}

/// <summary>Families of <see cref="LayerClass"/>.</summary>
internal static class LayerClasses
{
    public static bool IsDepthwise(this LayerClass kind) => kind is LayerClass.DepthwiseConv1D or LayerClass.DepthwiseConv2D;

    public static bool IsConvolution(this LayerClass kind) => kind is >= LayerClass.Conv1D and <= LayerClass.DepthwiseConv2D;

    /// <summary>Layers that multiply by a matrix or filter.</summary>
    public static bool IsProduct(this LayerClass kind) => kind == LayerClass.Dense || kind.IsConvolution();

    public static bool IsScale(this LayerClass kind) => kind is LayerClass.BatchNormalization or LayerClass.ApplyAlpha;

    /// <summary>Scales that hls4ml moves; a batch normalisation of the file stays where it is.</summary>
    public static bool IsAlpha(this ProjectLayer? layer) => layer is { Class: LayerClass.ApplyAlpha };

    public static bool IsPooling(this LayerClass kind) => kind is >= LayerClass.Pooling1D and <= LayerClass.GlobalPooling2D;

    public static bool IsActivation(this LayerClass kind) => kind is >= LayerClass.Activation and <= LayerClass.Softmax;
}

/// <summary>
/// A layer of hls4ml's own graph while it is built: what ONNX nodes became there, fused as there.
/// </summary>
internal sealed class ProjectLayer
{
    /// <summary>hls4ml's name.</summary>
    public required string Name { get; init; }

    public required LayerClass Class { get; set; }

    /// <summary>The places in the user's file that it came from.</summary>
    public required Origin Origin { get; set; }

    /// <summary>The values that it reads.</summary>
    public required List<ProjectValue> Inputs { get; init; }

    /// <summary>The value that it writes.</summary>
    public required ProjectValue Output { get; set; }

    /// <summary>The types of its variables by name (result, accum, weight, …); null is <c>auto</c>, not yet inferred.</summary>
    public Dictionary<string, HlsType?> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>What the configuration says about it beside types.</summary>
    public IReadOnlyDictionary<string, HlsAttribute> Attributes { get; set; } = new Dictionary<string, HlsAttribute>(StringComparer.Ordinal);

    /// <summary>Matrix [K, N], filter [kernel…, C / groups, M], or scale.</summary>
    public FloatTensor? Weight { get; set; }

    /// <summary>Of products one number for each result; of scales of the scale's shape.</summary>
    public FloatTensor? Bias { get; set; }

    /// <summary>The types of quantisers of the model on constants; null where there are none.</summary>
    public HlsType? WeightQuantizer { get; set; }

    public HlsType? BiasQuantizer { get; set; }

    /// <summary>What gives constants back in real numbers, until it has moved behind the layer.</summary>
    public Rescale? WeightRescale { get; set; }

    public Rescale? BiasRescale { get; set; }

    /// <summary>Whether the constant of a scale is the left operand in the file.</summary>
    public bool IsConstantFirst { get; init; }

    /// <summary>The constants that are written: behind their quantisers.</summary>
    public FloatTensor WeightData => WeightQuantizer is { } type ? Weight!.Quantised(type) : Weight!;

    public FloatTensor BiasData => BiasQuantizer is { } type ? Bias!.Quantised(type) : Bias!;

    /// <summary>How the window of a convolution or pool moves, over [N, C, spatial…].</summary>
    public Windows? Windows { get; init; }

    /// <summary>Whether the tensors of a convolution or pool are [N, spatial…, C].</summary>
    public bool IsChannelsLast { get; init; }

    public int Groups { get; init; } = 1;

    /// <summary>The dimension of a softmax.</summary>
    public int Axis { get; init; }

    /// <summary>The function of an activation, or what a merge or pool does, in hls4ml's words.</summary>
    public string Function { get; init; } = "";

    /// <summary>The numbers of an activation (slope, threshold, limit, shift).</summary>
    public Dyadic[] Parameters { get; init; } = [];

    /// <summary>What a sign is taken relative to; null for 0.</summary>
    public FloatTensor? Threshold { get; set; }

    /// <summary>Whether padding counts in a mean.</summary>
    public bool CountPadding { get; init; }

    /// <summary>The nodes of the imported graph, for layers that only rearrange.</summary>
    public IReadOnlyList<Node> Wiring { get; init; } = [];

    /// <summary>Products: how many are summed for a result.</summary>
    public int Terms => Weight!.Values.Length / Weight.Shape[^1];

    public HlsType Type(string variable) => Types[variable] ?? throw new InvalidOperationException($"The type '{variable}' of {Name} is not inferred.");

    public override string ToString() => $"{Name} ({Class})";
}

/// <summary>A value of the project: a tensor as the file has it.</summary>
/// <param name="Name">The ONNX value.</param>
/// <param name="Shape">Extents with the batch of 1.</param>
/// <param name="Order">
/// hls4ml keeps channels last. Where the file does not, the position in the file of each element in hls4ml's order, and so the order in which
/// its sums run; empty where both are the same.
/// </param>
public sealed record ProjectValue(string Name, Seq<int> Shape, Seq<int> Order)
{
    /// <summary>A value whose elements stand in the same order in both, or an image with channels in the second place.</summary>
    internal static ProjectValue Of(string name, Seq<int> shape, bool isChannelsFirst) =>
        new(name, shape, isChannelsFirst && shape.Count >= 3 ? ChannelsLastOrder(shape) : []);

    private static Seq<int> ChannelsLastOrder(Seq<int> shape)
    {
        var (pixels, channels) = (Shapes.Count(shape.Skip(2).ToSeq()), shape[1]);
        var order = new int[shape[0] * pixels * channels];
        for (var k = 0; k < order.Length; k++)
        {
            var (pixel, channel) = Math.DivRem(k % (pixels * channels), channels);
            order[k] = k / (pixels * channels) * pixels * channels + channel * pixels + pixel;
        }
        return Seq.Own(order);
    }
}
