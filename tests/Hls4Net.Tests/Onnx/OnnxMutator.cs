using Google.Protobuf;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.AttributeProto.Types;

namespace Hls4Net.Tests.Onnx;

/// <summary>Damages ONNX models: bits and bytes of the file, and fields of the messages in ways that parse.</summary>
internal sealed class OnnxMutator(Random random)
{
    private static readonly long[] Numbers =
        [0, 1, -1, 2, 3, 7, 16, 64, 255, 4096, 1 << 24, int.MaxValue, int.MinValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue];

    private static readonly string[] Names = ["", "x", "x0", "c1", "y0", "y", "a\nb", "'", "\"", "../../etc/passwd", "module", "\u0000", "\ud83d\ude00", "/", "ai.onnx"];

    /// <summary>A damaged copy of the model.</summary>
    public byte[] Mutate(byte[] model, byte[] other)
    {
        if (random.Next(3) == 0)
            return MutateBytes(model, other);
        var proto = ModelProto.Parser.ParseFrom(model);
        for (var k = random.Next(1, 4); k > 0; k--)
            MutateField(proto);
        var bytes = proto.ToByteArray();
        return random.Next(8) == 0 ? MutateBytes(bytes, other) : bytes;
    }

    private byte[] MutateBytes(byte[] bytes, byte[] other)
    {
        switch (random.Next(4))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                return [.. bytes[..random.Next(bytes.Length)], .. other[random.Next(other.Length)..]];
            case 2:
                var at = random.Next(bytes.Length);
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(9))..]];
            default:
                var copy = (byte[])bytes.Clone();
                for (var k = random.Next(1, 6); k > 0; k--)
                    copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                return copy;
        }
    }

    private void MutateField(ModelProto model)
    {
        var graph = model.Graph;
        switch (random.Next(10))
        {
            case 0 when Pick(model.OpsetImport) is { } opset:
                (opset.Domain, opset.Version) = random.Next(2) == 0 ? (Name(), opset.Version) : (opset.Domain, Number());
                break;
            case 1 when Pick(graph.Node) is { } node:
                MutateNodes(graph, node);
                break;
            case 2 when Pick(graph.Node) is { } node:
                node.OpType = Catalogue.Entries[random.Next(Catalogue.Entries.Count)].Name;
                node.Domain = random.Next(6) == 0 ? Name() : "";
                break;
            case 3 or 4 when Pick(graph.Node) is { } node:
                MutateAttributes(node);
                break;
            case 5 when Pick(graph.Input) is { } input:
                MutateInput(input);
                break;
            case 6 when Pick(graph.Output) is { } output:
                output.Name = Name();
                break;
            default:
                if (Pick(graph.Initializer) is { } tensor)
                    MutateTensor(tensor);
                break;
        }
    }

    private void MutateNodes(GraphProto graph, NodeProto node)
    {
        switch (random.Next(5))
        {
            case 0:
                graph.Node.Add(node.Clone());
                break;
            case 1:
                graph.Node.Remove(node);
                break;
            case 2 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = random.Next(2) == 0 && node.Output.Count > 0 ? node.Output[0] : Name();
                break;
            case 3 when node.Output.Count > 0:
                node.Output[random.Next(node.Output.Count)] = Name();
                break;
            default:
                node.Input.Add(Name());
                break;
        }
    }

    private void MutateAttributes(NodeProto node)
    {
        var attribute = Pick(node.Attribute);
        if (attribute is null || random.Next(4) == 0)
        {
            var known = new[] { "axis", "axes", "perm", "to", "value", "alpha", "transA", "epsilon", "pads", "strides", "mode", "signed", "kernel_shape", "dilations", "group", "keepdims", "auto_pad", "ceil_mode" };
            node.Attribute.Add(OnnxModelBuilder.Attribute(known[random.Next(known.Length)], random.Next(2) == 0 ? Number() : (object)new[] { Number(), Number() }));
            return;
        }
        switch (random.Next(6))
        {
            case 0:
                attribute.Type = (AttributeType)random.Next(16);
                break;
            case 1:
                attribute.I = Number();
                break;
            case 2:
                attribute.F = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
                break;
            case 3 when attribute.Ints.Count > 0:
                attribute.Ints[random.Next(attribute.Ints.Count)] = Number();
                break;
            case 4:
                attribute.Ints.Add(Number());
                break;
            default:
                attribute.S = ByteString.CopyFromUtf8(Name());
                break;
        }
    }

    private void MutateInput(ValueInfoProto input)
    {
        switch (random.Next(4))
        {
            case 0 when Pick(input.Type.TensorType?.Shape?.Dim) is { } dimension:
                dimension.DimValue = Number();
                break;
            case 1 when input.Type.TensorType is { } type:
                type.ElemType = random.Next(25);
                break;
            case 2 when input.Type.TensorType is { } type:
                type.Shape = random.Next(2) == 0 ? null : new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = Number() } } };
                break;
            default:
                input.Name = Name();
                break;
        }
    }

    private void MutateTensor(TensorProto tensor)
    {
        switch (random.Next(7))
        {
            case 0 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Number();
                break;
            case 1:
                tensor.Dims.Add(Number());
                break;
            case 2:
                tensor.DataType = random.Next(25);
                break;
            case 3:
                tensor.RawData = ByteString.CopyFrom(MutateBytes([.. tensor.RawData, 0], [1, 2, 3, 4]));
                break;
            case 4 when tensor.DataType == 7 && tensor.RawData.Length >= 8:
                // A shape, an axis, or indices: other numbers of the right form.
                var bytes = tensor.RawData.ToByteArray();
                BitConverter.TryWriteBytes(bytes.AsSpan(random.Next(bytes.Length / 8) * 8), Number());
                tensor.RawData = ByteString.CopyFrom(bytes);
                break;
            case 5:
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = Name() });
                break;
            default:
                tensor.Name = Name();
                break;
        }
    }

    private long Number() => random.Next(3) == 0 ? random.Next(-4, 8) : Numbers[random.Next(Numbers.Length)];

    private string Name() => Names[random.Next(Names.Length)];

    private T? Pick<T>(IList<T>? items)
        where T : class => items is { Count: > 0 } ? items[random.Next(items.Count)] : null;
}
