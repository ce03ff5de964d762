using Hls4Net.Conformance.Gpp;
using Hls4Net.Core.Kernels;
using Hls4Net.Operators;
using Hls4Net.Tests.Hardware;
using Hls4Net.Tests.Hls;

namespace Hls4Net.Conformance.Verilator;

/// <summary>Operators with constant products, folded by some of their reuse factors, from the model to the Verilog; every third with its tables in blocks of memory, some with a clock enable that is random.</summary>
public sealed class FoldedTests
{
    private const int Events = 60;

    [Fact]
    public void Folded_cases_give_the_bits_of_the_emulator_in_the_cycles_that_are_promised_whenever_events_come()
    {
        using var batch = new VerilatorBatch();
        var names = new List<string>();
        foreach (var operatorCase in Catalogue.Entries.SelectMany(e => e.Cases()))
        {
            var design = Gpp.OperatorCaseTests.Compile(operatorCase);
            foreach (var factor in Folded.Sample(design, names.Count))
            {
                batch.Add(Folded.With(design, factor), 1 + names.Count % 3, memory: (MemoryChoice)(names.Count % 3), clockEnable: names.Count % 5 == 2);
                names.Add($"{operatorCase} by {factor}");
            }
        }
        foreach (var (name, design) in HlsSamples.All())
        {
            foreach (var factor in Folded.Sample(design, names.Count))
            {
                batch.Add(Folded.With(design, factor), 1 + names.Count % 3, memory: (MemoryChoice)(names.Count % 3), clockEnable: names.Count % 5 == 2);
                names.Add($"{name} by {factor}");
            }
        }
        var program = batch.Build();
        TestContext.Current.SendDiagnosticMessage($"{names.Count} designs in {program.BuildTime}");
        var inputs = batch.Designs.Select(d => Networks.Events(d.Design, Events, 7)).ToArray();
        var random = new Random(8);
        var gaps = batch.Designs.Select(d => Folded.Starts(d.Hardware.InitiationInterval, inputs[0].First().Value.Events, random)).ToArray();
        foreach (var starts in new[] { null, gaps })
        {
            var results = batch.Compare(program, inputs, starts);
            for (var n = 0; n < names.Count; n++)
                Assert.True(results[n].Difference is null, $"{names[n]}: {results[n].Difference}");
        }
        Assert.True(names.Count > 40, $"Only {names.Count} cases can be folded.");
    }
}
