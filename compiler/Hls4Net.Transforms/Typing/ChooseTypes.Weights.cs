using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Pruning;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Typing;

/// <content>
/// Weights that become zero or get fewer digits. That is part of their way to integers: the real values stay those of the model, and what it costs is part
/// of what fixed point costs, in bounds and profiles alike.
/// </content>
public sealed partial class ChooseTypes
{
    private sealed partial class Worker
    {
        private readonly List<WeightChange> _changes = [];
        private readonly Dictionary<string, double[]> _biasShifts = new(StringComparer.Ordinal);

        private ConstantTensor EditWeights(Node node, ConstantTensor typed, LayerTypes types)
        {
            if (types.WeightIntegers is { } integers)
                return WithIntegers(node, typed, integers, types, isWeight: true);
            var choice = new WeightChoice(types.Prune ?? configuration.Prune, types.RoundWeights ?? configuration.RoundWeights ?? 0, types.ReuseFactor ?? configuration.ReuseFactor ?? 1);
            if (choice is { Prune: null or { Sparsity: 0 }, Round: 0 } || !IsPossible(node, typed, choice))
                return typed;
            var layout = WeightLayout.For(node.Operator, typed.Shape);
            var hasBias = layout is not null && calibration?.MomentsOf(node.Inputs[0]) is not null && node.Inputs.Count > 2 && graph.Contains(node.Inputs[2])
                && graph[node.Inputs[2]].Constant is { Type: null };
            var figures = layout is null ? OperandFigures.Unknown
                : OperandFigures.Of(layout, node.Operator, _values[node.Inputs[0]].Shape, _ranges[node.Inputs[0]], calibration?.MomentsOf(node.Inputs[0]), hasBias);
            var editor = new WeightEditor(typed, layout, figures);
            if (choice.Prune is { } prune)
                editor.Prune(prune, choice.Reuse);
            if (choice.Round > 0)
                editor.Round(choice.Round);
            if (hasBias)
                _biasShifts[node.Name] = editor.MeanErrors()!;
            Note(node, typed, editor, layout, string.Join("; ", ((string?[])[choice.Prune?.ToString(), choice.Round > 0 ? FormattableString.Invariant($"fewer digits within {choice.Round * 100:0.####}%") : null]).OfType<string>()));
            return typed with { Raw = editor.Raw.ToSeq() };
        }

        /// <summary>Whether a layer has what a choice asks for; a layer of which the model's setting speaks only in passing is left as it is.</summary>
        private bool IsPossible(Node node, ConstantTensor typed, WeightChoice choice)
        {
            if (choice.Prune is not { } prune)
                return true;
            var problem = prune.Order == PruneOrder.Cost && calibration?.MomentsOf(node.Inputs[0]) is null ? "the cost of errors is measured on calibration events (--calibrate), and there are none"
                : prune.Shape != PruneShape.Weights && WeightLayout.For(node.Operator, typed.Shape) is null ? $"{node.Operator.Name} has no {MemberNames.Of(prune.Shape)} that could go as a whole"
                : prune.Shape == PruneShape.Multipliers && choice.Reuse == 1 ? "only a folded layer has multipliers that work on several weights; give it a reuse factor"
                : null;
            if (problem is not null)
                diagnostics.Add(Messages.CannotPrune(node.Origin.ToString(), prune.ToString(), problem));
            return problem is null;
        }

        private void Note(Node node, ConstantTensor typed, WeightEditor editor, WeightLayout? layout, string text)
        {
            var raw = editor.Raw;
            var used = Enumerable.Range(0, raw.Length).Where(i => raw[i] != 0).ToArray();
            var change = new WeightChange(node.Origin, text, raw.Length, typed.Raw.Count(r => r == 0), raw.Length - used.Length, used.Count(i => raw[i] != typed.Raw[i]), editor.Error,
                layout is null ? 0 : layout.Inputs - used.Select(i => layout.Of(i).Input).Distinct().Count(), layout is null ? 0 : layout.Outputs - used.Select(i => layout.Of(i).Output).Distinct().Count());
            _changes.Add(change);
            diagnostics.Add(Messages.WeightsChanged(node.Origin.ToString(), text, change.Weights, change.ZerosBefore, change.Zeros, change.Changed, change.Error, change.UnusedInputs, change.EmptyOutputs));
        }

        /// <summary>A bias with what the weights of its output lose on average.</summary>
        private ConstantTensor Shifted(Node node, ConstantTensor bias) =>
            bias.Type is null && _biasShifts.GetValueOrDefault(node.Name) is { } shifts && shifts.Length == bias.Values.Count
                ? bias with { Values = bias.Values.Zip(shifts, (v, s) => v + Dyadic.FromDouble(s)).ToSeq() }
                : bias;

        private ConstantTensor EditBias(Node node, ConstantTensor typed, ConstantTensor shifted, Quantizer quantizer, LayerTypes types) =>
            types.BiasIntegers is { } integers ? WithIntegers(node, typed, integers, types, isWeight: false)
                : shifted.Values == typed.Values ? typed : typed with { Raw = shifted.Quantize(quantizer).Raw };

        /// <summary>Integers that somebody chose for this model, which must not be used for another one.</summary>
        private ConstantTensor WithIntegers(Node node, ConstantTensor typed, Seq<long> integers, LayerTypes types, bool isWeight)
        {
            var (key, type) = (isWeight ? "weight_integers" : "bias_integers", typed.Type!.Value);
            var outside = integers.Where(i => i < type.MinimumRaw || i > type.MaximumRaw).ToArray();
            var changed = typed with { Raw = integers };
            var problem = integers.Count != typed.Raw.Count ? FormattableString.Invariant($"there are {integers.Count}, and the layer has {typed.Raw.Count}")
                : outside.Length > 0 ? FormattableString.Invariant($"{outside[0]} is no integer of {type}")
                : isWeight && IsOfAnotherModel(changed) ? "they are farther from the model's weights than zeros would be, so that they belong to another model"
                : null;
            if (problem is not null)
            {
                diagnostics.Add(Messages.IntegersDoNotFit($"{configuration.File}:{types.Line}", $"{node.Origin}: {key}", problem));
                return typed;
            }
            if (isWeight)
                Note(node, typed, new WeightEditor(changed, null, OperandFigures.Unknown), WeightLayout.For(node.Operator, typed.Shape), "weight_integers");
            return changed;
        }

        private static bool IsOfAnotherModel(ConstantTensor changed)
        {
            var (error, all) = (0.0, 0.0);
            for (var i = 0; i < changed.Raw.Count; i++)
            {
                var real = changed.Values[i].ToDouble();
                error += Math.Pow(changed.Typed(i).ToDouble() - real, 2);
                all += real * real;
            }
            return error > all;
        }
    }
}
