using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>What operators of two broadcast operands share: the shape and the loop nest. A derived operator says only how two elements meet.</summary>
public abstract record ElementwiseBinary : Operator
{
    public sealed override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [Broadcasting.Shape(inputs[0]!.Value, inputs[1]!.Value)];

    public sealed override void Define(Definition definition)
    {
        var (left, right) = (definition.Input(0), definition.Input(1));
        definition.Output(0, Broadcasting.Shape(left.Shape, right.Shape), (b, i) =>
            Combine(b, b.At(left, Broadcasting.Indices(left.Shape, i)), b.At(right, Broadcasting.Indices(right.Shape, i))));
    }

    /// <summary>Operands computed and constant, on either side, equal and broadcast.</summary>
    private protected static IEnumerable<OperatorCase> CasesOf(string type, int first = 7) =>
    [
        OperatorCase.Of(type, "two inputs", first).Input(1, 5).Input(1, 5),
        OperatorCase.Of(type, "both broadcast").Input(1, 3, 1).Input(2, 1, 4),
        OperatorCase.Of(type, "constant on the right", 14).Input(1, 2, 3).Constant(3),
        OperatorCase.Of(type, "constant on the left").Constant(2, 1).Input(1, 2, 3),
        OperatorCase.Of(type, "scalar").Input(1, 4).Constant([], [0.75]),
    ];

    private protected static IEnumerable<OperatorCase> ChainCasesOf(string type, int first) =>
    [
        OperatorCase.Of(type, "one input", first).Input(1, 5),
        OperatorCase.Of(type, "four inputs").Input(1, 3, 1).Input(2, 1, 4).Constant(4).Input(1),
    ];

    /// <summary>The result's element.</summary>
    protected abstract Term Combine(BlockBuilder block, Term left, Term right);
}
