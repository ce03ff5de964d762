using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Operators.Hls;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>The layers that hls4ml makes of an ONNX file, before it fuses any.</summary>
/// <param name="Layers">In the order in which they compute; inputs first.</param>
/// <param name="Constants">The names of constants, which hls4ml's configurations list among the layers.</param>
internal sealed record ProjectGraph(List<ProjectLayer> Layers, IReadOnlyCollection<string> Constants);

/// <summary>From the nodes of an ONNX file to layers of hls4ml.</summary>
internal sealed partial class ReadProject
{
    private readonly Graph _graph;
    private readonly ProjectSettings _settings;
    private readonly DiagnosticBag _diagnostics;
    private readonly IReadOnlyList<PreparedNode> _nodes;
    private readonly bool _isPrepared;
    private readonly bool _isChannelsFirst;
    private readonly Dictionary<string, ProjectValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceNode> _producers;
    private readonly ILookup<string, Node> _imported;
    private readonly Dictionary<SourceNode, string> _quantisers = new(ReferenceEqualityComparer.Instance);
    private readonly List<ProjectLayer> _layers = [];

    private ReadProject(Graph graph, IReadOnlyList<SourceNode> source, ProjectSettings settings, DiagnosticBag diagnostics)
    {
        (_graph, _settings, _diagnostics) = (graph, settings, diagnostics);
        _isPrepared = PreparedNames.IsPrepared(source);
        _nodes = PreparedNames.Of(source);
        _isChannelsFirst = source.Any(n => n.Domain.Length == 0 && n.IsComputed && IsSpatial(n));
        _producers = source.SelectMany(n => n.Outputs.Select(o => (o.Name, Node: n))).ToDictionary(x => x.Name, x => x.Node, StringComparer.Ordinal);
        _imported = graph.Nodes.ToLookup(n => n.Origin.Node, StringComparer.Ordinal);
        foreach (var node in _nodes)
            _quantisers.TryAdd(node.Source, node.Name);
    }

    /// <summary>Reads the layers; what hls4ml has no layer for is reported.</summary>
    public static ProjectGraph Run(Graph graph, IReadOnlyList<SourceNode> source, ProjectSettings settings, DiagnosticBag diagnostics)
    {
        var reader = new ReadProject(graph, source, settings, diagnostics);
        reader.Read();
        return new(reader._layers, reader.ConstantNames());
    }

    private static bool IsSpatial(SourceNode node) => node.Operator is "Conv" or "MaxPool" or "AveragePool" or "GlobalMaxPool" or "GlobalAveragePool";

    private void Read()
    {
        foreach (var input in _graph.Inputs.Except(_graph.Settings))
            AddInput(input);
        foreach (var node in _nodes.Where(n => n.Source.IsComputed))
        {
            try
            {
                Read(node);
            }
            catch (HlsLayerException e)
            {
                _diagnostics.Add(Messages.HlsLayerUnknown(Messages.At(node.Source.Origin), e.Message));
                foreach (var output in node.Source.Outputs)
                    _values.TryAdd(output.Name, new(output.Name, output.Shape, []));
            }
        }
        foreach (var output in _graph.Outputs.Where(o => !_diagnostics.HasErrors && !_values.ContainsKey(o) && _producers.ContainsKey(o)))
            AddOutput(output);
    }

    /// <summary>An output behind a node that does nothing is the value before it under the output's name.</summary>
    private void AddOutput(string output)
    {
        var node = _producers[output];
        var value = Value(new(output, _graph[output].Shape, null));
        Add(new() { Name = output, Class = LayerClass.Reshape, Origin = node.Origin, Inputs = [value], Output = _values[output] = value with { Name = output } });
    }

    private void AddInput(string input)
    {
        var name = _isPrepared ? input : _layers.Count == 0 ? "global_in" : string.Create(CultureInfo.InvariantCulture, $"global_in_{_layers.Count}");
        _settings.Know(name, nameof(LayerClass.Input));
        var value = ProjectValue.Of(input, _graph[input].Shape, _isChannelsFirst);
        _values[input] = value;
        Add(new() { Name = name, Class = LayerClass.Input, Origin = new(input, "Input"), Inputs = [], Output = value });
    }

    private void Read(PreparedNode node)
    {
        switch (node.Operator)
        {
            case "MatMul":
                ReadProduct(node);
                break;
            case "Conv":
                ReadConvolution(node);
                break;
            case "BatchNormalization":
                ReadNormalization(node);
                break;
            case "Add" or "Sub" or "Mul" or "Div" or "Max" or "Min" or "Mean" or "Sum":
                ReadMerge(node);
                break;
            case "Concat":
                AddWiring(node, LayerClass.Concatenate, keepsOrder: false);
                break;
            case "MaxPool" or "AveragePool":
                ReadPooling(node);
                break;
            case "GlobalMaxPool" or "GlobalAveragePool":
                ReadGlobalPooling(node);
                break;
            case "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze":
                AddWiring(node, LayerClass.Reshape, keepsOrder: true);
                break;
            case "Transpose":
                AddWiring(node, LayerClass.Transpose, keepsOrder: false);
                break;
            case "Resize" or "Upsample":
                AddWiring(node, LayerClass.Resize, keepsOrder: false);
                break;
            case "Pad":
                AddWiring(node, Data(node).Shape.Count == 4 ? LayerClass.ZeroPadding2D : LayerClass.ZeroPadding1D, keepsOrder: false);
                break;
            case "Quant" or "IntQuant":
                ReadQuantiser(node);
                break;
            case "BipolarQuant":
                ReadBipolar(node);
                break;
            case "LayerNormalization":
                ReadLayerNormalization(node);
                break;
            default:
                ReadActivation(node);
                break;
        }
    }

    /// <summary>The value that a node reads at a position, seen through nodes that do nothing.</summary>
    private ProjectValue Value(SourceValue value)
    {
        if (_values.TryGetValue(value.Name, out var found))
            return found;
        if (_producers.TryGetValue(value.Name, out var producer) && producer.Operator is "Identity" or "Dropout" or "Cast")
            return Value(_producers[value.Name].Inputs[0]!);
        throw new HlsLayerException($"the value '{value.Name}' comes from nothing that hls4ml has a layer for");
    }

    private ProjectValue Data(PreparedNode node) => Value(node.Source.Inputs.First(i => i is { Constant: null })!);

    private ProjectValue Output(PreparedNode node, Seq<int> order)
    {
        var output = node.Source.Outputs[0];
        return _values[output.Name] = new(output.Name, output.Shape, order);
    }

    private ProjectValue ImageOutput(PreparedNode node)
    {
        var output = node.Source.Outputs[0];
        return _values[output.Name] = ProjectValue.Of(output.Name, output.Shape, node.Source.Domain != "qonnx.custom_op.channels_last");
    }

    private void Add(ProjectLayer layer)
    {
        _layers.Add(layer);
        layer.Attributes = _settings.Attributes(layer.Name, layer.Class);
    }

    /// <summary>
    /// MatMul with a constant matrix on the right is a dense layer, or, over more than one dimension, a convolution of one pixel.
    /// </summary>
    private void ReadProduct(PreparedNode node)
    {
        var matrix = node.Source.Inputs[1];
        if (matrix?.Constant is not { } constant || constant.Shape.Count != 2 || node.Source.Inputs[0]!.Constant is not null || node.Source.Integer("transA", 0) != 0)
            throw new HlsLayerException("hls4ml multiplies by constant matrices on the right only");
        var x = Value(node.Source.Inputs[0]!);
        var isTransposed = node.Source.Operator == "Gemm" && node.Source.Integer("transB", 0) != 0;
        var weight = Constant(matrix);
        if (isTransposed)
            weight = weight.Arranged(t => t.Transpose(1, 0));
        var name = $"Dense_{node.Name}";
        _settings.Rename(node.Name, "MatMul", name);
        // Of a Gemm this is the inner value before the bias.
        var isPart = node.Source.Operator == "Gemm" && _nodes.Count(n => n.Source == node.Source) > 1;
        var shape = node.Source.Outputs[0].Shape;
        var output = isPart ? new ProjectValue($"{node.Source.Outputs[0].Name}.product", shape, []) : Output(node, []);
        _values[output.Name] = output;
        Add(new()
        {
            Name = name,
            Class = x.Shape.Count switch { <= 2 => LayerClass.Dense, 3 => LayerClass.PointwiseConv1D, _ => LayerClass.PointwiseConv2D },
            Origin = node.Source.Origin,
            Inputs = [x],
            Output = output,
            Weight = weight.Values,
            WeightQuantizer = weight.Quantizer,
            WeightRescale = weight.Rescale,
            Function = "dense",
        });
    }

    private void ReadConvolution(PreparedNode node)
    {
        var x = Value(node.Source.Inputs[0]!);
        if (node.Source.Inputs[1]?.Constant is not { } filter || (node.Source.Inputs.Count > 2 && node.Source.Inputs[2] is { Constant: null }))
            throw new HlsLayerException("hls4ml's convolutions have constant filters and biases");
        var isLast = node.Source.Domain.Length > 0;
        var rank = filter.Shape.Count;
        if (rank is < 3 or > 4)
            throw new HlsLayerException($"hls4ml has convolutions over one or two dimensions, and this has {rank - 2}");
        var convolution = Imported<Convolution>(node);
        // [M, C / groups, kernel…] or [M, kernel…, C / groups] → [kernel…, C / groups, M].
        int[] order = isLast ? [.. Enumerable.Range(1, rank - 1), 0] : [.. Enumerable.Range(2, rank - 2), 1, 0];
        var weight = Constant(node.Source.Inputs[1]!).Arranged(t => t.Transpose(order));
        var channels = x.Shape[isLast ? rank - 1 : 1];
        var isDepthwise = convolution.Groups > 1 && convolution.Groups == channels;
        if (convolution.Groups > 1 && !isDepthwise)
            throw new HlsLayerException($"hls4ml has no convolution in {convolution.Groups} groups of several channels");
        var kind = $"{(isDepthwise ? "DepthwiseConv" : "Conv")}{rank - 2}D";
        var name = $"{kind}_{node.Name}";
        _settings.Rename(node.Name, "Conv", name);
        var isPoint = !isDepthwise && convolution.Windows.Kernel.All(k => k == 1);
        var offset = node.Source.Inputs.Count > 2 && node.Source.Inputs[2] is { } bias ? Constant(bias) : null;
        var windows = convolution.Windows;
        if (_settings.IsStreamed && windows.Before.Concat(windows.After).Any(p => p > 0))
            (x, windows) = (AddPadding(name, node, x, windows, isLast), windows with { Before = new int[rank - 2].ToSeq(), After = new int[rank - 2].ToSeq() });
        Add(new()
        {
            Name = name,
            Class = Enum.Parse<LayerClass>(isPoint ? $"Pointwise{kind}" : kind),
            Origin = node.Source.Origin,
            Inputs = [x],
            Output = ImageOutput(node),
            Weight = weight.Values,
            Bias = offset?.Values,
            WeightQuantizer = weight.Quantizer,
            WeightRescale = weight.Rescale,
            BiasQuantizer = offset?.Quantizer,
            BiasRescale = offset?.Rescale,
            Windows = windows,
            IsChannelsLast = isLast,
            Groups = convolution.Groups,
        });
    }

    /// <summary>Streamed convolutions are padded by a layer of their own.</summary>
    private ProjectValue AddPadding(string name, PreparedNode node, ProjectValue x, Windows windows, bool isLast)
    {
        var dimensions = windows.Kernel.Count;
        var padding = $"zp{dimensions}d_{name}";
        _settings.Know(padding, $"ZeroPadding{dimensions}D");
        var spatial = isLast ? 1 : 2;
        var shape = x.Shape.Select((e, d) => d >= spatial && d < spatial + dimensions ? e + windows.Before[d - spatial] + windows.After[d - spatial] : e).ToSeq();
        var output = ProjectValue.Of(padding, shape, !isLast);
        Add(new()
        {
            Name = padding,
            Class = dimensions == 2 ? LayerClass.ZeroPadding2D : LayerClass.ZeroPadding1D,
            Origin = node.Source.Origin,
            Inputs = [x],
            Output = output,
            Windows = windows,
            IsChannelsLast = isLast,
        });
        return _values[padding] = output;
    }

    /// <summary>scale = γ / √(σ² + ε), bias = β − μ · scale, in float32.</summary>
    private void ReadNormalization(PreparedNode node)
    {
        var constants = node.Source.Inputs.Skip(1).Select(i => i?.Constant).ToArray();
        if (constants.Any(c => c is null) || constants.Length != 4)
            throw new HlsLayerException("hls4ml's batch normalisation has constant parameters");
        var x = Value(node.Source.Inputs[0]!);
        var (gamma, beta, mean, variance) = (FloatTensor.Of(constants[0]!), FloatTensor.Of(constants[1]!), FloatTensor.Of(constants[2]!), FloatTensor.Of(constants[3]!));
        var scale = gamma / variance.Add(node.Source.Number("epsilon") ?? Dyadic.FromDouble(1e-5f)).Sqrt();
        var bias = beta - mean * scale;
        var isLast = node.Source.Domain.Length > 0 || x.Shape.Count <= 2;
        Seq<int> shape = isLast ? [scale.Values.Length] : [scale.Values.Length, .. Enumerable.Repeat(1, x.Shape.Count - 2)];
        _settings.Know(node.Name, "BatchNormOnnx");
        _settings.Know(node.Name, nameof(LayerClass.BatchNormalization));
        Add(new()
        {
            Name = node.Name,
            Class = LayerClass.BatchNormalization,
            Origin = node.Source.Origin,
            Inputs = [x],
            Output = Output(node, x.Order),
            Weight = scale.Reshape(shape),
            Bias = bias.Reshape(shape),
        });
    }

    private void ReadPooling(PreparedNode node)
    {
        var x = Value(node.Source.Inputs[0]!);
        if (node.Source.Integer("ceil_mode", 0) != 0 || node.Source.Integers("dilations")?.Any(d => d != 1) == true)
            throw new HlsLayerException("hls4ml's pools know neither ceil_mode nor dilations");
        var isMax = node.Operator == "MaxPool";
        _settings.Know(node.Name, x.Shape.Count == 4 ? "Pooling2D" : "Pooling1D");
        Add(new()
        {
            Name = node.Name,
            Class = x.Shape.Count == 4 ? LayerClass.Pooling2D : LayerClass.Pooling1D,
            Origin = node.Source.Origin,
            Inputs = [x],
            Output = ImageOutput(node),
            Windows = WindowsOf(node),
            IsChannelsLast = node.Source.Domain.Length > 0,
            Function = isMax ? "Max" : "Average",
            CountPadding = node.Source.Integer("count_include_pad", 0) != 0,
        });
    }

    private Windows WindowsOf(PreparedNode node) => _imported[node.Source.Origin.Node].Select(n => n.Operator switch
    {
        MaxPool pool => pool.Windows,
        WindowSum sum => sum.Windows,
        HlsAveragePool pool => pool.Windows,
        _ => null,
    }).FirstOrDefault(w => w is not null) ?? throw new HlsLayerException("the pool has no windows");

    private void ReadGlobalPooling(PreparedNode node)
    {
        var x = Value(node.Source.Inputs[0]!);
        _settings.Know(node.Name, x.Shape.Count == 4 ? "GlobalPooling2D" : "GlobalPooling1D");
        Add(new()
        {
            Name = node.Name,
            Class = x.Shape.Count == 4 ? LayerClass.GlobalPooling2D : LayerClass.GlobalPooling1D,
            Origin = node.Source.Origin,
            Inputs = [x],
            Output = ImageOutput(node),
            IsChannelsLast = node.Source.Domain.Length > 0,
            Function = node.Operator == "GlobalMaxPool" ? "Max" : "Average",
        });
    }

    /// <summary>A layer that only rearranges, as the graph has it.</summary>
    /// <param name="keepsOrder">Whether elements of the file keep their places, as in a reshape.</param>
    private void AddWiring(PreparedNode node, LayerClass kind, bool keepsOrder)
    {
        var inputs = node.Source.Inputs.Where(i => i is { Constant: null }).Select(i => Value(i!)).ToList();
        var nodes = _imported[node.Source.Origin.Node].ToList();
        if (nodes.Any(n => !n.Operator.IsWiring))
            throw new HlsLayerException($"hls4ml's {kind} only moves elements, and this also computes");
        if (kind == LayerClass.Concatenate && inputs.Count != 2)
            throw new HlsLayerException("hls4ml concatenates two tensors at a time");
        _settings.Know(node.Name, kind.ToString());
        var isFlat = node.Source.Outputs[0].Shape.Count(e => e > 1) <= 1;
        var output = keepsOrder && isFlat ? Output(node, inputs[0].Order) : keepsOrder ? Output(node, []) : ImageOutput(node);
        Add(new() { Name = node.Name, Class = kind, Origin = node.Source.Origin, Inputs = inputs, Output = output, Wiring = nodes });
    }

    private T Imported<T>(PreparedNode node)
        where T : Operator => _imported[node.Source.Origin.Node].Select(n => n.Operator).OfType<T>().FirstOrDefault()
            ?? throw new HlsLayerException($"the node was not imported as {typeof(T).Name}");

    /// <summary>Initialisers are layers of their own in hls4ml's configurations: NODE_paramK for the k-th constant input of a node.</summary>
    private HashSet<string> ConstantNames()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in _nodes)
        {
            for (var k = 0; k < node.Source.Inputs.Count; k++)
            {
                names.Add(string.Create(CultureInfo.InvariantCulture, $"{node.Name}_param{k}"));
                if (node.Source.Inputs[k] is { Constant: not null } constant)
                    names.Add(constant.Name);
            }
            if (!node.Source.IsComputed)
                names.Add(node.Name);
        }
        return names;
    }
}

/// <summary>hls4ml has no layer for a node; the reader turns this into a diagnostic that names it.</summary>
internal sealed class HlsLayerException(string message) : Exception(message);
