using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Emission;

/// <summary>Prints each stage of a design as a function.</summary>
internal sealed class HlsCppStages(Design design, HlsCppLayout layout, DiagnosticBag diagnostics)
{
    /// <summary>The function of a stage, with the comment before it.</summary>
    public string Function(Stage stage)
    {
        var output = layout[stage.Output];
        var folded = stage.Schedule as FoldedSchedule;
        var code = new CodeWriter();
        code.Line($"// {HlsCppText.Comment(stage.Origin.ToString())} -> {Describe(stage.Output)}");
        foreach (var input in Inputs(stage))
            code.Line($"//   from {Describe(input)}");
        var parameters = Sources(stage).Select(a => $"const {a.Identifier}_t {a.Identifier}[{a.Elements}]")
            .Append($"{output.Identifier}_t {output.Identifier}[{output.Elements}]");
        code.Open($"static void compute_{output.Identifier}({string.Join(", ", parameters)}) {{");
        code.Line($"#pragma HLS PIPELINE II={(folded?.Reuse ?? 1).ToString(CultureInfo.InvariantCulture)}");
        if (folded is not null)
            code.Line($"#pragma HLS ALLOCATION operation instances=mul limit={folded.Multipliers.ToString(CultureInfo.InvariantCulture)}");
        Body(stage, code);
        code.Close();
        return code.ToString();
    }

    /// <summary>The call of a stage's function.</summary>
    public string Call(Stage stage) =>
        $"compute_{layout[stage.Output].Identifier}({string.Join(", ", Sources(stage).Append(layout[stage.Output]).Select(a => a.Identifier))});";

    /// <summary>The channels and constants that a stage reads, each once.</summary>
    public static IEnumerable<string> Inputs(Stage stage) =>
        Liveness.Inputs(stage.Computation).Select(i => stage.Inputs[i]).Distinct(StringComparer.Ordinal);

    /// <summary>The parameters of a stage's function: constants are not passed.</summary>
    private IEnumerable<HlsArray> Sources(Stage stage) => Inputs(stage).Where(i => design.Constant(i) is null).Select(i => layout[i]);

    private string Describe(string name) => $"{HlsCppText.Comment(name)}: {layout[name].Type} {design.ShapeOf(name)}";

    private void Body(Stage stage, CodeWriter code)
    {
        if (stage.Schedule is not (UnrolledSchedule or FoldedSchedule))
            throw new NotSupportedException($"HLS C++ has no printer for the schedule {stage.Schedule} of {stage.Origin}.");
        var output = layout[stage.Output].Identifier;
        var algebra = new CppAlgebra(table => layout.TableName(table, output));
        var names = layout.Names.Inner();
        if (stage.Computation is Wiring wiring)
            new HlsCppWiring(code, algebra, names, Load, Store).Print(wiring);
        else if (stage.Computation is Kernel kernel)
            new HlsCppKernel(code, algebra, names, Load).Print(kernel, BlockRanges.Of(kernel, Range), Store);
        if (algebra.WidestType > HlsCppTypes.MaximumWidth)
            diagnostics.Add(Messages.TooWideForHls(stage.Origin.ToString(), algebra.WidestType, HlsCppTypes.MaximumWidth));

        string Store(string index, CppTerm value) => $"{output}[{index}] = {value.Text};";

        CppTerm Load(int input, string index)
        {
            var array = layout[stage.Inputs[input]];
            var element = $"{array.Identifier}[{index}]";
            return new(design.Constant(array.Name) is null ? element : $"from_raw<{array.Identifier}_t>({element})", array.Type);
        }

        // On the grid of the array's type, which is what the variable of that type holds.
        Interval Range(int input, int element)
        {
            var array = layout[stage.Inputs[input]];
            var range = layout.Ranges[array.Name][element];
            return range.Fraction < array.Type.Fraction ? range.WithFraction(array.Type.Fraction) : range;
        }
    }
}
