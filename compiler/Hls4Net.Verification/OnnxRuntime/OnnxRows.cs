using System.Numerics;
using Hls4Net.Core.Data;
using Hls4Net.Core.Text;

namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>Runs a model on many events, whether it was exported for one at a time or for batches.</summary>
public static class OnnxRows
{
    private const int RowsPerRun = 1024;

    /// <summary>
    /// Runs the model on N events. A batch extent that the model leaves free takes up to 1024 events a run, a fixed one of k
    /// takes k, the last run being filled up with copies of the last event.
    /// </summary>
    /// <param name="session">The model; the first extent of every input and output counts events.</param>
    /// <param name="inputs">Per input an array [N, …], N at least 1, converted to the element type that the model declares: to the
    /// nearest float, and to integers where they are whole and in range.</param>
    /// <param name="outputs">The outputs that are wanted; all if null.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <returns>Per output an array [N, …].</returns>
    /// <exception cref="OnnxRuntimeException">The library refuses the inputs, or an output does not count events.</exception>
    /// <exception cref="Core.Diagnostics.UserErrorException">A value is not whole where the model wants integers (HLS4013).</exception>
    public static OrderedDictionary<string, NpyArray> RunRows(
        this OnnxSession session,
        IReadOnlyDictionary<string, NpyArray> inputs,
        IReadOnlyList<string>? outputs = null,
        CancellationToken cancellation = default)
    {
        var rows = inputs.Values.Select(a => a.Shape.Count == 0 ? 0 : a.Shape[0]).Distinct().ToList();
        if (rows is not [> 0])
            throw new ArgumentException("All inputs need the same number of events, at least one.", nameof(inputs));
        var converted = inputs.ToDictionary(i => i.Key, i => Convert(i.Key, i.Value, Declared(session, i.Key)?.Type), StringComparer.Ordinal);
        var perRun = converted.Keys.Select(n => Declared(session, n)).Select(d => d is { Shape: [> 0 and var k, ..] } ? (int)k : RowsPerRun).Min();
        var isFixed = converted.Keys.Select(n => Declared(session, n)).Any(d => d is { Shape: [> 0, ..] });

        var parts = new OrderedDictionary<string, List<NpyArray>>(StringComparer.Ordinal);
        for (var start = 0; start < rows[0]; start += perRun)
        {
            cancellation.ThrowIfCancellationRequested();
            var real = Math.Min(perRun, rows[0] - start);
            var slice = converted.ToDictionary(i => i.Key, i => Slice(i.Value, start, real, isFixed ? perRun : real), StringComparer.Ordinal);
            foreach (var (name, result) in session.Run(slice, outputs))
            {
                if (result.Shape.Count == 0 || result.Shape[0] != (isFixed ? perRun : real))
                    throw new OnnxRuntimeException(0, $"Output '{name}' has shape {ShapeText.Of(result.Shape)}: its first extent does not count events.");
                if (!parts.TryGetValue(name, out var list))
                    parts.Add(name, list = []);
                list.Add(Slice(result, 0, real, real));
            }
        }
        var joined = new OrderedDictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var (name, list) in parts)
            joined.Add(name, Join(name, list));
        return joined;
    }

    private static OnnxValueInfo? Declared(OnnxSession session, string name) => session.Inputs.FirstOrDefault(i => i.Name == name);

    /// <summary>Rows from <paramref name="start"/>, and copies of the last one up to <paramref name="wanted"/>.</summary>
    private static NpyArray Slice(NpyArray array, int start, int real, int wanted)
    {
        var row = array.Count / array.Shape[0];
        var data = Array.CreateInstance(array.Data.GetType().GetElementType()!, wanted * row);
        Array.Copy(array.Data, start * row, data, 0, real * row);
        for (var i = real; i < wanted; i++)
            Array.Copy(array.Data, (start + real - 1) * row, data, i * row, row);
        return new NpyArray(array.Shape.Skip(1).Prepend(wanted).ToSeq(), data);
    }

    private static NpyArray Join(string name, List<NpyArray> parts)
    {
        if (parts.Any(p => !p.Shape.Skip(1).SequenceEqual(parts[0].Shape.Skip(1))))
            throw new OnnxRuntimeException(0, $"Output '{name}' changes its shape from event to event.");
        var data = Array.CreateInstance(parts[0].Data.GetType().GetElementType()!, parts.Sum(p => p.Count));
        var at = 0;
        foreach (var part in parts)
        {
            Array.Copy(part.Data, 0, data, at, part.Count);
            at += part.Count;
        }
        return new NpyArray(parts[0].Shape.Skip(1).Prepend(parts.Sum(p => p.Shape[0])).ToSeq(), data) { Source = name };
    }

    private static NpyArray Convert(string name, NpyArray array, NpyType? type)
    {
        if (type is null || type == array.Type)
            return array;
        try
        {
            Array data = type switch
            {
                NpyType.Float64 => array.ToDoubles(),
                NpyType.Float32 => Array.ConvertAll(array.ToDoubles(), v => (float)v),
                NpyType.Float16 => Array.ConvertAll(array.ToDoubles(), v => (Half)v),
                NpyType.Bool => Array.ConvertAll(array.ToInt64s(), v => Narrow<byte>(v) switch { 0 => false, 1 => true, _ => throw new OverflowException() }),
                NpyType.Int8 => Array.ConvertAll(array.ToInt64s(), Narrow<sbyte>),
                NpyType.Int16 => Array.ConvertAll(array.ToInt64s(), Narrow<short>),
                NpyType.Int32 => Array.ConvertAll(array.ToInt64s(), Narrow<int>),
                NpyType.UInt8 => Array.ConvertAll(array.ToInt64s(), Narrow<byte>),
                NpyType.UInt16 => Array.ConvertAll(array.ToInt64s(), Narrow<ushort>),
                NpyType.UInt32 => Array.ConvertAll(array.ToInt64s(), Narrow<uint>),
                NpyType.UInt64 => Array.ConvertAll(array.ToInt64s(), Narrow<ulong>),
                _ => array.ToInt64s(),
            };
            return new NpyArray(array.Shape, data) { Source = array.Source };
        }
        catch (OverflowException)
        {
            throw new OnnxRuntimeException(0, $"Input '{name}' has values that its declared type {type.Value.Name()} cannot hold.");
        }
    }

    private static T Narrow<T>(long value)
        where T : INumberBase<T> => T.CreateChecked(value);
}
