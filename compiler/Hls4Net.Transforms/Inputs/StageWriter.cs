using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Passes;

namespace Hls4Net.Transforms.Inputs;

/// <summary>Writes the nodes between what the firmware takes in and what the network reads: one value after the other, each of the same shape.</summary>
/// <param name="editor">Receives values and constants.</param>
/// <param name="name">Starts the names of the values.</param>
/// <param name="first">The value that it begins with.</param>
internal sealed class StageWriter(GraphEditor editor, string name, string first)
{
    /// <summary>What was written.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>What the nodes to come are called where the user's file would have an operator.</summary>
    public string Operator { get; set; } = Origin.InputStage;

    /// <summary>The value that was written last.</summary>
    public string Last { get; private set; } = first;

    private Seq<int> Shape => ShapeOf(Last);

    /// <summary>The shape of a value.</summary>
    public Seq<int> ShapeOf(string value) => editor[value].Shape;

    /// <summary>x → (x − offset) · 2^−shift.</summary>
    /// <param name="offset">One for all elements or one for each; empty for none.</param>
    /// <param name="shift">Likewise.</param>
    /// <param name="type">What the difference and the shifted number are cast to; null for exact results.</param>
    public void SubtractAndShift(Seq<Dyadic> offset, Seq<int> shift, Quantizer? type)
    {
        if (offset.Count > 0)
        {
            Append(new Subtraction(), "difference", Constant("offset", offset));
            if (type is { } t)
                Append(new Quantize(t), "wrapped");
        }
        if (shift.Count == 0)
            return;
        Append(new Multiplication(), "shift", Constant("factor", shift.Select(s => new Dyadic(1, -s)).ToSeq()));
        if (type is { } shifted)
            Append(new Quantize(shifted), "shifted");
    }

    /// <summary>Appends an operator on the last value.</summary>
    /// <param name="suffix">Ends the name of the result.</param>
    /// <param name="others">Its further operands.</param>
    public void Append(Operator op, string suffix, params string[] others) => AppendOn(op, suffix, [Last, .. others]);

    /// <summary>Appends an operator on any values, the result of which becomes the last one.</summary>
    public void AppendOn(Operator op, string suffix, IReadOnlyList<string> inputs)
    {
        var output = editor.FreeName($"{name}.{suffix}");
        editor.Set(new(output, op.InferShapes([.. inputs.Select(i => (Seq<int>?)editor[i].Shape)])[0], null, null));
        Nodes.Add(new(output, op, inputs.ToSeq(), [output], new Origin(output, Operator)));
        Last = output;
    }

    /// <summary>A constant that is exactly what it says: one number for all elements or one for each.</summary>
    public string Constant(string suffix, Seq<Dyadic> values) => editor.AddExactConstant($"{name}.{suffix}", values.Count == 1 ? [] : Shape, values);

    /// <summary>Gives the last value another name.</summary>
    public void Rename(string output)
    {
        editor.Set(new(output, Shape, null, null));
        Nodes[^1] = Nodes[^1] with { Outputs = [output] };
        Last = output;
    }
}
