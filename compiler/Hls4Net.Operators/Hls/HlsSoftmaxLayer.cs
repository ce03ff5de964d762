using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Hls;

/// <summary>How a softmax of the HLS dialect is computed once types are known. The family is closed.</summary>
public abstract record HlsSoftmaxMethod;

/// <summary>
/// Stable and latency: exponentials from a table that the leading bits of the operand (or of its distance from the largest) address, their
/// sum in a tree, and the sum's reciprocal from another table.
/// </summary>
/// <param name="Distance">What the distance from the largest is cast to (stable); null if operands address the table (latency).</param>
/// <param name="Exponentials">Addressed by the leading bits of the distance or operand.</param>
/// <param name="Accumulator">Of each exponential, and of every step of the sum.</param>
/// <param name="Divisor">Of the sum, before its leading bits address the reciprocals.</param>
/// <param name="Reciprocals">Addressed by the leading bits of the sum.</param>
public sealed record HlsSoftmaxByTables(Quantizer? Distance, Table Exponentials, Quantizer Accumulator, Quantizer Divisor, Table Reciprocals)
    : HlsSoftmaxMethod;

/// <summary>Legacy: for each result the exponentials of all differences are looked up and summed, and the sum is inverted by a table.</summary>
/// <param name="Size">Number of entries of each table.</param>
/// <param name="Exponentials">Over differences from −8 to 8.</param>
/// <param name="Reciprocals">Over sums from 0 to 64.</param>
/// <param name="Entry">Type of the entries, and of the sum.</param>
public sealed record HlsSoftmaxLegacy(int Size, Table Exponentials, Table Reciprocals, Quantizer Entry) : HlsSoftmaxMethod;

/// <summary>1 for the first of the largest operands, 0 for the others.</summary>
public sealed record HlsSoftmaxArgmax : HlsSoftmaxMethod;

/// <summary>The softmax along one dimension, as deployed HLS firmware computes it; without a method it is the real function.</summary>
public sealed record HlsSoftmaxLayer(int Axis, HlsSoftmaxMethod? Method = null) : Operator
{
    public override Quantizer? AccumulatorType => (Method as HlsSoftmaxByTables)?.Accumulator;

    /// <summary>The sum of exponentials has the type; before there is a method there is nothing to keep it in.</summary>
    public override Operator WithAccumulator(Quantizer accumulator) =>
        Method is HlsSoftmaxByTables tables ? this with { Method = tables with { Accumulator = accumulator } } : this;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value];

    public override void Define(Definition definition)
    {
        var slices = new Slices(definition.Input(0), Axis);
        switch (Method)
        {
            case null:
                DefineReal(definition, slices);
                break;
            case HlsSoftmaxByTables tables:
                DefineByTables(definition, slices, tables);
                break;
            case HlsSoftmaxLegacy legacy:
                DefineLegacy(definition, slices, legacy);
                break;
            default:
                DefineArgmax(definition, slices);
                break;
        }
    }

    private static void DefineReal(Definition definition, Slices slices)
    {
        var x = slices.Tensor;
        var exp = new Table(new RealFunction("exp", []), null);
        var largest = definition.Temporary("largest", slices.Reduced, (b, i) => b.Max([slices.Count], (t, k) => t.At(x, slices.At(i, k[0]))));
        var powers = definition.Temporary("powers", x.Shape, (b, i) => (b.At(x, i) - b.At(largest, slices.Of(i))).Lookup(exp));
        var sum = definition.Temporary("sum", slices.Reduced, (b, i) => b.Sum([slices.Count], (t, k) => t.At(powers, slices.At(i, k[0]))));
        definition.Output(0, x.Shape, (b, i) => b.At(powers, i).Divide(b.At(sum, slices.Of(i)), 0));
    }

    private static void DefineByTables(Definition definition, Slices slices, HlsSoftmaxByTables method)
    {
        var x = slices.Tensor;
        var largest = method.Distance is null ? null
            : definition.Temporary("largest", slices.Reduced, (b, i) => b.Max([slices.Count], (t, k) => t.At(x, slices.At(i, k[0]))));
        var powers = definition.Temporary("powers", x.Shape, (b, i) =>
        {
            var operand = largest is null ? b.At(x, i) : (b.At(largest, slices.Of(i)) - b.At(x, i)).Cast(method.Distance!.Value);
            return HlsTables.AtLeadingBits(operand, method.Exponentials).Cast(method.Accumulator);
        });
        var inverse = definition.Temporary("inverse", slices.Reduced, (b, i) =>
        {
            var terms = Enumerable.Range(0, slices.Count).Select(k => b.At(powers, slices.At(i, k))).ToArray();
            return HlsTables.AtLeadingBits(Tree(terms, method.Accumulator).Cast(method.Divisor), method.Reciprocals);
        });
        definition.Output(0, x.Shape, (b, i) => b.At(powers, i) * b.At(inverse, slices.Of(i)));
    }

    private static void DefineLegacy(Definition definition, Slices slices, HlsSoftmaxLegacy method)
    {
        var x = slices.Tensor;
        var sums = definition.Temporary("sums", x.Shape, (b, i) => b.Sum([slices.Count], (t, k) =>
        {
            var difference = t.At(x, slices.At(i, k[0])) - t.At(x, i);
            var entry = HlsTables.At(t, difference, method.Exponentials, method.Size, method.Size / 2, 4);
            return t.IndexValue(i[slices.Axis] - k[0]).EqualTo(t.Literal(Dyadic.Zero)).Select(t.Literal(Dyadic.One), entry);
        }, accumulator: method.Entry));
        definition.Output(0, x.Shape, (b, i) => HlsTables.At(b, b.At(sums, i), method.Reciprocals, method.Size, 0, 6));
    }

    /// <summary>A result is 1 if no earlier operand is as large and no later one larger.</summary>
    private static void DefineArgmax(Definition definition, Slices slices)
    {
        var x = slices.Tensor;
        definition.Output(0, x.Shape, (b, i) => b.Min([slices.Count], (t, k) =>
        {
            var (own, other) = (t.At(x, i), t.At(x, slices.At(i, k[0])));
            var isEarlier = t.IndexValue(k[0]).Less(t.IndexValue(i[slices.Axis]));
            return isEarlier.Select(other.Less(own), other.LessOrEqual(own));
        }));
    }

    /// <summary>Pairwise sums in the accumulator, the left half being the largest power of two below the number of terms.</summary>
    private static Term Tree(ReadOnlySpan<Term> terms, Quantizer accumulator)
    {
        if (terms.Length == 1)
            return terms[0];
        var left = 1 << (HlsTables.BitsFor(terms.Length) - 1);
        return (Tree(terms[..left], accumulator) + Tree(terms[left..], accumulator)).Cast(accumulator);
    }

    /// <summary>A tensor as slices along one dimension.</summary>
    private sealed record Slices(TensorHandle Tensor, int Axis)
    {
        public int Count => Tensor.Shape[Axis];

        /// <summary>The shape with one number for each slice.</summary>
        public Seq<int> Reduced => Tensor.Shape.Select((extent, d) => d == Axis ? 1 : extent).ToSeq();

        /// <summary>Element k of the slice that an element of the tensor or of the reduced shape belongs to.</summary>
        public Affine[] At(Affine[] indices, Affine k) => [.. indices[..Axis], k, .. indices[(Axis + 1)..]];

        /// <summary>The number for the slice that an element belongs to.</summary>
        public Affine[] Of(Affine[] indices) => At(indices, 0);
    }
}
