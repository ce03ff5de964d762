using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>1 where the relation holds between left and right, else 0, broadcast. ONNX Greater and GreaterOrEqual exchange the operands.</summary>
public sealed record Relation(Comparison Comparison) : ElementwiseBinary
{
    protected override Term Combine(BlockBuilder block, Term left, Term right) => Comparison switch
    {
        Comparison.Less => left.Less(right),
        Comparison.LessOrEqual => left.LessOrEqual(right),
        _ => left.EqualTo(right),
    };

    internal static void ImportLess(OnnxNode node) => Import(node, Comparison.Less, exchange: false);

    internal static void ImportLessOrEqual(OnnxNode node) => Import(node, Comparison.LessOrEqual, exchange: false);

    internal static void ImportGreater(OnnxNode node) => Import(node, Comparison.Less, exchange: true);

    internal static void ImportGreaterOrEqual(OnnxNode node) => Import(node, Comparison.LessOrEqual, exchange: true);

    internal static void ImportEqual(OnnxNode node) => Import(node, Comparison.Equal, exchange: false);

    internal static IEnumerable<OperatorCase> LessCases() => Cases("Less", 9);

    internal static IEnumerable<OperatorCase> LessOrEqualCases() => Cases("LessOrEqual", 12);

    internal static IEnumerable<OperatorCase> GreaterCases() => Cases("Greater", 9);

    internal static IEnumerable<OperatorCase> GreaterOrEqualCases() => Cases("GreaterOrEqual", 12);

    internal static IEnumerable<OperatorCase> EqualCases() => Cases("Equal", 11);

    private static void Import(OnnxNode node, Comparison comparison, bool exchange)
    {
        var (left, right) = (node.Input(0, "left side"), node.Input(1, "right side"));
        node.Output(0, DataType.Bool, new Relation(comparison), exchange ? [right, left] : [left, right]);
    }

    private static IEnumerable<OperatorCase> Cases(string type, int first) =>
    [
        OperatorCase.Of(type, "two inputs", first).Input(1, 12).Input(1, 12).WithOutputs(1, DataType.Bool),
        OperatorCase.Of(type, "with zero").Input(1, 40).Constant([], [0]).WithOutputs(1, DataType.Bool),
        OperatorCase.Of(type, "broadcast, integers", 16).Input([1, 3, 1], DataType.Int32).Input([4], DataType.Int32).WithOutputs(1, DataType.Bool),
    ];
}
