using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Trilu: the upper or lower triangle of the last two dimensions, and 0 elsewhere.</summary>
internal static class Triangle
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        if (x.Rank < 2)
            throw node.Refuse($"Trilu takes matrices, and got {x.Shape}");
        var diagonal = node.Integers(1, "diagonal") is { } given ? given is [var k] ? k : throw node.Refuse("the diagonal must be one number") : 0;
        var upper = node.Attributes.Flag("upper", otherwise: true);
        node.Output(Selection.By(x.Shape, i =>
            (upper ? i[^1] - (long)i[^2] >= diagonal : i[^1] - (long)i[^2] <= diagonal) ? Selection.Position(x.Shape, i) : Selection.Zero), x);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Trilu", "upper", 14).Input(3, 4),
        OperatorCase.Of("Trilu", "lower, diagonal", 14).Input(1, 4, 3).Constant([], [-1], Onnx.Proto.TensorProto.Types.DataType.Int64).With("upper", 0),
    ];
}
