using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Kernels;

/// <summary>What every element of every channel of a typed design can be, given the input types and the actual constants; those that can be loaded are any of their type.</summary>
public sealed class RangeAnalysis
{
    private readonly Dictionary<string, Interval[]> _elements = new(StringComparer.Ordinal);
    private readonly MeasuringAlgebra _algebra = new();

    private RangeAnalysis()
    {
    }

    /// <summary>The widest integer, in bits with sign, that any step needs: lanes of that width cannot overflow.</summary>
    public int WorkingWidth => _algebra.Widest;

    /// <summary>Fraction bits of the raw integers on a channel: those of its type, or without one the finest of its elements.</summary>
    public int FractionOf(Channel channel) => channel.Type?.Fraction ?? _elements[channel.Name][0].Fraction;

    /// <summary>The interval of each element of a channel.</summary>
    public IReadOnlyList<Interval> this[string channel] => _elements[channel];

    /// <summary>The interval that holds all elements of a channel.</summary>
    public Interval Hull(string channel) => HullOf(_elements[channel]);

    /// <summary>Analyses a typed design. Channels without a type (temporaries) get the exact interval.</summary>
    public static RangeAnalysis Run(Design design)
    {
        var analysis = new RangeAnalysis();
        foreach (var name in design.Inputs)
        {
            var type = design.Channel(name).Type ?? throw new InvalidOperationException($"The input '{name}' has no type.");
            analysis._elements[name] = Enumerable.Repeat(analysis._algebra.Note(type.Range), Shapes.Count(design.Channel(name).Shape)).ToArray();
        }
        foreach (var constant in design.Constants)
            analysis._elements[constant.Name] = Array.ConvertAll(ElementsOf(constant), analysis._algebra.Note);
        foreach (var stage in design.Stages)
            analysis._elements[stage.Output] = analysis.OnGrid(analysis.Evaluate(stage), design.Channel(stage.Output).Type);
        return analysis;
    }

    /// <summary>The intervals of a stage's output elements, given those of its inputs.</summary>
    public static Interval[] Evaluate(Computation computation, IReadOnlyList<IReadOnlyList<Interval>> inputs) =>
        Evaluations.RunPatterns(new IntervalAlgebra(), computation, (input, element) => inputs[input][element]);

    /// <summary>The interval that holds all the given ones.</summary>
    public static Interval HullOf(IReadOnlyList<Interval> elements)
    {
        var hull = elements[0];
        for (var i = 1; i < elements.Count; i++)
            hull = hull.Union(elements[i]);
        return hull;
    }

    private static Interval[] ElementsOf(NamedConstant constant)
    {
        var fraction = constant.Tensor.Type?.Fraction ?? throw new InvalidOperationException($"The constant '{constant.Name}' has no type.");
        return constant.IsLoadable
            ? [.. Enumerable.Repeat(constant.Tensor.Type!.Value.Range, constant.Tensor.Raw.Count)]
            : [.. constant.Tensor.Raw.Select(raw => new Interval(raw, raw, fraction))];
    }

    /// <summary>
    /// The elements of a channel share the grid of its type, and without a type the finest of theirs. A number finer than its channel's
    /// type stays so here: whether it lies on the type's grid is for the verifier to say.
    /// </summary>
    private Interval[] OnGrid(Interval[] elements, FixedType? type)
    {
        var grid = type?.Fraction ?? elements.Max(e => e.Fraction);
        return Array.ConvertAll(elements, e => _algebra.Note(e.WithFraction(Math.Max(e.Fraction, grid))));
    }

    private Interval[] Evaluate(Stage stage) =>
        Evaluations.RunPatterns(_algebra, stage.Computation, (input, element) => _elements[stage.Inputs[input]][element]);

    /// <summary>Intervals, noting the widest aligned operand or result.</summary>
    private sealed class MeasuringAlgebra : IAlgebra<Interval>
    {
        private readonly IntervalAlgebra _inner = new();

        public int Widest { get; private set; } = 1;

        public Interval Literal(Dyadic value) => Note(_inner.Literal(value));

        public Interval Add(Interval left, Interval right) => Note(_inner.Add(left, right), left, right);

        public Interval Subtract(Interval left, Interval right) => Note(_inner.Subtract(left, right), left, right);

        public Interval Multiply(Interval left, Interval right) => Note(_inner.Multiply(left, right));

        public Interval Square(Interval operand) => Note(_inner.Square(operand));

        public Interval Divide(Interval left, Interval right, int fraction)
        {
            var result = _inner.Divide(left, right, fraction);
            Note(left.WithFraction(Math.Max(left.Fraction, fraction + right.Fraction)));
            Note(right.WithFraction(Math.Max(right.Fraction, left.Fraction - fraction)));
            return Note(result);
        }

        public Interval Minimum(Interval left, Interval right) => Note(_inner.Minimum(left, right), left, right);

        public Interval Maximum(Interval left, Interval right) => Note(_inner.Maximum(left, right), left, right);

        public Interval Compare(Comparison comparison, Interval left, Interval right) => Note(_inner.Compare(comparison, left, right), left, right);

        public Interval Select(Interval condition, Interval then, Interval otherwise) =>
            Note(_inner.Select(condition, then, otherwise), then, otherwise);

        public Interval Shift(Interval operand, int power) => _inner.Shift(operand, power);

        public Interval Cast(Interval operand, Quantizer quantizer)
        {
            var fraction = Math.Max(operand.Fraction, quantizer.Type.Fraction);
            Note(operand.WithFraction(fraction));
            return Note(_inner.Cast(operand, quantizer));
        }

        public Interval Lookup(Interval operand, Table table)
        {
            var result = _inner.Lookup(operand, table);
            if (table.Folded is { } folded)
                folded.Expand(this, operand, table.Function);
            else
                Note(table.Data!.Input.Range);
            return Note(result);
        }

        /// <summary>Partial sums come in any order: none exceeds the sum of the largest magnitudes.</summary>
        public Interval Sum(IReadOnlyList<Interval> terms)
        {
            var sum = _inner.Sum(terms);
            var bound = BigInteger.Zero;
            foreach (var term in terms)
                bound += BigInteger.Max(BigInteger.Abs(term.Low), BigInteger.Abs(term.High)) << (sum.Fraction - term.Fraction);
            Note(new Interval(-bound, bound, sum.Fraction));
            return sum;
        }

        private Interval Note(Interval result, Interval left, Interval right)
        {
            var fraction = Math.Max(left.Fraction, right.Fraction);
            Note(left.WithFraction(fraction));
            Note(right.WithFraction(fraction));
            return Note(result);
        }

        public Interval Note(Interval result)
        {
            var type = result.Type;
            Widest = Math.Max(Widest, type.Width + (type.Signed ? 0 : 1));
            return result;
        }
    }
}

/// <summary>Runs a computation, element by element, in any algebra.</summary>
public static class Evaluations
{
    /// <summary>The output elements in row-major order.</summary>
    /// <param name="algebra">The interpretation.</param>
    /// <param name="computation">What to run.</param>
    /// <param name="load">The value of an element (linear position) of an input.</param>
    /// <param name="finished">Receives the position of each element of a kernel as soon as it is computed; null if nobody asks.</param>
    public static T[] Run<T>(IAlgebra<T> algebra, Computation computation, Func<int, int, T> load, Action<int>? finished = null)
    {
        if (computation is Wiring wiring)
            return Run(algebra, wiring, load);
        var kernel = (Kernel)computation;
        var results = new T[Shapes.Count(kernel.Domain)];
        var indices = new int[kernel.Domain.Count];
        for (var n = 0; n < results.Length; n++)
        {
            Shapes.Unravel(n, kernel.Domain, indices);
            results[n] = Interpreter.Evaluate(algebra, kernel.Body, indices, load);
            finished?.Invoke(n);
        }
        return results;
    }

    /// <summary>As <see cref="Run{T}(IAlgebra{T}, Computation, Func{int, int, T}, Action{int}?)"/>, where elements that read equal values share a result.</summary>
    public static T[] RunPatterns<T>(IAlgebra<T> algebra, Computation computation, Func<int, int, T> load)
        where T : IEquatable<T>
    {
        if (computation is not Kernel kernel)
            return Run(algebra, computation, load);
        var patterns = new ReadPatterns<T>(kernel, load);
        var results = new T[Shapes.Count(kernel.Domain)];
        var indices = new int[kernel.Domain.Count];
        for (var n = 0; n < results.Length; n++)
        {
            Shapes.Unravel(n, kernel.Domain, indices);
            if (patterns.IsKnown(indices, out var pattern, out var known))
            {
                results[n] = known;
                continue;
            }
            results[n] = Interpreter.Evaluate(algebra, kernel.Body, indices, load);
            patterns.Remember(pattern, results[n]);
        }
        return results;
    }

    private static T[] Run<T>(IAlgebra<T> algebra, Wiring wiring, Func<int, int, T> load)
    {
        var results = new T[wiring.Input.Count];
        for (var n = 0; n < results.Length; n++)
        {
            var input = wiring.Input[n];
            results[n] = input < 0 ? algebra.Literal(wiring.Fills[-1 - input]) : load(input, wiring.Element[n]);
        }
        return results;
    }
}
