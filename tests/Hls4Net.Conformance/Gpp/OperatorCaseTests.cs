using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Conformance.Gpp;

/// <summary>Every operator of the catalogue on each of its cases, from the model to the C++.</summary>
public sealed class OperatorCaseTests
{
    private static readonly Quantizer Input = new(new FixedType(true, 8, 4), Rounding.Rnd, Overflow.Sat);

    [Fact]
    public void The_cpp_of_every_case_computes_what_the_emulator_computes()
    {
        using var batch = new GppBatch();
        var cases = Catalogue.Entries.SelectMany(e => e.Cases()).ToList();
        foreach (var operatorCase in cases)
            batch.Add(Compile(operatorCase));
        var program = batch.Build();
        for (var n = 0; n < cases.Count; n++)
        {
            var design = batch.Designs[n].Design;
            var difference = GppBatch.Difference(program, design, Networks.Events(design, 200, n));
            Assert.True(difference is null, $"{cases[n]}: {difference}");
        }
    }

    internal static Design Compile(OperatorCase operatorCase)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(operatorCase.ToModel(), operatorCase.ToString(), null, new ImportOptions(), diagnostics);
        // Integers and truth values keep the type that the model gives them.
        var inputs = graph.Inputs.Where(i => graph[i].Type is null).ToDictionary(i => i, _ => (Input, 0L), StringComparer.Ordinal);
        var compiled = Pipelines.ToDesign(graph, Score.None, Configuration.Default with { Inputs = inputs }, null, diagnostics);
        Assert.True(compiled is not null, $"{operatorCase}: {string.Join('\n', diagnostics.Items)}");
        return compiled.Design;
    }
}
