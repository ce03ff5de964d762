using Hls4Net.Core.Kernels;

namespace Hls4Net.Core.Text;

/// <summary>
/// A design as text: one line for each channel and stage, and below a stage the instructions of its kernel. The law:
/// <c>Parse(ToText(design))</c> equals the design, and prints the same.
/// </summary>
public static class DesignText
{
    private static readonly OperatorRegistry NoOperators = new([]);

    public static string ToText(this Design design)
    {
        var writer = new IrWriter();
        writer.Write("design ").Quote(design.Name);
        writer.Line().Write("inputs ").Names(design.Inputs);
        writer.Line().Write("settings ").Names(design.Settings);
        writer.Line().Write("outputs ").Names(design.Outputs);
        foreach (var channel in design.Channels)
            writer.Line().Write("channel ").Quote(channel.Name).Write(" ").Shape(channel.Shape).Write(" ").Type(channel.Type).Write(" is ").Quote(channel.Source);
        foreach (var constant in design.Constants)
        {
            writer.Line().Write(constant.IsLoadable ? "loadable " : "").Write("tensor ").Quote(constant.Name).Write(" ");
            ConstantText.Write(writer, constant.Tensor);
        }
        foreach (var stage in design.Stages)
            WriteStage(writer, stage);
        return writer.ToString();
    }

    /// <summary>The design of a text.</summary>
    /// <exception cref="IrFormatException">The text is not a design's.</exception>
    public static Design Parse(string text)
    {
        var reader = new IrReader(text);
        reader.Expect("design");
        var name = reader.Quoted();
        reader.Expect("inputs");
        var inputs = reader.Names();
        reader.Expect("settings");
        var settings = reader.Names();
        reader.Expect("outputs");
        var outputs = reader.Names();
        var channels = new List<Channel>();
        while (reader.Takes("channel"))
            channels.Add(ReadChannel(reader));
        var constants = new List<NamedConstant>();
        while (reader.Takes("loadable") is var isLoadable && (isLoadable ? TakesTensor(reader) : reader.Takes("tensor")))
            constants.Add(new(reader.Quoted(), ConstantText.Read(reader)) { IsLoadable = isLoadable });
        var stages = new List<Stage>();
        while (!reader.IsAtEnd)
            stages.Add(ReadStage(reader));
        return new(name, inputs, settings, outputs, channels.ToSeq(), constants.ToSeq(), stages.ToSeq());
    }

    private static bool TakesTensor(IrReader reader)
    {
        reader.Expect("tensor");
        return true;
    }

    private static Channel ReadChannel(IrReader reader)
    {
        var name = reader.Quoted();
        var shape = reader.Shape();
        var type = reader.Type();
        reader.Expect("is");
        return new(name, shape, type, reader.Quoted());
    }

    private static void WriteStage(IrWriter writer, Stage stage)
    {
        writer.Line().Write("stage ").Quote(stage.Name).Write(" of ").Names(stage.Inputs).Write(" gives ").Quote(stage.Output);
        GraphText.WriteOrigin(writer, stage.Origin);
        writer.Write(" ");
        RecordText.Write(writer, stage.Schedule);
        if (stage.Stated is { } stated)
        {
            writer.Write(" within ");
            RecordText.Write(writer, stated);
        }
        writer.Indent().Line();
        switch (stage.Computation)
        {
            case Kernel kernel:
                writer.Write("for ").Shape(kernel.Domain).Write(" ");
                BlockText.Write(writer, kernel.Body);
                break;
            case Wiring wiring:
                WriteWiring(writer, wiring);
                break;
            default:
                throw new InvalidOperationException($"No text for {stage.Computation.GetType().Name}.");
        }
        writer.Outdent();
    }

    private static Stage ReadStage(IrReader reader)
    {
        reader.Expect("stage");
        var name = reader.Quoted();
        reader.Expect("of");
        var inputs = reader.Names();
        reader.Expect("gives");
        var output = reader.Quoted();
        var origin = GraphText.ReadOrigin(reader);
        var schedule = (Schedule)(RecordText.Read(reader, typeof(Schedule), NoOperators) ?? throw reader.Error("A stage has a schedule."));
        var stated = reader.Takes("within") ? (StatedError?)RecordText.Read(reader, typeof(StatedError), NoOperators) : null;
        return new(name, ReadComputation(reader), inputs, output, origin, schedule) { Stated = stated };
    }

    private static Computation ReadComputation(IrReader reader)
    {
        if (reader.Takes("for"))
            return new Kernel(reader.Shape(), BlockText.Read(reader));
        reader.Expect("wiring");
        var runs = reader.List(() => ReadRun(reader));
        reader.Expect("fills");
        var fills = reader.List(reader.Dyadic);
        var elements = runs.SelectMany(r => Enumerable.Range(0, r.Count).Select(k => (r.Input, Element: r.First + k))).ToArray();
        return new Wiring(elements.Select(e => e.Input).ToSeq(), elements.Select(e => e.Element).ToSeq(), fills);
    }

    /// <summary>Neighbouring elements of one input are one run: <c>input:first+count</c>.</summary>
    private static void WriteWiring(IrWriter writer, Wiring wiring)
    {
        var runs = new List<(int Input, int First, int Count)>();
        for (var k = 0; k < wiring.Input.Count; k++)
        {
            var (input, element) = (wiring.Input[k], wiring.Element[k]);
            if (runs.Count > 0 && runs[^1] is var last && last.Input == input && last.First + last.Count == element)
                runs[^1] = last with { Count = last.Count + 1 };
            else
                runs.Add((input, element, 1));
        }
        writer.Write("wiring ").List(runs.ToArray().AsSpan(), r => writer.Write(FormattableString.Invariant($"{r.Input}:{r.First}+{r.Count}")));
        writer.Write(" fills ").List(wiring.Fills);
    }

    private static (int Input, int First, int Count) ReadRun(IrReader reader)
    {
        var parts = reader.Word().ToString().Split(':', '+');
        var numbers = parts.Select(p => int.TryParse(p, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : int.MinValue).ToArray();
        return numbers.Length == 3 && !numbers.Contains(int.MinValue) && numbers[2] is > 0 and < 1 << 24
            ? (numbers[0], numbers[1], numbers[2])
            : throw reader.Error("A run of elements like 0:5+3 was expected.");
    }
}
