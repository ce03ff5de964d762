using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// A network as cells: every adder as wide as its exact range needs and no wider than anybody reads, and only over the bits that are
/// added; low bits that one operand alone decides are wires.
/// </summary>
internal sealed class AdderCells
{
    /// <summary>Inputs in the comment that says what an adder computes.</summary>
    private const int LongestFormula = 4;

    private readonly ModuleBuilder _builder;
    private readonly LinearProblem _problem;
    private readonly AdderNetwork _network;
    private readonly IReadOnlyList<AdderNetworkProof.Node> _proved;
    private readonly IReadOnlyList<int> _inputs;
    private readonly int[] _nodes;
    private readonly int[] _needed;
    private readonly Net?[] _names;

    /// <param name="proved">What each node computes, from the proof.</param>
    /// <param name="inputs">The net of each input of the problem.</param>
    public AdderCells(ModuleBuilder builder, LinearProblem problem, AdderNetwork network, IReadOnlyList<AdderNetworkProof.Node> proved,
        IReadOnlyList<int> inputs)
    {
        (_builder, _problem, _network, _proved, _inputs) = (builder, problem, network, proved, inputs);
        _nodes = new int[network.Nodes.Count];
        _needed = new int[network.Nodes.Count];
        _names = new Net?[network.Nodes.Count];
    }

    /// <summary>Adds the cells.</summary>
    /// <param name="results">Name, type and range of the net for each row.</param>
    /// <returns>The net of each row.</returns>
    public int[] Write(IReadOnlyList<Net> results)
    {
        for (var row = 0; row < results.Count; row++)
            NeedOperand(_network.Outputs[row].Value, _problem.Rows[row].Bits ?? int.MaxValue);
        for (var node = _nodes.Length - 1; node >= 0; node--)
        {
            // Bits of an operand above those of the result cannot matter to it.
            var width = TypeOf(node).Width;
            NeedOperand(_network.Nodes[node].Left, width);
            NeedOperand(_network.Nodes[node].Right, width);
        }
        for (var row = 0; row < results.Count; row++)
            NameNode(_network.Outputs[row], results[row]);
        for (var node = 0; node < _nodes.Length; node++)
            _nodes[node] = WriteNode(node);
        return [.. results.Select((net, row) => WriteOutput(_network.Outputs[row], net))];
    }

    /// <summary>A node that is a row as it stands takes the row's name.</summary>
    private void NameNode(AdderOutput output, Net result)
    {
        var node = output.Value.Source - _inputs.Count;
        if (node >= 0 && output.Value.Shift == 0 && !output.IsNegated && TypeOf(node) is var type && type.Width == result.Width && type.Signed == result.Signed)
            _names[node] ??= result;
    }

    /// <summary>The bits of a node that are built: no more than its exact range has, and no more than anybody reads.</summary>
    private FixedType TypeOf(int node)
    {
        var type = new Interval(_proved[node].Low, _proved[node].High, 0).Type;
        return type.Width <= _needed[node] ? type : new FixedType(type.Signed, _needed[node], _needed[node]);
    }

    private void NeedOperand(AdderOperand operand, int bits)
    {
        var node = operand.Source - _inputs.Count;
        if (node >= 0)
            _needed[node] = Math.Max(_needed[node], bits == int.MaxValue ? bits : Math.Max(1, bits - operand.Shift));
    }

    private int WriteOutput(AdderOutput output, Net result)
    {
        var net = OperandNet(output.Value);
        if (!output.IsNegated)
            return Named(Cut(_builder.AppendZeros(net, output.Value.Shift), result), result);
        var shift = output.Value.Shift;
        var width = result.Width - shift;
        if (width < 1)
            return _builder.Constant(BigInteger.Zero, result.Type);
        var source = Cut(_builder.Resize(net, width), result.Type with { Width = width, Integer = width });
        var negated = _builder.Add(shift == 0 ? () => result.Name : () => _builder.NumberedName("negated"), new(result.Signed, width, width), null,
            r => new Negator(r, source));
        return Named(Cut(_builder.AppendZeros(negated, shift), result), result);
    }

    private int Cut(int net, Net result) => Cut(net, result.Type);

    private int Cut(int net, FixedType type) => _builder.Reinterpret(_builder.Resize(net, type.Width), type.Signed);

    private int Named(int net, Net result) => _builder.Named(net, () => result.Name, result.Note, result.Type.Fraction);

    private int OperandNet(AdderOperand operand)
    {
        if (operand.Source == AdderOperand.ConstantSource)
            return _builder.Constant(operand.Value);
        return operand.Source < _inputs.Count ? _inputs[operand.Source] : _nodes[operand.Source - _inputs.Count];
    }

    private int WriteNode(int node)
    {
        var cell = _network.Nodes[node];
        var (low, high) = (_proved[node].Low, _proved[node].High);
        var type = TypeOf(node);
        var exact = new Interval(low, high, 0);
        var range = type.Contains(exact) ? exact : type.Range;
        if (low == high)
            return _builder.Constant(Casting.Confine(low, type, Overflow.Wrap), type);
        var (left, right) = (cell.Left, cell.Right);
        // a + (b << s): the lower operand's low bits pass; a - (b << s): likewise; (a << s) - b: all bits borrow.
        if (!cell.IsSubtraction && left.Shift > right.Shift)
            (left, right) = (right, left);
        return left.Shift == 0
            ? WriteAligned(node, type, range, OperandNet(left), OperandNet(right), right.Shift, cell.IsSubtraction)
            : WriteShiftedMinuend(node, type, range, OperandNet(left), left.Shift, OperandNet(right));
    }

    /// <summary>low ± (high &lt;&lt; shift).</summary>
    private int WriteAligned(int node, FixedType type, Interval range, int low, int high, int shift, bool isSubtraction)
    {
        if (shift >= type.Width)
            return Declared(node, Cut(low, type));
        var passed = shift == 0 ? -1 : _builder.Slice(_builder.Extend(low, Math.Max(shift, _builder[low].Width)), 0, shift, signed: false);
        var width = type.Width - shift;
        var upperType = new FixedType(type.Signed, width, shift == 0 && _names[node] is { } whole ? whole.Type.Integer : width);
        var above = Above(low, shift, width);
        var other = _builder.Resize(high, width);
        var isOnlyRight = above < 0;
        int upper;
        if (isOnlyRight && !isSubtraction)
            upper = other;
        else if (isOnlyRight)
            upper = _builder.Add(Name(node, shift == 0), upperType, null, r => new Negator(r, other), shift == 0 ? Formula(node) : "");
        else if (isSubtraction)
            upper = _builder.Add(Name(node, shift == 0), upperType, shift == 0 ? range : null, r => new Subtractor(r, above, other), shift == 0 ? Formula(node) : "");
        else
            upper = _builder.Add(Name(node, shift == 0), upperType, shift == 0 ? range : null, r => new Adder(r, above, other), shift == 0 ? Formula(node) : "");
        return shift == 0
            ? _builder.Reinterpret(upper, type.Signed)
            : Declared(node, _builder.Concatenate([passed, upper], type.Signed, range));
    }

    /// <summary>The bits of a net from the shift on, at the given width; −1 if there are none and it has no sign.</summary>
    private int Above(int net, int shift, int width)
    {
        var operand = _builder[net];
        if (operand.Width > shift)
            return _builder.Resize(_builder.Slice(net, shift, operand.Width - shift, operand.Signed), width);
        return operand.Signed ? _builder.Resize(_builder.Slice(net, operand.Width - 1, 1, signed: true), width) : -1;
    }

    /// <summary>(left &lt;&lt; shift) − right.</summary>
    private int WriteShiftedMinuend(int node, FixedType type, Interval range, int left, int shift, int right)
    {
        var minuend = _builder.Resize(_builder.AppendZeros(left, shift), type.Width);
        var subtrahend = _builder.Resize(right, type.Width);
        return _builder.Add(Name(node, true), _names[node]?.Type ?? type, range, r => new Subtractor(r, minuend, subtrahend), Formula(node));
    }

    /// <summary>The name of the adder of a node: the result's own if the adder is all of it.</summary>
    private Func<string> Name(int node, bool isWhole)
    {
        if (isWhole && _names[node] is { } result)
            return () => result.Name;
        var stem = _names[node] is { } owner ? string.Create(CultureInfo.InvariantCulture, $"{owner.Name}_upper") : null;
        return () => stem is null ? _builder.NumberedName("t") : _builder.FreshName(stem);
    }

    private int Declared(int node, int net) =>
        _builder.Named(net, () => _names[node]?.Name ?? _builder.NumberedName("t"), Formula(node), _names[node]?.Type.Fraction);

    /// <summary>What a node computes, for the reader, if that is short.</summary>
    private string Formula(int node)
    {
        var proved = _proved[node];
        if (proved.Terms.Count > LongestFormula)
            return string.Create(CultureInfo.InvariantCulture, $"a sum of {proved.Terms.Count} inputs");
        var text = new System.Text.StringBuilder();
        foreach (var (input, factor) in proved.Terms)
        {
            text.Append(factor.Sign < 0 ? text.Length == 0 ? "-" : " - " : text.Length == 0 ? "" : " + ");
            var magnitude = BigInteger.Abs(factor);
            text.Append(magnitude.IsOne ? "" : string.Create(CultureInfo.InvariantCulture, $"{magnitude}*")).Append(_builder[_inputs[input]].Name);
        }
        if (!proved.Constant.IsZero)
            text.Append(proved.Constant.Sign < 0 ? " - " : " + ").Append(BigInteger.Abs(proved.Constant).ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }
}
