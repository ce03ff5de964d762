using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Transforms.Streams;

/// <summary>Which pixel and channel each element of an input is: of (batch, channels, height, width), as the first layer that is not elementwise reads it.</summary>
/// <param name="Channels">Channels of a pixel.</param>
internal sealed record InputPixels(int[] PixelOf, int[] ChannelOf, int Channels)
{
    /// <exception cref="UserErrorException">The input has no pixels.</exception>
    public static InputPixels Of(Design design, string input)
    {
        var count = Shapes.Count(design.ShapeOf(input));
        // For each element of the channel that is looked at, the element of the input that it follows from.
        var origin = Enumerable.Range(0, count).ToArray();
        var channel = input;
        while (Next(design, channel, ref origin) is { } next)
            channel = next;
        var shape = design.ShapeOf(channel);
        var isPicture = shape.Count >= 3;
        var isRows = !isPicture && shape.Count == 2 && shape[0] > 1;
        if (!isPicture && !isRows)
            throw new UserErrorException(Messages.NoPixels($"input '{input}'", design.ShapeOf(input).ToString()));
        var (pixels, channels) = (new int[count], new int[count]);
        var channelFirst = isPicture && !ChannelIsLast(design, channel);
        var indices = new int[shape.Count];
        var depth = channelFirst ? shape[1] : shape[^1];
        for (var e = 0; e < count; e++)
        {
            Shapes.Unravel(e, shape, indices);
            var (c, pixel) = (indices[channelFirst ? 1 : ^1], 0);
            for (var d = 0; d < shape.Count; d++)
                pixel = d == (channelFirst ? 1 : shape.Count - 1) ? pixel : pixel * shape[d] + indices[d];
            (pixels[origin[e]], channels[origin[e]]) = (pixel, c);
        }
        return new(pixels, channels, depth);
    }

    /// <summary>The channel behind the only reader of a channel, if that rearranges all elements or is elementwise.</summary>
    private static string? Next(Design design, string channel, ref int[] origin)
    {
        var readers = design.Stages.Where(s => s.Inputs.Contains(channel)).ToArray();
        if (readers is not [var stage] || design.Outputs.Contains(channel))
            return null;
        // What is flat has lost its pixels.
        if (design.ShapeOf(stage.Output).Count < Math.Min(3, design.ShapeOf(channel).Count))
            return null;
        var old = origin;
        if (stage.Computation is Wiring wiring)
        {
            var elements = Enumerable.Range(0, wiring.Input.Count).Select(k => wiring.Input[k] >= 0 && stage.Inputs[wiring.Input[k]] == channel ? wiring.Element[k] : -1).ToArray();
            if (elements.Length != old.Length || elements.Distinct().Count() != old.Length || elements.Contains(-1))
                return null;
            origin = [.. elements.Select(e => old[e])];
            return stage.Output;
        }
        return stage.Computation is Kernel kernel && kernel.Domain == design.ShapeOf(channel) && kernel.Body.Instructions.All(i => i is not Reduce) ? stage.Output : null;
    }

    /// <summary>Whether the reader multiplies the last index by a matrix, as dense layers do: its output has another last extent and the others alike.</summary>
    private static bool ChannelIsLast(Design design, string channel)
    {
        var shape = design.ShapeOf(channel);
        return design.Stages.Where(s => s.Inputs.Contains(channel) && s.Inputs.Any(i => i.Length > 0 && design.Constant(i) is not null)).Select(s => s.Computation).OfType<Kernel>()
            .Any(k => k.Body.Instructions.Any(i => i is Reduce) && k.Domain.Count == shape.Count && k.Domain.SkipLast(1).SequenceEqual(shape.SkipLast(1)));
    }
}
