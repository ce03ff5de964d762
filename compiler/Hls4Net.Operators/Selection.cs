using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// Chosen elements in a new shape: element k of the result is element Elements[k] of the inputs laid end to end, or 0 where that is −1.
/// The general rearrangement, for operators whose indices are constants and follow no simpler rule.
/// </summary>
/// <param name="Elements">Row-major positions in the first input, and behind it in the second.</param>
/// <param name="Shape">The shape of the result.</param>
public sealed record Selection(Seq<int> Elements, Seq<int> Shape) : Operator
{
    /// <summary>The element that stands for the number 0.</summary>
    public const int Zero = -1;

    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var available = inputs.Sum(i => Shapes.Count(i!.Value));
        return Elements.Count == Shapes.Count(Shape) && Elements.All(e => e >= Zero && e < available)
            ? [Shape]
            : throw new ShapeException($"a choice of {Elements.Count} from {available} elements for the shape {Shape}");
    }

    public override void Define(Definition definition)
    {
        var first = Shapes.Count(definition.Input(0).Shape);
        var (inputs, elements) = (new int[Elements.Count], new int[Elements.Count]);
        for (var k = 0; k < inputs.Length; k++)
        {
            var element = Elements[k];
            (inputs[k], elements[k]) = element == Zero ? (-1, 0) : element < first ? (0, element) : (1, element - first);
        }
        definition.Rearrange(0, Shape, new Wiring(Seq.Own(inputs), Seq.Own(elements), [Dyadic.Zero]));
    }

    /// <summary>The choice that a function of the result's indices makes.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="element">Gives for the indices of a result element the position of its source, or <see cref="Zero"/>.</param>
    internal static Selection By(Seq<int> shape, Func<int[], int> element)
    {
        var (elements, indices) = (new int[Shapes.Count(shape)], new int[shape.Count]);
        for (var k = 0; k < elements.Length; k++)
        {
            Shapes.Unravel(k, shape, indices);
            elements[k] = element(indices);
        }
        return new(Seq.Own(elements), shape);
    }

    /// <summary>The row-major position of an element.</summary>
    internal static int Position(Seq<int> shape, ReadOnlySpan<int> indices)
    {
        var position = 0;
        for (var d = 0; d < indices.Length; d++)
            position = position * shape[d] + indices[d];
        return position;
    }
}
