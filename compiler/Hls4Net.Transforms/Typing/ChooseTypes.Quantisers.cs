using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Typing;

/// <content>What the model's own quantisers say.</content>
public sealed partial class ChooseTypes
{
    private sealed partial class Worker
    {
        /// <summary>The quantizer of the model that alone reads an input, if there is one: then the input can have its type from the start.</summary>
        private Quantizer? ModelQuantizer(string value)
        {
            Quantizer? found = null;
            foreach (var node in _consumers[value])
            {
                var next = node.Operator switch
                {
                    Quantize q => q.Quantizer,
                    UniformQuantize u => TypeQuantiser.AsCast(u, ParametersOf(node)),
                    { IsWiring: true } when node.Outputs.Count == 1 => ModelQuantizer(node.Outputs[0]),
                    _ => null,
                };
                if (next is null || (found is not null && found != next))
                    return null;
                found = next;
            }
            return found;
        }

        /// <summary>A type that suits the quantiser of another scale that alone reads an input, if there is one.</summary>
        private Quantizer? ForQuantiser(string value) => _consumers[value].ToArray() switch
        {
            [{ Operator: UniformQuantize quantiser } node] => TypeQuantiser.InputFor(quantiser, ParametersOf(node)),
            [{ Operator.IsWiring: true, Outputs.Count: 1 } node] => ForQuantiser(node.Outputs[0]),
            _ => null,
        };

        /// <summary>The quantiser without its division: the same integers, by one multiplication.</summary>
        private Node Requantised(Node node, UniformQuantize quantiser)
        {
            var (op, constants) = TypeQuantiser.Choose(quantiser, ParametersOf(node), RangeAnalysis.HullOf(_ranges[node.Inputs[0]]));
            return node with { Operator = op, Inputs = [node.Inputs[0], .. constants.Zip(["multiplier", "offset", "zero"], (c, s) => Add(s, c))] };

            string Add(string suffix, ConstantTensor constant)
            {
                var width = TypeRules.ExactType(constant.Values).Width;
                if (width > ConstantTensor.MaximumWidth)
                    throw new UserErrorException(Messages.QuantScale(node.Origin.ToString(), width));
                var typed = constant.Quantize(TypeRules.ForConstants(constant.Values, width, width));
                var name = FreeName($"{node.Name}.{suffix}");
                SetRange(new(name, typed.Shape, typed.Type, typed), [.. typed.Raw.Select(r => new Interval(r, r, typed.Type!.Value.Fraction))]);
                return name;
            }
        }

        private ConstantTensor[] ParametersOf(Node node) => [.. node.Inputs.Skip(1).Select(i => graph[i].Constant!)];
    }
}
