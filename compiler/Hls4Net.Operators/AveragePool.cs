using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// The sum of each window. ONNX AveragePool is this and a multiplication by a constant: the reciprocal of the number of elements, which
/// differs at the edges where padding does not count.
/// </summary>
/// <param name="Windows">How the window moves.</param>
/// <param name="Accumulator">Null for an exact sum.</param>
public sealed record WindowSum(Windows Windows, Quantizer? Accumulator = null) : Operator
{
    public override Quantizer? AccumulatorType => Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) =>
        [[inputs[0]!.Value[0], inputs[0]!.Value[1], .. Windows.Positions(inputs[0]!.Value)]];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        definition.Output(0, [x.Shape[0], x.Shape[1], .. Windows.Positions(x.Shape)], (b, i) => b.Sum(Windows.Kernel,
            (t, k) => t.At(x, [i[0], i[1], .. Windows.Coordinates(i.AsSpan(2), k)]), null, Accumulator,
            k => Windows.Guards(x.Shape, Windows.Coordinates(i.AsSpan(2), k))));
    }
}

/// <summary>ONNX AveragePool.</summary>
internal static class AveragePool
{
    public static void Import(OnnxNode node)
    {
        if (ChannelsLast.TryImport(node, ChannelsLast.ImportAveragePool))
            return;
        var x = node.Input(0, "input");
        var (sum, reciprocal) = Parts(node, x, Windows.Read(node, x.Shape, null, hasCeiling: node.Opset >= 10, hasDilations: node.Opset >= 19));
        node.Output(new Multiplication(), sum, reciprocal);
    }

    /// <summary>The mean of each window as an inner value.</summary>
    public static Operand Emit(OnnxNode node, Operand x, Windows windows)
    {
        var (sum, reciprocal) = Parts(node, x, windows);
        return node.Emit("mean", new Multiplication(), sum, reciprocal);
    }

    private static (Operand Sum, Operand Reciprocal) Parts(OnnxNode node, Operand x, Windows windows)
    {
        var includePadding = node.Attributes.Flag("count_include_pad", otherwise: false);
        var sum = node.Emit("sum", new WindowSum(windows), x);
        var positions = windows.Positions(x.Shape);
        if (!includePadding && windows.AnyEmpty(x.Shape))
            throw node.Refuse($"a window of {windows.Kernel} lies on padding alone");
        var byCount = new Dictionary<int, Dyadic>();
        var (reciprocals, indices) = (new Dyadic[Shapes.Count(positions)], new int[positions.Count]);
        for (var k = 0; k < reciprocals.Length; k++)
        {
            Shapes.Unravel(k, positions, indices);
            var count = windows.Count(x.Shape, indices, includePadding);
            if (!byCount.TryGetValue(count, out reciprocals[k]))
                byCount[count] = reciprocals[k] = Dyadic.One / count;
        }
        var isUniform = reciprocals.All(r => r == reciprocals[0]);
        var constant = isUniform ? ConstantTensor.Of([], [reciprocals[0]]) : ConstantTensor.Of(positions, Seq.Own(reciprocals));
        var isExact = reciprocals.All(Numbers.IsPowerOfTwo);
        return (sum, node.Constant("reciprocal", isExact ? Numbers.WithExactType(constant) : constant));
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        .. ChannelsLast.AveragePoolCases(),
        Case("sequence", 7, 1, 2, 6).With("kernel_shape", new long[] { 4 }),
        Case("strides", 11, 1, 2, 6, 6).With("kernel_shape", new long[] { 2, 3 }).With("strides", new long[] { 2, 3 }),
        Case("padding does not count", 11, 1, 1, 5, 5).With("kernel_shape", new long[] { 3, 3 }).With("pads", new long[] { 1, 1, 1, 1 }),
        Case("padding counts", 11, 1, 1, 5, 5).With("kernel_shape", new long[] { 3, 3 }).With("pads", new long[] { 1, 0, 1, 2 }).With("count_include_pad", 1),
        Case("rounded up", 11, 1, 1, 6, 5).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 2 }).With("ceil_mode", 1),
        Case("rounded up, padding counts", 19, 1, 1, 6, 5).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 2 })
            .With("pads", new long[] { 1, 0, 0, 0 }).With("ceil_mode", 1).With("count_include_pad", 1),
        Case("same upper", 11, 1, 1, 5, 4).With("kernel_shape", new long[] { 3, 2 }).With("auto_pad", "SAME_UPPER"),
        Case("dilations", 19, 1, 1, 7, 7).With("kernel_shape", new long[] { 2, 3 }).With("dilations", new long[] { 2, 3 }),
    ];

    private static OperatorCase Case(string name, int opset, params int[] x) => OperatorCase.Of("AveragePool", name, opset).Input(x);
}
