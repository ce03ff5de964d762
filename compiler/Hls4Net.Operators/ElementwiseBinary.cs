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
            Combine(b.At(left, Broadcasting.Indices(left.Shape, i)), b.At(right, Broadcasting.Indices(right.Shape, i))));
    }

    /// <summary>The result's element.</summary>
    protected abstract Term Combine(Term left, Term right);
}
