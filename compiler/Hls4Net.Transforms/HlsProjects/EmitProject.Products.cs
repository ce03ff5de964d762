using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>Dense layers and convolutions.</summary>
internal sealed partial class EmitProject
{
    private void EmitProduct(ProjectLayer layer)
    {
        var x = In(layer);
        var weights = Raw(layer, "weight", layer.WeightData);
        if (layer.Type("weight") is { IsInteger: true, Width: 2, Signed: true })
            weights = Array.ConvertAll(weights, w => w == -2 ? 1 : w); // A ternary weight is 0, −1, or anything else as 1.
        var results = layer.Weight!.Shape[^1];
        Fold(layer);
        var offsets = layer.Bias is null ? new long[results] : Raw(layer, "bias", layer.BiasData);
        if (layer.Type("weight").IsBinary && _binary.Contains(layer.Inputs[0].Name))
        {
            EmitCount(layer, x, weights, offsets);
            return;
        }
        var bias = _graph.AddConstant($"{layer.Name}.bias", [results], Stored(layer.Type("bias")).Type, offsets);
        var accumulator = layer.Type("accum").Quantizer;
        var isDistributed = StrategyOf(layer) == "distributed_arithmetic";
        var isExact = isDistributed || IsExact(layer, x, weights, bias, accumulator);
        var isOrdered = !isExact && accumulator.Overflow != Overflow.Wrap;
        var value = layer.Class.IsConvolution() && layer.Windows is not null
            ? Convolve(layer, x, weights, bias, isExact ? null : accumulator, isOrdered)
            : Multiply(layer, x, weights, bias, isExact ? null : accumulator, isOrdered);
        if (isExact && !isDistributed && !accumulator.Type.Contains(_graph.HullOf(value)))
        {
            _surprises.Overflow(layer, "accumulator", accumulator, _graph.HullOf(value));
            value = _graph.Cast(value, accumulator, layer.Origin, "accumulator", null);
        }
        else if (!isExact)
        {
            _surprises.Accumulator(layer, accumulator);
        }
        Finish(layer, value);
    }

    /// <summary>Keeps the layer's reuse factor; a shift-and-add network has no multipliers to use again.</summary>
    private void Fold(ProjectLayer layer)
    {
        var reuse = ReuseFactorOf(layer, layer.Terms);
        if (reuse > 1 && StrategyOf(layer) != "distributed_arithmetic")
            ReuseFactors[layer.Origin] = reuse;
        if (reuse != ChosenReuseOf(layer))
            _surprises.Schedule(layer, string.Create(CultureInfo.InvariantCulture, $"{reuse} for {ChosenReuseOf(layer)}"));
    }

    /// <summary>
    /// Both operands ±1: the accumulator counts where they are equal, from the bias up, and the result is twice the count less the number of terms.
    /// Counts only rise, so that one cast at the end is as good as one at each step.
    /// </summary>
    private void EmitCount(ProjectLayer layer, string x, long[] weights, long[] offsets)
    {
        var results = layer.Weight!.Shape[^1];
        var (one, half) = (new FixedType(false, 1, 1), new FixedType(false, 1, 0));
        var raised = _graph.Apply(new Addition(), layer.Origin, "raised", null, x, _graph.AddConstant($"{layer.Name}.one", [], one, [1]));
        var bits = _graph.Apply(new Multiplication(), layer.Origin, "bits", null, raised, _graph.AddConstant($"{layer.Name}.half", [], half, [1]));
        // Equal: b where the weight is 1, 1 − b where it is −1.
        var fraction = Math.Max(0, layer.Type("bias").Fraction);
        var starts = offsets.Select((o, r) => (o << (fraction - layer.Type("bias").Fraction)) + ((long)weights.Where((w, k) => k % results == r && w < 0).Count() << fraction)).ToArray();
        var start = _graph.AddConstant($"{layer.Name}.bias", [results], new FixedType(true, 62, 62 - fraction), starts);
        var count = layer.Class.IsConvolution() && layer.Windows is not null
            ? Convolve(layer, bits, weights, start, null, false) : Multiply(layer, bits, weights, start, null, false);
        var accumulator = layer.Type("accum").Quantizer;
        _surprises.Overflow(layer, "accumulator", accumulator, _graph.HullOf(count));
        var cast = _graph.Cast(count, accumulator, layer.Origin, "accumulator", null);
        var twice = _graph.Apply(new Multiplication(), layer.Origin, "twice", null, cast, _graph.AddConstant($"{layer.Name}.two", [], new FixedType(false, 2, 2), [2]));
        var terms = _graph.AddConstant($"{layer.Name}.terms", [], new FixedType(false, 31, 31), [layer.Terms]);
        Finish(layer, _graph.Apply(new Subtraction(), layer.Origin, "sum", null, twice, terms));
    }

    /// <summary>
    /// Whether the casts to the accumulator before and after each step lose nothing that one cast of the exact sum at the end would not lose:
    /// no fraction bit is dropped, and either bits above the accumulator do not matter on the way (WRAP), or none ever occur.
    /// </summary>
    private bool IsExact(ProjectLayer layer, string x, long[] weights, string bias, Quantizer accumulator)
    {
        var fraction = _graph.TypeOf(x).Fraction + layer.Type("weight").Fraction;
        if (accumulator.Type.Fraction < Math.Max(fraction, layer.Type("bias").Fraction))
            return false;
        if (accumulator.Overflow == Overflow.Wrap)
            return true;
        var hull = _graph.HullOf(x);
        var largest = BigInteger.Max(BigInteger.Abs(hull.Low), BigInteger.Abs(hull.High));
        var results = layer.Weight!.Shape[^1];
        var sums = new BigInteger[results];
        for (var k = 0; k < weights.Length; k++)
            sums[k % results] += BigInteger.Abs(weights[k]);
        var product = new Interval(0, sums.Max() * largest, hull.Fraction + layer.Type("weight").Fraction);
        var offset = _graph.HullOf(bias);
        var added = new Interval(0, BigInteger.Max(BigInteger.Abs(offset.Low), BigInteger.Abs(offset.High)), offset.Fraction);
        var bound = product.Maximum + added.Maximum;
        return bound <= accumulator.Type.Range.Maximum && (!_graph.TypeOf(x).Signed && weights.All(w => w >= 0) && offset.Low >= 0 || accumulator.Type.Signed);
    }

    private string Multiply(ProjectLayer layer, string x, long[] weights, string bias, Quantizer? accumulator, bool isOrdered)
    {
        var count = layer.Terms;
        var order = isOrdered ? OrderOf(layer, count) : null;
        if (isOrdered && layer.Inputs[0].Order.Count == count)
            order = [.. (order ?? [.. Enumerable.Range(0, count)]).Select(k => layer.Inputs[0].Order[k])];
        if (order is not null)
        {
            x = _graph.Apply(new Gather(_graph.ShapeOf(x).Count - 1, order.ToSeq(), [count]), layer.Origin, "ordered", null, x);
            weights = Rows(weights, order);
        }
        var matrix = _graph.AddConstant($"{layer.Name}.weight", [count, layer.Weight!.Shape[^1]], Stored(layer.Type("weight")).Type, weights);
        return _graph.Apply(new Dense(accumulator), layer.Origin, "", null, x, matrix, bias);
    }

    private string Convolve(ProjectLayer layer, string x, long[] weights, string bias, Quantizer? accumulator, bool isOrdered)
    {
        var (windows, rank) = (layer.Windows!, layer.Weight!.Shape.Count);
        if (layer.IsChannelsLast)
            x = _graph.Apply(new Transpose(ChannelsLast.ToFirst(rank)), layer.Origin, "first", null, x);
        var isOneRow = layer.Class.IsDepthwise() || windows.Kernel.All(k => k == 1) || layer.Weight.Shape[^2] == 1;
        string y;
        if (isOrdered && (!isOneRow || (OrderOf(layer, layer.Terms) is not null && !layer.Class.IsDepthwise())))
        {
            y = ConvolveInOrder(layer, x, windows, weights, bias, accumulator!.Value);
        }
        else
        {
            // [kernel…, C / groups, M] → [M, C / groups, kernel…].
            var shape = layer.Weight.Shape;
            var filter = new FloatTensor(shape, Array.ConvertAll(weights, w => new Dyadic(w, 0)), true)
                .Transpose([rank - 1, rank - 2, .. Enumerable.Range(0, rank - 2)]);
            var w = _graph.AddConstant($"{layer.Name}.weight", filter.Shape, Stored(layer.Type("weight")).Type,
                Array.ConvertAll(filter.Values, v => (long)v.ToRaw(0)));
            y = _graph.Apply(new Convolution(windows, layer.Groups, accumulator), layer.Origin, "", null, x, w, bias);
        }
        return layer.IsChannelsLast ? _graph.Apply(new Transpose(ChannelsLast.ToLast(rank)), layer.Origin, "last", null, y) : y;
    }

    /// <summary>
    /// With an accumulator that saturates, sums run over (kernel…, channel) as in hls4ml, not over (channel, kernel…): the elements of each
    /// window are brought into that order, and a dense layer follows.
    /// </summary>
    private string ConvolveInOrder(ProjectLayer layer, string x, Windows windows, long[] weights, string bias, Quantizer accumulator)
    {
        var rank = layer.Weight!.Shape.Count;
        if (windows.Before.Concat(windows.After).Any(p => p > 0))
        {
            x = _graph.Apply(new Pad([0, 0, .. windows.Before], [0, 0, .. windows.After], PadMode.Constant), layer.Origin, "padded", null, x);
            windows = windows with { Before = new int[rank - 2].ToSeq(), After = new int[rank - 2].ToSeq() };
        }
        var shape = _graph.ShapeOf(x);
        var positions = windows.Positions(shape);
        Seq<int> window = [.. windows.Kernel, shape[1]];
        var order = OrderOf(layer, layer.Terms) ?? [.. Enumerable.Range(0, layer.Terms)];
        var elements = new int[Shapes.Count(positions) * layer.Terms];
        Span<int> position = stackalloc int[positions.Count];
        Span<int> element = stackalloc int[window.Count];
        for (var k = 0; k < elements.Length; k++)
        {
            Shapes.Unravel(k / layer.Terms, positions, position);
            Shapes.Unravel(order[k % layer.Terms], window, element);
            var index = element[^1];
            for (var d = 0; d < positions.Count; d++)
                index = index * shape[d + 2] + position[d] * windows.Strides[d] + element[d] * windows.Dilations[d];
            elements[k] = index;
        }
        var flat = _graph.Apply(new Reshape([1, Shapes.Count(shape)]), layer.Origin, "flat", null, x);
        var rows = _graph.Apply(new Gather(1, Seq.Own(elements), [Shapes.Count(positions), layer.Terms]), layer.Origin, "windows", null, flat);
        var matrix = _graph.AddConstant($"{layer.Name}.weight", [layer.Terms, layer.Weight.Shape[^1]], Stored(layer.Type("weight")).Type, Rows(weights, order));
        var sums = _graph.Apply(new Dense(accumulator), layer.Origin, "", null, rows, matrix, bias);
        var pixels = _graph.Apply(new Reshape([1, .. positions, layer.Weight.Shape[^1]]), layer.Origin, "pixels", null, sums);
        return _graph.Apply(new Transpose(ChannelsLast.ToFirst(rank)), layer.Origin, "channels", null, pixels);
    }

    private static long[] Rows(long[] matrix, int[] order)
    {
        var columns = matrix.Length / order.Length;
        return [.. order.SelectMany(k => matrix.Skip(k * columns).Take(columns))];
    }

    private static string StrategyOf(ProjectLayer layer) =>
        layer.Attributes.TryGetValue("strategy", out var strategy) ? HlsProjectReader.SnakeCase(strategy.Text) : "latency";

    /// <summary>The order in which products are added, where it is not ascending: with reuse factor R, k = 0, R, 2R, …, 1, R + 1, ….</summary>
    private static int[]? OrderOf(ProjectLayer layer, int count)
    {
        var reuse = ReuseFactorOf(layer, count);
        return StrategyOf(layer) is "latency" or "distributed_arithmetic" || reuse == 1 || reuse >= count ? null
            : [.. Enumerable.Range(0, reuse).SelectMany(first => Enumerable.Range(0, (count - first + reuse - 1) / reuse).Select(n => first + n * reuse))];
    }

    private static int ChosenReuseOf(ProjectLayer layer) =>
        layer.Attributes.TryGetValue("reuse_factor", out var text) ? int.Parse(text.Text, CultureInfo.InvariantCulture) : 1;

    /// <summary>
    /// The reuse factor that hls4ml takes: the valid one nearest to the chosen, the smaller of two. Valid are divisors of the number of
    /// terms, and multiples of it that divide the number of multiplications.
    /// </summary>
    private static int ReuseFactorOf(ProjectLayer layer, int count)
    {
        var chosen = ChosenReuseOf(layer);
        var all = (long)count * layer.Weight!.Shape[^1];
        for (var distance = 0L; distance <= all; distance++)
        {
            foreach (var candidate in new[] { chosen - distance, chosen + distance })
            {
                var isValid = candidate > 0 && (candidate < count ? count % candidate == 0 : candidate % count == 0 && all % candidate == 0);
                if (isValid)
                    return (int)candidate;
            }
        }
        return 1;
    }
}
