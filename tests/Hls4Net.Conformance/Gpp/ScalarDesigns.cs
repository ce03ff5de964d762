using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Conformance.Gpp;

/// <summary>Designs of scalars: some inputs, and one output for each expression over them.</summary>
internal static class ScalarDesigns
{
    /// <summary>Each expression sees all inputs and ends in the type of its quantizer.</summary>
    public static Design Of(IReadOnlyList<FixedType> inputs, params IReadOnlyList<(Func<BlockBuilder, Term[], Term> Expression, Quantizer Result)> outputs)
    {
        var handles = inputs.Select((_, n) => new TensorHandle($"x{n}", [1])).ToArray();
        var channels = inputs.Select((t, n) => new Channel($"x{n}", [1], t, $"x{n}")).ToList();
        var stages = new List<Stage>();
        for (var n = 0; n < outputs.Count; n++)
        {
            var (expression, result) = outputs[n];
            var definition = new Definition($"y{n}", handles, [$"y{n}"]);
            definition.Output(0, [1], (b, i) => expression(b, [.. handles.Select(h => b.At(h, i))]).Cast(result));
            var (computation, reads, name, shape) = definition.Steps[0];
            channels.Add(new(name, shape, result.Type, name));
            stages.Add(new(name, computation, reads, name, new Origin(name, "Test"), Schedule.Unrolled));
        }
        return new("scalars", handles.Select(h => h.Name).ToSeq(), [], stages.Select(s => s.Output).ToSeq(), channels.ToSeq(), [], stages.ToSeq());
    }

    /// <summary>All values of a design's only input.</summary>
    public static Dictionary<string, RawBatch> AllValues(FixedType type)
    {
        var low = (long)type.MinimumRaw;
        var raw = new long[1 << type.Width];
        for (var i = 0; i < raw.Length; i++)
            raw[i] = low + i;
        return new(StringComparer.Ordinal) { ["x0"] = RawBatch.Of(1, raw) };
    }

    /// <summary>Corners and random values of any width.</summary>
    public static Dictionary<string, RawBatch> WideEvents(Design design, int count, int seed)
    {
        var random = new Random(seed);
        return design.Inputs.ToDictionary(i => i, i =>
        {
            var type = design.Channel(i).Type!.Value;
            BigInteger[] corners = [type.MinimumRaw, type.MaximumRaw, 0, 1, type.MaximumRaw - 1, type.MinimumRaw + 1, type.Signed ? -1 : 2];
            return RawBatch.Of(1, [.. Enumerable.Range(0, count).Select(n =>
                n < 49 ? corners[i[^1] % 2 == 0 ? n % 7 : n / 7] : Draw(random, type))]);
        }, StringComparer.Ordinal);
    }

    /// <summary>Any number of significant bits, so that small numbers come up as well.</summary>
    private static BigInteger Draw(Random random, FixedType type)
    {
        var bytes = new byte[(type.Width + 7) / 8 + 1];
        random.NextBytes(bytes);
        var bits = new BigInteger(bytes, isUnsigned: true) & ((BigInteger.One << type.Width) - 1);
        var value = bits > type.MaximumRaw ? bits - (BigInteger.One << type.Width) : bits;
        return value >> random.Next(type.Width);
    }
}
