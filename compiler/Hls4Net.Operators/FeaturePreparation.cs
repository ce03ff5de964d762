using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Trees;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>What pipelines of scikit-learn put in front of a model: Scaler, Normalizer, Imputer and Binarizer of ai.onnx.ml.</summary>
internal static class FeaturePreparation
{
    /// <summary>(x − offset) · scale, with one number for all features or one for each.</summary>
    public static void ImportScaler(OnnxNode node)
    {
        var x = node.Input(0, "features");
        var (offset, scale) = (Numbers(node, "offset"), Numbers(node, "scale"));
        if (x.Rank == 0 || offset.Count != scale.Count || (scale.Count != 1 && scale.Count != x.Shape[^1]))
            throw node.Refuse($"{offset.Count} offsets and {scale.Count} scales for features of shape {x.Shape}; it takes one of each, or one of each for every feature");
        var shifted = node.Emit("shifted", DataType.Float, new Subtraction(), x, node.Constant("offset", Row(offset)));
        node.Output(0, DataType.Float, new Multiplication(), shifted, node.Constant("scale", Row(scale)));
    }

    /// <summary>Rows divided by their largest element, by the sum of their magnitudes, or by their length.</summary>
    public static void ImportNormalizer(OnnxNode node)
    {
        var x = node.Input(0, "features");
        if (x.Rank is < 1 or > 2)
            throw node.Refuse($"features of shape {x.Shape}; it takes a row, or rows");
        Seq<int> last = [x.Rank - 1];
        switch (node.Attributes.Text("norm", "MAX"))
        {
            case "L2":
                node.Output(0, DataType.Float, new Standardise(last, Spread.Length, Dyadic.Zero), x);
                break;
            case "L1":
                node.Output(0, DataType.Float, new Quotient(), x, node.Emit("magnitudes", DataType.Float, new ReduceSum(last, KeepDimensions: true, SumOf.Magnitudes), x));
                break;
            case "MAX":
                node.Output(0, DataType.Float, new Quotient(), x, node.Emit("largest", DataType.Float, new ReduceExtremum(last, KeepDimensions: true, Largest: true), x));
                break;
            case var other:
                throw node.Attributes.Value("norm", $"'{other}'", "there are MAX, L1 and L2");
        }
    }

    /// <summary>Another number in the place of the one that stands for a missing one. NaN does not exist in fixed point: nothing is left to do.</summary>
    public static void ImportImputer(OnnxNode node)
    {
        var x = node.Input(0, "features");
        var isInteger = ElementTypes.IsInteger(x.Type);
        var (integers, floats) = (node.Attributes.Ints("imputed_value_int64s") ?? [], Numbers(node, "imputed_value_floats"));
        var (integer, real) = (node.Attributes.Int("replaced_value_int64", 0), node.Attributes.FloatOrNaN("replaced_value_float", 0));
        var values = isInteger ? integers.Select(i => new Dyadic(i, 0)).ToSeq() : floats;
        if (x.Rank == 0 || (values.Count != 1 && values.Count != x.Shape[^1]))
            throw node.Refuse($"{values.Count} values to put in for features of shape {x.Shape}; it takes one, or one for every feature");
        if ((isInteger ? new Dyadic(integer, 0) : real) is not { } replaced)
        {
            node.Warn(Messages.NothingToImpute(node.Where));
            node.Output(0, x.Type, new Reshape(x.Shape), x);
            return;
        }
        var isMissing = node.Emit("missing", DataType.Bool, new Relation(Comparison.Equal), x, node.Constant("gap", Exact([replaced]), x.Type));
        node.Output(0, x.Type, new Choice(), isMissing, node.Constant("imputed", Exact(values), x.Type), x);
    }

    /// <summary>1 above the threshold, else 0.</summary>
    public static void ImportBinarizer(OnnxNode node)
    {
        var threshold = node.Constant("threshold", Exact([node.Attributes.Float("threshold", 0)]));
        var isAbove = node.Emit("above", DataType.Bool, new Relation(Comparison.Less), threshold, node.Input(0, "features"));
        node.Output(0, DataType.Float, new Reshape(isAbove.Shape), isAbove);
    }

    public static IEnumerable<OperatorCase> ImputerCases() =>
    [
        OperatorCase.Of("Imputer", "each feature", 1, TreeCases.Domain).Whole([2, 3], -2, 2, DataType.Float).With("imputed_value_floats", new[] { 0.5f, -1.25f, 2 })
            .With("replaced_value_float", -1f),
        Case("Imputer", "zero, one for all", 1, 4).With("imputed_value_floats", new[] { 0.3f }),
        Case("Imputer", "missing numbers", 1, 2).With("imputed_value_floats", new[] { 0.3f, 1 }).With("replaced_value_float", float.NaN),
        OperatorCase.Of("Imputer", "integers", 1, TreeCases.Domain).Whole([1, 9], -2, 2).With("imputed_value_int64s", new long[] { 7 }).With("replaced_value_int64", -1)
            .WithOutputs(1, DataType.Int64),
    ];

    public static IEnumerable<OperatorCase> BinarizerCases() =>
    [
        Case("Binarizer", "threshold", 2, 8).With("threshold", -2.5f),
        Case("Binarizer", "zero", 2, 3),
    ];

    public static IEnumerable<OperatorCase> ScalerCases() =>
    [
        Case("Scaler", "each feature", 1, 4).With("offset", new[] { 0.5f, -1.25f, 0, 2 }).With("scale", new[] { 2f, -0.75f, 0.3f, 1 }),
        Case("Scaler", "rows, one for all", 3, 2).With("offset", new[] { 0.1f }).With("scale", new[] { 0.7f }),
    ];

    public static IEnumerable<OperatorCase> NormalizerCases() =>
    [
        Case("Normalizer", "length", 1, 4).With("norm", "L2"),
        Case("Normalizer", "magnitudes of rows", 2, 3).With("norm", "L1"),
        Case("Normalizer", "largest", 1, 3),
    ];

    private static Seq<Dyadic> Numbers(OnnxNode node, string name) => (node.Attributes.Floats(name) ?? []).ToSeq();

    private static OperatorCase Case(string type, string name, params int[] shape) => OperatorCase.Of(type, name, 1, domain: TreeCases.Domain).Input(shape);

    private static ConstantTensor Exact(Seq<Dyadic> values) => Onnx.Numbers.WithExactType(Row(values));

    private static ConstantTensor Row(Seq<Dyadic> values) => ConstantTensor.Of(values.Count == 1 ? [] : [values.Count], values);
}
