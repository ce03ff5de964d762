using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.Pruning;

/// <summary>The numbers that a layer's weights multiply, input by input.</summary>
/// <param name="Mean">On calibration events; zero without them.</param>
/// <param name="Power">By how much an error of a weight counts: the mean square of its input, or the variance where a bias takes the mean.</param>
/// <param name="Width">Bits.</param>
internal sealed record OperandFigures(double[] Mean, double[] Power, double[] Width)
{
    /// <param name="layout">Of the layer.</param>
    /// <param name="op">The layer.</param>
    /// <param name="shape">Of its operand.</param>
    /// <param name="ranges">What its operand's elements can be.</param>
    /// <param name="moments">What they were on calibration events; null if nobody knows.</param>
    /// <param name="hasBias">Whether a bias takes the mean error.</param>
    public static OperandFigures Of(WeightLayout layout, Operator op, Seq<int> shape, IReadOnlyList<Interval> ranges, IReadOnlyList<Calibration.Moments>? moments, bool hasBias)
    {
        var (mean, square, width, count) = (new double[layout.Inputs], new double[layout.Inputs], new double[layout.Inputs], new int[layout.Inputs]);
        for (var e = 0; e < ranges.Count; e++)
        {
            var input = WeightLayout.InputOf(op, shape, e);
            var largest = ranges[e].Largest.ToDouble();
            count[input]++;
            mean[input] += moments?[e].Mean ?? 0;
            // Without events every value of the range is as likely as the others.
            square[input] += moments?[e].Square ?? (largest * largest / 3);
            width[input] = Math.Max(width[input], ranges[e].Type.Width);
        }
        for (var i = 0; i < count.Length; i++)
        {
            mean[i] /= count[i];
            square[i] /= count[i];
            if (hasBias)
                square[i] = Math.Max(0, square[i] - (mean[i] * mean[i]));
        }
        return new(mean, square, width);
    }

    /// <summary>Where nothing is known, all inputs are alike.</summary>
    public static OperandFigures Unknown { get; } = new([0], [1], [1]);
}
