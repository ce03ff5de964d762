using Hls4Net.Core.Graphs;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// How a window moves over the spatial dimensions of a tensor [N, C, spatial…]: what convolutions and pools share. Element k of the window
/// at output position o of a dimension stands at o · stride + k · dilation − before.
/// </summary>
/// <param name="Kernel">Extents of the window.</param>
/// <param name="Strides">Distance between windows.</param>
/// <param name="Dilations">Distance between elements of a window.</param>
/// <param name="Before">Padding before each spatial dimension.</param>
/// <param name="After">Padding after each spatial dimension.</param>
/// <param name="Ceiling">Whether a last window that is cut off counts.</param>
public sealed record Windows(Seq<int> Kernel, Seq<int> Strides, Seq<int> Dilations, Seq<int> Before, Seq<int> After, bool Ceiling)
{
    /// <summary>Extents of the output positions.</summary>
    /// <exception cref="ShapeException">A window does not fit.</exception>
    public Seq<int> Positions(Seq<int> x)
    {
        if (x.Count != Kernel.Count + 2)
            throw new ShapeException($"a window of {Kernel.Count} dimensions over a tensor of shape {x}, which must be batch, channels and those");
        return Enumerable.Range(0, Kernel.Count).Select(d => Positions(x[d + 2], d)).ToSeq();
    }

    /// <summary>The index of x in a spatial dimension for an output position and an element of the window.</summary>
    internal Affine[] Coordinates(ReadOnlySpan<Affine> position, ReadOnlySpan<Affine> element)
    {
        var result = new Affine[Kernel.Count];
        for (var d = 0; d < result.Length; d++)
            result[d] = position[d] * Strides[d] + element[d] * Dilations[d] - Before[d];
        return result;
    }

    /// <summary>What leaves out the elements of a window that stand on padding; nothing where there is none.</summary>
    internal Seq<Guard> Guards(Seq<int> x, Affine[] coordinates)
    {
        var positions = Positions(x);
        return Enumerable.Range(0, Kernel.Count).Where(d => Before[d] > 0 || Reach(positions[d] - 1, d) >= x[d + 2])
            .Select(d => new Guard(coordinates[d], x[d + 2])).ToSeq();
    }

    /// <summary>How many elements of the window at a position count.</summary>
    /// <param name="includePadding">Whether padding counts; what lies beyond it, in a window that is cut off, never does.</param>
    public int Count(Seq<int> x, ReadOnlySpan<int> position, bool includePadding)
    {
        var count = 1;
        for (var d = 0; d < Kernel.Count; d++)
            count *= Count(x[d + 2], d, position[d], includePadding);
        return count;
    }

    /// <summary>Whether a window stands on padding alone, so that it has no largest element and no mean.</summary>
    internal bool AnyEmpty(Seq<int> x)
    {
        var positions = Positions(x);
        return Enumerable.Range(0, Kernel.Count).Any(d => Enumerable.Range(0, positions[d]).Any(o => Count(x[d + 2], d, o, includePadding: false) == 0));
    }

    /// <summary>The windows of an ONNX node on x.</summary>
    /// <param name="kernel">Extents of the window where they are known otherwise; null to take the attribute.</param>
    internal static Windows Read(OnnxNode node, Seq<int> x, Seq<int>? kernel, bool hasCeiling, bool hasDilations)
    {
        var rank = x.Count - 2;
        if (rank < 1)
            throw node.Refuse($"a tensor of shape {x} has no spatial dimensions");
        var given = node.Attributes.Ints("kernel_shape") is { } shape ? Extents(node, "kernel_shape", shape, rank) : (Seq<int>?)null;
        if (kernel is { } known && given is { } stated && known != stated)
            throw node.Refuse($"kernel_shape {stated} is not that of the filter, {known}");
        var extents = kernel ?? given ?? throw node.Refuse("kernel_shape is missing");
        var ones = Enumerable.Repeat(1L, rank).ToArray();
        var strides = Extents(node, "strides", node.Attributes.Ints("strides") ?? ones, rank);
        var dilations = hasDilations ? Extents(node, "dilations", node.Attributes.Ints("dilations") ?? ones, rank) : ones.Select(e => (int)e).ToSeq();
        var pads = node.Attributes.Ints("pads") ?? new long[2 * rank];
        if (pads.Length != 2 * rank || pads.Any(p => p is < 0 or > 1 << 20))
            throw node.Attributes.Value("pads", $"[{string.Join(", ", pads)}]", $"there must be {2 * rank}, none negative");
        var ceiling = hasCeiling && node.Attributes.Flag("ceil_mode", otherwise: false);
        var windows = new Windows(extents, strides, dilations, pads[..rank].Select(p => (int)p).ToSeq(), pads[rank..].Select(p => (int)p).ToSeq(), ceiling);
        return node.Attributes.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" => windows,
            "VALID" => windows with { Before = new int[rank].ToSeq(), After = new int[rank].ToSeq() },
            "SAME_UPPER" => windows.Same(x, upper: true),
            "SAME_LOWER" => windows.Same(x, upper: false),
            var other => throw node.Attributes.Value("auto_pad", $"'{other}'", "there are NOTSET, VALID, SAME_UPPER and SAME_LOWER"),
        };
    }

    /// <summary>The windows of an ONNX ConvTranspose, whose padding is cut off from the result, and the extents of that result.</summary>
    internal static Windows ReadTransposed(OnnxNode node, Seq<int> x, Seq<int> kernel, out int[] extents)
    {
        var rank = kernel.Count;
        // With a shape of the result, or to keep it in proportion, the padding follows; else it is taken as stated.
        var wanted = node.Attributes.Ints("output_shape");
        var automatic = node.Attributes.Text("auto_pad", "NOTSET");
        var given = Read(node, x, kernel, hasCeiling: false, hasDilations: true);
        var extra = node.Attributes.Ints("output_padding") ?? new long[rank];
        if (extra.Length != rank || extra.Any(e => e is < 0 or > 1 << 20) || (wanted is not null && wanted.Length != rank))
            throw node.Refuse($"output_padding and output_shape must have {rank} elements, none negative");
        extents = new int[rank];
        var (before, after) = (given.Before.ToArray(), given.After.ToArray());
        for (var d = 0; d < rank; d++)
        {
            var full = checked(given.Strides[d] * (x[d + 2] - 1) + (int)extra[d] + (kernel[d] - 1) * given.Dilations[d] + 1);
            if (wanted is not null || automatic is "SAME_UPPER" or "SAME_LOWER")
            {
                extents[d] = (int)Math.Clamp(wanted?[d] ?? x[d + 2] * given.Strides[d], 1, 1 << 24);
                var total = Math.Max(0, full - extents[d]);
                before[d] = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
                after[d] = total - before[d];
            }
            else
            {
                extents[d] = full - before[d] - after[d];
            }
        }
        return given with { Before = Seq.Own(before), After = Seq.Own(after) };
    }

    /// <summary>Padding that gives ⌈extent / stride⌉ positions; an odd one more goes after, or before with <paramref name="upper"/> false.</summary>
    private Windows Same(Seq<int> x, bool upper)
    {
        var (before, after) = (new int[Kernel.Count], new int[Kernel.Count]);
        for (var d = 0; d < before.Length; d++)
        {
            var positions = (x[d + 2] + Strides[d] - 1) / Strides[d];
            var total = Math.Max(0, (positions - 1) * Strides[d] + (Kernel[d] - 1) * Dilations[d] + 1 - x[d + 2]);
            before[d] = upper ? total / 2 : total - total / 2;
            after[d] = total - before[d];
        }
        return this with { Before = Seq.Own(before), After = Seq.Own(after) };
    }

    private static Seq<int> Extents(OnnxNode node, string attribute, long[] values, int rank) =>
        values.Length == rank && values.All(v => v is > 0 and <= 1 << 20)
            ? values.Select(v => (int)v).ToSeq()
            : throw node.Attributes.Value(attribute, $"[{string.Join(", ", values)}]", $"there must be {rank} positive numbers");

    private int Positions(int extent, int d)
    {
        var room = extent + Before[d] + After[d] - ((Kernel[d] - 1) * Dilations[d] + 1);
        if (room < 0)
            throw new ShapeException($"a window of {(Kernel[d] - 1) * Dilations[d] + 1} in an extent of {extent} with padding {Before[d]} and {After[d]}");
        var positions = (Ceiling ? (room + Strides[d] - 1) / Strides[d] : room / Strides[d]) + 1;
        // A cut-off window that would begin in the padding behind the tensor does not count.
        return Ceiling && (positions - 1) * Strides[d] >= extent + Before[d] ? positions - 1 : positions;
    }

    private int Count(int extent, int d, int position, bool includePadding)
    {
        var (low, high) = includePadding ? (-Before[d], extent + After[d]) : (0, extent);
        var start = position * Strides[d] - Before[d];
        var first = Math.Max(0, (low - start + Dilations[d] - 1) / Dilations[d]);
        var end = Math.Min(Kernel[d], Math.Max(0, (high - start + Dilations[d] - 1) / Dilations[d]));
        return Math.Max(0, end - first);
    }

    private int Reach(int position, int d) => position * Strides[d] + (Kernel[d] - 1) * Dilations[d] - Before[d];
}
