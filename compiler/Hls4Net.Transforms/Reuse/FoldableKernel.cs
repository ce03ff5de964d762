using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Reuse;

/// <summary>A stage whose products with constants can be folded.</summary>
/// <param name="Terms">Products of one output, those with zeros included.</param>
/// <param name="Outputs">Outputs that are computed alike at every position: the filters of a convolution.</param>
/// <param name="Positions">Places at which the same is done to other elements.</param>
internal sealed record FoldableKernel(int Terms, int Outputs, int Positions)
{
    /// <summary>Products at one position: what reuse factors divide.</summary>
    public long Products => (long)Terms * Outputs;

    /// <summary>The schedule with a valid reuse factor.</summary>
    public FoldedSchedule By(int reuse) => new(reuse, checked((int)(Products * Positions / reuse)));

    /// <summary>How the stage can be folded, or null if it cannot.</summary>
    public static FoldableKernel? Of(Design design, StageGroup group)
    {
        var stage = group.Stages[0];
        if (stage.Computation is not Kernel kernel || kernel.Body.Instructions.OfType<Reduce>().ToArray() is not [{ Reduction: Reduction.Sum } sum])
            return null;
        if (KindOf(design, stage, sum.Term) is not { Degree: 1, IsScaled: true } term)
            return null;
        if (sum.Accumulator is not null && (term.HasOffset || (sum.Initial >= 0 && !IsConstant(design, stage, kernel.Body, sum.Initial))))
            return null;
        var classes = Position.ClassesOf(design, group);
        var positions = classes.Count == 0 ? 1 : classes.Sum(c => c.Count);
        return new(Shapes.Count(sum.Extents), Shapes.Count(kernel.Domain) / positions, positions);
    }

    /// <summary>How a value depends on channels.</summary>
    /// <param name="Degree">0 for a constant, 1 for one element times and plus constants, 2 for anything else.</param>
    /// <param name="IsScaled">Whether an element of a constant tensor is a factor.</param>
    /// <param name="HasOffset">Whether a constant is added.</param>
    private readonly record struct Kind(int Degree, bool IsScaled, bool HasOffset);

    private static bool IsConstant(Design design, Stage stage, Block block, int index) => KindsOf(design, stage, block)[index].Degree == 0;

    private static Kind KindOf(Design design, Stage stage, Block block) => KindsOf(design, stage, block)[^1];

    private static Kind[] KindsOf(Design design, Stage stage, Block block)
    {
        var kinds = new Kind[block.Instructions.Count];
        for (var k = 0; k < kinds.Length; k++)
        {
            kinds[k] = block.Instructions[k] switch
            {
                Load i when design.Constant(stage.Inputs[i.Input]) is not null => new(0, true, false),
                Load => new(1, false, false),
                Literal or IndexValue => new(0, false, false),
                Shift i => kinds[i.Operand],
                Cast i when kinds[i.Operand].Degree == 0 => kinds[i.Operand],
                Add i => Sum(kinds[i.Left], kinds[i.Right]),
                Subtract i => Sum(kinds[i.Left], kinds[i.Right]),
                Multiply i when kinds[i.Left].Degree + kinds[i.Right].Degree <= 1 => new(kinds[i.Left].Degree + kinds[i.Right].Degree,
                    kinds[i.Left].IsScaled || kinds[i.Right].IsScaled, kinds[i.Left].HasOffset || kinds[i.Right].HasOffset),
                _ => new(2, false, false),
            };
        }
        return kinds;
    }

    private static Kind Sum(Kind a, Kind b) => a.Degree + b.Degree > 1 ? new(2, false, false)
        : a.Degree + b.Degree == 0 ? new(0, a.IsScaled || b.IsScaled, false)
        : a.Degree == 1 ? a with { HasOffset = true } : b with { HasOffset = true };
}
