using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Conformance.Gpp;

/// <summary>Dense networks with seeded weights, typed by hand.</summary>
internal static class Networks
{
    private static readonly Quantizer Hidden = new(new FixedType(false, 10, 5), Rounding.Rnd, Overflow.Sat);

    /// <summary>Dense layers with rectified, quantised results between them; the last result is cast to fixed&lt;16,8&gt;.</summary>
    public static Design Dense(int seed, params int[] sizes)
    {
        var random = new Random(seed);
        var values = new List<Value> { new("x", [sizes[0]], new FixedType(true, 12, 6), null) };
        var nodes = new List<Node>();
        for (var layer = 1; layer < sizes.Length; layer++)
            AddLayer(random, values, nodes, layer, sizes[layer - 1], sizes[layer], isLast: layer == sizes.Length - 1);
        return DesignBuilder.Build(new Graph("net", values.ToSeq(), ["x"], [values[^1].Name], [], nodes.ToSeq()));
    }

    /// <summary>Random events of a design whose inputs have at most 63 bits.</summary>
    public static Dictionary<string, RawBatch> Events(Design design, int count, int seed)
    {
        var random = new Random(seed);
        return design.Inputs.ToDictionary(i => i, i =>
        {
            var type = design.Channel(i).Type!.Value;
            var raw = new long[count * Shapes.Count(design.Channel(i).Shape)];
            // Long integers are indices and numbers near zero; the ends of their type are those of the tests of casts.
            var (low, high) = type.Width > 32 ? (type.Signed ? -(1L << 31) : 0, 1L << 31) : ((long)type.MinimumRaw, (long)type.MaximumRaw);
            for (var k = 0; k < raw.Length; k++)
                raw[k] = type.Width > 32 && k % 2 == 0 ? random.NextInt64(type.Signed ? -4 : 0, 5) : random.NextInt64(low, high + 1);
            return RawBatch.Of(Shapes.Count(design.Channel(i).Shape), raw);
        }, StringComparer.Ordinal);
    }

    private static void AddLayer(Random random, List<Value> values, List<Node> nodes, int layer, int inputs, int outputs, bool isLast)
    {
        var (x, weight, bias, sum) = (values[^1].Name, $"fc{layer}.weight", $"fc{layer}.bias", $"fc{layer}");
        var before = values[^1].Type!.Value;
        var weights = Constant(random, [inputs, outputs], new FixedType(true, 8, 2));
        values.Add(new(weight, weights.Shape, weights.Type, weights));
        var biases = Constant(random, [outputs], new FixedType(true, 8, 4));
        values.Add(new(bias, biases.Shape, biases.Type, biases));
        var width = before.Width + 8 + 8;
        values.Add(new(sum, [outputs], new FixedType(true, width, width - before.Fraction - 6), null));
        nodes.Add(new(sum, new Dense(), [x, weight, bias], [sum], new Origin(sum, "Gemm")));
        if (isLast)
        {
            var result = new Quantizer(new FixedType(true, 16, 8), Rounding.RndConv, Overflow.Sat);
            values.Add(new("y", [outputs], result.Type, null));
            nodes.Add(new("y", new Quantize(result), [sum], ["y"], new Origin("y", "Quant")));
            return;
        }
        var (relu, quantized) = ($"relu{layer}", $"q{layer}");
        values.Add(new(relu, [outputs], new FixedType(false, width, width - before.Fraction - 6), null));
        nodes.Add(new(relu, new Rectify(), [sum], [relu], new Origin(relu, "Relu")));
        values.Add(new(quantized, [outputs], Hidden.Type, null));
        nodes.Add(new(quantized, new Quantize(Hidden), [relu], [quantized], new Origin(quantized, "Quant")));
    }

    private static ConstantTensor Constant(Random random, Seq<int> shape, FixedType type)
    {
        var raw = Enumerable.Range(0, Shapes.Count(shape)).Select(_ => random.NextInt64((long)type.MinimumRaw, (long)type.MaximumRaw + 1)).ToArray();
        return new(shape, raw.Select(r => new Dyadic(r, -type.Fraction)).ToSeq(), type, Seq.Own(raw));
    }
}
