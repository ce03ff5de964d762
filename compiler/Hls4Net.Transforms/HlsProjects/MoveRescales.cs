using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>
/// Moves the scales that undo quantisers behind the layers that multiply or add, as hls4ml does, so that those compute with the quantisers'
/// integers: (s·x) W → s (x W), x (s·W) → s (x W), s·a + s·b → s (a + b). Scales of constants move first. What hls4ml cannot move and would
/// leave without a layer, or moves although others read it, is refused by name.
/// </summary>
internal sealed partial class MoveRescales(
    List<ProjectLayer> layers, IReadOnlyCollection<string> outputs, ProjectSettings settings, Surprises surprises, DiagnosticBag diagnostics)
{
    public void Run()
    {
        try
        {
            while (layers.ToList().Any(IntoSum) || layers.ToList().Any(BehindMatrix) || layers.ToList().Any(BehindConvolution))
            {
            }
            foreach (var layer in layers.Where(l => l.WeightRescale is not null || l.BiasRescale is not null))
                throw Refused(layer, "hls4ml cannot move the scale of this layer's quantised constant behind the layer");
        }
        catch (LayerRefusedException e)
        {
            diagnostics.Add(Messages.HlsLayerUnknown(Messages.At(e.Layer.Origin), e.Message));
        }
    }

    private static LayerRefusedException Refused(ProjectLayer layer, string message) => new(layer, message);

    /// <summary>Two addends with the same scale: the integers are added, and the scale follows.</summary>
    private bool IntoSum(ProjectLayer sum)
    {
        if (sum is { Class: LayerClass.Merge, Function: "add" })
            return IntoSumOfValues(sum);
        if (sum.BiasRescale is not { } rescale || !sum.IsAlpha() || Producer(sum) is not { } data || !data.IsAlpha() || !AreEqual(data.Weight!, rescale.Scale))
            return false;
        TakeOut(data);
        sum.BiasRescale = null;
        var offset = data.Bias! + rescale.Offset;
        if (sum.IsConstantFirst)
            Append(sum, Layer(rescale), rescale.Scale, offset);
        else
            Append(sum, data, data.Weight!, offset);
        return true;
    }

    private bool IntoSumOfValues(ProjectLayer sum)
    {
        if (Producer(sum) is not { } a || Producer(sum, 1) is not { } b || a == b || !a.IsAlpha() || !b.IsAlpha() || !AreEqual(a.Weight!, b.Weight!))
            return false;
        TakeOut(a);
        TakeOut(b);
        Append(sum, a, a.Weight!, a.Bias! + b.Bias!);
        return true;
    }

    /// <summary>A matrix product; the scale of the matrix is one number, or one for each result.</summary>
    private bool BehindMatrix(ProjectLayer product)
    {
        if (product.Function != "dense")
            return false;
        if (product.WeightRescale is { } rescale)
        {
            if (!rescale.Offset.IsAll(Dyadic.Zero) || PerResult(rescale.Scale) is not { } scale)
                throw Refused(product, "hls4ml cannot move a zero point of a matrix, or a scale for each row of it, behind the product");
            product.WeightRescale = null;
            Append(product, Layer(rescale), scale, None);
            return true;
        }
        if (Producer(product) is not { } data || !data.IsAlpha() || !data.Bias!.IsAll(Dyadic.Zero) || OfResults(data, product) is not { } moved)
            return false;
        TakeOut(data);
        Append(product, data, moved, None);
        return true;
    }

    /// <summary>[K, N] with equal rows as [N], or as one number.</summary>
    private static FloatTensor? PerResult(FloatTensor scale)
    {
        var count = scale.Shape[^1];
        var row = new FloatTensor([count], scale.Values[..count], scale.IsDouble);
        return scale.Values.Index().All(v => v.Item == row.Values[v.Index % count]) ? row.Narrowed() : null;
    }

    /// <summary>
    /// The scale of a product's operand as the scale of its results, or null if it stays: one number. hls4ml takes several numbers as they
    /// are if the shapes allow that, which is other maths.
    /// </summary>
    private FloatTensor? OfResults(ProjectLayer data, ProjectLayer product)
    {
        var scale = data.Weight!.Narrowed();
        if (scale.Values.Length == 1)
            return scale.Reshape([]);
        var (from, to) = (data.Output.Shape.Skip(1).ToSeq(), product.Output.Shape.Skip(1).ToSeq());
        if (product.Class.IsConvolution() && product.Windows is not null)
        {
            if (Channels(scale, data, product) is not { } channels)
                return null;
            if (!product.Class.IsDepthwise())
                surprises.Misplaced(data);
            return OnChannels(channels, product);
        }
        if (from != to)
            return null;
        surprises.Misplaced(data);
        return scale;
    }

    /// <summary>One number for each channel if the scale is that, and there are as many results.</summary>
    private static FloatTensor? Channels(FloatTensor scale, ProjectLayer data, ProjectLayer product)
    {
        var full = scale.Broadcast(data.Output.Shape);
        int[] order = product.IsChannelsLast ? [.. Enumerable.Range(0, full.Shape.Count)] : [0, .. Enumerable.Range(2, full.Shape.Count - 2), 1];
        var last = full.Transpose(order);
        return last.Shape[^1] == product.Weight!.Shape[^1] && PerResult(last) is { Values.Length: > 1 } channels ? channels : null;
    }

    private static FloatTensor OnChannels(FloatTensor perResult, ProjectLayer product)
    {
        var count = perResult.Values.Length;
        return count == 1 ? perResult.Reshape([])
            : perResult.Reshape(product.IsChannelsLast ? [count] : [count, .. Enumerable.Repeat(1, product.Output.Shape.Count - 2)]);
    }

    private static FloatTensor None => FloatTensor.Fill([], Dyadic.Zero);

    private static bool AreEqual(FloatTensor a, FloatTensor b)
    {
        var (first, second) = (a.Narrowed(), b.Narrowed());
        return first.Values.Length == second.Values.Length && (first.Values.Length == 1 || first.Shape.Where(e => e > 1).SequenceEqual(second.Shape.Where(e => e > 1)))
            && first.Values.SequenceEqual(second.Values);
    }

    private ProjectLayer? Producer(ProjectLayer layer, int input = 0) => layers.Find(l => l.Output.Name == layer.Inputs[input].Name);

    /// <summary>Takes a scale out of the graph; hls4ml does that whether or not others read it too.</summary>
    private void TakeOut(ProjectLayer scale)
    {
        if (outputs.Contains(scale.Output.Name) || layers.Sum(l => l.Inputs.Count(i => i.Name == scale.Output.Name)) > 1)
            throw Refused(scale, "hls4ml moves the scale of this quantiser behind one of the layers that read it, and takes it from the others");
        foreach (var reader in layers)
        {
            for (var k = 0; k < reader.Inputs.Count; k++)
                reader.Inputs[k] = reader.Inputs[k].Name == scale.Output.Name ? scale.Inputs[0] : reader.Inputs[k];
        }
        layers.Remove(scale);
    }

    /// <summary>Puts a scale behind a layer, between it and everything that reads it.</summary>
    private void Append(ProjectLayer layer, ProjectLayer scale, FloatTensor factor, FloatTensor offset)
    {
        scale.Output = layer.Output;
        layer.Output = layer.Output with { Name = $"{layer.Output.Name}.integers" };
        scale.Inputs[0] = layer.Output;
        (scale.Weight, scale.Bias) = (factor, offset);
        layers.Insert(layers.IndexOf(layer) + 1, scale);
    }

    private ProjectLayer Layer(Rescale rescale) => new()
    {
        Name = rescale.Name,
        Class = LayerClass.ApplyAlpha,
        Origin = rescale.Origin,
        Inputs = [new("", [], Seq<int>.Empty)],
        Output = new("", [], Seq<int>.Empty),
        Attributes = settings.Attributes(rescale.Name, LayerClass.ApplyAlpha),
    };

    private sealed class LayerRefusedException(ProjectLayer layer, string message) : Exception(message)
    {
        public ProjectLayer Layer { get; } = layer;
    }
}
