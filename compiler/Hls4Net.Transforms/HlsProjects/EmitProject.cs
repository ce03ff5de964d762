using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>From hls4ml's layers with all their types to a typed graph that computes what its firmware computes.</summary>
internal sealed partial class EmitProject
{
    private readonly Graph _imported;
    private readonly TypedGraphBuilder _graph;
    private readonly DiagnosticBag _diagnostics;
    private readonly Surprises _surprises;

    /// <summary>Values of −1 and 1 that the firmware holds in one bit.</summary>
    private readonly HashSet<string> _binary = new(StringComparer.Ordinal);

    /// <summary>Where a value of the project is found: under its own name unless a layer between is left out.</summary>
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public EmitProject(Graph imported, IReadOnlyList<ProjectLayer> layers, Surprises surprises, DiagnosticBag diagnostics)
    {
        (_imported, _diagnostics) = (imported, diagnostics);
        _graph = new(layers.Select(l => l.Output.Name).Concat(imported.Inputs).Concat(imported.Outputs));
        _surprises = surprises;
    }

    /// <summary>Reuse factors above 1, by the node of the layer.</summary>
    public Dictionary<Origin, int> ReuseFactors { get; } = [];

    public TypedModel Run(IReadOnlyList<ProjectLayer> layers)
    {
        var inputs = new Dictionary<string, Quantizer>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            if (layer.Class == LayerClass.Input)
            {
                var quantizer = layer.Type("result").Quantizer;
                inputs[layer.Output.Name] = quantizer;
                _graph.AddInput(layer.Output.Name, layer.Output.Shape, quantizer.Type);
            }
            else
            {
                Emit(layer);
                if (layer.Type("result").IsBinary)
                    _binary.Add(layer.Output.Name);
            }
        }
        _surprises.Report();
        return new(_graph.ToGraph(_imported), inputs);
    }

    private string In(ProjectLayer layer, int input = 0) => _names.GetValueOrDefault(layer.Inputs[input].Name, layer.Inputs[input].Name);

    private void Emit(ProjectLayer layer)
    {
        if (layer.Class.IsProduct())
            EmitProduct(layer);
        else if (layer.Class.IsScale())
            EmitScale(layer);
        else if (layer.Class.IsPooling())
            EmitPooling(layer);
        else if (layer.Class.IsActivation() || layer.Class == LayerClass.BatchNormalizationQuantizedTanh)
            EmitActivation(layer);
        else if (layer.Class == LayerClass.LayerNormalization)
            EmitNormalization(layer);
        else if (layer.Class == LayerClass.Merge)
            EmitMerge(layer);
        else
            EmitWiring(layer);
    }

    /// <summary>The layer's result: cast to its type, under its name.</summary>
    private void Finish(ProjectLayer layer, string value)
    {
        var quantizer = Stored(layer.Type("result"));
        _surprises.Overflow(layer, "result", quantizer, _graph.HullOf(value));
        _graph.Cast(value, quantizer, layer.Origin, "cast", layer.Output.Name);
    }

    /// <summary>The type that holds the numbers themselves: two bits for −1 and 1.</summary>
    private static Quantizer Stored(HlsType type) => type.IsBinary ? new(new FixedType(true, 2, 2), Rounding.Trn, Overflow.Wrap) : type.Quantizer;

    private void EmitScale(ProjectLayer layer)
    {
        var value = In(layer);
        var (scale, bias) = (layer.WeightData, layer.BiasData);
        if (!(layer.Type("scale") is { IsInteger: true, Width: 1 } && scale.IsAll(Dyadic.One)))
            value = _graph.Apply(new Multiplication(), layer.Origin, "scaled", null, value, Constant(layer, "scale", scale));
        if (!(layer.Type("bias") is { IsInteger: true, Width: 1 } && bias.IsAll(Dyadic.Zero)))
            value = _graph.Apply(new Addition(), layer.Origin, "shifted", null, value, Constant(layer, "bias", bias));
        Finish(layer, value);
    }

    private void EmitMerge(ProjectLayer layer)
    {
        var (a, b) = (In(layer, 0), In(layer, 1));
        Operator op = layer.Function switch
        {
            "add" or "average" => new Addition(),
            "subtract" => new Subtraction(),
            "multiply" => new Multiplication(),
            "maximum" => new ElementwiseMaximum(),
            _ => new ElementwiseMinimum(),
        };
        var value = _graph.Apply(op, layer.Origin, "", null, a, b);
        if (layer.Function == "average")
        {
            var half = _graph.AddConstant($"{layer.Name}.half", [], new FixedType(false, 1, 0), [1]);
            value = _graph.Apply(new Multiplication(), layer.Origin, "halved", null, value, half);
        }
        Finish(layer, value);
    }

    /// <summary>What only moves elements keeps their type; a concatenation casts each operand first.</summary>
    private void EmitWiring(ProjectLayer layer)
    {
        if (layer.Windows is { } windows)
        {
            Seq<int> Around(Seq<int> spatial) => layer.IsChannelsLast ? [0, .. spatial, 0] : [0, 0, .. spatial];
            _graph.Apply(new Pad(Around(windows.Before), Around(windows.After), PadMode.Constant), layer.Origin, "padded", layer.Output.Name, In(layer));
            return;
        }
        var inputs = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var k = 0; k < layer.Inputs.Count; k++)
        {
            var value = In(layer, k);
            if (layer.Class == LayerClass.Concatenate)
            {
                var quantizer = layer.Type("result").Quantizer;
                _surprises.Overflow(layer, "result", quantizer, _graph.HullOf(value));
                value = _graph.Cast(value, quantizer, layer.Origin, "cast", null);
            }
            inputs[layer.Inputs[k].Name] = value;
        }
        if (layer.Wiring.Count == 0)
            _graph.Apply(new Reshape(layer.Output.Shape), layer.Origin, "", layer.Output.Name, inputs[layer.Inputs[0].Name]);
        for (var n = 0; n < layer.Wiring.Count; n++)
        {
            var node = layer.Wiring[n];
            // An input behind a node that does nothing is the layer's own.
            string[] operands = [.. node.Inputs.Where(i => i.Length > 0).Select((i, k) => inputs.GetValueOrDefault(i, inputs.Values.ElementAt(Math.Min(k, inputs.Count - 1))))];
            inputs[node.Outputs[0]] = _graph.Apply(node.Operator, layer.Origin, n == 0 ? "" : "moved", n == layer.Wiring.Count - 1 ? layer.Output.Name : null, operands);
        }
    }

    /// <summary>
    /// A constant as hls4ml's firmware reads it: decimal text with as many decimals as its type has fraction bits, then the cast.
    /// </summary>
    private string Constant(ProjectLayer layer, string variable, FloatTensor numbers)
    {
        return _graph.AddConstant($"{layer.Name}.{variable}", numbers.Shape, Stored(layer.Type(variable)).Type, Raw(layer, variable, numbers));
    }

    private long[] Raw(ProjectLayer layer, string variable, FloatTensor numbers)
    {
        var type = layer.Type(variable);
        if (type.Width > ConstantTensor.MaximumWidth)
            throw new UserErrorException(Messages.WideConstant($"{layer.Origin}, {variable}", type.Width));
        if (type.IsBinary)
            return Array.ConvertAll(numbers.Values, v => (long)v.Sign);
        var raw = Array.ConvertAll(numbers.Values, v => (long)Casting.Cast(TypeRules.ThroughDecimalText(v, type.Fraction), type.Quantizer));
        _surprises.Constants(layer, variable, type.Quantizer, numbers, raw);
        return raw;
    }
}
