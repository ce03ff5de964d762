using Hls4Net.Operators;

namespace Hls4Net.Conformance;

/// <summary>The QONNX quantiser as its specification writes it, in floating point, for scales and values that float64 divides well.</summary>
internal static class QonnxReference
{
    public static double[] Evaluate(OperatorCase operatorCase, double[] x)
    {
        var (scales, zero, bits) = (operatorCase.Inputs[1], operatorCase.Inputs[2].Values![0], operatorCase.Inputs[3].Values![0]);
        var signed = Attribute(operatorCase, "signed", 1) == 1;
        var narrow = Attribute(operatorCase, "narrow", 0) == 1;
        var low = !signed ? 0 : narrow ? -Math.Pow(2, bits - 1) + 1 : -Math.Pow(2, bits - 1);
        var high = signed ? Math.Pow(2, bits - 1) - 1 : narrow ? Math.Pow(2, bits) - 2 : Math.Pow(2, bits) - 1;
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
