using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Primitives;

/// <summary>Reads a block in an algebra: the one place that knows in which order primitives are applied.</summary>
public static class Interpreter
{
    /// <summary>The value of the block's last instruction.</summary>
    /// <param name="algebra">The interpretation.</param>
    /// <param name="block">What to read.</param>
    /// <param name="indices">The values of the loop indices around the block.</param>
    /// <param name="load">The value of an element (linear position) of an input.</param>
    public static T Evaluate<T>(IAlgebra<T> algebra, Block block, ReadOnlySpan<int> indices, Func<int, int, T> load) =>
        EvaluateAll(algebra, block, indices, load)[^1];

    /// <summary>The values of all instructions of the block.</summary>
    public static T[] EvaluateAll<T>(IAlgebra<T> algebra, Block block, ReadOnlySpan<int> indices, Func<int, int, T> load)
    {
        var values = new T[block.Instructions.Count];
        EvaluateInto(algebra, block, values, indices, load);
        return values;
    }

    private static void EvaluateInto<T>(IAlgebra<T> algebra, Block block, T[] values, ReadOnlySpan<int> indices, Func<int, int, T> load)
    {
        var instructions = block.Instructions.Span;
        for (var i = 0; i < instructions.Length; i++)
            values[i] = Apply(algebra, instructions[i], values, indices, load);
    }

    /// <summary>The value of one instruction, given those of the earlier ones.</summary>
    public static T Apply<T>(IAlgebra<T> algebra, Instruction instruction, T[] v, ReadOnlySpan<int> indices, Func<int, int, T> load) =>
        instruction switch
        {
            Load i => load(i.Input, i.Element.Evaluate(indices)),
            Literal i => algebra.Literal(i.Value),
            IndexValue i => algebra.Literal(i.Value.Evaluate(indices)),
            Add i => algebra.Add(v[i.Left], v[i.Right]),
            Subtract i => algebra.Subtract(v[i.Left], v[i.Right]),
            Multiply i => algebra.Multiply(v[i.Left], v[i.Right]),
            Square i => algebra.Square(v[i.Operand]),
            Divide i => algebra.Divide(v[i.Left], v[i.Right], i.Fraction),
            Minimum i => algebra.Minimum(v[i.Left], v[i.Right]),
            Maximum i => algebra.Maximum(v[i.Left], v[i.Right]),
            Compare i => algebra.Compare(i.Comparison, v[i.Left], v[i.Right]),
            Select i => algebra.Select(v[i.Condition], v[i.Then], v[i.Otherwise]),
            Shift i => algebra.Shift(v[i.Operand], i.Power),
            Cast i => algebra.Cast(v[i.Operand], i.Quantizer),
            Lookup i => algebra.Lookup(v[i.Operand], i.Table),
            Reduce i => Reduce(algebra, i, v, indices, load),
            _ => throw new InvalidOperationException($"No interpretation for {instruction.GetType().Name}."),
        };

    private static T Reduce<T>(IAlgebra<T> algebra, Reduce reduce, T[] outer, ReadOnlySpan<int> indices, Func<int, int, T> load)
    {
        var terms = Terms(algebra, reduce, indices, load);
        if (reduce.Reduction == Reduction.Sum)
        {
            if (reduce.Accumulator is { } type)
                return Accumulate(algebra, reduce.Initial < 0 ? algebra.Literal(Dyadic.Zero) : outer[reduce.Initial], terms, type);
            if (reduce.Initial >= 0)
                terms.Insert(0, outer[reduce.Initial]);
            return algebra.Sum(terms);
        }
        if (terms.Count == 0)
            throw new InvalidOperationException("A maximum or minimum over no elements has no value.");
        return Balanced(terms, reduce.Reduction == Reduction.Maximum ? algebra.Maximum : algebra.Minimum);
    }

    private static List<T> Terms<T>(IAlgebra<T> algebra, Reduce reduce, ReadOnlySpan<int> indices, Func<int, int, T> load)
    {
        var count = Shapes.Count(reduce.Extents);
        var terms = new List<T>(count + 1);
        var inner = new int[indices.Length + reduce.Extents.Count];
        indices.CopyTo(inner);
        var values = new T[reduce.Term.Instructions.Count];
        for (var n = 0; n < count; n++)
        {
            if (Holds(reduce.Where, inner))
            {
                EvaluateInto(algebra, reduce.Term, values, inner, load);
                terms.Add(values[^1]);
            }
            Shapes.Advance(inner.AsSpan(indices.Length), reduce.Extents);
        }
        return terms;
    }

    /// <summary>Whether every guard lets the indices through.</summary>
    public static bool Holds(Seq<Guard> guards, ReadOnlySpan<int> indices)
    {
        foreach (var guard in guards.Span)
        {
            var coordinate = guard.Coordinate.Evaluate(indices);
            if (coordinate < 0 || coordinate >= guard.Extent)
                return false;
        }
        return true;
    }

    private static T Accumulate<T>(IAlgebra<T> algebra, T initial, List<T> terms, Quantizer type)
    {
        var sum = algebra.Cast(initial, type);
        foreach (var term in terms)
            sum = algebra.Cast(algebra.Add(sum, algebra.Cast(term, type)), type);
        return sum;
    }

    private static T Balanced<T>(IReadOnlyList<T> terms, Func<T, T, T> combine)
    {
        while (terms.Count > 1)
        {
            var next = new List<T>((terms.Count + 1) / 2);
            for (var i = 0; i < terms.Count; i += 2)
                next.Add(i + 1 < terms.Count ? combine(terms[i], terms[i + 1]) : terms[i]);
            terms = next;
        }
        return terms[0];
    }
}

/// <summary>Row-major index arithmetic.</summary>
public static class Shapes
{
    /// <summary>The number of elements; 1 for a scalar.</summary>
    public static int Count(Seq<int> shape)
    {
        var count = 1;
        foreach (var extent in shape.Span)
            count *= extent;
        return count;
    }

    /// <summary>The indices of the element at a linear position.</summary>
    public static void Unravel(int linear, Seq<int> shape, Span<int> indices)
    {
        for (var k = shape.Count - 1; k >= 0; k--)
        {
            indices[k] = linear % shape[k];
            linear /= shape[k];
        }
    }

    /// <summary>Moves the indices on to the next element in row-major order; false, and back to the first, after the last.</summary>
    public static bool Advance(Span<int> indices, Seq<int> shape)
    {
        for (var k = indices.Length - 1; k >= 0; k--)
        {
            if (++indices[k] < shape[k])
                return true;
            indices[k] = 0;
        }
        return false;
    }

    /// <summary>Distance in linear positions between neighbours along each dimension.</summary>
    public static Seq<int> Strides(Seq<int> shape)
    {
        var strides = new int[shape.Count];
        var stride = 1;
        for (var k = shape.Count - 1; k >= 0; k--)
        {
            strides[k] = stride;
            stride *= shape[k];
        }
        return Seq.Own(strides);
    }
}
