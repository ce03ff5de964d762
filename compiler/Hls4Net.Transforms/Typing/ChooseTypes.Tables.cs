using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Typing;

/// <content>Functions become tables.</content>
public sealed partial class ChooseTypes
{
    private sealed partial class Worker
    {
        private Node TypeTable(Node node, Apply apply, LayerTypes types)
        {
            if (apply.Table.Output is not null)
                return node;
            var operand = AddressOf(node, types);
            var output = node.Outputs[0];
            var wanted = types.Result;
            if (configuration.Precision is { } precision && (IsMultiplied(output) || IsOutput(output)))
                wanted ??= precision;
            var seen = calibration?.Of(node.Inputs[0]);
            var task = new TableTask(node.Origin.ToString(), _values[operand].Type!.Value, RangeAnalysis.HullOf(_ranges[operand]), seen,
                wanted ?? ModelQuantizer(output), types.TableError ?? configuration.TableError, types.Table is not null);
            var typed = new TableTyping(configuration.ActivationBits, diagnostics).Choose(apply.Table.Function, task);
            return node with { Operator = typed, Inputs = [operand] };
        }

        /// <summary>The value that addresses a table: the operand, or what the user's type or a limit on widths makes of it.</summary>
        private string AddressOf(Node node, LayerTypes types)
        {
            var operand = node.Inputs[0];
            var (hull, type) = (RangeAnalysis.HullOf(_ranges[operand]), _values[operand].Type!.Value);
            if (types.Table is null && type.Width <= TableSizing.WidestOperand)
                return operand;
            var address = types.Table ?? TypeRules.Enclosing(hull, TableSizing.WidestOperand - 1 - type.Integer);
            if (types.Table is not null && address.Type.Width > TableData.MaximumInputWidth)
            {
                diagnostics.Add(Messages.BadType(node.Origin.ToString(), address.ToString(),
                    $"a table has at most {TableData.MaximumInputWidth} address bits"));
                address = TypeRules.UnknownInput;
            }
            var name = FreeName($"{node.Name}.address");
            SetRange(_values[operand] with { Name = name, Type = address.Type }, Cast([.. _ranges[operand]], address));
            _nodes.Add(new(name, new Quantize(address), [operand], [name], node.Origin));
            return name;
        }
    }
}
