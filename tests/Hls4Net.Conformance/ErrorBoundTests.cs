using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Conformance;

/// <summary>Every operator case with types: the emulated values against the reals, within the bound that its casts, tables and constants imply.</summary>
public sealed class ErrorBoundTests
{
    private const int Events = 100;

    private static readonly Dictionary<string, OperatorCase> ByName =
        Catalogue.Entries.SelectMany(e => e.Cases()).ToDictionary(c => c.ToString(), StringComparer.Ordinal);

    private static readonly string[] Precisions = ["", "fixed<9,4,RND,SAT>", "fixed<7,3,TRN,WRAP>", "fixed<6,4,RND_CONV,SAT_ZERO>", "fixed<8,2,TRN_ZERO,SAT_SYM>"];

    public static TheoryData<string> Cases() => [.. ByName.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Emulated_values_are_within_the_bound_of_the_reals(string name)
    {
        foreach (var precision in Precisions)
        {
            var run = Run(name, precision);
            foreach (var stage in run.Design.Stages)
                run.Check(stage.Output);
        }
    }

    [Fact]
    public void The_cases_with_types_do_lose_something_and_most_bounds_are_finite()
    {
        var runs = ByName.Keys.SelectMany(n => Precisions[1..].Select(p => Run(n, p))).ToList();
        Assert.True(runs.Count(r => r.Design.Outputs.Any(o => r.Check(o) > 0)) > runs.Count / 4, "Hardly any case loses anything.");
        Assert.True(runs.Count(r => r.Design.Outputs.All(o => r.Errors.Worst(o) is not null)) > runs.Count * 9 / 10, "Many cases have no bound.");
    }

    private static ErrorRun Run(string name, string precision)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(ByName[name].ToModel(), name, null, new ImportOptions(), diagnostics);
        Quantizer? everywhere = Quantizer.TryParse(precision, default, default, out var quantizer, out _) ? quantizer : null;
        var model = Pipelines.ToDesign(graph, Score.None, Configuration.Default with { Precision = everywhere }, null, diagnostics);
        return model is null ? throw new UserErrorException([.. diagnostics.Items]) : new ErrorRun(model.Design, Events, 1);
    }
}
