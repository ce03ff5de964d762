using Hls4Net.Core.Data;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Cli.Compilation;

/// <summary>Events from a file as real numbers, a block at a time.</summary>
internal static class RealChunks
{
    /// <summary>Reads a .npy file in blocks, so that it may be larger than memory; an .npz archive is read as a whole and given out in blocks.</summary>
    /// <param name="path">The user's file.</param>
    /// <param name="inputs">The data inputs.</param>
    /// <param name="size">Events in a block.</param>
    /// <exception cref="Core.Diagnostics.UserErrorException">The file cannot be read or does not fit.</exception>
    public static IEnumerable<(IReadOnlyDictionary<string, double[]> Values, int Events)> Read(string path, IReadOnlyList<(string Name, Seq<int> Shape)> inputs, int size) =>
        inputs.Count == 1 && !path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? ReadStream(path, inputs[0], size) : ReadArrays(path, inputs, size);

    private static IEnumerable<(IReadOnlyDictionary<string, double[]> Values, int Events)> ReadStream(string path, (string Name, Seq<int> Shape) input, int size)
    {
        using var reader = NpyBatchReader.Open(path);
        var rowShape = EventData.RowShape(reader.RowShape.Count + 1, input.Shape);
        DataChecks.RequireRows(reader, rowShape);
        while (reader.RowsLeft > 0)
        {
            var first = reader.NextRow;
            var values = reader.ReadDoubles(size);
            DataChecks.RequireFinite(path, values, rowShape, first);
            yield return (new Dictionary<string, double[]>(StringComparer.Ordinal) { [input.Name] = values }, values.Length / Shapes.Count(input.Shape));
        }
    }

    private static IEnumerable<(IReadOnlyDictionary<string, double[]> Values, int Events)> ReadArrays(string path, IReadOnlyList<(string Name, Seq<int> Shape)> inputs, int size)
    {
        var arrays = EventData.Read(path, inputs);
        var all = inputs.ToDictionary(i => i.Name, i => arrays[i.Name].ToDoubles(), StringComparer.Ordinal);
        foreach (var (name, shape) in inputs)
            DataChecks.RequireFinite(path, all[name], EventData.RowShape(arrays[name].Shape.Count, shape));
        var events = arrays[inputs[0].Name].Shape[0];
        for (var start = 0; start < events; start += size)
        {
            var count = Math.Min(size, events - start);
            yield return (inputs.ToDictionary(i => i.Name, i => Rows(all[i.Name], start, count, Shapes.Count(i.Shape)), StringComparer.Ordinal), count);
        }
    }

    private static double[] Rows(double[] values, int start, int count, int elements) => values[(start * elements)..((start + count) * elements)];
}
