using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

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
public sealed record Requantize(QuantCode Code, int Scale, Dyadic Slack) : ElementwiseQuantiser
{
    private protected override Term Map(BlockBuilder block, Term element, Func<int, Term?> parameter)
    {
        var sum = element * parameter(1)!.Value + parameter(2)!.Value;
        var zero = parameter(3);
        return (Slack.IsZero ? Code.Apply(block, sum, zero) : Code.Apply(block, sum, zero, Slack)).Shift(Scale);
    }
}
