using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>Lists of dimensions, as several operators have them.</summary>
internal static class Axes
{
    /// <summary>
    /// The axes of a node, counted from 0, or null if it has none: the attribute before the given operator set, input 1 from then on.
    /// </summary>
    /// <exception cref="ImportException">An axis is out of range or named twice.</exception>
    public static int[]? Read(OnnxNode node, int rank, int inputSince = 13)
    {
        var given = node.Opset < inputSince ? node.Attributes.Ints("axes") : node.Integers(1, "axes");
        if (given is null)
            return null;
        var axes = Array.ConvertAll(given, a => node.Axis(a, rank));
        return axes.Distinct().Count() == axes.Length ? axes : throw node.Refuse("an axis is named twice");
    }
}
