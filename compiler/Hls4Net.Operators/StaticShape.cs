using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>ONNX Shape, Size and ConstantOfShape: constants, because every shape is fixed here.</summary>
internal static class StaticShape
{
    public static void ImportShape(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var (start, end) = node.Opset >= 15 ? (node.Attributes.Int("start", 0), node.Attributes.Int("end", x.Rank)) : (0, x.Rank);
        var first = (int)Math.Clamp(start < 0 ? start + x.Rank : start, 0, x.Rank);
        var last = (int)Math.Clamp(end < 0 ? end + x.Rank : end, first, x.Rank);
        node.Output(ConstantTensor.Of([last - first], x.Shape.Skip(first).Take(last - first).Select(e => (Dyadic)e).ToSeq()), DataType.Int64);
    }

    public static void ImportSize(OnnxNode node) =>
        node.Output(ConstantTensor.Of([], [Shapes.Count(node.Input(0, "input").Shape)]), DataType.Int64);

    public static void ImportConstantOfShape(OnnxNode node)
    {
        var shape = node.Integers(0, "shape") ?? throw node.Refuse("the shape is missing");
        var value = node.Attributes.Tensor("value");
        var number = value is null ? Dyadic.Zero : node.Read(value, "value").Values is [var one] ? one : throw new ImportException(Messages.AttributeKind(node.Where, "The value must be one number."));
        var (extents, count) = TensorReader.ReadShape(shape, node.Where);
        node.Output(ConstantTensor.Of(extents, Enumerable.Repeat(number, count).ToSeq()), (DataType)(value?.DataType ?? (int)DataType.Float));
    }

    public static IEnumerable<OperatorCase> ShapeCases() =>
    [
        OperatorCase.Of("Shape", "all", 7).Input(1, 2, 3).WithOutputs(1, DataType.Int64),
        OperatorCase.Of("Shape", "part", 15).Input(1, 2, 3).With("start", 1).With("end", -1).WithOutputs(1, DataType.Int64),
    ];

    public static IEnumerable<OperatorCase> SizeCases() => [OperatorCase.Of("Size", "all", 7).Input(1, 2, 3).WithOutputs(1, DataType.Int64)];

    public static IEnumerable<OperatorCase> ConstantOfShapeCases() =>
    [
        OperatorCase.Of("ConstantOfShape", "zeros", 9).Integers(2, 3),
        OperatorCase.Of("ConstantOfShape", "value").Integers(1, 4).With("value", OnnxModelBuilder.Tensor("", [1], [2.5])),
    ];
}
