using Hls4Net.Conformance.Gpp;
using Hls4Net.Operators;

namespace Hls4Net.Conformance.Verilator;

/// <summary>Every operator of the catalogue on each of its cases, from the model to the Verilog.</summary>
public sealed class OperatorCaseTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(1.5)]
    public void The_verilog_of_every_case_computes_what_the_emulator_computes(double? levels)
    {
        using var batch = new VerilatorBatch();
        var cases = Catalogue.Entries.SelectMany(e => e.Cases()).ToList();
        foreach (var operatorCase in cases)
            batch.Add(Gpp.OperatorCaseTests.Compile(operatorCase), levels);
        var program = batch.Build();
        TestContext.Current.SendDiagnosticMessage($"{cases.Count} cases in {program.BuildTime}");
        var results = batch.Compare(program, [.. batch.Designs.Select((d, n) => Networks.Events(d.Design, 200, n))]);
        for (var n = 0; n < cases.Count; n++)
            Assert.True(results[n].Difference is null, $"{cases[n]}: {results[n].Difference}");
    }
}
