using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Sum and Mean of any number of tensors, broadcast.</summary>
internal static class Summation
{
    public static void ImportSum(OnnxNode node) => node.Chain(new Addition());

    public static void ImportMean(OnnxNode node) => node.Chain(new Addition(), sum =>
        node.Output(new Multiplication(), sum, Reciprocal(node, node.InputCount)));

    public static IEnumerable<OperatorCase> SumCases() => Cases("Sum");

    public static IEnumerable<OperatorCase> MeanCases() => Cases("Mean");

    /// <summary>The constant 1/n, exact if n is a power of two and to 160 bits otherwise.</summary>
    public static Operand Reciprocal(OnnxNode node, int n)
    {
        var constant = ConstantTensor.Of([], [Dyadic.One / n]);
        return node.Constant("reciprocal", int.IsPow2(n) ? Numbers.WithExactType(constant) : constant);
    }

    private static IEnumerable<OperatorCase> Cases(string type) =>
    [
        OperatorCase.Of(type, "one input", 8).Input(1, 5),
        OperatorCase.Of(type, "two inputs", 8).Input(1, 5).Input(1, 5),
        OperatorCase.Of(type, "three inputs, broadcast").Input(1, 3, 1).Input(2, 1, 4).Constant(4),
    ];
}
