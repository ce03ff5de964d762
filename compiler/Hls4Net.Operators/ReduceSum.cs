using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>What a reduction adds up.</summary>
public enum SumOf
{
    /// <summary>The elements.</summary>
    Elements,

    /// <summary>Their magnitudes.</summary>
    Magnitudes,

    /// <summary>Their squares.</summary>
    Squares,
}

/// <summary>The sum over some dimensions. ONNX ReduceSum, ReduceSumSquare, ReduceL1, ReduceMean and GlobalAveragePool are this.</summary>
/// <param name="Axes">The dimensions that are summed over, ascending.</param>
/// <param name="KeepDimensions">Whether they stay, with extent 1.</param>
/// <param name="Of">What is added up.</param>
/// <param name="Accumulator">Null for an exact sum.</param>
/// <param name="TermType">Null, or what each square or magnitude is cast to before it is added.</param>
public sealed record ReduceSum(Seq<int> Axes, bool KeepDimensions, SumOf Of = SumOf.Elements, Quantizer? Accumulator = null, Quantizer? TermType = null) : Operator
{
    public override bool Multiplies => Of == SumOf.Squares;

    public override Quantizer? AccumulatorType => Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [ReducedAxes.Shape(inputs[0]!.Value, Axes, KeepDimensions)];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        definition.Output(0, ReducedAxes.Shape(x.Shape, Axes, KeepDimensions), (b, i) =>
            b.Sum(ReducedAxes.Extents(x.Shape, Axes), (t, r) =>
            {
                var element = t.At(x, ReducedAxes.Element(x.Shape, Axes, KeepDimensions, i, r));
                var term = Of switch
                {
                    SumOf.Squares => element * element,
                    SumOf.Magnitudes => element.Max(t.Literal(Dyadic.Zero) - element),
                    _ => element,
                };
                return TermType is { } type ? term.Cast(type) : term;
            }, accumulator: Accumulator));
    }

    internal static void ImportSum(OnnxNode node) => Import(node, SumOf.Elements, 13);

    internal static void ImportSumSquare(OnnxNode node) => Import(node, SumOf.Squares, 18);

    internal static void ImportL1(OnnxNode node) => Import(node, SumOf.Magnitudes, 18);

    internal static void ImportMean(OnnxNode node)
    {
        var (x, axes, keep) = ReducedAxes.Read(node, 18);
        node.RequireFloat(x);
        WriteMean(node, x, axes, keep);
    }

    internal static void ImportGlobalAveragePool(OnnxNode node)
    {
        if (ChannelsLast.TryImport(node, ChannelsLast.ImportGlobalAveragePool))
            return;
        var x = node.Input(0, "input");
        WriteMean(node, x, ReducedAxes.Spatial(node, x), keep: true);
    }

    internal static IEnumerable<OperatorCase> SumCases() => ReducedAxes.Cases("ReduceSum", 13);

    internal static IEnumerable<OperatorCase> SumSquareCases() => ReducedAxes.Cases("ReduceSumSquare", 18);

    internal static IEnumerable<OperatorCase> L1Cases() => ReducedAxes.Cases("ReduceL1", 18);

    internal static IEnumerable<OperatorCase> MeanCases() => ReducedAxes.Cases("ReduceMean", 18);

    internal static IEnumerable<OperatorCase> GlobalAveragePoolCases() =>
        [.. ChannelsLast.GlobalAveragePoolCases(), OperatorCase.Of("GlobalAveragePool", "image", 7).Input(1, 3, 2, 4), OperatorCase.Of("GlobalAveragePool", "sequence").Input(1, 2, 5)];

    private static void Import(OnnxNode node, SumOf of, int inputSince)
    {
        var (x, axes, keep) = ReducedAxes.Read(node, inputSince);
        // Over no dimension, each element is a sum of its own.
        if (axes.Count == 0 && of == SumOf.Elements)
            node.Output(new Reshape(x.Shape), x);
        else
            node.Arithmetic(axes.Count > 0 ? new ReduceSum(axes, keep, of) : of == SumOf.Squares ? new Power(2) : new AbsoluteValue(), x);
    }

    /// <summary>The mean over some dimensions as the node's output.</summary>
    internal static void WriteMean(OnnxNode node, Operand x, Seq<int> axes, bool keep)
    {
        if (axes.Count == 0)
        {
            node.Output(new Reshape(x.Shape), x);
            return;
        }
        var count = ReducedAxes.Extents(x.Shape, axes).Aggregate(1, (a, b) => a * b);
        node.Output(new Multiplication(), node.Emit("sum", new ReduceSum(axes, keep), x), Summation.Reciprocal(node, count));
    }
}
