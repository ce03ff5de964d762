using System.Globalization;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>A model of one node that is worth trying: what the conformance tests run every operator on.</summary>
internal sealed record OperatorCase
{
    private OperatorCase(string type, string name, int opset, string domain) => (Type, Name, Opset, Domain) = (type, name, opset, domain);

    public string Type { get; }

    /// <summary>What is special about the case.</summary>
    public string Name { get; }

    public int Opset { get; }

    public string Domain { get; }

    /// <summary>The node's inputs in order.</summary>
    public IReadOnlyList<CaseInput> Inputs { get; private init; } = [];

    public IReadOnlyList<(string Name, object Value)> Attributes { get; private init; } = [];

    /// <summary>The element types of the outputs; undefined for one that is left out.</summary>
    public IReadOnlyList<DataType> OutputTypes { get; private init; } = [DataType.Float];

    /// <summary>Whether ONNX Runtime can run the model.</summary>
    public bool HasReference { get; private init; } = true;

    public static OperatorCase Of(string type, string name, int opset = 13, string domain = "") => new(type, name, opset, domain);

    /// <summary>Adds an input that changes with the event.</summary>
    public OperatorCase Input(params int[] shape) => Input(shape, DataType.Float);

    /// <summary>Adds an input of an element type.</summary>
    public OperatorCase Input(int[] shape, DataType type) => this with { Inputs = [.. Inputs, new(shape, null, type)] };

    /// <summary>Adds a constant with numbers that look random: multiples of 1/16 between −2 and 2.</summary>
    public OperatorCase Constant(params int[] shape)
    {
        var count = shape.Aggregate(1, (a, b) => a * b);
        return Constant(shape, [.. Enumerable.Range(0, count).Select(k => ((k * 37 + Inputs.Count * 11 + 5) % 65 - 32) / 16.0)]);
    }

    /// <summary>Adds an input of integers that are indices: from −extent, which counts from the end, to extent − 1.</summary>
    public OperatorCase Indices(int[] shape, int extent, DataType type = DataType.Int64) => Whole(shape, -extent, extent - 1, type);

    /// <summary>Adds an input of integers between two numbers, both included.</summary>
    public OperatorCase Whole(int[] shape, int low, int high, DataType type = DataType.Int64) =>
        this with { Inputs = [.. Inputs, new(shape, null, type) { Range = (low, high) }] };

    public OperatorCase Constant(int[] shape, double[] values, DataType type = DataType.Float) =>
        this with { Inputs = [.. Inputs, new(shape, values, type)] };

    /// <summary>Adds a constant list of int64.</summary>
    public OperatorCase Integers(params double[] values) => Constant([values.Length], values, DataType.Int64);

    /// <summary>Leaves an optional input out.</summary>
    public OperatorCase Omit() => this with { Inputs = [.. Inputs, new([], null, DataType.Undefined)] };

    public OperatorCase With(string attribute, object value) => this with { Attributes = [.. Attributes, (attribute, value)] };

    public OperatorCase Without(string attribute) => this with { Attributes = [.. Attributes.Where(a => a.Name != attribute)] };

    /// <summary>Gives all inputs another element type.</summary>
    public OperatorCase WithInputs(DataType type) => this with { Inputs = [.. Inputs.Select(i => i with { Type = type })] };

    public OperatorCase WithoutReference() => this with { HasReference = false };

    public OperatorCase WithOutputs(int count, DataType type = DataType.Float) => this with { OutputTypes = [.. Enumerable.Repeat(type, count)] };

    /// <summary>Adds an output of an element type.</summary>
    public OperatorCase AndOutput(DataType type) => this with { OutputTypes = [.. OutputTypes, type] };

    /// <summary>The model: inputs x0, x1, …, constants c0, c1, … by position, outputs y0, y1, ….</summary>
    public byte[] ToModel()
    {
        var builder = new OnnxModelBuilder(Domain.Length == 0 ? Opset : 13);
        if (Domain.Length > 0)
            builder.Import(Domain, Opset);
        var names = new string[Inputs.Count];
        for (var k = 0; k < names.Length; k++)
        {
            var (shape, values, type) = Inputs[k];
            names[k] = type == DataType.Undefined ? "" : values is null ? $"x{k}" : $"c{k}";
            if (values is not null)
                builder.Constant(names[k], shape, values, type);
            else if (type != DataType.Undefined)
                builder.Input(names[k], shape, type);
        }
        var outputs = OutputTypes.Select((t, k) => t == DataType.Undefined ? "" : $"y{k}").ToArray();
        foreach (var (output, type) in outputs.Zip(OutputTypes).Where(o => o.First.Length > 0))
            builder.Output(output, type);
        return builder.Node(Domain, Type, names, outputs, Attributes.ToArray()).ToBytes();
    }

    public override string ToString() => $"{Type} {Opset}: {Name}";

    /// <summary>The case in one line: operator set, inputs and attributes.</summary>
    public string Signature
    {
        get
        {
            var attributes = Attributes.Count == 0 ? "" : $" {{{string.Join(", ", Attributes.Select(a => $"{a.Name}={Text(a.Value)}"))}}}";
            return string.Create(CultureInfo.InvariantCulture, $"{Type}-{Opset}({string.Join(", ", Inputs.Select(Text))}){attributes}");
        }
    }

    private static string Text(CaseInput input)
    {
        if (input.Type == DataType.Undefined)
            return "omitted";
        var values = input.Values is { Length: > 0 and < 13 } few ? $" = {string.Join(' ', few.Select(v => Text(v)))}" : "";
        return $"{(input.Values is null ? "" : "constant ")}{ElementTypes.NameOf(input.Type)}[{string.Join(',', input.Shape)}]{values}";
    }

    /// <summary>A list, or of a long one how many there are.</summary>
    private static string Text(string[] items, string kind) =>
        items.Length > 12 ? string.Create(CultureInfo.InvariantCulture, $"[{items.Length} {kind}]") : $"[{string.Join(' ', items)}]";

    private static string Text(object value) => value switch
    {
        long[] list => Text(list.Select(v => Text(v)).ToArray(), "integers"),
        float[] list => Text(list.Select(v => Text(v)).ToArray(), "numbers"),
        string[] list => Text(list, "texts"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        string text => text,
        _ => "tensor",
    };
}

/// <summary>An input of a case.</summary>
/// <param name="Values">Null if the input changes with the event.</param>
/// <param name="Type">Undefined for an optional input that is left out.</param>
internal sealed record CaseInput(int[] Shape, double[]? Values, DataType Type)
{
    /// <summary>The smallest and largest number that makes sense; null for all of the type.</summary>
    public (int Low, int High)? Range { get; init; }
}
