using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>An array that a stage reads, where it is printed.</summary>
/// <param name="Text">The expression in front of the index.</param>
/// <param name="Type">What each element is.</param>
/// <param name="Raw">The type that elements become; null unless they are raw integers.</param>
/// <param name="Range">What each element can be.</param>
internal sealed record CppArray(string Text, FixedType Type, string? Raw, Func<int, Interval> Range)
{
    /// <summary>An element, given its index expression.</summary>
    public CppTerm At(string index) => new(Raw is null ? $"{Text}[{index}]" : $"from_raw<{Raw}>({Text}[{index}])", Type);

    /// <summary>What an element can be, on the grid of the type: that is what the variable of that type holds.</summary>
    public Interval RangeOf(int element) => Range(element) is var range && range.Fraction < Type.Fraction ? range.WithFraction(Type.Fraction) : range;
}

/// <summary>Prints what one stage computes, wherever its arrays are.</summary>
/// <param name="layout">The names and types of the design.</param>
/// <param name="diagnostics">Receives numbers that are too wide.</param>
/// <param name="names">The names that are taken around the text.</param>
internal sealed class HlsCppBody(HlsCppLayout layout, DiagnosticBag diagnostics, Identifiers names)
{
    /// <summary>The names that are taken, for further ones.</summary>
    public Identifiers Names => names;

    /// <summary>A constant of the design.</summary>
    public static CppArray Constant(HlsCppLayout layout, string name) =>
        layout[name] is var array ? new(array.Identifier, array.Type, $"{array.Identifier}_t", e => layout.Ranges[name][e]) : throw new InvalidOperationException();

    /// <summary>The loops of a stage.</summary>
    /// <param name="arrays">The array behind an input of the stage.</param>
    /// <param name="store">The array that is written.</param>
    /// <param name="reduced">What the first reduction gives at an index, if it was computed before.</param>
    public void Print(Stage stage, CodeWriter code, Func<string, CppArray> arrays, string store, CppArray? reduced = null)
    {
        var algebra = Algebra(stage);
        if (stage.Computation is Wiring wiring)
            new HlsCppWiring(code, algebra, names, Load, Store).Print(wiring);
        else if (stage.Computation is Kernel kernel)
            new HlsCppKernel(code, algebra, names, Load) { Reduced = reduced }.Print(kernel, Ranges(stage, arrays), Store);
        Check(stage, algebra);

        string Store(string index, CppTerm value) => $"{store}[{index}] = {value.Text};";

        CppTerm Load(int input, string index) => arrays(stage.Inputs[input]).At(index);
    }

    /// <summary>How the primitives of a stage are written.</summary>
    public CppAlgebra Algebra(Stage stage) => new(table => layout.TableName(table, layout[stage.Output].Identifier));

    /// <summary>What the instructions of a stage can be.</summary>
    public static BlockRanges Ranges(Stage stage, Func<string, CppArray> arrays)
    {
        var known = stage.Inputs.Distinct(StringComparer.Ordinal).Where(n => n.Length > 0).ToDictionary(n => n, n => new Lazy<CppArray>(() => arrays(n)), StringComparer.Ordinal);
        return BlockRanges.Of((Kernel)stage.Computation, (input, element) => known[stage.Inputs[input]].Value.RangeOf(element));
    }

    /// <summary>Reports what is wider than HLS allows.</summary>
    public void Check(Stage stage, CppAlgebra algebra)
    {
        if (algebra.WidestType > HlsCppTypes.MaximumWidth)
            diagnostics.Add(Messages.TooWideForHls(stage.Origin.ToString(), algebra.WidestType, HlsCppTypes.MaximumWidth));
    }
}
