using System.Numerics;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Inputs;

namespace Hls4Net.Cli.Compilation;

/// <summary>Events from a file as raw integers, a block at a time, so that a file may be larger than memory.</summary>
internal static class EventChunks
{
    /// <summary>Reads a .npy file in blocks, or an .npz archive as one.</summary>
    /// <param name="path">The user's file.</param>
    /// <param name="folder">The design.</param>
    /// <param name="raw">Whether the file holds raw integers instead of real numbers.</param>
    /// <param name="size">Events in a block.</param>
    /// <exception cref="UserErrorException">The file cannot be read or does not fit.</exception>
    public static IEnumerable<IReadOnlyDictionary<string, RawBatch>> Read(string path, CompiledFolder folder, bool raw, int size)
    {
        var inputs = folder.DataInputs;
        var isArchive = path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
        if (folder.Manifest.Events is { } events && !isArchive)
            return ReadStream(path, events.Shape.ToSeq(), raw, size, rows => FromIntegers(path, folder, rows), (rows, shape, first) => FromReals(path, folder.Events!, rows, shape, first));
        if (inputs.Count == 1 && !isArchive)
        {
            return ReadStream(path, inputs[0].Shape.ToSeq(), raw, size, rows => Single(inputs[0], CheckRange(path, inputs[0], rows)),
                (rows, shape, first) => Single(inputs[0], Quantize(path, inputs[0], rows, shape, first)));
        }
        var arrays = EventData.Read(path, [.. inputs.Select(i => (i.Name, i.Shape.ToSeq()))]);
        return [inputs.ToDictionary(i => i.Name, i => Convert(path, i, arrays[i.Name], raw), StringComparer.Ordinal)];
    }

    private static Dictionary<string, RawBatch> Single(PortEntry input, RawBatch batch) => new(StringComparer.Ordinal) { [input.Name] = batch };

    /// <param name="integers">From raw integers to the inputs.</param>
    /// <param name="reals">From real numbers to the inputs, with the shape of a row and the number of the first.</param>
    private static IEnumerable<IReadOnlyDictionary<string, RawBatch>> ReadStream(string path, Seq<int> shape, bool raw, int size,
        Func<long[], IReadOnlyDictionary<string, RawBatch>> integers, Func<double[], Seq<int>, long, IReadOnlyDictionary<string, RawBatch>> reals)
    {
        using var reader = NpyBatchReader.Open(path);
        var rowShape = EventData.RowShape(reader.RowShape.Count + 1, shape);
        DataChecks.RequireRows(reader, rowShape);
        if (raw)
            DataChecks.RequireIntegers(path, reader.Type);
        do
        {
            var first = reader.NextRow;
            yield return raw ? integers(reader.ReadInt64s(size)) : reals(reader.ReadDoubles(size), rowShape, first);
        }
        while (reader.RowsLeft > 0);
    }

    private static IReadOnlyDictionary<string, RawBatch> FromReals(string path, EventCoding coding, double[] rows, Seq<int> rowShape, long firstRow)
    {
        DataChecks.RequireFinite(path, rows, rowShape, firstRow);
        return coding.ToPorts(rows);
    }

    /// <summary>The hardware's integers, in the order of the network's input.</summary>
    private static IReadOnlyDictionary<string, RawBatch> FromIntegers(string path, CompiledFolder folder, long[] rows)
    {
        if (folder.Events!.FirstOutside(rows) is >= 0 and var at)
        {
            var feature = folder.Manifest.Events!.Features[at % folder.Events.Features];
            throw new UserErrorException(Messages.InputsNeeded(path, FormattableString.Invariant(
                $"event {at / folder.Events.Features}: {feature.Object}[{feature.Slot}].{feature.Quantity} is {rows[at]}, which {(feature.Type is null ? "is always 0" : $"{feature.Type} does not hold")}.")));
        }
        return folder.Events.ToPorts(rows);
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
