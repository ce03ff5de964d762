using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>ONNX And, Or, Xor and Not on truth values, which are the numbers 0 and 1: the smaller, the larger, and comparisons.</summary>
internal static class Logic
{
    public static void ImportAnd(OnnxNode node) => Import(node, new ElementwiseMinimum());

    public static void ImportOr(OnnxNode node) => Import(node, new ElementwiseMaximum());

    public static void ImportXor(OnnxNode node) =>
        node.Output(new Relation(Comparison.Equal), node.Emit("same", new Relation(Comparison.Equal), Truth(node, 0), Truth(node, 1)), Zero(node));

    public static void ImportNot(OnnxNode node) => node.Output(new Relation(Comparison.Equal), Truth(node, 0), Zero(node));

    public static IEnumerable<OperatorCase> AndCases() => Cases("And");

    public static IEnumerable<OperatorCase> OrCases() => Cases("Or");

    public static IEnumerable<OperatorCase> XorCases() => Cases("Xor");

    public static IEnumerable<OperatorCase> NotCases() =>
        [OperatorCase.Of("Not", "vector", 7).Input([1, 8], DataType.Bool).WithOutputs(1, DataType.Bool)];

    private static void Import(OnnxNode node, Operator op) => node.Output(op, Truth(node, 0), Truth(node, 1));

    private static Operand Truth(OnnxNode node, int position)
    {
        var operand = node.Input(position, "truth value");
        return operand.Type == DataType.Bool ? operand : throw node.Refuse($"input {position} must be bool, and is {ElementTypes.NameOf(operand.Type)}");
    }

    private static Operand Zero(OnnxNode node) => node.Constant("zero", Numbers.WithExactType(ConstantTensor.Of([], [Dyadic.Zero])), DataType.Bool);

    private static IEnumerable<OperatorCase> Cases(string type) =>
        [OperatorCase.Of(type, "broadcast", 7).Input([1, 3, 1], DataType.Bool).Input([4], DataType.Bool).WithOutputs(1, DataType.Bool)];
}
