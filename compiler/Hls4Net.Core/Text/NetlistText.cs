using System.Globalization;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Core.Text;

/// <summary>
/// A netlist as text: a line for each module, port, net and cell; nets are numbered as cells and ports refer to them. The law:
/// <c>Parse(ToText(netlist))</c> equals the netlist, and prints the same.
/// </summary>
public static class NetlistText
{
    private static readonly OperatorRegistry NoOperators = new([]);

    public static string ToText(this Netlist netlist)
    {
        var writer = new IrWriter();
        writer.Write(netlist.HasEnable ? "netlist enabled" : "netlist");
        foreach (var module in netlist.Modules)
            WriteModule(writer, module);
        return writer.ToString();
    }

    /// <summary>The netlist of a text.</summary>
    /// <exception cref="IrFormatException">The text is not a netlist's.</exception>
    public static Netlist Parse(string text)
    {
        var reader = new IrReader(text);
        reader.Expect("netlist");
        var hasEnable = reader.Takes("enabled");
        var modules = new List<Module>();
        while (!reader.IsAtEnd)
            modules.Add(ReadModule(reader));
        return new(modules.ToSeq()) { HasEnable = hasEnable };
    }

    private static void WriteModule(IrWriter writer, Module module)
    {
        writer.Line().Write("module ").Quote(module.Name).Write(" is ").Quote(module.Comment).Indent();
        foreach (var origin in module.Origins)
        {
            writer.Line().Write("origin");
            GraphText.WriteOrigin(writer, origin);
        }
        foreach (var port in module.Ports)
        {
            writer.Line().Write("port ").Quote(port.Name).Write($" {port.Direction} ").Write(port.IsSetting ? "setting " : "");
            writer.Shape(port.Nets);
        }
        for (var n = 0; n < module.Nets.Count; n++)
        {
            var net = module.Nets[n];
            writer.Line().Write("net ").Write(n).Write(" ").Quote(net.Name).Write(" ").Type(net.Type);
            writer.Write(string.Create(CultureInfo.InvariantCulture, $" {net.Low} {net.High} ")).Quote(net.Note);
        }
        foreach (var cell in module.Cells)
        {
            writer.Line().Write("cell ");
            RecordText.Write(writer, cell);
        }
        writer.Outdent();
    }

    private static Module ReadModule(IrReader reader)
    {
        reader.Expect("module");
        var name = reader.Quoted();
        reader.Expect("is");
        var comment = reader.Quoted();
        var origins = new List<Graphs.Origin>();
        while (reader.Takes("origin"))
            origins.Add(GraphText.ReadOrigin(reader));
        var ports = new List<Port>();
        while (reader.Takes("port"))
            ports.Add(ReadPort(reader));
        var nets = new List<Net>();
        while (reader.Takes("net"))
            nets.Add(ReadNet(reader, nets.Count));
        var cells = new List<Cell>();
        while (reader.Takes("cell"))
            cells.Add((Cell)RecordText.Read(reader, typeof(Cell), NoOperators)!);
        return new(name, origins.ToSeq(), comment, ports.ToSeq(), nets.ToSeq(), cells.ToSeq());
    }

    private static Port ReadPort(IrReader reader)
    {
        var name = reader.Quoted();
        var direction = (PortDirection)RecordText.Read(reader, typeof(PortDirection), NoOperators)!;
        var isSetting = reader.Takes("setting");
        return new(name, direction, reader.Shape(), isSetting);
    }

    private static Net ReadNet(IrReader reader, int expected)
    {
        if (reader.Integer() is var number && number != expected)
            throw reader.Error($"Nets are numbered one after the other: {expected} was expected instead of {number}.");
        return new(reader.Quoted(), reader.FixedType(), reader.BigInteger(), reader.BigInteger(), reader.Quoted());
    }
}
