using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Reuse;

/// <summary>
/// A kernel whose sum of products with constants is computed in R phases. R is split into a part of the terms (Inner) and a part of the
/// outputs (Outer): in phase outer · Inner + inner the multipliers of lane q work for output q · Outer + outer, each on the
/// term that a <see cref="TermPlan"/> gives its slot. What comes behind the sum is combinational as in an unrolled layer, and reads the sums when all
/// are complete, R cycles after the operands were there.
/// </summary>
internal sealed class FoldedProduct
{
    private readonly BitsAlgebra _algebra;
    private readonly Kernel _kernel;
    private readonly Reduce _sum;
    private readonly int _sumIndex;
    private readonly Func<int, int, Signal> _load;
    private readonly IReadOnlyList<int> _outputs;
    private readonly PhaseCounter _phase;
    private readonly FoldedOperands _operands;
    private readonly string _name;
    private readonly int _slots;
    private readonly LoadedTables? _tables;
    private readonly LoadedTerms? _loaded;

    /// <param name="algebra">Writes the cells.</param>
    /// <param name="kernel">A kernel that <see cref="FoldableKernel"/> accepts.</param>
    /// <param name="reuse">R; divides the number of terms times that of outputs.</param>
    /// <param name="outputs">The elements to compute.</param>
    /// <param name="load">An element of an input of the kernel.</param>
    /// <param name="start">1 in the cycle in which the elements are there.</param>
    /// <param name="name">The stem of names of nets.</param>
    /// <param name="loading">What can be loaded, and where to; null if nothing can.</param>
    public FoldedProduct(BitsAlgebra algebra, Kernel kernel, int reuse, IReadOnlyList<int> outputs, Func<int, int, Signal> load, int start, string name, LayerLoading? loading = null)
    {
        (_algebra, _kernel, _outputs, _load, _name) = (algebra, kernel, outputs, load, name);
        _sumIndex = kernel.Body.Instructions.ToList().FindIndex(i => i is Reduce);
        _sum = (Reduce)kernel.Body.Instructions[_sumIndex];
        var terms = Shapes.Count(_sum.Extents);
        var inner = (int)BigInteger.GreatestCommonDivisor(reuse, terms);
        if (outputs.Count % (reuse / inner) != 0)
            throw new InvalidOperationException($"A reuse factor of {reuse} does not divide {terms} terms of {outputs.Count} outputs.");
        _slots = terms / inner;
        _phase = new PhaseCounter(algebra.Builder, start, inner, reuse / inner, loading?.Bank ?? -1);
        _tables = loading is null ? null : new LoadedTables(algebra, _phase, loading);
        _loaded = loading is null ? null : new LoadedTerms(algebra, load, loading.Types);
        _operands = new FoldedOperands(algebra, _phase, _tables, name);
        Figures = new(reuse, _slots * (outputs.Count / (reuse / inner)), 0);
    }

    /// <summary>What was built, after <see cref="Run"/>.</summary>
    public FoldedFigures Figures { get; private set; }

    private ModuleBuilder Builder => _algebra.Builder;

    /// <summary>One output's sum before it is computed.</summary>
    /// <param name="Terms">In the order of the kernel.</param>
    /// <param name="Initial">What is added to them and is the same for every event.</param>
    /// <param name="Values">The values of the kernel's other instructions so far.</param>
    /// <param name="Loaded">What Initial can be, if it can be loaded.</param>
    private sealed record Row(int Output, int[] Indices, FoldedTerm[] Terms, Dyadic Initial, Signal[] Values, LoadedRange? Loaded);

    /// <summary>The outputs, by their position in the kernel's result.</summary>
    public Signal[] Run()
    {
        var rows = _outputs.Select(Read).ToArray();
        var plan = TermPlan.Of(Builder, [.. rows.Select(r => r.Terms)], _phase.InnerExtent, _phase.OuterExtent);
        if (!plan.IsPacked)
            _operands.Share([.. rows.Select(r => r.Terms)], _slots);
        var results = new Signal[Shapes.Count(_kernel.Domain)];
        var depth = _phase.OuterExtent;
        for (var lane = 0; lane < rows.Length / depth; lane++)
        {
            var mine = rows.AsSpan(lane * depth, depth).ToArray();
            var sums = Sum(mine, plan, lane);
            for (var k = 0; k < depth; k++)
                results[mine[k].Output] = Finish(mine[k], sums[k]);
        }
        return results;
    }

    /// <summary>Everything of an output that comes before the sum, and the terms of the sum.</summary>
    private Row Read(int output)
    {
        var indices = new int[_kernel.Domain.Count];
        Shapes.Unravel(output, _kernel.Domain, indices);
        _algebra.Stem = Numbered(_name, output);
        var values = new Signal[_kernel.Body.Instructions.Count];
        for (var k = 0; k < _sumIndex; k++)
            values[k] = Interpreter.Apply(_algebra, _kernel.Body.Instructions[k], values, indices, _load);
        var inner = new int[indices.Length + _sum.Extents.Count];
        indices.CopyTo(inner, 0);
        var terms = new FoldedTerm[Shapes.Count(_sum.Extents)];
        var initial = Dyadic.Zero;
        LoadedRange? loaded = null;
        if (_sum.Initial >= 0 && values[_sum.Initial].IsConstant(out var first))
        {
            initial = first;
            loaded = _loaded?.Initial(_kernel.Body, _sum.Initial, indices);
        }
        for (var n = 0; n < terms.Length; n++)
        {
            terms[n] = FoldedTerm.Zero;
            if (Interpreter.Holds(_sum.Where, inner))
            {
                terms[n] = FoldedTerm.Of(Interpreter.Evaluate(_algebra, _sum.Term, inner, _load), out var constant);
                if (_loaded is not null)
                    (terms[n], loaded) = _loaded.Term(_sum.Term, inner, terms[n], constant, loaded, initial);
                // Into an accumulator with a type each term goes through a cast of its own, also one that is the same for every event.
                if (_sum.Accumulator is null)
                    initial += constant;
                else if (!constant.IsZero)
                    terms[n] = new(Builder.Constant(1, FixedType.Bit), constant);
            }
            Shapes.Advance(inner.AsSpan(indices.Length), _sum.Extents);
        }
        return new(output, indices, terms, initial, values, loaded);
    }

    /// <summary>The sums of the outputs of one lane.</summary>
    private Signal[] Sum(Row[] rows, TermPlan plan, int lane)
    {
        _algebra.Stem = Numbered(_name, rows[0].Output);
        var products = new List<Signal>();
        var slots = plan.Arrange([.. rows.Select(r => r.Terms)]);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (_operands.Product(slots[slot], slot, Numbered("lane", lane)) is { } product)
                products.Add(product);
        }
        Figures = Figures with { Built = Figures.Built + products.Count };
        var accumulator = FoldedAccumulator.Of(_algebra, _phase, _tables, _sum.Accumulator, [.. rows.Select(r => (r.Terms, r.Initial, r.Loaded))]);
        return accumulator.Sums(products);
    }

    private Signal Finish(Row row, Signal sum)
    {
        _algebra.Stem = Numbered(_name, row.Output);
        if (_sum.Initial >= 0 && !row.Values[_sum.Initial].IsConstant(out _))
            sum = _algebra.Add(sum, row.Values[_sum.Initial]);
        row.Values[_sumIndex] = sum;
        for (var k = _sumIndex + 1; k < row.Values.Length; k++)
            row.Values[k] = Interpreter.Apply(_algebra, _kernel.Body.Instructions[k], row.Values, row.Indices, _load);
        return row.Values[^1];
    }

    private static string Numbered(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
}
