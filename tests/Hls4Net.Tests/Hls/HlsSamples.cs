using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Operators.Hls;

namespace Hls4Net.Tests.Hls;

/// <summary>Every operator of the HLS dialect with types that reach each of its branches: wide, narrow, unsigned, wrapping and saturating.</summary>
internal static class HlsSamples
{
    private static readonly Quantizer Table = OperatorRun.Type("fixed<18,8>");
    private static readonly Quantizer Small = OperatorRun.Type("fixed<9,4,RND,SAT>");
    private static readonly Quantizer Sum = OperatorRun.Type("fixed<14,5,RND,SAT>");
    private static readonly Quantizer Wrapping = OperatorRun.Type("fixed<10,4>");
    private static readonly Quantizer Result = OperatorRun.Type("fixed<16,6>");

    /// <summary>A typed design for each.</summary>
    public static IEnumerable<(string Name, Design Design)> All()
    {
        foreach (var (name, op, input, shape, constants) in Operators())
            yield return (name, OperatorRun.DesignOf(op, OperatorRun.Type(input).Type, shape, Result, constants));
    }

    private static IEnumerable<(string Name, Operator Operator, string Input, Seq<int> Shape, ConstantTensor[] Constants)> Operators()
    {
        foreach (var curve in Enum.GetValues<HlsCurve>())
        {
            yield return ($"{curve}", new HlsTableActivation(curve, new Dyadic(3, -2)).Typed(256, Table, OperatorRun.Type("ufixed<8,0>")), "fixed<12,5>", [1, 3], []);
            yield return ($"{curve} of 100 entries", new HlsTableActivation(curve, Dyadic.One).Typed(100, Small, Small), "fixed<9,5>", [1, 2], []);
        }
        yield return ("sigmoid of an unsigned operand", new HlsTableActivation(HlsCurve.Sigmoid, Dyadic.One).Typed(64, Table, Table), "ufixed<7,4>", [1, 2], []);
        yield return ("elu of a wide operand", new HlsTableActivation(HlsCurve.Elu, Dyadic.One).Typed(64, Table, Table), "fixed<40,36>", [1, 2], []);
        foreach (var (name, method, input) in Softmaxes())
            yield return (name, new HlsSoftmaxLayer(1, method), input, [1, 5], []);
        yield return ("softmax of rows", new HlsSoftmaxLayer(2, Softmaxes().First().Method), "fixed<8,4>", [1, 2, 3], []);
        yield return ("softmax of columns", new HlsSoftmaxLayer(1, Softmaxes().First().Method), "fixed<8,4>", [1, 3, 2], []);
        yield return ("softmax of one", new HlsSoftmaxLayer(1, Softmaxes().First().Method), "fixed<8,4>", [1, 1], []);
        foreach (var (name, types) in new[] { ("accumulator", new HlsMeanTypes(Sum, null)), ("wrapping", new HlsMeanTypes(Wrapping, null)), ("quotient", new HlsMeanTypes(Sum, Small)) })
        {
            yield return ($"mean of 3, {name}", new HlsMean([1], false, types), "fixed<10,4>", [1, 3, 2], []);
            yield return ($"mean of 4, {name}", new HlsMean([1, 2], true, types), "fixed<10,4>", [1, 2, 2], []);
            yield return ($"average pool, {name}", new HlsAveragePool(new Windows([2, 2], [1, 1], [1, 1], [0, 0], [1, 1], false), types), "fixed<8,3>", [1, 1, 2, 2],
                [Exact([2, 2], 4, 2, 2, 1)]);
        }
        var norm = HlsLayerNormTypes.Of(HlsLayerNormTypes.DefaultAccumulator, 256, 0, 3, HlsLayerNormTypes.DefaultTable);
        yield return ("layer norm", new HlsLayerNorm(Dyadic.One / 1000, norm), "fixed<8,3>", [1, 2, 4], [Exact([4], 3, -2, 5, 1), Exact([4], 1, 0, -2, 7)]);
        yield return ("leaky", new HlsLeakyRectify(Dyadic.FromDouble(0.1f)).Typed(OperatorRun.Type("ufixed<8,-3>")), "fixed<10,4>", [1, 3], []);
        yield return ("thresholded", new HlsThresholdedRectify(Dyadic.FromDouble(1.3f)).Typed(OperatorRun.Type("fixed<10,4>")), "fixed<10,4>", [1, 3], []);
        yield return ("binarize", new HlsBinarize(), "fixed<6,3>", [1, 2, 3], [Exact([3], 1, -3, 0)]);
        yield return ("hard sigmoid", new HlsHardSigmoid(Dyadic.FromDouble(0.2f), new Dyadic(1, -1)).Typed(), "fixed<10,4>", [1, 3], []);
    }

    private static IEnumerable<(string Name, HlsSoftmaxMethod Method, string Input)> Softmaxes()
    {
        var narrow = OperatorRun.Type("fixed<8,4>").Type;
        var free = OperatorRun.Type("ufixed<9,4>").Type;
        var usual = HlsSoftmaxTypes.Default;
        yield return ("softmax stable", HlsSoftmaxTypes.Stable(narrow, null, 1024, usual, usual, usual, usual), "fixed<8,4>");
        yield return ("softmax stable, unsigned", HlsSoftmaxTypes.Stable(free, null, 64, usual, OperatorRun.Type("fixed<21,11>"), usual, Small), "ufixed<9,4>");
        yield return ("softmax stable, own distance", HlsSoftmaxTypes.Stable(narrow, OperatorRun.Type("ufixed<7,2,RND,SAT>"), 32, usual, Small, Sum, usual), "fixed<8,4>");
        yield return ("softmax latency", HlsSoftmaxTypes.Latency(narrow, 128, usual, Small, usual, usual), "fixed<8,4>");
        yield return ("softmax legacy", HlsSoftmaxTypes.Legacy(128, Table), "fixed<8,4>");
        yield return ("softmax legacy of 90 entries", HlsSoftmaxTypes.Legacy(90, Wrapping), "fixed<8,4>");
        yield return ("softmax argmax", new HlsSoftmaxArgmax(), "fixed<4,4>");
    }

    private static ConstantTensor Exact(Seq<int> shape, params int[] values) =>
        ConstantTensor.Of(shape, values.Select(v => (Dyadic)v).ToSeq()).Quantize(new(new FixedType(values.Any(v => v < 0), 4, 4), Rounding.Trn, Overflow.Wrap));
}
