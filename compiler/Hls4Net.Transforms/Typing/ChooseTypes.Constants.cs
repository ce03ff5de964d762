using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Typing;

/// <content>Constants become integers, once.</content>
public sealed partial class ChooseTypes
{
    /// <summary>A constant of the user's file as integers.</summary>
    internal static ConstantTensor Quantized(ConstantTensor constant, Quantizer quantizer, Dialect dialect)
    {
        if (dialect != Dialect.Hls)
            return constant.Quantize(quantizer);
        var read = constant with { Values = constant.Values.Select(v => TypeRules.ThroughDecimalText(v, quantizer.Type.Fraction)).ToSeq() };
        return read.Quantize(quantizer) with { Values = constant.Values };
    }

    private sealed partial class Worker
    {
        private Node TypeConstants(Node node, LayerTypes types)
        {
            var inputs = node.Inputs.ToArray();
            // Weights and scales first: the resolution of a bias follows from theirs.
            foreach (var i in Enumerable.Range(0, inputs.Length).OrderBy(i => node.Operator.RoleOf(i) == ConstantRole.Bias))
            {
                if (inputs[i].Length == 0 || graph.Contains(inputs[i]) is false || graph[inputs[i]].Constant is not { } constant)
                    continue;
                var role = node.Operator.RoleOf(i);
                var chosen = role switch
                {
                    ConstantRole.Weight or ConstantRole.Leaf => types.Weight,
                    ConstantRole.Scale => types.Scale,
                    _ => types.Bias,
                } ?? configuration.Precision;
                var shifted = role == ConstantRole.Bias && i > 0 ? Shifted(node, constant) : constant;
                var quantizer = chosen ?? DefaultConstantType(role, shifted, inputs, i);
                inputs[i] = TypeConstant(inputs[i], $"{inputs[i]}.{node.Name}", quantizer, chosen is null ? "" : node.Origin.ToString(),
                    role == ConstantRole.Weight ? typed => EditWeights(node, typed, types) : role == ConstantRole.Bias ? typed => EditBias(node, typed, shifted, quantizer, types) : null);
                // The types behind it hold for all numbers that can be loaded.
                if (IsLoaded(node, types, role) && _values[inputs[i]] is { Type: { } type })
                    _ranges[inputs[i]] = [.. Enumerable.Repeat(type.Range, constant.Values.Count)];
                if (role == ConstantRole.Weight)
                    WarnOfWideWeights(node, _values[inputs[i]].Constant!);
            }
            return node with { Inputs = inputs.ToSeq() };
        }

        private bool IsLoaded(Node node, LayerTypes types, ConstantRole role) => node.Operator.Multiplies && role is ConstantRole.Weight or ConstantRole.Bias
            && (types.IsLoadable ?? configuration.IsLoadable);

        private Quantizer DefaultConstantType(ConstantRole role, ConstantTensor constant, string[] inputs, int position)
        {
            var bits = configuration.WeightBits;
            if (role == ConstantRole.Weight)
                return TypeRules.ForConstants(constant.Values, bits, bits);
            if (role == ConstantRole.Leaf)
                return TypeRules.ForConstants(constant.Values, TypeRules.LeafBits, TypeRules.LeafBits);
            var own = TypeRules.ForConstants(constant.Values, bits + 4, 24);
            if (role == ConstantRole.Scale)
                return own;
            var others = Enumerable.Range(0, inputs.Length).Where(i => i != position && inputs[i].Length > 0 && _ranges.ContainsKey(inputs[i]))
                .Select(i => _ranges[inputs[i]][0].Fraction).ToList();
            var finest = constant.Values.Where(v => !v.IsZero).Select(v => -v.Exponent).DefaultIfEmpty(0).Max();
            return TypeRules.ForBias(constant.Values, Math.Min(finest, Math.Max(others.Sum(), own.Type.Fraction)));
        }

        /// <summary>Types a constant under its own name, or under another if it already has a different type there.</summary>
        /// <param name="edit">What becomes of the integers; null if they stay.</param>
        private string TypeConstant(string name, string otherName, Quantizer quantizer, string warnAbout, Func<ConstantTensor, ConstantTensor>? edit = null)
        {
            var value = graph[name];
            var constant = value.Constant!;
            if (constant.Type is null)
            {
                if (quantizer.Type.Width > ConstantTensor.MaximumWidth)
                {
                    diagnostics.Add(Messages.WideConstant($"tensor '{name}'", quantizer.Type.Width));
                    quantizer = quantizer with { Type = quantizer.Type with { Width = ConstantTensor.MaximumWidth } };
                }
                if (warnAbout.Length > 0)
                    WarnOfClippedConstant(constant, quantizer, warnAbout);
                constant = Quantized(constant, quantizer, configuration.Dialect);
            }
            constant = edit?.Invoke(constant) ?? constant;
            var used = _values.TryGetValue(name, out var earlier) && earlier.Constant != constant ? otherName : name;
            var fraction = constant.Type!.Value.Fraction;
            if (value.Constant!.Type is null)
                _constants[used] = quantizer;
            SetRange(value with { Name = used, Type = constant.Type, Constant = constant }, [.. constant.Raw.Select(r => new Interval(r, r, fraction))]);
            return used;
        }

        private void WarnOfClippedConstant(ConstantTensor constant, Quantizer quantizer, string where)
        {
            var range = quantizer.Type.Range;
            var slack = new Dyadic(1, -quantizer.Type.Fraction);
            var low = constant.Values.Min();
            var high = constant.Values.Max();
            if (low < range.Minimum - slack || high > range.Maximum + slack)
                diagnostics.Add(Messages.TypeOverflow(where, quantizer.ToString(), Consequence(quantizer), low.ToDouble(), high.ToDouble(), " These are constants."));
        }

        private void WarnOfWideWeights(Node node, ConstantTensor constant)
        {
            var sizes = constant.Values.Where(v => !v.IsZero).Select(v => Math.Abs(v.ToDouble())).Order().ToArray();
            if (sizes.Length < 16)
                return;
            var median = sizes[sizes.Length / 2];
            var lost = (sizes.Length - constant.Raw.Count(r => r != 0)) / (double)sizes.Length;
            if (lost > 0.5 && sizes[^1] > 64 * median)
                diagnostics.Add(Messages.WideWeights(node.Origin.ToString(), lost, sizes[^1], median));
        }
    }
}
