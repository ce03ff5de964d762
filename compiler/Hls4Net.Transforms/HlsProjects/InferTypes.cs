using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Hls;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>
/// hls4ml's types: first what the configuration names for each variable of a layer, then, where that is <c>auto</c>, what follows from the
/// types of the inputs. Only widths are looked at, never a weight.
/// </summary>
internal sealed class InferTypes(ProjectSettings settings)
{
    private static readonly HlsType TableType = HlsType.Fixed(18, 8);

    private static readonly HlsType SoftmaxType = new(new(new FixedType(true, 18, 8), Rounding.Rnd, Overflow.Sat), false);

    /// <summary>The types that the configuration names; null for <c>auto</c>. Types that are there already stay.</summary>
    public void Name(ProjectLayer layer)
    {
        if (layer.Class is not (LayerClass.Transpose or LayerClass.Resize or LayerClass.ZeroPadding1D or LayerClass.ZeroPadding2D))
            Look(layer, "result");
        else
            layer.Types["result"] = null;
        if (layer.Class.IsProduct() || layer.Class.IsPooling() || layer.Class == LayerClass.Softmax)
            Look(layer, "accum");
        if (layer.Class.IsProduct())
            Look(layer, "weight", layer.WeightQuantizer);
        if (layer.Class.IsScale())
            Look(layer, "scale", layer.WeightQuantizer);
        if (layer.Class.IsProduct() || layer.Class.IsScale())
            Look(layer, "bias", layer.BiasQuantizer);
        if (layer.Class is LayerClass.ParametrizedActivation or LayerClass.PReLU)
            Look(layer, "param");
        if (layer.Class.IsActivation())
            layer.Types["table"] = settings.TypeKey(layer.Name, layer.Class, "table_t") ?? TableType;
        if (layer.Class == LayerClass.LayerNormalization)
            NameNormalization(layer);
        if (layer.Class == LayerClass.Softmax)
        {
            foreach (var variable in new[] { "exp_table", "inv_table", "inv_inp" })
                layer.Types[variable] = settings.TypeKey(layer.Name, layer.Class, $"{variable}_t") ?? SoftmaxType;
        }
        foreach (var variable in new[] { "accum", "param" }.Where(layer.Types.ContainsKey))
        {
            if (settings.TypeKey(layer.Name, layer.Class, $"{variable}_t") is { } type)
                layer.Types[variable] = type;
        }
    }

    /// <summary>The accumulator of a layer normalisation has a type of its own unless something names it for this layer.</summary>
    private void NameNormalization(ProjectLayer layer)
    {
        Look(layer, "scale");
        Look(layer, "bias");
        layer.Types["accum"] = settings.TypeKey(layer.Name, layer.Class, "accum_t")
            ?? (settings.Ignored(layer.Name, layer.Class, "accum") is { } named ? named.Type : new HlsType(HlsLayerNormTypes.DefaultAccumulator, false));
        layer.Types["table"] = settings.TypeKey(layer.Name, layer.Class, "table_t") ?? new HlsType(HlsLayerNormTypes.DefaultTable, false);
    }

    /// <summary>The types that are still open, given those of the inputs.</summary>
    public void Infer(ProjectLayer layer, IReadOnlyList<HlsType> inputs)
    {
        foreach (var variable in new[] { "weight", "scale", "bias" }.Where(v => IsOpen(layer, v)))
            layer.Types[variable] = settings.Default;
        if (layer.Class.IsProduct())
            Fill(layer, Product(layer, inputs[0]));
        else if (layer.Class.IsScale())
            Fill(layer, inputs[0].IsBinary ? settings.Default : Limit(Sum(Times(inputs[0], layer.Type("scale")), layer.Type("bias"))));
        else if (layer.Class is LayerClass.Pooling1D or LayerClass.Pooling2D)
            Pool(layer, inputs[0]);
        else if (layer.Class is LayerClass.Reshape or LayerClass.Transpose or LayerClass.Resize or LayerClass.ZeroPadding1D or LayerClass.ZeroPadding2D)
            Fill(layer, inputs[0]);
        else if (layer.Class == LayerClass.Merge)
            Fill(layer, Merge(layer.Function, inputs[0], inputs[1]));
        else if (layer.Class == LayerClass.Concatenate)
            Fill(layer, Concatenate(inputs[0], inputs[1]));
        if (IsOpen(layer, "param"))
            layer.Types["param"] = layer.Function is "LeakyReLU" or "ELU" ? Smallest(layer.Parameters[0]) : inputs[0];
        Fill(layer, settings.Default);
    }

    private static bool IsOpen(ProjectLayer layer, string variable) => layer.Types.TryGetValue(variable, out var type) && type is null;

    private static void Fill(ProjectLayer layer, HlsType type)
    {
        foreach (var variable in new[] { "accum", "result" }.Where(v => IsOpen(layer, v)))
            layer.Types[variable] = type;
    }

    private void Look(ProjectLayer layer, string variable, HlsType? quantizer = null)
    {
        if (!layer.Types.ContainsKey(variable))
            layer.Types[variable] = quantizer ?? settings.Precision(layer.Name, layer.Class, variable);
    }

    /// <summary>Product and ⌈log2 n⌉ bits for the sum, and one more for the bias even if that is zero.</summary>
    private HlsType Product(ProjectLayer layer, HlsType x)
    {
        if (x.IsBinary || layer.Type("weight").IsBinary)
            return settings.Default; // hls4ml infers from fixed-point types only.
        var product = Times(x, layer.Type("weight"));
        var growth = CeilingLog2(layer.Terms);
        return Limit(Sum(HlsType.Fixed(product.Width + growth, product.Integer + growth, product.Signed), layer.Type("bias")));
    }

    private static HlsType Times(HlsType a, HlsType b) => HlsType.Fixed(a.Width + b.Width, a.Integer + b.Integer, a.Signed || b.Signed);

    private static HlsType Sum(HlsType a, HlsType b)
    {
        var integer = Union(a, b) + 1;
        return HlsType.Fixed(integer + Math.Max(a.Fraction, b.Fraction), integer, a.Signed || b.Signed);
    }

    /// <summary>Integer bits that hold both, the sign of one that has none included.</summary>
    private static int Union(HlsType a, HlsType b) =>
        Math.Max(a.Integer + (b.Signed && !a.Signed ? 1 : 0), b.Integer + (a.Signed && !b.Signed ? 1 : 0));

    private static void Pool(ProjectLayer layer, HlsType x)
    {
        if (IsOpen(layer, "accum"))
        {
            var extra = CeilingLog2(layer.Windows!.Kernel.Aggregate(1, (a, b) => a * b));
            layer.Types["accum"] = layer.Function == "Max" ? x : HlsType.Fixed(x.Width + 2 * extra, x.Integer + extra, x.Signed);
        }
        if (IsOpen(layer, "result"))
            layer.Types["result"] = x;
    }

    private HlsType Merge(string function, HlsType a, HlsType b)
    {
        switch (function)
        {
            case "add" or "average":
                return Limit(Sum(a, b));
            case "subtract":
                var difference = Sum(a, b);
                return Limit(HlsType.Fixed(difference.Width, difference.Integer));
            case "multiply":
                return Limit(Times(a, b));
            default:
                if (a == b)
                    return a;
                var integer = Union(a, b);
                return HlsType.Fixed(Math.Max(a.Fraction, b.Fraction) + integer, integer, a.Signed || b.Signed);
        }
    }

    private HlsType Concatenate(HlsType a, HlsType b)
    {
        if (a == b)
            return a;
        var integer = Union(a, b);
        var type = new FixedType(a.Signed || b.Signed, Math.Max(a.Fraction, b.Fraction) + integer, integer);
        var rounding = a.Quantizer.Rounding != Rounding.Trn ? a.Quantizer.Rounding : b.Quantizer.Rounding;
        var overflow = a.Quantizer.Overflow != Overflow.Wrap ? a.Quantizer.Overflow : b.Quantizer.Overflow;
        return Limit(new(new(type, rounding, overflow), false));
    }

    /// <summary>The model's largest type caps width and integer bits each on its own, and gives its modes where it has other than the default ones.</summary>
    private HlsType Limit(HlsType type)
    {
        if (settings.Maximum is not { } maximum)
            return type;
        var rounding = maximum.Quantizer.Rounding != Rounding.Trn ? maximum.Quantizer.Rounding : type.Quantizer.Rounding;
        var overflow = maximum.Quantizer.Overflow != Overflow.Wrap ? maximum.Quantizer.Overflow : type.Quantizer.Overflow;
        var capped = new FixedType(maximum.Signed, Math.Min(type.Width, maximum.Width), Math.Min(type.Integer, maximum.Integer));
        return new(new(capped, rounding, overflow), false);
    }

    /// <summary>The smallest type that holds a number, of at most eight bits without sign.</summary>
    private static HlsType Smallest(Dyadic value)
    {
        if (value.IsZero)
            return HlsType.Fixed(1, 1, false);
        var sign = value.Sign < 0 ? 1 : 0;
        // Integer bits of the magnitude; a negative power of two needs one less.
        var isNegativePower = sign == 1 && BigInteger.Abs(value.Mantissa).IsOne;
        var integer = value.Magnitude + (isNegativePower ? 0 : 1);
        var width = Math.Min(integer - value.Exponent, 8);
        return HlsType.Fixed(Math.Max(1, sign + width), sign + integer, sign == 1);
    }

    private static int CeilingLog2(int count) => count <= 1 ? 0 : BitOperations.Log2((uint)count - 1) + 1;
}
