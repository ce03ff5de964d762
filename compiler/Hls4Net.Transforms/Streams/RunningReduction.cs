using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Streams;

/// <summary>A reduction over elements as they are, such as the mean of a picture: it can be kept up to date while they come.</summary>
/// <param name="Reduction">Sum, maximum or minimum.</param>
/// <param name="Channel">What is reduced.</param>
/// <param name="Terms">For each element of the first stage's result the elements of the channel.</param>
internal sealed record RunningReduction(Reduction Reduction, string Channel, IReadOnlyList<int[]> Terms)
{
    /// <summary>The reduction of a group, or null if it has none, or one of products, with a rounded sum, or of an element twice.</summary>
    public static RunningReduction? Of(Design design, StageGroup group)
    {
        var stage = group.Stages[0];
        if (stage.Computation is not Kernel kernel
            || kernel.Body.Instructions.OfType<Reduce>().ToArray() is not [{ Accumulator: null, Initial: < 0, Term.Instructions: [Load load] } reduce]
            || kernel.Body.Instructions.Any(i => i is Load other && design.Constant(stage.Inputs[other.Input]) is null)
            || design.Constant(stage.Inputs[load.Input]) is not null)
            return null;
        var terms = new int[Shapes.Count(kernel.Domain)][];
        var indices = new int[kernel.Domain.Count + reduce.Extents.Count];
        for (var k = 0; k < terms.Length; k++)
        {
            Array.Clear(indices);
            Shapes.Unravel(k, kernel.Domain, indices.AsSpan(0, kernel.Domain.Count));
            var read = new List<int>();
            do
            {
                if (Interpreter.Holds(reduce.Where, indices))
                    read.Add(load.Element.Evaluate(indices));
            }
            while (Shapes.Advance(indices.AsSpan(kernel.Domain.Count), reduce.Extents));
            if (read.Count == 0 || read.Distinct().Count() != read.Count)
                return null;
            terms[k] = [.. read];
        }
        return new(reduce.Reduction, stage.Inputs[load.Input], terms);
    }
}
