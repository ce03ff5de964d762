using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// A matrix product with a bias: y[…, n] = bias[n] + Σₖ x[…, k] · w[k, n]. Inputs: x of shape […, K], w of shape [K, N], and an optional
/// bias of shape [N]. Gemm and MatMul with a constant on the right both become this.
/// </summary>
/// <param name="Accumulator">
/// Null for an exact sum. With a type, the bias is cast to it first, then each product, and they are added in ascending k with a cast
/// after every step.
/// </param>
public sealed record Dense(Quantizer? Accumulator = null) : Operator
{
    public override Quantizer? AccumulatorType => Accumulator;

    public override bool Multiplies => true;

    public override ConstantRole RoleOf(int input) => input == 2 ? ConstantRole.Bias : ConstantRole.Weight;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var (x, w) = (inputs[0]!.Value, inputs[1]!.Value);
        if (x.Count == 0 || w.Count != 2 || x[^1] != w[0])
            throw new ShapeException($"a matrix product needs […, K] by [K, N], and got {x} by {w}");
        if (inputs.Count > 2 && inputs[2] is { } bias && bias != [w[1]])
            throw new ShapeException($"the bias has shape {bias} where {w[1]} results ask for [{w[1]}]");
        return [OutputShape(x, w)];
    }

    public override void Define(Definition definition)
    {
        var (x, w) = (definition.Input(0), definition.Input(1));
        var bias = definition.Has(2) ? definition.Input(2) : null;
        definition.Output(0, OutputShape(x.Shape, w.Shape), (b, i) =>
        {
            Term? initial = bias is null ? null : b.At(bias, i[^1]);
            return b.Sum([w.Shape[0]], (t, k) => t.At(x, [.. i[..^1], k[0]]) * t.At(w, k[0], i[^1]), initial, Accumulator);
        });
    }

    private static Seq<int> OutputShape(Seq<int> x, Seq<int> w) => [.. x.Span[..^1], w[1]];

    /// <summary>
    /// alpha · A · B + beta · C. A constant B takes alpha and the transposition into itself, a constant C of one row takes beta and becomes
    /// the bias.
    /// </summary>
    internal static void ImportGemm(OnnxNode node)
    {
        var a = Transposed(node, "transA", node.Input(0, "matrix A"));
        var b = Transposed(node, "transB", node.Input(1, "matrix B"));
        if (a.Rank != 2 || b.Rank != 2)
            throw node.Refuse($"Gemm takes matrices, and got {a.Shape} by {b.Shape}");
        var alpha = node.Attributes.Float("alpha", 1);
        var (scaledA, scaledB) = b.Constant is null && a.Constant is not null ? (Scaled(node, a, alpha), b) : (a, Scaled(node, b, alpha));
        var beta = node.Attributes.Float("beta", 1);
        var c = node.Optional(2, "matrix C") is { } given ? Scaled(node, given, beta) : null;
        if (c is not null && Broadcasting.Shape(c.Shape, [a.Shape[0], b.Shape[1]]) != [a.Shape[0], b.Shape[1]])
            throw node.Refuse($"C of shape {c.Shape} does not broadcast to [{a.Shape[0]}, {b.Shape[1]}]");
        Operator product = b.Constant is null ? new MatrixProduct() : new Dense();
        if (c is null)
            node.Output(product, scaledA, scaledB);
        else if (product is Dense && AsBias(node, c, b.Shape[1]) is { } bias)
            node.Output(product, scaledA, scaledB, bias);
        else
            node.Output(new Addition(), node.Emit("product", product, scaledA, scaledB), c);
    }

    /// <summary>A · B with vectors and leading dimensions as in NumPy's matmul.</summary>
    internal static void ImportMatMul(OnnxNode node)
    {
        var (a, b) = (node.Input(0, "matrix A"), node.Input(1, "matrix B"));
        if (a.Rank == 0 || b.Rank == 0)
            throw node.Refuse($"MatMul takes no scalars, and got {a.Shape} by {b.Shape}");
        var isVector = b.Rank == 1;
        var right = isVector ? node.Emit("column", new Reshape([b.Shape[0], 1]), b) : b;
        var isRow = a.Rank == 1 && right.Rank > 2;
        var left = a.Rank == 1 && (isRow || right.Constant is null) ? node.Emit("row", new Reshape([1, a.Shape[0]]), a) : a;
        Operator product = right.Constant is not null && right.Rank == 2 ? new Dense() : new MatrixProduct();
        if (!isVector && ReferenceEquals(left, a))
        {
            node.Output(product, left, right);
            return;
        }
        var full = node.Emit("product", product, left, right);
        var dropped = full.Shape.Where((_, k) => !(isVector && k == full.Rank - 1) && !(!ReferenceEquals(left, a) && k == full.Rank - 2)).ToSeq();
        node.Output(new Reshape(dropped), full);
    }

    internal static IEnumerable<OperatorCase> GemmCases() =>
    [
        OperatorCase.Of("Gemm", "plain", 7).Input(1, 4).Constant(4, 3).Constant(3),
        OperatorCase.Of("Gemm", "without C").Input(1, 4).Constant(4, 3),
        OperatorCase.Of("Gemm", "all attributes").Input(4, 2).Constant(3, 4).Constant(1, 3)
            .With("transA", 1).With("transB", 1).With("alpha", 0.3f).With("beta", 1.7f),
        OperatorCase.Of("Gemm", "computed B").Input(2, 4).Input(3, 4).Constant([], [0.5]).With("transB", 1).With("alpha", -2.5f).With("beta", 3f),
        OperatorCase.Of("Gemm", "constant A").Constant(2, 4).Input(4, 3).Input(2, 1).With("alpha", 0.7f).With("beta", -1f),
        OperatorCase.Of("Gemm", "C by rows").Input(2, 4).Constant(4, 3).Constant(2, 1),
    ];

    internal static IEnumerable<OperatorCase> MatMulCases() =>
    [
        OperatorCase.Of("MatMul", "constant on the right", 7).Input(1, 4).Constant(4, 3),
        OperatorCase.Of("MatMul", "constant on the left", 9).Constant(3, 4).Input(4, 2),
        OperatorCase.Of("MatMul", "rows of a batch").Input(1, 3, 4).Constant(4, 2),
        OperatorCase.Of("MatMul", "batch of constants").Input(1, 3, 4).Constant(2, 4, 3),
        OperatorCase.Of("MatMul", "two inputs, broadcast").Input(2, 1, 3, 4).Input(3, 4, 2),
        OperatorCase.Of("MatMul", "vector on the right").Input(1, 3, 4).Constant(4),
        OperatorCase.Of("MatMul", "vector on the left").Input(4).Constant(2, 4, 3),
        OperatorCase.Of("MatMul", "vector by matrix").Input(4).Constant(4, 3),
        OperatorCase.Of("MatMul", "computed vectors").Input(4).Input(4),
    ];

    private static Operand Transposed(OnnxNode node, string attribute, Operand matrix) =>
        node.Attributes.Int(attribute, 0) != 0 && matrix.Rank == 2 ? node.Emit(attribute, new Transpose([1, 0]), matrix) : matrix;

    private static Operand Scaled(OnnxNode node, Operand value, Dyadic factor) =>
        factor == Dyadic.One ? value : node.Emit("scaled", new Multiplication(), value, node.Constant("factor", ConstantTensor.Of([], [factor])));

    /// <summary>A constant C of one row as a bias of N numbers, or null if it is none.</summary>
    private static Operand? AsBias(OnnxNode node, Operand c, int count)
    {
        if (c.Constant is not { } constant || (c.Rank == 2 && c.Shape[0] != 1))
            return null;
        if (c.Shape == [count])
            return c;
        var values = Enumerable.Range(0, count).Select(k => constant.Values[constant.Values.Count == 1 ? 0 : k]).ToSeq();
        var bias = ConstantTensor.Of([count], values);
        return node.Constant("bias", constant.Type is { } type ? bias.Quantize(new(type, Rounding.Trn, Overflow.Wrap)) : bias);
    }
}
