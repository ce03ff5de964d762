using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// scale · (q − zero) with q = code(x · inverse + zero): a quantiser with scales per channel, a zero point, or a rounding that no cast has.
/// Inputs: x, and the constants inverse, zero and scale, which broadcast to x and carry their exact types.
/// </summary>
public sealed record UniformQuantize(QuantCode Code) : Operator
{
    public override ConstantRole RoleOf(int input) => input == 2 ? ConstantRole.Bias : ConstantRole.Scale;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        for (var k = 1; k <= 3; k++)
        {
            if (Broadcasting.Shape(x, inputs[k]!.Value) != x)
                throw new ShapeException($"a parameter of shape {inputs[k]} does not broadcast to {x}");
        }
        return [x];
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        definition.Output(0, x.Shape, (b, i) =>
        {
            var zero = Parameter(2);
            var code = Code.Apply(b, b.At(x, i) * Parameter(1) + zero);
            return (code - zero) * Parameter(3);

            Term Parameter(int position)
            {
                var tensor = definition.Input(position);
                return b.At(tensor, Broadcasting.Indices(tensor.Shape, i));
            }
        });
    }
}
