using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.AttributeProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// An operator of QONNX's domain of channels last in operators of the standard: the same between transpositions.
/// </summary>
internal static class ChannelsLastReference
{
    /// <summary>The nodes, or null if the node is of another domain or the rank of its input is not stated.</summary>
    public static IReadOnlyList<NodeProto>? Of(NodeProto node, FlatModel model)
    {
        if (FlatNode.Normalize(node.Domain) != ChannelsLast.Domain || RankOf(node, model) is not { } rank)
            return null;
        var inner = node.Clone();
        inner.Domain = "";
        var nodes = new List<NodeProto>();
        Transposed(0);
        if (node.OpType == "Conv")
            Transposed(1);
        nodes.Add(inner);
        inner.Output[0] = $"{node.Output[0]}/first";
        nodes.Add(Transpose(inner.Output[0], node.Output[0], ChannelsLast.ToLast(rank)));
        return nodes;

        void Transposed(int input)
        {
            inner.Input[input] = $"{node.Output[0]}/first{input}";
            nodes.Add(Transpose(node.Input[input], inner.Input[input], ChannelsLast.ToFirst(rank)));
        }
    }

    private static NodeProto Transpose(string input, string output, IEnumerable<int> order)
    {
        var attribute = new AttributeProto { Name = "perm", Type = AttributeType.Ints };
        attribute.Ints.AddRange(order.Select(d => (long)d));
        var node = new NodeProto { OpType = "Transpose", Name = output };
        node.Attribute.Add(attribute);
        node.Input.Add(input);
        node.Output.Add(output);
        return node;
    }

    private static int? RankOf(NodeProto node, FlatModel model)
    {
        if (node.OpType == "Conv" && model.Initializer(node.Input[1]) is { } filter)
            return filter.Dims.Count;
        if (node.Attribute.FirstOrDefault(a => a.Name == "kernel_shape") is { } kernel)
            return kernel.Ints.Count + 2;
        var stated = model.Graph.Input.Concat(model.Graph.ValueInfo).FirstOrDefault(v => v.Name == node.Input[0]);
        return stated?.Type?.TensorType?.Shape?.Dim.Count;
    }
}
