using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// x · scale[c] + shift[c], where c is the index in dimension <paramref name="Axis"/> (counted from 0) of x; exact. Inputs: x, scale of
/// shape [C], shift of shape [C].
/// </summary>
public sealed record ScaleShift(int Axis) : Operator
{
    public override ConstantRole RoleOf(int input) => input == 1 ? ConstantRole.Scale : ConstantRole.Bias;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        if (Axis >= x.Count)
            throw new ShapeException($"the input has shape {x} and no dimension {Axis} for channels");
        for (var k = 1; k <= 2; k++)
        {
            if (inputs[k]!.Value != [x[Axis]])
                throw new ShapeException($"input {k} has shape {inputs[k]} where the {x[Axis]} channels of the input ask for [{x[Axis]}]");
        }
        return [x];
    }

    public override void Define(Definition definition)
    {
        var (x, scale, shift) = (definition.Input(0), definition.Input(1), definition.Input(2));
        definition.Output(0, x.Shape, (b, i) => b.At(x, i) * b.At(scale, i[Axis]) + b.At(shift, i[Axis]));
    }
}
