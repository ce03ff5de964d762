using Hls4Net.Operators;

namespace Hls4Net.Conformance;

/// <summary>The QONNX operators as their specification writes them, in floating point, for scales and values that float64 divides well.</summary>
internal static class QonnxReference
{
    public static double[] Evaluate(OperatorCase operatorCase, double[] x) => operatorCase.Type switch
    {
        "BipolarQuant" => [.. x.Select((v, k) => (v >= 0 ? 1 : -1) * Scale(operatorCase, k))],
        "Trunc" => [.. x.Select((v, k) => Trunc(operatorCase, v / Scale(operatorCase, k), Scale(operatorCase, k)))],
        "MultiThreshold" => [.. x.Select((v, k) => Thresholds(operatorCase, v, k))],
        _ => Quant(operatorCase, x),
    };

    private static double Scale(OperatorCase operatorCase, int element)
    {
        var scales = operatorCase.Inputs[1].Values!;
        return (float)scales[element / operatorCase.Inputs[0].Shape[^1] % scales.Length];
    }

    /// <summary>Version 1 keeps scale and zero point; version 2 limits the integers and has a scale of the result.</summary>
    private static double Trunc(OperatorCase operatorCase, double quotient, double scale)
    {
        var inputs = operatorCase.Inputs;
        var (zero, isSecond) = (inputs[2].Values![0], inputs.Count > 5);
        var resultScale = isSecond ? (float)inputs[4].Values![0] : scale;
        var unit = isSecond ? Math.Pow(2, Math.Round(Math.Log2(resultScale / scale))) : Math.Pow(2, inputs[3].Values![0] - inputs[4].Values![0]);
        var y = Math.Round(quotient + zero, MidpointRounding.ToEven) / unit;
        if (isSecond)
        {
            var (low, high) = Range(operatorCase, inputs[5].Values![0]);
            y = Math.Clamp(y, low, high);
        }
        y = Rounding(operatorCase.Attributes.FirstOrDefault(a => a.Name == "rounding_mode").Value as string ?? "FLOOR")(y);
        return (y - (isSecond ? zero / unit : zero)) * resultScale;
    }

    private static double Thresholds(OperatorCase operatorCase, double x, int element)
    {
        var (shape, thresholds) = (operatorCase.Inputs[0].Shape, operatorCase.Inputs[1]);
        var isLast = shape.Length == 3 || (shape.Length == 4 && operatorCase.Attributes.Any(a => a.Value is "NHWC"));
        var inner = isLast ? 1 : shape[2..].Aggregate(1, (a, b) => a * b);
        var row = thresholds.Shape[0] == 1 ? 0 : element / inner % thresholds.Shape[0];
        var count = thresholds.Values!.Skip(row * thresholds.Shape[1]).Take(thresholds.Shape[1]).Count(t => x >= (float)t);
        return count * Attribute(operatorCase, "out_scale", 1f) + Attribute(operatorCase, "out_bias", 0f);
    }

    private static double Attribute(OperatorCase operatorCase, string name, float otherwise) =>
        operatorCase.Attributes.FirstOrDefault(a => a.Name == name).Value as float? ?? otherwise;

    private static (double Low, double High) Range(OperatorCase operatorCase, double bits)
    {
        var (signed, narrow) = (Attribute(operatorCase, "signed", 1) == 1, Attribute(operatorCase, "narrow", 0) == 1);
        return (!signed ? 0 : narrow ? -Math.Pow(2, bits - 1) + 1 : -Math.Pow(2, bits - 1),
            signed ? Math.Pow(2, bits - 1) - 1 : narrow ? Math.Pow(2, bits) - 2 : Math.Pow(2, bits) - 1);
    }

    private static double[] Quant(OperatorCase operatorCase, double[] x)
    {
        var (scales, zero, bits) = (operatorCase.Inputs[1], operatorCase.Inputs[2].Values![0], operatorCase.Inputs[3].Values![0]);
        var (low, high) = Range(operatorCase, bits);
        var round = Rounding(operatorCase.Attributes.FirstOrDefault(a => a.Name == "rounding_mode").Value as string ?? "ROUND");
        var inner = operatorCase.Inputs[0].Shape[^1];
        var result = new double[x.Length];
        for (var k = 0; k < x.Length; k++)
        {
            var scale = (double)(float)scales.Values![k / inner % scales.Values.Length];
            result[k] = scale * (Math.Clamp(round(x[k] / scale + zero), low, high) - zero);
        }
        return result;
    }

    private static Func<double, double> Rounding(string mode) => mode switch
    {
        "ROUND" or "HALF_EVEN" => x => Math.Round(x, MidpointRounding.ToEven),
        "CEIL" => Math.Ceiling,
        "FLOOR" => Math.Floor,
        "UP" => x => Math.Sign(x) * Math.Ceiling(Math.Abs(x)),
        "DOWN" or "ROUND_TO_ZERO" => Math.Truncate,
        "HALF_UP" => x => Math.Sign(x) * Math.Floor(Math.Abs(x) + 0.5),
        "HALF_DOWN" => x => Math.Sign(x) * Math.Ceiling(Math.Abs(x) - 0.5),
        _ => throw new ArgumentException(mode, nameof(mode)),
    };

    private static int Attribute(OperatorCase operatorCase, string name, int otherwise) =>
        operatorCase.Attributes.FirstOrDefault(a => a.Name == name).Value as int? ?? otherwise;
}
