using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Conformance.Verilator;

public sealed class ReferenceNetworkTests
{
    private static readonly Quantizer Input = new(new FixedType(true, 8, 4), Rounding.Trn, Overflow.Wrap);

    [Theory]
    [InlineData("a57", null)]
    [InlineData("a57", 3.0)]
    [InlineData("b16", 4.0)]
    public void The_verilog_of_a_quantised_network_gives_the_reference_integers(string name, double? levels)
    {
        var design = Read(name);
        using var batch = new VerilatorBatch();
        batch.Add(design, levels);
        var hardware = batch.Designs[0].Hardware;
        var program = batch.Build();
        TestContext.Current.SendDiagnosticMessage($"{name}, {levels} levels: {hardware.Total}, latency {hardware.Latency}, built in {program.BuildTime}");
        var x = Npy.Read(TestFiles.Shared("data", "networks", $"{name}_x.npy")).ToDoubles();
        var inputs = new Dictionary<string, RawBatch>(StringComparer.Ordinal)
        {
            [design.Inputs[0]] = RawBatch.Of(design.Channel(design.Inputs[0]).Shape[^1], [.. x.Select(v => (long)Casting.Cast(v, Input))]),
        };
        var found = program.Run(inputs, TestContext.Current.CancellationToken).Outputs()[design.Outputs[0]];
        var expected = Npy.Read(TestFiles.Shared("data", "networks", $"{name}_y_raw.npy")).ToInt64s();
        var fraction = design.Channel(design.Outputs[0]).Type!.Value.Fraction;
        Assert.Equal(expected.Length, found.Raw.Length);
        for (var n = 0; n < expected.Length; n++)
            Assert.True(new Dyadic(expected[n], -8) == new Dyadic(found.Raw[n], -fraction), $"Number {n}: {found.Raw[n]} · 2^-{fraction} instead of {expected[n]} · 2^-8.");
    }

    private static Design Read(string name)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(TestFiles.Shared("data", "networks", $"{name}.qonnx.onnx"), new ImportOptions(), diagnostics);
        var configuration = Configuration.Default with { Inputs = graph.Inputs.ToDictionary(i => i, _ => (Input, 0L), StringComparer.Ordinal) };
        var compiled = Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics);
        Assert.True(compiled is not null, string.Join('\n', diagnostics.Items));
        return compiled.Design;
    }
}
