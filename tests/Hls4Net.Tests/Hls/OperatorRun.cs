using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Hls;

/// <summary>One operator and the cast of its result, emulated.</summary>
internal static class OperatorRun
{
    /// <summary>The raw integers of the result for events of raw integers.</summary>
    /// <param name="constants">Further inputs of the operator.</param>
    public static long[] Emulate(Operator op, FixedType input, Seq<int> shape, long[] raw, Quantizer result, params ConstantTensor[] constants)
    {
        var design = DesignOf(op, input, shape, result, constants);
        return new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(Shapes.Count(shape), raw) })["y"].Raw;
    }

    /// <summary>The design of an operator and the cast of its result.</summary>
    public static Design DesignOf(Operator op, FixedType input, Seq<int> shape, Quantizer result, params ConstantTensor[] constants)
    {
        var output = op.InferShapes([shape, .. constants.Select(c => (Seq<int>?)c.Shape)])[0];
        var others = constants.Select((c, k) => new Value($"c{k}", c.Shape, c.Type, c)).ToArray();
        Value[] values = [new("x", shape, input, null), .. others, new("exact", output, null, null), new("y", output, result.Type, null)];
        Node[] nodes =
        [
            new("op", op, ["x", .. others.Select(o => o.Name)], ["exact"], new Origin("op", op.Name)),
            new("cast", new Quantize(result), ["exact"], ["y"], new Origin("op", op.Name)),
        ];
        return DesignBuilder.Build(new Graph("g", values.ToSeq(), ["x"], ["y"], [], nodes.ToSeq()));
    }

    /// <summary>A type with its modes, as ap_fixed writes it.</summary>
    public static Quantizer Type(string text) => Quantizer.TryParse(text, Rounding.Trn, Overflow.Wrap, out var quantizer, out var problem)
        ? quantizer
        : throw new FormatException(problem);
}
