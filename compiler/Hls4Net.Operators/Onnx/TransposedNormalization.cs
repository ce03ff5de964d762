using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// Batch normalisations whose channels are in dimension 0, as old Keras converters wrote them (HLS2018), in operators that ONNX Runtime
/// takes: scale · (x − mean) / sqrt(variance + epsilon) + bias, with columns of parameters.
/// </summary>
internal sealed class TransposedNormalization
{
    /// <summary>What ONNX has for an epsilon that is left out.</summary>
    private const float DefaultEpsilon = 1e-5f;

    private readonly GraphProto _graph;
    private readonly string _prefix;

    private TransposedNormalization(GraphProto graph, string prefix) => (_graph, _prefix) = (graph, prefix);

    /// <summary>The places of such nodes in a model; none if it cannot be imported.</summary>
    public static IReadOnlySet<string> Find(byte[] model, string path, IReadOnlyList<string> outputs)
    {
        var diagnostics = new DiagnosticBag();
        try
        {
            OnnxImporter.Import(model, path, Path.GetDirectoryName(Path.GetFullPath(path)), new ImportOptions { Outputs = outputs.ToSeq() }, diagnostics);
        }
        catch (UserErrorException)
        {
            // The importer's caller says what is wrong.
        }
        return diagnostics.Items.Where(d => d.Rule == Messages.ChannelAxisRule).Select(d => d.Where).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Writes the node in other operators.</summary>
    public static void Write(NodeProto node, GraphProto graph)
    {
        var writer = new TransposedNormalization(graph, $"{node.Output[0]}/normalisation");
        var shape = writer.Constant(new TensorProto { DataType = (int)DataType.Int64, Dims = { 2 }, Int64Data = { -1, 1 } });
        var columns = node.Input.Skip(1).Select(parameter => writer.Add("Reshape", parameter, shape)).ToArray();
        var epsilon = node.Attribute.FirstOrDefault(a => a.Name == "epsilon")?.F ?? DefaultEpsilon;
        var deviation = writer.Add("Sqrt", writer.Add("Add", columns[3], writer.Constant(new TensorProto { DataType = (int)DataType.Float, FloatData = { epsilon } })));
        var normal = writer.Add("Div", writer.Add("Sub", node.Input[0], columns[2]), deviation);
        writer.Add("Add", writer.Add("Mul", normal, columns[0]), columns[1]);
        graph.Node[^1].Output[0] = node.Output[0];
    }

    private string Constant(TensorProto tensor)
    {
        tensor.Name = string.Create(CultureInfo.InvariantCulture, $"{_prefix}/constant{_graph.Initializer.Count}");
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Add(string type, params IEnumerable<string> inputs)
    {
        var node = new NodeProto { OpType = type, Name = string.Create(CultureInfo.InvariantCulture, $"{_prefix}/{_graph.Node.Count}") };
        node.Input.AddRange(inputs);
        node.Output.Add($"{node.Name}/value");
        _graph.Node.Add(node);
        return node.Output[0];
    }
}
