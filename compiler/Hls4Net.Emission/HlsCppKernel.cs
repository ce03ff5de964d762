using System.Globalization;
using System.Text;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>
/// Prints a kernel as loops: every instruction becomes a variable with a type for all values that it takes, so that no assignment
/// loses anything but where a cast says so.
/// </summary>
/// <param name="code">Receives the text.</param>
/// <param name="algebra">How primitives are written.</param>
/// <param name="names">The names that are taken around the function.</param>
/// <param name="load">An element of an input, given its index expression.</param>
internal sealed class HlsCppKernel(CodeWriter code, CppAlgebra algebra, Identifiers names, Func<int, string, CppTerm> load)
{
    private readonly List<string> _indices = [];
    private string _element = "";

    /// <summary>What the reductions of the body give, by the kernel's index, where they were computed before.</summary>
    public CppArray? Reduced { get; init; }

    /// <summary>The type of exact sums, where it is known of more than this kernel adds.</summary>
    public FixedType? SumType { get; init; }

    /// <summary>Prints the loop nest.</summary>
    /// <param name="kernel">What to print.</param>
    /// <param name="ranges">The ranges of its instructions.</param>
    /// <param name="store">The statement that stores an element, given its index and value.</param>
    public void Print(Kernel kernel, BlockRanges ranges, Func<string, CppTerm, string> store)
    {
        var loops = OpenLoops(kernel.Domain, "i");
        _element = Text(new Affine(0, Shapes.Strides(kernel.Domain)));
        var result = Print(kernel.Body, ranges);
        code.Line(store(_element, result));
        CloseLoops(kernel.Domain, loops);
    }

    private CppTerm Print(Block block, BlockRanges ranges)
    {
        var live = Liveness.Of(block);
        var values = new CppTerm[block.Instructions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (!live[i])
                continue;
            values[i] = block.Instructions[i] switch
            {
                Load l => load(l.Input, Text(l.Element)),
                Literal l => algebra.Literal(l.Value),
                IndexValue v => IndexTerm(v, ranges.Value(i)),
                Shift { Power: 0 } s => values[s.Operand],
                Reduce when Reduced is not null => Reduced.At(_element),
                Reduce r => Print(r, i, ranges, r.Initial < 0 ? null : values[r.Initial]),
                var instruction => Value(Interpreter.Apply(algebra, instruction, values, [], NoLoad), ranges.Value(i), i == values.Length - 1),
            };
        }
        return values[^1];
    }

    private static CppTerm NoLoad(int input, int element) => throw new InvalidOperationException("Loads are printed as index expressions.");

    /// <summary>A variable that holds the expression's value, unless it is used at once.</summary>
    private CppTerm Value(CppTerm expression, Interval range, bool isResult)
    {
        if (isResult)
            return expression;
        var type = range.Type;
        algebra.Note(type);
        var name = names.Fresh("t");
        code.Line($"const {HlsCppTypes.Text(type)} {name} = {expression.Text};");
        return new(name, type);
    }

    private CppTerm IndexTerm(IndexValue value, Interval range) => new($"{HlsCppTypes.Text(range.Type)}({Text(value.Value)})", range.Type);

    private CppTerm Print(Reduce reduce, int position, BlockRanges ranges, CppTerm? initial)
    {
        var running = ranges.Running(position);
        var (type, start) = reduce.Reduction == Reduction.Sum
            ? SumStart(reduce, running, initial)
            : ExtremeStart(reduce.Reduction, running.Union(ranges.Term(position).Value(reduce.Term.Instructions.Count - 1)));
        algebra.Note(type);
        var name = names.Fresh(reduce.Reduction == Reduction.Sum ? "sum" : "best");
        code.Line($"{HlsCppTypes.Text(type)} {name} = {start};");
        var loops = OpenLoops(reduce.Extents, "k");
        var guarded = reduce.Where.Count > 0;
        if (guarded)
            code.Open($"if ({string.Join(" && ", reduce.Where.Select(Text))}) {{");
        var term = Print(reduce.Term, ranges.Term(position));
        code.Line(Step(reduce, new(name, type), term));
        if (guarded)
            code.Close();
        CloseLoops(reduce.Extents, loops);
        return new(name, type);
    }

    private (FixedType Type, string Start) SumStart(Reduce reduce, Interval running, CppTerm? initial)
    {
        var start = initial ?? algebra.Literal(Dyadic.Zero);
        if (reduce.Accumulator is { } accumulator)
            return (accumulator.Type, algebra.Cast(start, accumulator).Text);
        return (SumType ?? running.Type, initial is null ? "0" : start.Text);
    }

    /// <summary>Starts from an end of the terms' range, so that the first term needs no case of its own.</summary>
    private (FixedType Type, string Start) ExtremeStart(Reduction reduction, Interval range)
    {
        var end = algebra.Literal(reduction == Reduction.Maximum ? range.Minimum : range.Maximum);
        return (range.Type, end.Text);
    }

    private string Step(Reduce reduce, CppTerm variable, CppTerm term)
    {
        if (reduce.Reduction != Reduction.Sum)
        {
            var best = reduce.Reduction == Reduction.Maximum ? algebra.Maximum(variable, Held(term)) : algebra.Minimum(variable, Held(term));
            return $"{variable.Text} = {best.Text};";
        }
        if (reduce.Accumulator is not { } accumulator)
        {
            algebra.Note(HlsCppTypes.Sum(variable.Type, term.Type));
            return $"{variable.Text} += {term.Text};";
        }
        return $"{variable.Text} = {algebra.Cast(algebra.Add(variable, algebra.Cast(term, accumulator)), accumulator).Text};";
    }

    /// <summary>A variable for an expression that is about to be written twice.</summary>
    private CppTerm Held(CppTerm term)
    {
        if (term.Number is not null)
            return term;
        var name = names.Fresh("t");
        code.Line($"const {HlsCppTypes.Text(term.Type)} {name} = {term.Text};");
        return term with { Text = name };
    }

    /// <summary>One loop for each extent; an extent of 1 needs none, its index is 0.</summary>
    private int OpenLoops(Seq<int> extents, string stem)
    {
        var opened = 0;
        foreach (var extent in extents)
        {
            if (extent == 1)
            {
                _indices.Add("");
                continue;
            }
            var index = names.Fresh(stem);
            _indices.Add(index);
            code.Open(string.Create(CultureInfo.InvariantCulture, $"for (int {index} = 0; {index} < {extent}; {index}++) {{"));
            code.Line("#pragma HLS UNROLL");
            opened++;
        }
        return opened;
    }

    private void CloseLoops(Seq<int> extents, int loops)
    {
        _indices.RemoveRange(_indices.Count - extents.Count, extents.Count);
        for (var i = 0; i < loops; i++)
            code.Close();
    }

    private string Text(Affine affine)
    {
        var text = new StringBuilder();
        var moving = Enumerable.Range(0, affine.Coefficients.Count).Where(k => affine.Coefficients[k] != 0 && _indices[k].Length > 0);
        foreach (var k in moving.OrderByDescending(k => Math.Abs((long)affine.Coefficients[k])))
            Append(text, affine.Coefficients[k], _indices[k]);
        if (affine.Offset != 0 || text.Length == 0)
            Append(text, affine.Offset, "");
        return text.ToString();
    }

    private string Text(Guard guard)
    {
        var coordinate = Text(guard.Coordinate);
        return string.Create(CultureInfo.InvariantCulture, $"{coordinate} >= 0 && {coordinate} < {guard.Extent}");
    }

    private static void Append(StringBuilder text, int coefficient, string index)
    {
        if (text.Length > 0)
            text.Append(coefficient < 0 ? " - " : " + ");
        else if (coefficient < 0)
            text.Append('-');
        var magnitude = Math.Abs((long)coefficient);
        if (index.Length == 0)
            text.Append(CultureInfo.InvariantCulture, $"{magnitude}");
        else if (magnitude == 1)
            text.Append(index);
        else
            text.Append(CultureInfo.InvariantCulture, $"{magnitude} * {index}");
    }
}
