using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;

namespace Hls4Net.Emission;

/// <summary>Prints each stage of an unrolled design as a function.</summary>
internal sealed class HlsCppStages(Design design, HlsCppLayout layout, DiagnosticBag diagnostics)
{
    /// <summary>The function of a stage, with the comment before it.</summary>
    public string Function(Stage stage)
    {
        var output = layout[stage.Output];
        var code = new CodeWriter();
        code.Line($"// {HlsCppText.Comment(stage.Origin.ToString())} -> {Describe(stage.Output)}");
        foreach (var input in Inputs(stage))
            code.Line($"//   from {Describe(input)}");
        var parameters = Sources(stage).Select(a => $"const {a.Identifier}_t {a.Identifier}[{a.Elements}]")
            .Append($"{output.Identifier}_t {output.Identifier}[{output.Elements}]");
        code.Open($"static void compute_{output.Identifier}({string.Join(", ", parameters)}) {{");
        code.Line("#pragma HLS PIPELINE II=1");
        new HlsCppBody(layout, diagnostics, layout.Names.Inner()).Print(stage, code, ArrayOf, output.Identifier);
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

    private CppArray ArrayOf(string name) => design.Constant(name) is not null ? HlsCppBody.Constant(layout, name)
        : new(layout[name].Identifier, layout[name].Type, null, e => layout.Ranges[name][e]);
}
