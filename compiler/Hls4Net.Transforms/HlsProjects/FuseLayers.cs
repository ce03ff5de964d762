using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>
/// What hls4ml puts together before it infers types, in its order: scales in a row become one, a scale after a product goes into the
/// product's constants, and a linear activation sets the type of what feeds it, provided that the first of both has no type of its own.
/// </summary>
internal sealed class FuseLayers(List<ProjectLayer> layers, IReadOnlyCollection<string> outputs, ProjectSettings settings, DiagnosticBag diagnostics)
{
    public void Run()
    {
        while (TryAny(JoinScales) || TryAny(IntoProduct) || TryAny(TakeType))
        {
        }
    }

    private bool TryAny(Func<ProjectLayer, ProjectLayer, bool> tryFuse)
    {
        foreach (var layer in layers.Where(l => l.Inputs.Count == 1))
        {
            var previous = layers.Find(l => l.Output.Name == layer.Inputs[0].Name)!;
            if (previous.Types.GetValueOrDefault("result", HlsType.Fixed(1, 1)) is null && IsOnlyReader(previous) && tryFuse(previous, layer))
                return true;
        }
        return false;
    }

    private bool IsOnlyReader(ProjectLayer layer) =>
        !outputs.Contains(layer.Output.Name) && layers.Sum(l => l.Inputs.Count(i => i.Name == layer.Output.Name)) == 1;

    private bool TakeType(ProjectLayer previous, ProjectLayer linear)
    {
        if (linear.Function != "linear" || !(previous.Class.IsProduct() || previous.Class.IsScale() || previous.Class.IsActivation()))
            return false;
        previous.Types["result"] = linear.Types["result"];
        Replace(previous, linear);
        return true;
    }

    private bool JoinScales(ProjectLayer previous, ProjectLayer scale)
    {
        if (!previous.Class.IsScale() || !scale.Class.IsScale())
            return false;
        var (s0, b0, s1, b1) = (previous.Weight!, previous.Bias!, scale.Weight!, scale.Bias!);
        if ((previous.WeightQuantizer is not null && scale.WeightQuantizer is not null && !s0.IsAll(Dyadic.One) && !s1.IsAll(Dyadic.One))
            || (previous.BiasQuantizer is not null && scale.BiasQuantizer is not null && !b0.IsAll(Dyadic.Zero) && !b1.IsAll(Dyadic.Zero)))
            return false;
        scale.WeightQuantizer = s0.IsAll(Dyadic.One) ? scale.WeightQuantizer : s1.IsAll(Dyadic.One) ? previous.WeightQuantizer : null;
        // hls4ml compares biases with 1 here, so that a quantiser of one of them survives only by chance; the other rule is what is meant.
        scale.BiasQuantizer = null;
        (scale.Weight, scale.Bias) = (s0 * s1, s1 * b0 + b1);
        scale.Types["scale"] = scale.WeightQuantizer ?? settings.Precision(scale.Name, scale.Class, "scale");
        scale.Types["bias"] = settings.Precision(scale.Name, scale.Class, "bias");
        scale.Origin = Merged(previous.Origin, scale.Origin);
        scale.Inputs[0] = previous.Inputs[0];
        layers.Remove(previous);
        return true;
    }

    private bool IntoProduct(ProjectLayer product, ProjectLayer scale)
    {
        if (!product.Class.IsProduct() || !scale.Class.IsScale())
            return false;
        var count = product.Weight!.Shape[^1];
        product.Bias ??= FloatTensor.Fill([count], Dyadic.Zero);
        if (product.WeightQuantizer is { IsBinary: true } || Columns(scale.WeightData, count) is not { } s1 || Columns(scale.BiasData, count) is not { } b1
            || !AreCompatible(product.WeightQuantizer, scale.WeightQuantizer, product.Weight, scale.Weight!, Dyadic.One)
            || !AreCompatible(product.BiasQuantizer, scale.BiasQuantizer, product.Bias, scale.Bias!, Dyadic.Zero))
            return false;
        if (scale.Types["result"] is { } lost)
            diagnostics.Add(Messages.HlsWithoutEffect(scale.Origin.ToString(), $"the result type {lost} is lost: hls4ml puts the layer into '{product.Name}', whose result is 'auto'. Name the type for '{product.Name}' instead"));
        (product.Weight, product.Bias) = (s1 * product.WeightData, s1 * product.BiasData + b1);
        product.WeightQuantizer = scale.WeightQuantizer ?? product.WeightQuantizer;
        product.BiasQuantizer = scale.BiasQuantizer ?? product.BiasQuantizer;
        product.Types["weight"] = product.WeightQuantizer ?? settings.Precision(product.Name, product.Class, "weight");
        product.Types["bias"] = product.BiasQuantizer ?? settings.Precision(product.Name, product.Class, "bias");
        Replace(product, scale);
        return true;
    }

    private static bool AreCompatible(HlsType? first, HlsType? second, FloatTensor a, FloatTensor b, Dyadic neutral) =>
        (first is null && second is null) || (a.IsAll(neutral) && first is null) || (b.IsAll(neutral) && second is null);

    /// <summary>One number for each column, or null if the constant varies along another dimension.</summary>
    private static FloatTensor? Columns(FloatTensor constant, int count)
    {
        if (constant.Values.Length == 1)
            return constant.Reshape([]).Broadcast([count]);
        return constant.Values.Length == count ? constant.Reshape([count]) : null;
    }

    private void Replace(ProjectLayer previous, ProjectLayer removed)
    {
        previous.Output = removed.Output with { Order = previous.Output.Order };
        previous.Origin = Merged(previous.Origin, removed.Origin);
        layers.Remove(removed);
    }

    /// <summary>The node and those that were fused into it; the parts of one Gemm are one node.</summary>
    private static Origin Merged(Origin first, Origin second) => first with
    {
        Merged = [.. first.Merged, .. second.Names.Where(n => !first.Names.Contains(n))],
    };
}
