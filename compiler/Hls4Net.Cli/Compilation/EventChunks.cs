using System.Numerics;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Cli.Compilation;

/// <summary>Events from a file as raw integers, a block at a time, so that a file may be larger than memory.</summary>
internal static class EventChunks
{
    /// <summary>Reads a .npy file in blocks, or an .npz archive as one.</summary>
    /// <param name="path">The user's file.</param>
    /// <param name="inputs">The design's data inputs.</param>
    /// <param name="raw">Whether the file holds raw integers instead of real numbers.</param>
    /// <param name="size">Events in a block.</param>
    /// <exception cref="UserErrorException">The file cannot be read or does not fit.</exception>
    public static IEnumerable<IReadOnlyDictionary<string, RawBatch>> Read(string path, IReadOnlyList<PortEntry> inputs, bool raw, int size)
    {
        if (inputs.Count == 1 && !path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
            return ReadStream(path, inputs[0], raw, size);
        var arrays = EventData.Read(path, [.. inputs.Select(i => (i.Name, i.Shape.ToSeq()))]);
        return [inputs.ToDictionary(i => i.Name, i => Convert(path, i, arrays[i.Name], raw), StringComparer.Ordinal)];
    }

    private static IEnumerable<IReadOnlyDictionary<string, RawBatch>> ReadStream(string path, PortEntry input, bool raw, int size)
    {
        using var reader = NpyBatchReader.Open(path);
        var shape = input.Shape.ToSeq();
        var rowShape = EventData.RowShape(reader.RowShape.Count + 1, shape);
        DataChecks.RequireRows(reader, rowShape);
        if (raw)
            DataChecks.RequireIntegers(path, reader.Type);
        do
        {
            var first = reader.NextRow;
            var batch = raw ? CheckRange(path, input, reader.ReadInt64s(size)) : Quantize(path, input, reader.ReadDoubles(size), rowShape, first);
            yield return new Dictionary<string, RawBatch>(StringComparer.Ordinal) { [input.Name] = batch };
        }
        while (reader.RowsLeft > 0);
    }

    private static RawBatch Convert(string path, PortEntry input, NpyArray array, bool raw)
    {
        if (!raw)
            return Quantize(path, input, array.ToDoubles(), EventData.RowShape(array.Shape.Count, input.Shape.ToSeq()), 0);
        DataChecks.RequireIntegers(path, array.Type);
        return CheckRange(path, input, array.ToInt64s());
    }

    private static RawBatch Quantize(string path, PortEntry input, double[] values, Seq<int> rowShape, long firstRow)
    {
        DataChecks.RequireFinite(path, values, rowShape, firstRow);
        return InputConversion.Quantize(values, Shapes.Count(input.Shape.ToSeq()), input.Quantizer);
    }

    /// <summary>A raw integer outside the type is no input that the hardware could have.</summary>
    private static RawBatch CheckRange(string path, PortEntry input, long[] values)
    {
        var type = input.Quantizer.Type;
        var (low, high) = (BigInteger.Max(type.MinimumRaw, long.MinValue), BigInteger.Min(type.MaximumRaw, long.MaxValue));
        var (lowest, highest) = ((long)low, (long)high);
        var elements = Shapes.Count(input.Shape.ToSeq());
        var at = Array.FindIndex(values, v => v < lowest || v > highest);
        if (at >= 0)
        {
            throw new UserErrorException(Messages.InputsNeeded(path, FormattableString.Invariant(
                $"event {at / elements}, element {at % elements} of '{input.Name}' is {values[at]}; {input.Type} holds raw integers from {lowest} to {highest}.")));
        }
        return RawBatch.Of(elements, values);
    }
}
