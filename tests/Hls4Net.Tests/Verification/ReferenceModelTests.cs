using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.OnnxRuntime;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Verification;

/// <summary>Models that ONNX Runtime refuses as they stand, written so that it can be asked about them all the same.</summary>
public sealed class ReferenceModelTests
{
    [Fact]
    public void Quantisers_in_an_old_operator_set_with_an_integer_zero_point_are_written_in_a_newer_one()
    {
        var model = new OnnxModelBuilder(9).Input("x", [-1, 3]).Node("Relu", ["x"], ["r"]).Node("finn.custom_op.general", "Quant", ["r", "s", "z", "b"], ["y"], [("signed", 1)])
            .Constant("s", [], [0.25]).Constant("z", [], [0], DataType.Int64).Constant("b", [], [4]).Output("y");
        Agrees(model.Import("finn.custom_op.general", 1).ToBytes(), "equal in every bit, emulator included");
    }

    [Fact]
    public void A_normalisation_with_its_channels_in_dimension_zero_is_written_as_it_is_read()
    {
        var model = new OnnxModelBuilder(9).Input("x", [-1, 3]).Node("Transpose", ["x"], ["t"], ("perm", new long[] { 1, 0 }))
            .Node("BatchNormalization", ["t", "g", "b", "m", "v"], ["n"], ("epsilon", 0.5f)).Node("Transpose", ["n"], ["y"], ("perm", new long[] { 1, 0 }))
            .Constant("g", [3], [1, -2, 0.3]).Constant("b", [3], [0.5, 0, 7]).Constant("m", [3], [0.1, 0.2, -3]).Constant("v", [3], [1, 4, 0.01]).Output("y");
        Agrees(model.ToBytes(), "reals within 1e-5");
    }

    /// <summary>Above a thousand, float32 has ten bits below a step of 2^-4: the rounding of one number in some thousands is another.</summary>
    [Fact]
    public void A_rounding_that_float32_sees_on_the_other_side_of_an_edge_is_said_and_no_difference()
    {
        var model = new OnnxModelBuilder(13).Input("x", [-1, 1]).Node("Mul", ["x", "x"], ["xx"]).Node("Mul", ["xx", "c"], ["p"]).Node("Add", ["p", "d"], ["q"]).Node("qonnx.custom_op.general", "Quant", ["q", "s", "z", "b"], ["y"], [])
            .Constant("c", [], [1 / 3.0]).Constant("d", [], [1000]).Constant("s", [], [Math.ScaleB(1, -4)]).Constant("z", [], [0]).Constant("b", [], [30]).Output("y").Import("qonnx.custom_op.general", 1);
        var result = Check(model.ToBytes(), 20_000);
        Assert.True(result.Passed, result.First);
        Assert.Contains("events in which a quantiser rounds float32's error", result.Rule, StringComparison.Ordinal);
    }

    private static void Agrees(byte[] model, string rule)
    {
        var result = Check(model);
        Assert.True(result.Passed, result.First);
        Assert.StartsWith(rule, result.Rule, StringComparison.Ordinal);
    }

    private static ReferenceResult Check(byte[] model, int events = 400)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(model, "m.onnx", null, new ImportOptions(), diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, Configuration.Default, null, diagnostics)!;
        using var library = Load();
        using var session = library.Open(ReferenceModel.Make(model, "m.onnx", [])!);
        var type = compiled.Design.Channel("x").Type!.Value;
        var elements = graph["x"].Shape[^1];
        var random = new Random(4);
        var raw = Enumerable.Range(0, events * elements).Select(_ => random.NextInt64((long)type.MinimumRaw, (long)type.MaximumRaw)).ToArray();
        return ReferenceCheck.Run(session, compiled.Imported, compiled.Design, new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(elements, raw) }, TestContext.Current.CancellationToken);
    }

    private static OnnxRuntimeLibrary Load()
    {
        try
        {
            return OnnxRuntimeLocator.Load();
        }
        catch (UserErrorException)
        {
            TestFiles.Missing("ONNX Runtime");
            throw;
        }
    }
}
