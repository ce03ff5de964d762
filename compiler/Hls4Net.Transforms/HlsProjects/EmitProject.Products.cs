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
        var weights = Raw(layer, "weight", layer.Weight!);
        if (layer.Type("weight") is { IsInteger: true, Width: 2, Signed: true })
            weights = Array.ConvertAll(weights, w => w == -2 ? 1 : w); // A ternary weight is 0, −1, or anything else as 1.
        var results = layer.Weight!.Shape[^1];
        var bias = _graph.AddConstant($"{layer.Name}.bias", [results], layer.Type("bias").Quantizer.Type,
            Raw(layer, "bias", layer.Bias ?? FloatTensor.Fill([results], Dyadic.Zero)));
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
        var reuse = ReuseFactorOf(layer, layer.Terms);
        if (StrategyOf(layer) != "latency" || reuse > 1)
            _surprises.Schedule(layer, string.Create(CultureInfo.InvariantCulture, $"{StrategyOf(layer)}, reuse factor {reuse}"));
        Finish(layer, value);
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
        var matrix = _graph.AddConstant($"{layer.Name}.weight", [count, layer.Weight!.Shape[^1]], layer.Type("weight").Quantizer.Type, weights);
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
            var w = _graph.AddConstant($"{layer.Name}.weight", filter.Shape, layer.Type("weight").Quantizer.Type,
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
        var matrix = _graph.AddConstant($"{layer.Name}.weight", [layer.Terms, layer.Weight.Shape[^1]], layer.Type("weight").Quantizer.Type, Rows(weights, order));
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

    /// <summary>
    /// The reuse factor that hls4ml takes: the valid one nearest to the chosen, the smaller of two. Valid are divisors of the number of
    /// terms, and multiples of it that divide the number of multiplications.
    /// </summary>
    private static int ReuseFactorOf(ProjectLayer layer, int count)
    {
        var chosen = layer.Attributes.TryGetValue("reuse_factor", out var text) ? int.Parse(text.Text, CultureInfo.InvariantCulture) : 1;
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
