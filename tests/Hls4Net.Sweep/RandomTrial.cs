using Hls4Net.Core.Data;
using Hls4Net.Operators;
using Hls4Net.Verification.OnnxRuntime;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Sweep;

/// <summary>Runs a case that was drawn through ONNX Runtime and through the compiler.</summary>
internal static class RandomTrial
{
    /// <summary>The verdict on a case; the event is drawn by the seed.</summary>
    public static Finding Run(OnnxRuntimeLibrary library, OperatorCase drawn, int seed)
    {
        var draw = new Draw(seed);
        var model = drawn.ToModel();
        var inputs = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        for (var k = 0; k < drawn.Inputs.Count; k++)
        {
            var (shape, values, type) = drawn.Inputs[k];
            var range = drawn.Inputs[k].Range;
            if (values is null && type != DataType.Undefined)
                inputs[$"x{k}"] = ToArray(shape, type, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => range is { } r ? draw.Number(r.Low, r.High) : draw.Value(type))]);
        }
        try
        {
            using var session = library.Open(model);
            var outputs = session.Run(inputs);
            if (outputs.Values.Any(o => o.Count == 0))
                return new(Outcome.NoReference, "A result without elements.");
            return Trial.Run(model, inputs.ToDictionary(i => i.Key, i => i.Value.ToDoubles(), StringComparer.Ordinal),
                outputs.ToDictionary(o => o.Key, o => new Sample(o.Value.Shape, o.Value.ToDoubles()), StringComparer.Ordinal));
        }
        catch (OnnxRuntimeException e)
        {
            return new(Outcome.NoReference, e.Message);
        }
    }

    private static NpyArray ToArray(int[] extents, DataType type, double[] values)
    {
        var shape = Core.Text.Seq.ToSeq(extents);
        return type switch
        {
            DataType.Float => NpyArray.Of(shape, Array.ConvertAll(values, v => (float)v)),
            DataType.Double => NpyArray.Of(shape, values),
            DataType.Float16 => NpyArray.Of(shape, Array.ConvertAll(values, v => (Half)v)),
            DataType.Uint8 => NpyArray.Of(shape, Array.ConvertAll(values, v => (byte)v)),
            DataType.Int8 => NpyArray.Of(shape, Array.ConvertAll(values, v => (sbyte)v)),
            DataType.Int32 => NpyArray.Of(shape, Array.ConvertAll(values, v => (int)v)),
            DataType.Int64 => NpyArray.Of(shape, Array.ConvertAll(values, v => (long)v)),
            DataType.Bool => NpyArray.Of(shape, Array.ConvertAll(values, v => v != 0)),
            _ => throw new NotSupportedException($"{type}"),
        };
    }
}
