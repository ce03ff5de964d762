using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>The second operand where the first, a truth value, is 1, and the third where it is 0; all broadcast. ONNX Where.</summary>
public sealed record Choice : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [ShapeOf(inputs[0]!.Value, inputs[1]!.Value, inputs[2]!.Value)];

    public override void Define(Definition definition)
    {
        var (condition, then, otherwise) = (definition.Input(0), definition.Input(1), definition.Input(2));
        definition.Output(0, ShapeOf(condition.Shape, then.Shape, otherwise.Shape), (b, i) =>
        {
            return At(condition).Select(At(then), At(otherwise));

            Term At(TensorHandle tensor) => b.At(tensor, Broadcasting.Indices(tensor.Shape, i));
        });
    }

    internal static void Import(OnnxNode node)
    {
        var (condition, then) = (node.Input(0, "condition"), node.Input(1, "value where it holds"));
        if (condition.Type != DataType.Bool)
            throw node.Refuse($"the condition must be bool, and is {ElementTypes.NameOf(condition.Type)}");
        node.Output(0, then.Type, new Choice(), condition, then, node.Input(2, "value where it does not"));
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Where", "computed", 9).Input([1, 6], DataType.Bool).Input(1, 6).Input(1, 6),
        OperatorCase.Of("Where", "broadcast", 16).Input([1, 3, 1], DataType.Bool).Input(4).Constant([], [-2]),
    ];

    private static Seq<int> ShapeOf(Seq<int> condition, Seq<int> then, Seq<int> otherwise) =>
        Broadcasting.Shape(Broadcasting.Shape(condition, then), otherwise);
}
