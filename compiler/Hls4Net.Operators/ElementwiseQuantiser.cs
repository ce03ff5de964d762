using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>A quantiser of every element of its first input, whose further inputs are constants that broadcast to it.</summary>
public abstract record ElementwiseQuantiser : Operator
{
    public sealed override ConstantRole RoleOf(int input) => ConstantRole.Scale;

    public sealed override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        for (var k = 1; k < inputs.Count; k++)
        {
            if (Broadcasting.Shape(x, inputs[k]!.Value) != x)
                throw new ShapeException($"a parameter of shape {inputs[k]} does not broadcast to {x}");
        }
        return [x];
    }

    public sealed override void Define(Definition definition)
    {
        var x = definition.Input(0);
        definition.Output(0, x.Shape, (b, i) => Map(b, b.At(x, i), position =>
        {
            if (!definition.Has(position))
                return null;
            var tensor = definition.Input(position);
            return b.At(tensor, Broadcasting.Indices(tensor.Shape, i));
        }));
    }

    /// <summary>The result's element.</summary>
    /// <param name="parameter">The number of the input at a position that goes with the element; null if the input is omitted.</param>
    private protected abstract Term Map(BlockBuilder block, Term element, Func<int, Term?> parameter);
}
