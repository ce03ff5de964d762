using System.Globalization;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx.Proto;

namespace Hls4Net.Operators.Onnx;

/// <summary>The shapes that a file states for inner values and outputs; they are information, not the truth.</summary>
internal static class StatedShapes
{
    /// <summary>An extent that the file leaves open.</summary>
    public const int Unknown = -1;

    /// <summary>Stated shapes by value name, open extents as <see cref="Unknown"/>.</summary>
    public static Dictionary<string, Seq<int>> Of(GraphProto graph)
    {
        var shapes = new Dictionary<string, Seq<int>>(StringComparer.Ordinal);
        foreach (var info in graph.ValueInfo.Concat(graph.Output))
        {
            if (info.Type?.TensorType?.Shape is { } shape)
                shapes[info.Name] = shape.Dim.Select((d, k) => Extent(d, k)).ToSeq();
        }
        return shapes;
    }

    public static string Text(Seq<int> shape) =>
        $"[{string.Join(", ", shape.Select(e => e == Unknown ? "?" : e.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>An open first extent is the batch, which is 1.</summary>
    private static int Extent(TensorShapeProto.Types.Dimension dimension, int position) =>
        dimension.HasDimValue && dimension.DimValue is >= 0 and <= int.MaxValue ? (int)dimension.DimValue : position == 0 ? 1 : Unknown;
}
