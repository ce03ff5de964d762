using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>
/// What each instruction of a block can be, over all elements of its loops: the variable that holds the instruction's value in a
/// loop must have a type for all of them.
/// </summary>
internal sealed class BlockRanges
{
    private readonly IntervalAlgebra _algebra;
    private readonly Seq<Instruction> _instructions;
    private readonly Interval?[] _values;
    private readonly Interval?[] _running;
    private readonly BlockRanges?[] _terms;

    private BlockRanges(Block block, IntervalAlgebra algebra)
    {
        _algebra = algebra;
        _instructions = block.Instructions;
        _values = new Interval?[_instructions.Count];
        _running = new Interval?[_instructions.Count];
        _terms = [.. _instructions.Select(i => i is Reduce reduce ? new BlockRanges(reduce.Term, algebra) : null)];
    }

    /// <summary>The ranges of a kernel's instructions.</summary>
    /// <param name="kernel">What to look at.</param>
    /// <param name="load">The interval of an element of an input.</param>
    public static BlockRanges Of(Kernel kernel, Func<int, int, Interval> load)
    {
        var ranges = new BlockRanges(kernel.Body, new IntervalAlgebra());
        var patterns = new ReadPatterns<Interval>(kernel, load);
        var indices = new int[kernel.Domain.Count];
        var count = Shapes.Count(kernel.Domain);
        for (var n = 0; n < count; n++)
        {
            Shapes.Unravel(n, kernel.Domain, indices);
            // What an element adds to the ranges, another one that reads the same has added already.
            if (!patterns.IsKnown(indices, out var pattern, out _))
                patterns.Remember(pattern, ranges.Visit(indices, load));
        }
        return ranges;
    }

    /// <summary>All values of an instruction; zero if it is never reached.</summary>
    public Interval Value(int instruction) => _values[instruction] ?? new(0, 0, 0);

    /// <summary>All values that the variable of a reduction goes through, from the first to the result.</summary>
    public Interval Running(int reduce) => _running[reduce] ?? new(0, 0, 0);

    /// <summary>The ranges within the term of a reduction.</summary>
    public BlockRanges Term(int reduce) => _terms[reduce]!;

    private Interval Visit(ReadOnlySpan<int> indices, Func<int, int, Interval> load)
    {
        var values = new Interval[_instructions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _instructions[i] is Reduce reduce
                ? VisitReduce(i, reduce, values, indices, load)
                : Interpreter.Apply(_algebra, _instructions[i], values, indices, load);
            Include(ref _values[i], values[i]);
        }
        return values[^1];
    }

    private Interval VisitReduce(int position, Reduce reduce, Interval[] outer, ReadOnlySpan<int> indices, Func<int, int, Interval> load)
    {
        var inner = new int[indices.Length + reduce.Extents.Count];
        indices.CopyTo(inner);
        var count = Shapes.Count(reduce.Extents);
        var sum = reduce.Reduction == Reduction.Sum;
        Interval? value = !sum ? null : reduce.Initial < 0 ? new Interval(0, 0, 0) : outer[reduce.Initial];
        if (sum && reduce.Accumulator is { } first)
            value = _algebra.Cast(value!.Value, first);
        if (value is { } start)
            Include(ref _running[position], start);
        for (var n = 0; n < count; n++)
        {
            Shapes.Unravel(n, reduce.Extents, inner.AsSpan(indices.Length));
            if (!Interpreter.Holds(reduce.Where, inner))
                continue;
            var term = _terms[position]!.Visit(inner, load);
            value = value is { } before ? Step(reduce, before, term) : term;
            Include(ref _running[position], value.Value);
        }
        return value ?? throw new InvalidOperationException("A maximum or minimum over no elements has no value.");
    }

    private Interval Step(Reduce reduce, Interval before, Interval term) => reduce.Reduction switch
    {
        Reduction.Sum when reduce.Accumulator is { } type => _algebra.Cast(_algebra.Add(before, _algebra.Cast(term, type)), type),
        Reduction.Sum => _algebra.Add(before, term),
        Reduction.Maximum => _algebra.Maximum(before, term),
        _ => _algebra.Minimum(before, term),
    };

    private static void Include(ref Interval? hull, Interval value) => hull = hull is { } known ? known.Union(value) : value;
}
