using Hls4Net.Conformance.Gpp;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Operators;
using Hls4Net.Tests.Hardware;

namespace Hls4Net.Conformance.Verilator;

/// <summary>Operators and small networks that take their input beat by beat, from the model to the Verilog; half of them with a clock enable that is random,
/// a third with tables and lines in blocks of memory.</summary>
public sealed class StreamedTests
{
    private const int Events = 12;

    [Fact]
    public void Streamed_cases_give_the_bits_of_the_emulator_in_the_cycles_that_are_promised_whenever_events_come()
    {
        using var batch = new VerilatorBatch();
        var names = new List<string>();
        foreach (var (name, design) in Designs())
        {
            var pixels = 1 + names.Count % 3;
            try
            {
                batch.Add(design, 1 + names.Count % 3, clockEnable: names.Count % 2 == 1, stream: new(pixels), memory: (MemoryChoice)(names.Count / 2 % 3));
                names.Add($"{name}, {pixels} pixels a beat");
            }
            catch (UserErrorException e) when (e.Diagnostics.All(d => d.Rule == Messages.NoPixelsRule))
            {
                // An input without pixels.
            }
        }
        var program = batch.Build();
        TestContext.Current.SendDiagnosticMessage($"{names.Count} designs in {program.BuildTime}");
        var inputs = batch.Designs.Select(d => Networks.Events(d.Design, Events, 7)).ToArray();
        var random = new Random(8);
        var gaps = batch.Designs.Select((d, n) => Streamed.Starts(d.Hardware.InitiationInterval, d.Hardware.StartGrid, inputs[n].First().Value.Events, random)).ToArray();
        foreach (var starts in new[] { null, gaps })
        {
            var results = batch.Compare(program, inputs, starts);
            for (var n = 0; n < names.Count; n++)
                Assert.True(results[n].Difference is null, $"{names[n]}: {results[n].Difference}");
        }
        Assert.True(names.Count > 100, $"Only {names.Count} cases can be streamed.");
    }

    /// <summary>Every case of the catalogue that reads one input, folded if it can be, and small networks.</summary>
    internal static IEnumerable<(string, Design)> Designs()
    {
        foreach (var (name, make) in Streamed.Chains)
            yield return (name, make());
        foreach (var operatorCase in Catalogue.Entries.SelectMany(e => e.Cases()))
        {
            var design = Gpp.OperatorCaseTests.Compile(operatorCase);
            if (design.Inputs.Count != 1)
                continue;
            var folded = Folded.Sample(design, 3);
            yield return folded.Count > 0 ? ($"{operatorCase} by {folded[^1]}", Folded.With(design, folded[^1])) : (operatorCase.ToString(), design);
        }
    }
}
