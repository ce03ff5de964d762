using Google.Protobuf;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Conformance.Verilator;

public sealed class BlockTests
{
    /// <summary>Copied into each of its places, the tables of such a module take tens of gigabytes.</summary>
    [Fact]
    public void A_large_module_of_many_places_is_built_once_and_agrees_in_bits_and_cycles()
    {
        using var batch = new VerilatorBatch();
        var design = ConvolutionWithTables();
        batch.Add(design, null);
        batch.Add(design, 2);
        Assert.All(batch.Designs, d => Assert.Single(d.Files.Interface.Blocks!));
        var inputs = batch.Designs.Select((d, n) => Gpp.Networks.Events(d.Design, 300, n)).ToArray();
        Assert.All(batch.Compare(batch.Build(), inputs), r => Assert.Equal((null, true), r));
    }

    private static Design ConvolutionWithTables()
    {
        var model = ModelProto.Parser.ParseFrom(OperatorCase.Of("Conv", "with tables").Input(1, 1, 7, 7).Constant(3, 1, 2, 2).ToModel());
        var (convolution, output) = (model.Graph.Node[0], model.Graph.Output[0].Name);
        convolution.Output[0] = "sum";
        model.Graph.Node.Add(new NodeProto { OpType = "Selu", Name = "curve", Input = { "sum" }, Output = { output } });
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(model.ToByteArray(), "blocks", null, new ImportOptions(), diagnostics);
        var types = graph.Inputs.ToDictionary(i => i, _ => (new Quantizer(new FixedType(true, 12, 4), Rounding.Rnd, Overflow.Sat), 0L), StringComparer.Ordinal);
        var compiled = Pipelines.ToDesign(graph, Score.None, Configuration.Default with { Inputs = types }, null, diagnostics);
        Assert.True(compiled is not null, string.Join('\n', diagnostics.Items));
        return compiled.Design;
    }
}
