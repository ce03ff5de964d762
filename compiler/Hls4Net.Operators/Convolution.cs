using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// A convolution of any number of spatial dimensions: y[n, m, o…] = bias[m] + Σ_c Σ_k x[n, c, o · stride + k · dilation − pad] · w[m, c, k…],
/// where c runs over the channels of m's group. Inputs: x [N, C, spatial…], w [M, C / Groups, kernel…], and an optional bias [M].
/// </summary>
/// <param name="Windows">How the window moves.</param>
/// <param name="Groups">Number of groups of channels that do not see one another.</param>
/// <param name="Accumulator">Null for an exact sum; with a type, products are added in ascending (c, k…) after the bias with a cast after every step.</param>
public sealed record Convolution(Windows Windows, int Groups, Quantizer? Accumulator = null) : Operator
{
    public override bool Multiplies => true;

    public override ConstantRole RoleOf(int input) => input == 2 ? ConstantRole.Bias : ConstantRole.Weight;

    public override Quantizer? AccumulatorType => Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var (x, w) = (inputs[0]!.Value, inputs[1]!.Value);
        if (w.Count != x.Count || x.Count < 3 || w.Skip(2).ToSeq() != Windows.Kernel)
            throw new ShapeException($"a filter of shape {w} over a tensor of shape {x} with a window of {Windows.Kernel}");
        if (Groups < 1 || x[1] % Groups != 0 || w[0] % Groups != 0 || w[1] != x[1] / Groups)
            throw new ShapeException($"a filter of shape {w} over {x[1]} channels in {Groups} groups");
        if (inputs.Count > 2 && inputs[2] is { } bias && bias != [w[0]])
            throw new ShapeException($"the bias has shape {bias} where {w[0]} results ask for [{w[0]}]");
        return [[x[0], w[0], .. Windows.Positions(x)]];
    }

    public override void Define(Definition definition)
    {
        var (x, w) = (definition.Input(0), definition.Input(1));
        var bias = definition.Has(2) ? definition.Input(2) : null;
        var positions = Windows.Positions(x.Shape);
        var (results, channels) = (w.Shape[0] / Groups, w.Shape[1]);
        // The result's channel is split into group and member, so that the channels of a group are an affine function of the loops.
        definition.Output(0, [x.Shape[0], w.Shape[0], .. positions], [x.Shape[0], Groups, results, .. positions], (b, i) =>
        {
            var (group, result) = (i[1], i[1] * results + i[2]);
            Term? initial = bias is null ? null : b.At(bias, result);
            return b.Sum([channels, .. Windows.Kernel],
                (t, k) => t.At(x, [i[0], group * channels + k[0], .. Windows.Coordinates(i.AsSpan(3), k.AsSpan(1))]) * t.At(w, [result, .. k]),
                initial, Accumulator, k => Windows.Guards(x.Shape, Windows.Coordinates(i.AsSpan(3), k.AsSpan(1))));
        });
    }

    internal static void Import(OnnxNode node)
    {
        if (ChannelsLast.TryImport(node, ChannelsLast.ImportConv))
            return;
        var (x, w) = (node.Input(0, "input"), node.Input(1, "filter"));
        if (w.Rank != x.Rank)
            throw node.Refuse($"a filter of shape {w.Shape} over a tensor of shape {x.Shape}");
        var windows = Windows.Read(node, x.Shape, w.Shape.Skip(2).ToSeq(), hasCeiling: false, hasDilations: true);
        var groups = node.Attributes.Int("group", 1);
        node.Output(new Convolution(windows, (int)Math.Clamp(groups, 0, int.MaxValue)), x, w, node.Optional(2, "bias"));
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        .. ChannelsLast.ConvCases(),
        Case("sequence", [1, 2, 6], [3, 2, 3], 7),
        Case("image", [1, 2, 5, 4], [3, 2, 3, 2], 11).Constant(3),
        Case("strides and pads", [1, 2, 6, 5], [2, 2, 3, 3]).With("strides", new long[] { 2, 1 }).With("pads", new long[] { 1, 0, 2, 1 }),
        Case("dilations", [1, 1, 7, 7], [2, 1, 3, 2]).With("dilations", new long[] { 2, 3 }).With("kernel_shape", new long[] { 3, 2 }),
        Case("groups", [1, 4, 5], [6, 2, 2]).With("group", 2).Constant(6),
        Case("depthwise", [1, 3, 4, 4], [3, 1, 3, 3]).With("group", 3).With("auto_pad", "SAME_UPPER"),
        Case("even window, same lower", [1, 1, 5, 5], [1, 1, 2, 4]).With("auto_pad", "SAME_LOWER").With("strides", new long[] { 1, 2 }),
        Case("valid", [1, 1, 5], [1, 1, 2]).With("auto_pad", "VALID"),
        Case("volume", [1, 1, 3, 3, 3], [2, 1, 2, 2, 2]),
        OperatorCase.Of("Conv", "computed filter").Input(1, 2, 4).Input(2, 2, 3),
    ];

    private static OperatorCase Case(string name, int[] x, int[] w, int opset = 13) => OperatorCase.Of("Conv", name, opset).Input(x).Constant(w);
}
