using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.AttributeProto.Types;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>Writes small ONNX models, for operator cases and tests.</summary>
internal sealed class OnnxModelBuilder
{
    public OnnxModelBuilder(int opset = 13)
    {
        Model = new ModelProto { IrVersion = 8, ProducerName = "Hls4Net", Graph = new GraphProto { Name = "test" } };
        Import("", opset);
    }

    /// <summary>The message, for changes that the builder has no method for.</summary>
    public ModelProto Model { get; }

    public GraphProto Graph => Model.Graph;

    public byte[] ToBytes() => Model.ToByteArray();

    public OnnxModelBuilder Import(string domain, int version)
    {
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return this;
    }

    /// <summary>Adds an input; a negative extent is dynamic.</summary>
    public OnnxModelBuilder Input(string name, ReadOnlySpan<int> shape, DataType type = DataType.Float)
    {
        Graph.Input.Add(Info(name, shape, type));
        return this;
    }

    /// <summary>Adds an output without a stated shape.</summary>
    public OnnxModelBuilder Output(string name, DataType type = DataType.Float)
    {
        Graph.Output.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)type } } });
        return this;
    }

    public OnnxModelBuilder Constant(string name, ReadOnlySpan<int> shape, ReadOnlySpan<double> values, DataType type = DataType.Float)
    {
        Graph.Initializer.Add(Tensor(name, shape, values, type));
        return this;
    }

    public OnnxModelBuilder Node(string type, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs,
        params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Node("", type, inputs, outputs, attributes);

    public OnnxModelBuilder Node(string domain, string type, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs,
        ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = type, Domain = domain };
        node.Input.AddRange(inputs.ToArray());
        node.Output.AddRange(outputs.ToArray());
        foreach (var (name, value) in attributes)
            node.Attribute.Add(Attribute(name, value));
        Graph.Node.Add(node);
        return this;
    }

    public static ValueInfoProto Info(string name, ReadOnlySpan<int> shape, DataType type = DataType.Float)
    {
        var dims = new TensorShapeProto();
        foreach (var extent in shape)
            dims.Dim.Add(extent < 0 ? new() { DimParam = "N" } : new TensorShapeProto.Types.Dimension { DimValue = extent });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)type, Shape = dims } } };
    }

    /// <summary>A tensor in raw data.</summary>
    public static TensorProto Tensor(string name, ReadOnlySpan<int> shape, ReadOnlySpan<double> values, DataType type = DataType.Float)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        foreach (var extent in shape)
            tensor.Dims.Add(extent);
        tensor.RawData = ByteString.CopyFrom(Raw(values, type));
        return tensor;
    }

    public static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case float number:
                (attribute.Type, attribute.F) = (AttributeType.Float, number);
                break;
            case int or long:
                (attribute.Type, attribute.I) = (AttributeType.Int, Convert.ToInt64(value, null));
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case TensorProto tensor:
                (attribute.Type, attribute.T) = (AttributeType.Tensor, tensor);
                break;
            case SparseTensorProto sparse:
                (attribute.Type, attribute.SparseTensor) = (AttributeType.SparseTensor, sparse);
                break;
            case long[] numbers:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            case float[] numbers:
                attribute.Type = AttributeType.Floats;
                attribute.Floats.AddRange(numbers);
                break;
            case string[] texts:
                attribute.Type = AttributeType.Strings;
                attribute.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            case GraphProto graph:
                (attribute.Type, attribute.G) = (AttributeType.Graph, graph);
                break;
            default:
                throw new ArgumentException($"No attribute holds a {value.GetType().Name}.", nameof(value));
        }
        return attribute;
    }

    private static byte[] Raw(ReadOnlySpan<double> values, DataType type)
    {
        var size = ElementTypes.Bits(type) / 8;
        var bytes = new byte[values.Length * size];
        for (var k = 0; k < values.Length; k++)
        {
            var target = bytes.AsSpan(k * size);
            if (type == DataType.Float)
                BinaryPrimitives.WriteSingleLittleEndian(target, (float)values[k]);
            else if (type == DataType.Double)
                BinaryPrimitives.WriteDoubleLittleEndian(target, values[k]);
            else if (type == DataType.Float16)
                BinaryPrimitives.WriteHalfLittleEndian(target, (Half)values[k]);
            else
                MemoryMarshal.AsBytes([(long)values[k]])[..size].CopyTo(target);
        }
        return bytes;
    }
}
