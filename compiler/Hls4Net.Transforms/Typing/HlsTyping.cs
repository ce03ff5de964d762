using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Operators.Hls;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Typing;

/// <summary>Gives the layers of the HLS dialect their tables and inner types, from the user's choices and the types of their operands.</summary>
internal sealed class HlsTyping(DiagnosticBag diagnostics)
{
    private const int DefaultTableSize = 1024;

    private static readonly Quantizer DefaultTable = Plain(new FixedType(true, 18, 8));

    /// <summary>The node with its operator typed, and the types that are left to apply to it.</summary>
    /// <param name="input">Type and shape of the first operand.</param>
    public (Node Node, LayerTypes Types) Type(Node node, LayerTypes types, FixedType input, Seq<int> shape)
    {
        var where = node.Origin.ToString();
        switch (node.Operator)
        {
            case HlsTableActivation { Table: null } activation:
                return (node with { Operator = Activation(activation, types.Hls, where) }, types);
            case HlsLeakyRectify leaky:
                return (node with { Operator = leaky.Typed(types.Hls.ParameterType ?? Smallest(leaky.Slope)) }, types);
            case HlsThresholdedRectify thresholded:
                return (node with { Operator = thresholded.Typed(types.Hls.ParameterType ?? Plain(input)) }, types);
            case HlsHardSigmoid hard:
                return (node with { Operator = hard.Typed() }, types);
            case LeakyRectify:
                return (node, types with { Scale = types.Scale ?? types.Hls.ParameterType ?? Plain(input) });
            case HlsSoftmaxLayer { Method: null } softmax:
                return (Softmax(node, softmax, types, input, shape, where), types with { Accumulator = null });
            case HlsMean { Types: null } mean:
                return (node with { Operator = mean with { Types = Mean(types, input, mean.CountOf(shape)) } }, types with { Accumulator = null });
            case HlsAveragePool { Types: null } pool:
                return (node with { Operator = pool with { Types = Mean(types, input, Shapes.Count(pool.Windows.Kernel)) } }, types with { Accumulator = null });
            case HlsLayerNorm { Types: null } norm:
                return (node with { Operator = norm with { Types = LayerNorm(norm, types, where) } }, types with { Accumulator = null });
            default:
                return (node, types);
        }
    }

    /// <summary>The narrowest type that holds a parameter, of at most eight bits without sign; further bits are dropped.</summary>
    public static Quantizer Smallest(Dyadic value)
    {
        if (value.IsZero)
            return Plain(FixedType.Bit);
        var sign = value.Sign < 0 ? 1 : 0;
        var bits = Math.Min(8, value.Magnitude - value.Exponent + 1);
        return Plain(new FixedType(sign == 1, bits + sign, value.Magnitude + 1 + sign));
    }

    private HlsTableActivation Activation(HlsTableActivation activation, HlsLayer choices, string where) => activation.Typed(
        Size(choices.TableSize ?? DefaultTableSize, where), Entry(choices.TableType ?? DefaultTable, where), choices.ParameterType ?? Smallest(activation.Alpha));

    private Node Softmax(Node node, HlsSoftmaxLayer softmax, LayerTypes types, FixedType input, Seq<int> shape, string where)
    {
        var choices = types.Hls;
        if (choices.Skip)
            return node with { Operator = new Reshape(shape) };
        return node with { Operator = softmax with { Method = Method(types, input, where) } };
    }

    private HlsSoftmaxMethod Method(LayerTypes types, FixedType input, string where)
    {
        var choices = types.Hls;
        var size = Size(choices.TableSize ?? DefaultTableSize, where);
        var exponentials = Entry(choices.ExpTableType ?? HlsSoftmaxTypes.Default, where);
        var reciprocals = Entry(choices.InvTableType ?? HlsSoftmaxTypes.Default, where);
        var divisor = choices.InvInputType ?? HlsSoftmaxTypes.Default;
        var accumulator = types.Accumulator ?? HlsSoftmaxTypes.Default;
        var cut = HlsSoftmaxTypes.Cut(size, input, reciprocals);
        var method = choices.Softmax ?? HlsSoftmax.Stable;
        if (method is HlsSoftmax.Stable or HlsSoftmax.Latency)
            divisor = Addressing(divisor, cut, "inv_inp", where);
        return method switch
        {
            HlsSoftmax.Latency => HlsSoftmaxTypes.Latency(input, size, exponentials, accumulator, divisor, reciprocals),
            HlsSoftmax.Legacy => HlsSoftmaxTypes.Legacy(cut, Entry(choices.TableType ?? DefaultTable, where)),
            HlsSoftmax.Argmax => new HlsSoftmaxArgmax(),
            _ => HlsSoftmaxTypes.Stable(input, choices.NormInputType, size, exponentials, accumulator, divisor, reciprocals),
        };
    }

    /// <summary>The accumulator's default holds every sum, with the fraction bits that a mean of as many elements needs.</summary>
    private static HlsMeanTypes Mean(LayerTypes types, FixedType input, int count)
    {
        var growth = (int)Math.Ceiling(Math.Log2(count));
        var wide = new FixedType(input.Signed, input.Width + 2 * growth, input.Integer + growth);
        return new(types.Accumulator ?? Plain(wide), types.Hls.QuotientType);
    }

    private HlsLayerNormTypes LayerNorm(HlsLayerNorm norm, LayerTypes types, string where)
    {
        var choices = types.Hls;
        return HlsLayerNormTypes.Of(types.Accumulator ?? HlsLayerNormTypes.DefaultAccumulator,
            Size(choices.TableSize ?? HlsLayerNormTypes.DefaultSize, where), choices.TableRangePower ?? 0, norm.EpsilonPower,
            Entry(choices.TableType ?? HlsLayerNormTypes.DefaultTable, where));
    }

    private int Size(int size, string where)
    {
        if (size is >= 2 and <= 1 << TableData.MaximumInputWidth)
            return size;
        diagnostics.Add(Messages.HlsTable(where, FormattableString.Invariant($"a table of {size} entries; there must be from 2 to {1 << TableData.MaximumInputWidth}.")));
        return DefaultTableSize;
    }

    private Quantizer Entry(Quantizer type, string where)
    {
        if (type.Type.Width <= ConstantTensor.MaximumWidth)
            return type;
        diagnostics.Add(Messages.HlsTable(where, FormattableString.Invariant($"entries of {type.Type.Width} bits; at most {ConstantTensor.MaximumWidth} are stored.")));
        return DefaultTable;
    }

    private Quantizer Addressing(Quantizer type, int size, string name, string where)
    {
        var bits = (int)Math.Ceiling(Math.Log2(size));
        if (type.Type.Width >= bits)
            return type;
        diagnostics.Add(Messages.HlsTable(where, FormattableString.Invariant($"{name} is {type.Type}, and {bits} bits address the {size} entries of its table.")));
        return HlsSoftmaxTypes.Default;
    }

    private static Quantizer Plain(FixedType type) => new(type, Rounding.Trn, Overflow.Wrap);
}
