using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Text;

/// <summary>
/// A graph as text, one line for each value and node. The law: <c>Parse(ToText(graph))</c> equals the graph, and prints the same.
/// </summary>
public static class GraphText
{
    public static string ToText(this Graph graph)
    {
        var writer = new IrWriter();
        writer.Write("graph ").Quote(graph.Name);
        writer.Line().Write("inputs ").Names(graph.Inputs);
        writer.Line().Write("settings ").Names(graph.Settings);
        writer.Line().Write("outputs ").Names(graph.Outputs);
        foreach (var value in graph.Values)
            WriteValue(writer, value);
        foreach (var node in graph.Nodes)
        {
            writer.Line().Write("node ").Quote(node.Name).Write(" = ");
            RecordText.Write(writer, node.Operator);
            writer.Write(" of ").Names(node.Inputs).Write(" gives ").Names(node.Outputs);
            WriteOrigin(writer, node.Origin);
        }
        return writer.ToString();
    }

    /// <summary>The graph of a text.</summary>
    /// <exception cref="IrFormatException">The text is not a graph's, or names an unknown operator.</exception>
    public static Graph Parse(string text, OperatorRegistry operators)
    {
        var reader = new IrReader(text);
        reader.Expect("graph");
        var name = reader.Quoted();
        reader.Expect("inputs");
        var inputs = reader.Names();
        reader.Expect("settings");
        var settings = reader.Names();
        reader.Expect("outputs");
        var outputs = reader.Names();
        var values = new List<Value>();
        while (reader.Takes("value"))
            values.Add(ReadValue(reader));
        var nodes = new List<Node>();
        while (!reader.IsAtEnd)
            nodes.Add(ReadNode(reader, operators));
        return new(name, values.ToSeq(), inputs, outputs, settings, nodes.ToSeq());
    }

    internal static void WriteOrigin(IrWriter writer, Origin origin)
    {
        writer.Write(" from ").Quote(origin.Node).Write(" ").Quote(origin.Operator);
        if (origin.Merged.Count > 0)
            writer.Write(" with ").Names(origin.Merged);
    }

    internal static Origin ReadOrigin(IrReader reader)
    {
        reader.Expect("from");
        var origin = new Origin(reader.Quoted(), reader.Quoted());
        return reader.Takes("with") ? origin with { Merged = reader.Names() } : origin;
    }

    private static void WriteValue(IrWriter writer, Value value)
    {
        writer.Line().Write("value ").Quote(value.Name).Write(" ").Shape(value.Shape).Write(" ").Type(value.Type);
        if (value.Constant is not { } constant)
            return;
        writer.Write(" ");
        ConstantText.Write(writer, constant);
    }

    private static Value ReadValue(IrReader reader)
    {
        var name = reader.Quoted();
        var shape = reader.Shape();
        FixedType? type = reader.Type();
        return new(name, shape, type, reader.Peek() is "constant" ? ConstantText.Read(reader) : null);
    }

    private static Node ReadNode(IrReader reader, OperatorRegistry operators)
    {
        reader.Expect("node");
        var name = reader.Quoted();
        reader.Expect('=');
        var definition = (Operator)(RecordText.Read(reader, typeof(Operator), operators) ?? throw reader.Error("A node has an operator."));
        reader.Expect("of");
        var inputs = reader.Names();
        reader.Expect("gives");
        var outputs = reader.Names();
        return new(name, definition, inputs, outputs, ReadOrigin(reader));
    }
}
