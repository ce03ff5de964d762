using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Typing;

/// <summary>Small imported graphs made without a file.</summary>
internal static class TestNetworks
{
    /// <summary>x → product, bias, rectifier for each layer but the last, which has no rectifier. Bias and product are separate nodes.</summary>
    public static Graph Perceptron(int seed, params int[] sizes)
    {
        var random = new Random(seed);
        var values = new List<Value> { new("x", [1, sizes[0]], null, null) };
        var nodes = new List<Node>();
        var current = "x";
        for (var layer = 1; layer < sizes.Length; layer++)
        {
            var (rows, columns) = (sizes[layer - 1], sizes[layer]);
            values.Add(Constant($"w{layer}", [rows, columns], random));
            values.Add(Constant($"b{layer}", [columns], random));
            current = Append(nodes, values, new Dense(), $"product{layer}", [1, columns], current, $"w{layer}");
            current = Append(nodes, values, new Addition(), $"sum{layer}", [1, columns], current, $"b{layer}");
            if (layer < sizes.Length - 1)
                current = Append(nodes, values, new Rectify(), $"relu{layer}", [1, columns], current);
        }
        return new("perceptron", values.ToSeq(), ["x"], [current], [], nodes.ToSeq());
    }

    /// <summary>An encoder with means and log-variances of one layer each.</summary>
    public static Graph TwoHeads()
    {
        var random = new Random(5);
        var values = new List<Value> { new("x", [1, 8], null, null), Constant("w1", [8, 3], random), Constant("w2", [8, 3], random) };
        var nodes = new List<Node>();
        Append(nodes, values, new Dense(), "mu", [1, 3], "x", "w1");
        Append(nodes, values, new Dense(), "logvar", [1, 3], "x", "w2");
        return new("heads", values.ToSeq(), ["x"], ["mu", "logvar"], [], nodes.ToSeq());
    }

    public static Value Constant(string name, Seq<int> shape, Random random) => new(name, shape, null,
        ConstantTensor.Of(shape, Enumerable.Range(0, Shapes.Count(shape)).Select(_ => Dyadic.FromDouble((float)(random.NextDouble() * 2 - 1))).ToSeq()));

    public static string Append(List<Node> nodes, List<Value> values, Operator op, string name, Seq<int> shape, params string[] inputs)
    {
        values.Add(new(name, shape, null, null));
        nodes.Add(new(name, op, inputs.ToSeq(), [name], new Origin(name, op.Name)));
        return name;
    }
}
