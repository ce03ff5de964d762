using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Kernels;

/// <summary>
/// How far every element of every channel of a typed design can be from its value in real numbers, given that the inputs are the same:
/// what its casts, tables and typed constants cost in the worst case.
/// </summary>
public sealed class ErrorAnalysis
{
    private readonly Dictionary<string, ErrorBound[]> _elements = new(StringComparer.Ordinal);

    private ErrorAnalysis()
    {
    }

    /// <summary>The bound of each element of a channel or constant.</summary>
    public IReadOnlyList<ErrorBound> this[string channel] => _elements[channel];

    /// <summary>The largest error of a channel's elements; null if one has no finite bound.</summary>
    public Dyadic? Worst(string channel) => _elements[channel].Any(e => e.Error is null) ? null : _elements[channel].Max(e => e.Error!.Value);

    /// <summary>Analyses a typed design.</summary>
    public static ErrorAnalysis Run(Design design)
    {
        var analysis = new ErrorAnalysis();
        var algebra = new ErrorAlgebra();
        foreach (var name in design.Inputs)
        {
            var channel = design.Channel(name);
            var type = channel.Type ?? throw new InvalidOperationException($"The input '{name}' has no type.");
            analysis._elements[name] = [.. Enumerable.Repeat(ErrorBound.Exact(type.Range), Shapes.Count(channel.Shape))];
        }
        foreach (var constant in design.Constants)
            analysis._elements[constant.Name] = ElementsOf(constant);
        foreach (var stage in design.Stages)
        {
            var elements = Evaluations.RunPatterns(algebra, stage.Computation, (input, element) => analysis._elements[stage.Inputs[input]][element]);
            if (stage.Stated is { } stated)
                elements = Array.ConvertAll(elements, e => analysis.Stated(e, stated));
            analysis._elements[stage.Output] = OnGrid(elements, design.Channel(stage.Output).Type);
        }
        return analysis;
    }

    /// <summary>The smaller one of what follows from the steps and of what was proved of the operator as a whole.</summary>
    private ErrorBound Stated(ErrorBound element, StatedError stated)
    {
        var bound = stated.Bound;
        foreach (var name in stated.Given)
        {
            if (Worst(name) is not { } error || (stated.Slope is null && !error.IsZero))
                return element;
            bound += error * (stated.Slope ?? Dyadic.Zero);
        }
        return element.Error is { } known && known <= bound ? element : ErrorBound.Of(element.Typed, bound);
    }

    private static ErrorBound[] ElementsOf(NamedConstant constant)
    {
        var fraction = constant.Tensor.Type?.Fraction ?? throw new InvalidOperationException($"The constant '{constant.Name}' has no type.");
        var elements = new ErrorBound[constant.Tensor.Raw.Count];
        for (var k = 0; k < elements.Length; k++)
        {
            var difference = constant.Tensor.Typed(k) - constant.Tensor.Values[k];
            var raw = constant.Tensor.Raw[k];
            elements[k] = ErrorBound.Of(new Interval(raw, raw, fraction), difference.Sign < 0 ? -difference : difference);
        }
        return elements;
    }

    /// <summary>Elements share one grid, as in <see cref="RangeAnalysis"/>.</summary>
    private static ErrorBound[] OnGrid(ErrorBound[] elements, FixedType? type)
    {
        var grid = type?.Fraction ?? elements.Max(e => e.Typed.Fraction);
        return Array.ConvertAll(elements, e => e with { Typed = e.Typed.WithFraction(Math.Max(e.Typed.Fraction, grid)) });
    }
}
