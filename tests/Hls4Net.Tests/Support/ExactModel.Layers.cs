using System.Numerics;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Support;

/// <summary>Quantisers and sums.</summary>
internal sealed partial class ExactModel
{
    /// <summary>QONNX: clamp(round(x / s + z)), and back.</summary>
    private ExactTensor Quant(NodeProto node)
    {
        var mode = node.Attribute.FirstOrDefault(a => a.Name == "rounding_mode")?.S.ToStringUtf8().ToUpperInvariant() ?? "ROUND";
        var (signed, narrow, bits) = (Int(node, "signed", 1) == 1, Int(node, "narrow", 0) == 1, (int)X(node, 3).Values[0].N);
        var (scale, zero) = (X(node, 1), X(node, 2));
        var sum = Zip(Zip(X(node, 0), scale, (x, s) => x / s), zero, (x, z) => x + z);
        var codes = sum with { Values = Array.ConvertAll(sum.Values, v => (Fraction)ExactRounding.Code(v.N, v.D, mode, signed, narrow, bits)) };
        return Zip(Zip(codes, zero, (q, z) => q - z), scale, (q, s) => q * s);
    }

    /// <summary>QONNX, version 1: whole numbers, divided by a power of two and rounded again; scale and zero point stay.</summary>
    private ExactTensor Truncate(NodeProto node)
    {
        var mode = node.Attribute.FirstOrDefault(a => a.Name == "rounding_mode")?.S.ToStringUtf8() ?? "FLOOR";
        var (scale, zero, unit) = (X(node, 1), X(node, 2), BigInteger.One << (int)(X(node, 3).Values[0].N - X(node, 4).Values[0].N));
        var sum = Zip(Zip(X(node, 0), scale, (x, s) => x / s), zero, (x, z) => x + z);
        var codes = sum with { Values = Array.ConvertAll(sum.Values, v => (Fraction)ExactRounding.Round(ExactRounding.Round(v.N, v.D, "ROUND"), unit, mode)) };
        return Zip(Zip(codes, zero, (q, z) => q - z), scale, (q, s) => q * s);
    }

    /// <summary>The number of thresholds that an element reaches, for vectors and one list of thresholds.</summary>
    private ExactTensor Reach(NodeProto node)
    {
        var thresholds = X(node, 1).Values;
        var (scale, bias) = (Number("out_scale", 1), Number("out_bias", 0));
        return X(node, 0) with { Values = [.. X(node, 0).Values.Select(v => thresholds.Count(t => !(t > v)) * scale + bias)] };

        Fraction Number(string name, float otherwise) => Fraction.Of(node.Attribute.FirstOrDefault(a => a.Name == name)?.F ?? otherwise);
    }

    /// <summary>ONNX: the quotient is rounded, then the zero point added, then it saturates.</summary>
    private ExactTensor QuantizeLinear(NodeProto node)
    {
        var x = X(node, 0);
        var axis = Int(node, "axis", 1);
        var scale = Along(X(node, 1), x.Rank, axis < 0 ? axis + x.Rank : axis);
        var zero = node.Input.Count > 2 ? Along(X(node, 2), x.Rank, axis < 0 ? axis + x.Rank : axis) : new([], [0], DataType.Uint8);
        return Saturated(Zip(x, scale, (v, s) => v / s), zero);
    }

    private static ExactTensor Saturated(ExactTensor quotient, ExactTensor zero)
    {
        var (low, high) = zero.Type switch
        {
            DataType.Int8 => (-128, 127),
            DataType.Uint8 => (0, 255),
            DataType.Int16 => (-32768, 32767),
            _ => throw new NotSupportedException(zero.Type.ToString()),
        };
        return Zip(quotient, zero, (v, z) => BigInteger.Clamp(ExactRounding.Round(v.N, v.D, "ROUND") + z.N, low, high)) with { Type = zero.Type };
    }

    private ExactTensor DequantizeLinear(NodeProto node)
    {
        var x = X(node, 0);
        var axis = Int(node, "axis", 1);
        axis = axis < 0 ? axis + x.Rank : axis;
        var centred = node.Input.Count > 2 ? Zip(x, Along(X(node, 2), x.Rank, axis), (q, z) => q - z) : x;
        return Zip(centred, Along(X(node, 1), x.Rank, axis), (q, s) => q * s) with { Type = DataType.Float };
    }

    /// <summary>The quantiser of a QLinear operator: factors of inputs 1 and 4, result scale and zero point in 6 and 7.</summary>
    private ExactTensor QLinear(NodeProto node, ExactTensor sum, int dimension, int fallback)
    {
        _ = fallback;
        var second = Along(X(node, 4), sum.Rank, dimension < 0 ? sum.Rank - 1 : dimension);
        var quotient = Zip(Zip(Zip(sum, X(node, 1), (a, s) => a * s), second, (a, s) => a * s), X(node, 6), (a, s) => a / s);
        return Saturated(quotient, X(node, 7));
    }

    private ExactTensor Centred(NodeProto node, int value, int zero, int axis)
    {
        var x = X(node, value);
        return node.Input.Count > zero ? Zip(x, Along(X(node, zero), x.Rank, axis < 0 ? 0 : axis == 1 ? x.Rank - 1 : axis), (q, z) => q - z) : x;
    }

    private static ExactTensor Along(ExactTensor vector, int rank, int axis)
    {
        if (vector.Values.Length == 1)
            return vector with { Shape = [] };
        var shape = Enumerable.Repeat(1, rank).ToArray();
        shape[axis] = vector.Values.Length;
        return vector with { Shape = shape };
    }

    private static ExactTensor MatMul(ExactTensor a, ExactTensor b)
    {
        var (rows, inner, columns) = (a.Values.Length / a.Shape[^1], a.Shape[^1], b.Shape[1]);
        var values = new Fraction[rows * columns];
        for (var m = 0; m < rows; m++)
        {
            for (var n = 0; n < columns; n++)
            {
                var sum = Fraction.Zero;
                for (var k = 0; k < inner; k++)
                    sum += a.Values[m * inner + k] * b.Values[k * columns + n];
                values[m * columns + n] = sum;
            }
        }
        return new([.. a.Shape[..^1], columns], values);
    }

    private static ExactTensor Convolve(NodeProto node, ExactTensor x, ExactTensor w, ExactTensor? bias)
    {
        var groups = Int(node, "group", 1);
        var (kernel, members) = (w.Shape[2..], w.Shape[1]);
        var (positions, start, step, dilation) = Windows(node, x, kernel);
        int[] shape = [1, w.Shape[0], .. positions];
        var values = new Fraction[ExactTensor.Count(shape)];
        for (var p = 0; p < values.Length; p++)
        {
            var at = Indices(p, shape);
            var sum = bias?.Values[at[1]] ?? Fraction.Zero;
            for (var k = 0; k < members * ExactTensor.Count(kernel); k++)
            {
                var tap = Indices(k, [members, .. kernel]);
                var place = Enumerable.Range(0, kernel.Length).Select(d => at[d + 2] * step[d] + tap[d + 1] * dilation[d] - start[d]).ToArray();
                if (place.Zip(x.Shape[2..]).All(e => e.First >= 0 && e.First < e.Second))
                    sum += x.Values[Position([0, at[1] / (w.Shape[0] / groups) * members + tap[0], .. place], x.Shape)] * w.Values[at[1] * members * ExactTensor.Count(kernel) + k];
            }
            values[p] = sum;
        }
        return new(shape, values);
    }

    private ExactTensor Pool(NodeProto node, Func<List<Fraction>, Fraction> combine)
    {
        var x = X(node, 0);
        var kernel = Ints(node, "kernel_shape")!;
        var (positions, start, step, dilation) = Windows(node, x, kernel);
        int[] shape = [1, x.Shape[1], .. positions];
        var values = new Fraction[ExactTensor.Count(shape)];
        for (var p = 0; p < values.Length; p++)
        {
            var at = Indices(p, shape);
            var seen = new List<Fraction>();
            for (var k = 0; k < ExactTensor.Count(kernel); k++)
            {
                var tap = Indices(k, kernel);
                var place = Enumerable.Range(0, kernel.Length).Select(d => at[d + 2] * step[d] + tap[d] * dilation[d] - start[d]).ToArray();
                if (place.Zip(x.Shape[2..]).All(e => e.First >= 0 && e.First < e.Second))
                    seen.Add(x.Values[Position([0, at[1], .. place], x.Shape)]);
            }
            values[p] = combine(seen);
        }
        return new(shape, values, x.Type);
    }

    private static (int[] Positions, int[] Start, int[] Step, int[] Dilation) Windows(NodeProto node, ExactTensor x, int[] kernel)
    {
        var ones = Enumerable.Repeat(1, kernel.Length).ToArray();
        var (step, dilation, pads) = (Ints(node, "strides") ?? ones, Ints(node, "dilations") ?? ones, Ints(node, "pads") ?? new int[2 * kernel.Length]);
        var positions = kernel.Select((k, d) => (x.Shape[d + 2] + pads[d] + pads[d + kernel.Length] - (k - 1) * dilation[d] - 1) / step[d] + 1).ToArray();
        return (positions, pads[..kernel.Length], step, dilation);
    }

    private static ExactTensor Mean(ExactTensor x, int[] axes, bool keep)
    {
        var sum = Sum(x, axes, keep);
        return sum with { Values = Array.ConvertAll(sum.Values, s => s / (x.Values.Length / sum.Values.Length)) };
    }

    private static ExactTensor Sum(ExactTensor x, int[] axes, bool keep)
    {
        var full = x.Shape.Select((e, d) => axes.Contains(d) ? 1 : e).ToArray();
        var sums = Enumerable.Repeat(Fraction.Zero, ExactTensor.Count(full)).ToArray();
        for (var k = 0; k < x.Values.Length; k++)
        {
            var at = Indices(k, x.Shape);
            foreach (var axis in axes)
                at[axis] = 0;
            sums[Position(at, full)] += x.Values[k];
        }
        return new(keep ? full : [.. full.Where((_, d) => !axes.Contains(d))], sums);
    }

    private ExactTensor Normalise(NodeProto node)
    {
        var x = X(node, 0);
        var epsilon = Fraction.Of(node.Attribute.FirstOrDefault(a => a.Name == "epsilon")?.F ?? 1e-5f);
        var inner = ExactTensor.Count(x.Shape[2..]);
        return x with
        {
            Values = [.. x.Values.Select((v, k) =>
            {
                var c = k / inner % x.Shape[1];
                return (v - X(node, 3).Values[c]) / (X(node, 4).Values[c] + epsilon).Root() * X(node, 1).Values[c] + X(node, 2).Values[c];
            })],
        };
    }
}
