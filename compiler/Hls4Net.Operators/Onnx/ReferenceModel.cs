using Google.Protobuf;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.AttributeProto.Types;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// The part of a user's model that was compiled, as an ONNX file that ONNX Runtime can run: cut to the chosen outputs, functions written
/// out, external data brought in, and QONNX quantisers, operators of channels last and transposed normalisations written in standard
/// operators.
/// </summary>
public static class ReferenceModel
{
    /// <summary>The oldest operator set with a Round and a Clip that takes its bounds as inputs.</summary>
    private const long QuantiserOpset = 11;

    /// <summary>Operators that took something else in older sets than <see cref="QuantiserOpset"/>; all others mean the same in both.</summary>
    private static readonly string[] ChangedSince = ["Clip", "Pad", "Slice", "Upsample", "Resize", "TopK", "Dropout", "Scan", "Loop", "If"];

    /// <summary>The model, or null if it is damaged (the importer says how).</summary>
    /// <param name="path">The user's file.</param>
    /// <param name="outputs">The chosen outputs; empty for the model's own.</param>
    public static byte[]? Make(string path, IReadOnlyList<string> outputs)
    {
        return ModelFile.ReadBytes(path, new DiagnosticBag()) is { } bytes ? Make(bytes, path, outputs) : null;
    }

    /// <summary>The same for a model in memory.</summary>
    internal static byte[]? Make(byte[] bytes, string path, IReadOnlyList<string> outputs)
    {
        var diagnostics = new DiagnosticBag();
        if (ModelFile.Parse(bytes, path, diagnostics) is not { } proto)
            return null;
        var model = new FlatModel(proto);
        var cut = GraphCut.Make(model, outputs, path, diagnostics);
        if (diagnostics.HasErrors)
            return null;
        var result = new ModelProto { IrVersion = Math.Min(Math.Max(proto.IrVersion, 4), 10), Graph = new GraphProto { Name = "reference" } };
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        var opset = CopyOpsets(proto, cut, result);
        var transposed = cut.Nodes.Any(n => n.Proto.OpType == "BatchNormalization") ? TransposedNormalization.Find(bytes, path, outputs) : new HashSet<string>();
        AddValues(model, cut, result.Graph, new TensorReader(folder));
        foreach (var node in cut.Nodes)
        {
            if (opset >= QuantiserOpset && QuantiserInStandardOperators.Of(node.Proto, model) is { } written)
                written.AddTo(result.Graph);
            else if (transposed.Contains(Messages.At(GraphCut.OriginOf(node))))
                TransposedNormalization.Write(node.Proto, result.Graph);
            else if (ChannelsLastReference.Of(node.Proto, model) is { } nodes)
                result.Graph.Node.AddRange(nodes);
            else
                result.Graph.Node.Add(node.Proto);
        }
        return result.ToByteArray();
    }

    /// <summary>The operator sets; a model with quantisers gets one that can express them, where nothing else in it changes meaning by that.</summary>
    /// <returns>The version of the standard operators.</returns>
    private static long CopyOpsets(ModelProto model, GraphCut cut, ModelProto result)
    {
        result.OpsetImport.AddRange(model.OpsetImport.Select(o => o.Clone()));
        var standard = result.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").ToList();
        var version = standard.Select(o => o.Version).DefaultIfEmpty(0).Max();
        var raises = version is > 0 and < QuantiserOpset && cut.Nodes.Any(n => n.Proto.OpType is "Quant" or "IntQuant")
            && cut.Nodes.All(n => n.Domain.Length > 0 || !ChangedSince.Contains(n.Proto.OpType));
        if (!raises)
            return version;
        foreach (var import in standard)
            import.Version = QuantiserOpset;
        return QuantiserOpset;
    }

    private static void AddValues(FlatModel model, GraphCut cut, GraphProto graph, TensorReader reader)
    {
        graph.Input.AddRange(model.Graph.Input.Where(i => cut.Values.Contains(i.Name) && !model.IsInitializer(i.Name)));
        graph.Initializer.AddRange(cut.Values.Order(StringComparer.Ordinal).Select(model.Initializer).OfType<TensorProto>().Select(t => Inline(t, reader)));
        graph.SparseInitializer.AddRange(cut.Values.Order(StringComparer.Ordinal).Select(model.SparseInitializer).OfType<SparseTensorProto>());
        graph.Output.AddRange(cut.Outputs.Select(o => model.Graph.Output.FirstOrDefault(v => v.Name == o) ?? new ValueInfoProto { Name = o }));
    }

    /// <summary>External data as typed fields, so that the file stands alone; other storage stays.</summary>
    private static TensorProto Inline(TensorProto tensor, TensorReader reader)
    {
        if (tensor.ExternalData.Count == 0)
            return tensor;
        var values = reader.Read(tensor, tensor.Name).Values;
        var inline = new TensorProto { Name = tensor.Name, DataType = tensor.DataType };
        inline.Dims.AddRange(tensor.Dims);
        switch ((DataType)tensor.DataType)
        {
            case DataType.Float:
                inline.FloatData.AddRange(values.Select(v => (float)v.ToDouble()));
                break;
            case DataType.Double:
                inline.DoubleData.AddRange(values.Select(v => v.ToDouble()));
                break;
            case DataType.Int64:
                inline.Int64Data.AddRange(values.Select(v => (long)v.ToRaw(0)));
                break;
            case DataType.Float16:
                inline.Int32Data.AddRange(values.Select(v => (int)BitConverter.HalfToUInt16Bits((Half)v.ToDouble())));
                break;
            default:
                inline.Int32Data.AddRange(values.Select(v => (int)v.ToRaw(0)));
                break;
        }
        return inline;
    }

    /// <summary>scale · (clip(round(x / scale + zero)) − zero) in operators of the standard.</summary>
    private sealed class QuantiserInStandardOperators
    {
        private readonly List<NodeProto> _nodes = [];
        private readonly List<TensorProto> _constants = [];
        private readonly string _prefix;

        private QuantiserInStandardOperators(string prefix) => _prefix = prefix;

        public static QuantiserInStandardOperators? Of(NodeProto node, FlatModel model)
        {
            if (node.OpType is not ("Quant" or "IntQuant") || node.Input.Count != 4 || model.Initializer(node.Input[3]) is not { } width)
                return null;
            var bits = new TensorReader(null).Read(width, node.Name).Values[0].ToDouble();
            var signed = Integer(node, "signed", 1) != 0;
            var narrow = Integer(node, "narrow", 0) != 0 ? 1 : 0;
            var (low, high) = signed
                ? (-Math.Pow(2, bits - 1) + narrow, Math.Pow(2, bits - 1) - 1)
                : (0, Math.Pow(2, bits) - 1 - narrow);
            var mode = node.Attribute.FirstOrDefault(a => a.Name == "rounding_mode")?.S.ToStringUtf8() ?? "ROUND";
            var written = new QuantiserInStandardOperators($"{node.Output[0]}/quant");
            var (scale, zero) = (written.Float(node.Input[1], model), written.Float(node.Input[2], model));
            var scaled = written.Add("Add", written.Add("Div", node.Input[0], scale), zero);
            var clipped = written.Add("Clip", written.Round(scaled, mode), written.Constant(low), written.Constant(high));
            written.Add("Mul", written.Add("Sub", clipped, zero), scale);
            written._nodes[^1].Output[0] = node.Output[0];
            return written;
        }

        public void AddTo(GraphProto graph)
        {
            graph.Node.AddRange(_nodes);
            graph.Initializer.AddRange(_constants);
        }

        private static long Integer(NodeProto node, string name, long otherwise) =>
            node.Attribute.FirstOrDefault(a => a.Name == name && a.Type == AttributeType.Int)?.I ?? otherwise;

        /// <summary>Exporters also write zero points as integers.</summary>
        private string Float(string name, FlatModel model)
        {
            if (model.Initializer(name) is not { } tensor || (DataType)tensor.DataType == DataType.Float)
                return name;
            var cast = Add("Cast", name);
            _nodes[^1].Attribute.Add(new AttributeProto { Name = "to", Type = AttributeType.Int, I = (long)DataType.Float });
            return cast;
        }

        private string Round(string x, string mode) => mode.ToUpperInvariant() switch
        {
            "FLOOR" => Add("Floor", x),
            "CEIL" => Add("Ceil", x),
            "ROUND_TO_ZERO" or "DOWN" => Signed(x, Add("Floor", Add("Abs", x))),
            "UP" => Signed(x, Add("Ceil", Add("Abs", x))),
            "HALF_UP" => Signed(x, Add("Floor", Add("Add", Add("Abs", x), Constant(0.5)))),
            "HALF_DOWN" => Signed(x, Add("Ceil", Add("Sub", Add("Abs", x), Constant(0.5)))),
            _ => Add("Round", x),
        };

        private string Signed(string x, string magnitude) => Add("Mul", Add("Sign", x), magnitude);

        private string Constant(double value)
        {
            var name = $"{_prefix}/constant{_constants.Count}";
            var tensor = new TensorProto { Name = name, DataType = (int)DataType.Float };
            tensor.FloatData.Add((float)value);
            _constants.Add(tensor);
            return name;
        }

        private string Add(string type, params IEnumerable<string> inputs)
        {
            var node = new NodeProto { OpType = type, Name = $"{_prefix}/{_nodes.Count}" };
            node.Input.AddRange(inputs);
            node.Output.Add($"{_prefix}/value{_nodes.Count}");
            _nodes.Add(node);
            return node.Output[0];
        }
    }
}
