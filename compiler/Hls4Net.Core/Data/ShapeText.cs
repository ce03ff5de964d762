using System.Globalization;

namespace Hls4Net.Core.Data;

/// <summary>Shapes as messages show them.</summary>
public static class ShapeText
{
    /// <summary><c>[4000, 57]</c>; <c>[]</c> is a single number.</summary>
    public static string Of<T>(IEnumerable<T> shape)
        where T : IFormattable => $"[{string.Join(", ", shape.Select(e => e.ToString(null, CultureInfo.InvariantCulture)))}]";

    /// <summary>The shape of a batch of rows: <c>[N, 57]</c>.</summary>
    public static string OfRows<T>(IEnumerable<T> rowShape)
        where T : IFormattable => $"[{string.Join(", ", rowShape.Select(e => e.ToString(null, CultureInfo.InvariantCulture)).Prepend("N"))}]";
}
