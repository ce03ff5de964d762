using System.Globalization;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Trees;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>How pipelines of scikit-learn choose, join and number features: ArrayFeatureExtractor, FeatureVectorizer, OneHotEncoder and LabelEncoder of ai.onnx.ml.</summary>
internal static class FeatureColumns
{
    /// <summary>Chosen elements of the last dimension; a vector becomes a row.</summary>
    public static void ImportExtractor(OnnxNode node)
    {
        var x = TreeImports.Rows(node, node.Input(0, "features"));
        var indices = node.Input(1, "indices");
        var count = Shapes.Count(indices.Shape);
        if (x.Rank == 0 || !ElementTypes.IsInteger(indices.Type))
            throw node.Refuse($"indices that are {ElementTypes.NameOf(indices.Type)} into features of shape {x.Shape}; it takes integers, into a row or rows");
        if (indices.Constant is null)
        {
            node.Output(0, x.Type, new TableRow(x.Rank - 1), x, node.Emit("places", new Reshape([count]), indices));
            return;
        }
        var places = node.Integers(1, "indices")!;
        if (Array.Find(places, p => p < 0 || p >= x.Shape[^1]) is not 0 and var bad)
            throw node.Refuse(I($"index {bad} of an extent of {x.Shape[^1]}"));
        node.Output(0, x.Type, new Gather(x.Rank - 1, places.Select(p => (int)p).ToSeq(), [count]), x);
    }

    /// <summary>Rows side by side.</summary>
    public static void ImportVectorizer(OnnxNode node)
    {
        var rows = Enumerable.Range(0, node.InputCount).Select(k => TreeImports.Rows(node, node.Input(k, "features"))).ToArray();
        var stated = node.Attributes.Ints("inputdimensions") ?? [];
        if (rows.Length == 0 || Array.Exists(rows, r => r.Rank != 2))
            throw node.Refuse("features that are no rows");
        if (stated.Length > 0 && !stated.SequenceEqual(rows.Select(r => (long)r.Shape[1])))
            throw node.Refuse($"'inputdimensions' says {string.Join(", ", stated)} where the features have {string.Join(", ", rows.Select(r => r.Shape[1]))}");
        node.Output(0, DataType.Float, new Concatenation(1), rows);
    }

    /// <summary>A new last dimension in which the place of the category is 1, all else 0.</summary>
    public static void ImportOneHot(OnnxNode node)
    {
        var x = node.Input(0, "categories");
        node.Attributes.Ignore("cats_strings");
        if (!node.Attributes.Flag("zeros", otherwise: true))
            throw node.Attributes.Value("zeros", "0", "hardware cannot refuse an event of another category; it must be 1");
        var categories = node.Attributes.Ints("cats_int64s") is { Length: > 0 } given ? given : throw node.Refuse("there are no categories that are numbers");
        var column = node.Emit("column", new Reshape([.. x.Shape, 1]), Whole(node, x));
        var numbers = node.Constant("categories", Numbers.WithExactType(ConstantTensor.Of([categories.Length], categories.Select(c => new Dyadic(c, 0)).ToSeq())), DataType.Int64);
        var isMember = node.Emit("members", DataType.Bool, new Relation(Comparison.Equal), column, numbers);
        node.Output(0, DataType.Float, new Reshape(isMember.Shape), isMember);
    }

    /// <summary>A number in the place of another: tests for equality, found by halves.</summary>
    public static void ImportEncoder(OnnxNode node)
    {
        var x = node.Input(0, "labels");
        node.Attributes.Ignore("default_string");
        var (keys, _) = List(node, "keys");
        var (values, type) = List(node, "values");
        if (keys.Count == 0 || keys.Count != values.Count)
            throw node.Refuse(I($"{keys.Count} keys and {values.Count} values that are numbers; it takes as many of either"));
        // The first of several entries for a key holds.
        var entries = keys.Zip(values).DistinctBy(e => e.First).OrderBy(e => e.First).ToArray();
        var (places, count) = (node.Emit("rows", new Reshape([Shapes.Count(x.Shape), 1]), x), x.Shape);
        var (trees, leaves) = Search(entries, Default(node, type));
        var exact = Numbers.WithExactType(ConstantTensor.Of([leaves.Count], leaves));
        node.Output(0, type, new Reshape(count), node.Emit("codes", type, trees, places, node.Constant("values", exact, type)));
    }

    private static (TreeEnsemble Trees, Seq<Dyadic> Leaves) Search((Dyadic Key, Dyadic Value)[] entries, Dyadic otherwise)
    {
        var writer = new TreeWriter();
        var root = Part(0, entries.Length);
        return (writer.ToOperator([[root]], Reduction.Sum), writer.Leaves.ToSeq());

        int Part(int first, int end)
        {
            if (end - first == 1)
                return writer.Branch(new(0, Comparison.Equal, entries[first].Key), writer.Leaf(entries[first].Value), writer.Leaf(otherwise));
            var middle = (first + end) / 2;
            return writer.Branch(new(0, Comparison.Less, entries[middle].Key), Part(first, middle), Part(middle, end));
        }
    }

    /// <summary>Numbers given as integers, as floats or as a tensor.</summary>
    private static (Seq<Dyadic> Numbers, DataType Type) List(OnnxNode node, string name)
    {
        var (integers, floats) = (node.Attributes.Ints($"{name}_int64s"), node.Attributes.Floats($"{name}_floats"));
        return node.Attributes.Tensor($"{name}_tensor") is { } tensor ? (node.Read(tensor, name).Values, (DataType)tensor.DataType)
            : integers is { Length: > 0 } ? (integers.Select(i => new Dyadic(i, 0)).ToSeq(), DataType.Int64)
            : ((floats ?? []).ToSeq(), DataType.Float);
    }

    private static Dyadic Default(OnnxNode node, DataType type)
    {
        var (integer, real) = (node.Attributes.Int("default_int64", -1), node.Attributes.Float("default_float", 0));
        return node.Attributes.Tensor("default_tensor") is { } tensor ? node.Read(tensor, "default").Values[0]
            : ElementTypes.IsInteger(type) ? new Dyadic(integer, 0) : real;
    }

    /// <summary>Categories that come as reals lose their fraction.</summary>
    private static Operand Whole(OnnxNode node, Operand x) => ElementTypes.IsFloat(x.Type)
        ? node.Emit("whole", DataType.Int64, new Quantize(new(ElementTypes.IntegerType(DataType.Int64)!.Value, Rounding.TrnZero, Overflow.Sat)), x)
        : x;

    public static IEnumerable<OperatorCase> ExtractorCases() =>
    [
        Case("ArrayFeatureExtractor", "columns").Input(2, 4).Integers(3, 0, 3),
        Case("ArrayFeatureExtractor", "vector").Input(4).Integers(2),
        Case("ArrayFeatureExtractor", "computed index").Constant([3], [20, -5, 7]).Whole([1, 1], 0, 2),
    ];

    public static IEnumerable<OperatorCase> VectorizerCases() =>
    [
        Case("FeatureVectorizer", "two").Input(1, 3).Input(1, 2).With("inputdimensions", new long[] { 3, 2 }),
    ];

    public static IEnumerable<OperatorCase> OneHotCases() =>
    [
        Case("OneHotEncoder", "categories").Whole([1, 4], -2, 3).With("cats_int64s", new long[] { 2, 0, -1 }),
        Case("OneHotEncoder", "reals").Input(1, 3).With("cats_int64s", new long[] { 1, 0 }).With("zeros", 1),
    ];

    public static IEnumerable<OperatorCase> EncoderCases() =>
    [
        Case("LabelEncoder", "integers", 2).Whole([1, 9], -8, 3).With("keys_int64s", new long[] { 0, 2, -7, 1 }).With("values_int64s", new long[] { 10, -300, 5, 10 })
            .With("default_int64", -9).WithOutputs(1, DataType.Int64),
        Case("LabelEncoder", "reals", 2).Input(2, 2).With("keys_floats", new[] { 0.5f, -1 }).With("values_floats", new[] { 30.5f, 0.3f }).With("default_float", -0.75f),
        Case("LabelEncoder", "integers to reals", 2).Whole([6], 0, 4).With("keys_int64s", new long[] { 3, 1, 2 }).With("values_floats", new[] { 1.5f, 2.5f, -8 }),
        Case("LabelEncoder", "tensors", 4).Whole([1, 6], 0, 4).With("keys_tensor", OnnxModelBuilder.Tensor("", [2], [3, 1], DataType.Int64))
            .With("values_tensor", OnnxModelBuilder.Tensor("", [2], [7, 8], DataType.Int64)).With("default_tensor", OnnxModelBuilder.Tensor("", [1], [-2], DataType.Int64))
            .WithOutputs(1, DataType.Int64),
        Case("LabelEncoder", "integers to texts", 2).Whole([6], 0, 4).With("keys_int64s", new long[] { 3, 1, 2 }).With("values_strings", new[] { "muon", "tau", "muon" })
            .With("default_string", "jet").WithOutputs(1, DataType.String).WithoutReference(),
    ];

    private static OperatorCase Case(string type, string name, int opset = 1) => OperatorCase.Of(type, name, opset, TreeCases.Domain);

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
