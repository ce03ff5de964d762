using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Passes.Scales;

/// <summary>Layers that sum or rearrange.</summary>
internal sealed partial class ScaleMover
{
    /// <summary>Weights of so few bits have no scale that would be worth moving.</summary>
    private const int NarrowWeights = 16;

    private bool MultiplyByMatrix(Node node)
    {
        if (_values[node.Inputs[1]].Constant is not { } weights)
            return false;
        var x = Multiple(node, node.Inputs[0]);
        var (rows, columns, rank) = (weights.Shape[0], weights.Shape[1], ShapeOf(node.Inputs[0]).Count);
        if (!x.Factor.VariesOnlyAlong(rank - 1, rank))
            return false;
        return Product(node, x, weights, k => k / columns, rows, k => k % columns, columns, rank - 1);
    }

    private bool Convolve(Node node, Convolution convolution)
    {
        if (_values[node.Inputs[1]].Constant is not { } weights)
            return false;
        var x = Multiple(node, node.Inputs[0]);
        var rank = weights.Shape.Count;
        var (results, members, window) = (weights.Shape[0], weights.Shape[1], Shapes.Count(weights.Shape.Skip(2).ToSeq()));
        if (!x.Factor.VariesOnlyAlong(1, rank))
            return false;
        var perGroup = results / convolution.Groups;
        return Product(node, x, weights, k => k / (window * members) / perGroup * members + k / window % members, members * convolution.Groups,
            k => k / (window * members), results, 1);
    }

    /// <summary>Σ (n·f)·w + b = (Σ n·v)·g + b, where w·f = v·g with whole v; a bias that is a whole multiple of g goes along.</summary>
    /// <param name="channelOf">The channel of x that the weight at a position meets.</param>
    /// <param name="resultOf">The channel of the result that it is summed into.</param>
    /// <param name="dimension">The dimension of the result's channels.</param>
    private bool Product(Node node, ScaledValue x, ConstantTensor weights, Func<int, int> channelOf, int channels, Func<int, int> resultOf, int results, int dimension)
    {
        if ((!x.IsQuantised && weights.Type is null) || x.Factor.All(f => !f.IsZero) is false || (x.IsPlain && weights.Type is { Width: <= NarrowWeights }))
            return false;
        var bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? node.Inputs[2] : null;
        if (bias is not null && !IsConstant(bias))
            return false;
        var outer = x.Factor.IsScalar ? x.Factor.Values[0] : Rational.One;
        var inner = x.Factor.IsScalar ? null : Enumerable.Range(0, channels).Select(c => x.Factor.Values[c]).ToArray();
        var split = Weights.Split(weights, k => inner is null ? Rational.One : inner[channelOf(k)], resultOf, results);
        if (split is null && (inner is not null || x.IsPlain))
            return false;
        var factors = split is null ? Spread.Of(outer) : FactorsOf(split.Factors).Map(f => f * outer);
        if (factors.All(f => f.IsPowerOfTwo) && x.IsPlain && weights.Type is not null)
            return false;
        var shift = bias is null ? Spread.Zero : Spread.Along([.. Spread.Exactly(_values[bias].Constant!)], ShapeOf(node.Outputs[0]).Count, dimension);
        var w = split is null ? node.Inputs[1] : Constant($"{node.Inputs[1]}.integers", ConstantTensor.Of(weights.Shape, split.Integers));
        var whole = shift / factors;
        var isWhole = bias is not null && whole.All(IsWhole);
        string[] inputs = isWhole ? [x.Base, w, Constant($"{bias}.integers", Vector(whole))] : [x.Base, w];
        var sum = Emit(node, "integers", node.Operator, null, inputs);
        return Note(node, ScaledValue.New(sum, factors) with { Shift = isWhole ? Spread.Zero : shift });

        Spread FactorsOf(Rational[] all) => all.Length == 1 ? Spread.Of(all[0]) : Spread.Along(all, ShapeOf(node.Outputs[0]).Count, dimension);

        ConstantTensor Vector(Spread spread) => ConstantTensor.Of([results],
            Enumerable.Range(0, results).Select(r => spread.Values[spread.IsScalar ? 0 : r].ToDyadic()).ToSeq());
    }

    private bool MultiplyMatrices(Node node)
    {
        if (Side(0) is not var (left, f) || Side(1) is not var (right, g) || (f == Rational.One && g == Rational.One))
            return false;
        var product = Emit(node, "integers", node.Operator, null, left, right);
        return Note(node, ScaledValue.New(product, Spread.Of(f * g)));

        (string Name, Rational Factor)? Side(int position)
        {
            var name = node.Inputs[position];
            if (_values[name].Constant is { } constant)
            {
                return Weights.Split(constant, _ => Rational.One, _ => 0, 1) is { } split
                    ? (Constant($"{name}.integers", ConstantTensor.Of(constant.Shape, split.Integers)), split.Factors[0])
                    : null;
            }
            var value = Multiple(node, name);
            return value is { IsQuantised: true, Factor.IsScalar: true } ? (value.Base, value.Factor.Values[0]) : null;
        }
    }

    /// <summary>A maximum keeps rising functions, if they are the same all over the window.</summary>
    private bool Largest(Node node, int spatial)
    {
        var value = Of(node.Inputs[0]);
        if (value.IsPlain || !value.IsQuantised || !value.Factor.All(f => f.Sign > 0) || !Parts(value).All(IsUniform))
            return false;
        return Note(node, value.On(Emit(node, "integers", node.Operator, null, value.Base)));

        bool IsUniform(Spread spread) => Enumerable.Range(2, spatial).All(d => spread.IsUniformAlong(d, spatial + 2));
    }

    private bool LargestOfAll(Node node)
    {
        var value = Of(node.Inputs[0]);
        if (value.IsPlain || !value.IsQuantised || !value.Factor.All(f => f.Sign > 0) || !Parts(value).All(p => p.IsScalar))
            return false;
        _scaled[node.Outputs[0]] = value.On(Emit(node, "integers", node.Operator, null, value.Base));
        return true;
    }

    private bool SumOfWindow(Node node)
    {
        var value = Multiple(node, node.Inputs[0]);
        var rank = ShapeOf(node.Inputs[0]).Count;
        if (value.IsPlain || !value.IsQuantised || !value.Factor.VariesOnlyAlong(1, rank))
            return false;
        return Note(node, value.On(Emit(node, "integers", node.Operator, null, value.Base)));
    }

    private bool SumOver(Node node, ReduceSum sum)
    {
        var value = Multiple(node, node.Inputs[0]);
        var rank = ShapeOf(node.Inputs[0]).Count;
        var isUniform = value.Factor.IsScalar || (sum.KeepDimensions && sum.Axes.All(a => value.Factor.IsUniformAlong(a, rank)));
        if (value.IsPlain || !value.IsQuantised || !isUniform)
            return false;
        return Note(node, value.On(Emit(node, "integers", node.Operator, null, value.Base)));
    }

    private bool PadWithZeros(Node node, Pad pad)
    {
        if (node.Inputs.Count > 1 && pad.Mode == PadMode.Constant)
            return false;
        var value = Multiple(node, node.Inputs[0]);
        var rank = pad.Before.Count;
        var isUniform = Enumerable.Range(0, rank).All(d => (pad.Before[d] == 0 && pad.After[d] == 0) || value.Factor.IsUniformAlong(d, rank));
        if (value.IsPlain || !value.IsQuantised || !isUniform)
            return false;
        return Note(node, value.On(Emit(node, "integers", pad, null, value.Base)));
    }

    /// <summary>Scales move with their elements.</summary>
    private bool Rearrange(Node node)
    {
        if (node.Inputs.Any(i => i.Length == 0 || IsConstant(i)))
            return false;
        var values = node.Inputs.Select(i => node.Inputs.Count == 1 ? Of(i) : Multiple(node, i)).ToArray();
        if (Array.TrueForAll(values, v => v.IsPlain) || !Array.Exists(values, v => v.IsQuantised))
            return false;
        if (values.Length > 1)
            return Join(node, values);
        var (value, shape, result) = (values[0], ShapeOf(node.Inputs[0]), ShapeOf(node.Outputs[0]));
        var source = Parts(value).All(p => p.IsScalar) ? [] : Sources(node)[0];
        return Note(node, value.On(Emit(node, "integers", node.Operator, null, value.Base)) with
        {
            Factor = value.Factor.Rearranged(shape, source, result),
            Shift = value.Shift.Rearranged(shape, source, result),
            Low = value.Low?.Rearranged(shape, source, result),
            High = value.High?.Rearranged(shape, source, result),
        });
    }

    private bool Join(Node node, ScaledValue[] values)
    {
        if (!Array.TrueForAll(values, v => v.IsMultiple && v.IsQuantised))
            return false;
        var (first, result) = (values[0].Factor, ShapeOf(node.Outputs[0]));
        var isCommon = first.IsScalar && Array.TrueForAll(values, v => v.Factor.IsScalar && v.Factor.Values[0] == first.Values[0]);
        var factor = first;
        if (!isCommon)
        {
            var factors = new Rational[Shapes.Count(result)];
            var sources = Sources(node);
            for (var i = 0; i < values.Length; i++)
            {
                for (var k = 0; k < factors.Length; k++)
                {
                    if (sources[i][k] >= 0)
                        factors[k] = values[i].Factor.At(sources[i][k], ShapeOf(node.Inputs[i]));
                }
            }
            factor = Spread.Of(result, factors);
        }
        var joined = Emit(node, "integers", node.Operator, null, [.. values.Select(v => v.Base)]);
        return Note(node, ScaledValue.New(joined, factor));
    }

    /// <summary>For each input, the element that each element of the result is, or −1 where it comes from another input.</summary>
    private int[][] Sources(Node node)
    {
        var handles = node.Inputs.Select(i => new TensorHandle(i, ShapeOf(i))).ToArray();
        var definition = new Definition(node.Name, handles, node.Outputs);
        node.Operator.Define(definition);
        var (computation, names, _, _) = definition.Steps.Single();
        var places = Evaluations.Run(new ExactAlgebra(), computation, (i, e) => new Dyadic(node.Inputs.ToList().IndexOf(names[i]) * (1L << 32) + e, 0));
        return [.. node.Inputs.Select((_, i) => Array.ConvertAll(places, p => Element((long)p.ToRaw(0), i)))];

        static int Element(long place, int input) => place >> 32 == input ? (int)(place & int.MaxValue) : -1;
    }

    private static IEnumerable<Spread> Parts(ScaledValue value) => new[] { value.Factor, value.Shift, value.Low, value.High }.OfType<Spread>();
}
