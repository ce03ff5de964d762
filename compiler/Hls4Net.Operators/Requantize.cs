using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// code(x · multiplier + offset) · 2^Scale: a quantiser as hardware does it, with one multiplication by a constant. Inputs: x, and the
/// constants multiplier and offset, which broadcast to x. A fourth input, whole numbers, is added between rounding and saturation.
/// </summary>
/// <param name="Code">Rounding and range of the integers.</param>
/// <param name="Scale">Where the result has its binary point.</param>
/// <param name="Slack">
/// Zero if the sum rounds as it is. Else the sum stands for a number within this of it, and what is no tie and no integer is farther than
/// twice this from one.
/// </param>
public sealed record Requantize(QuantCode Code, int Scale, Dyadic Slack) : Operator
{
    public override ConstantRole RoleOf(int input) => ConstantRole.Scale;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        for (var k = 1; k < inputs.Count; k++)
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
            var sum = b.At(x, i) * Parameter(1) + Parameter(2);
            Term? zero = definition.Has(3) ? Parameter(3) : null;
            return (Slack.IsZero ? Code.Apply(b, sum, zero) : Code.Apply(b, sum, zero, Slack)).Shift(Scale);

            Term Parameter(int position)
            {
                var tensor = definition.Input(position);
                return b.At(tensor, Broadcasting.Indices(tensor.Shape, i));
            }
        });
    }
}
