using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// A sum network as cells: every sum as wide as its exact range needs and no wider than anybody reads, and only over the positions in
/// which bits are added; below them the bits of one operand are wires.
/// </summary>
internal sealed class SumCells
{
    /// <summary>Inputs in the comment that says what a sum computes.</summary>
    private const int LongestFormula = 4;

    private readonly ModuleBuilder _builder;
    private readonly SumNetwork _network;
    private readonly IReadOnlyList<SumNetworkProof.Node> _proved;
    private readonly IReadOnlyList<int> _inputs;
    private readonly int[] _nets;
    private readonly int[] _naturals;
    private readonly int[] _needed;
    private readonly int[] _depths;
    private readonly int[] _readers;
    private readonly int[] _reader;
    private readonly Net?[] _names;

    /// <param name="proved">What each input and node is, from the proof.</param>
    /// <param name="inputs">The net of each input of the problem, and when it is there.</param>
    public SumCells(ModuleBuilder builder, SumNetwork network, IReadOnlyList<SumNetworkProof.Node> proved, IReadOnlyList<(int Net, int Arrival)> inputs)
    {
        (_builder, _network, _proved) = (builder, network, proved);
        _inputs = [.. inputs.Select(i => i.Net)];
        var count = inputs.Count + network.Nodes.Count;
        (_nets, _naturals, _needed, _names) = (new int[count], new int[count], new int[count], new Net?[count]);
        (_readers, _reader, _depths) = (new int[count], new int[count], new int[count]);
        for (var k = 0; k < inputs.Count; k++)
            _depths[k] = inputs[k].Arrival;
        Array.Fill(_naturals, -1);
        Array.Fill(_reader, -1);
    }

    /// <summary>Adds the cells.</summary>
    /// <param name="results">Name, type and range of the net for each row; bits above its type are not needed.</param>
    /// <returns>The net of each row.</returns>
    public int[] Write(IReadOnlyList<Net> results)
    {
        for (var row = 0; row < results.Count; row++)
            Need(_network.Outputs[row], results[row]);
        for (var node = _network.Nodes.Count - 1; node >= 0; node--)
        {
            foreach (var operand in _network.Nodes[node].Operands)
            {
                (_readers[operand.Source], _reader[operand.Source]) = (_readers[operand.Source] + 1, _inputs.Count + node);
                // Bits of an operand above those of the sum cannot matter to it.
                _needed[operand.Source] = Math.Max(_needed[operand.Source], Math.Max(1, Width(_inputs.Count + node) - operand.Shift));
            }
        }
        for (var k = 0; k < _nets.Length; k++)
            _nets[k] = k < _inputs.Count ? CutInput(k) : WriteNode(k);
        return [.. results.Select((net, row) => WriteOutput(_network.Outputs[row], net))];
    }

    private void Need(SumOutput output, Net result)
    {
        if (output.Source < _inputs.Count)
            return;
        _readers[output.Source]++;
        _needed[output.Source] = Math.Max(_needed[output.Source], Math.Max(1, result.Width - output.Shift));
        // A node that is a row as it stands takes the row's name.
        var type = _proved[output.Source].Type;
        if (output.Shift == 0 && type.Width == result.Width && type.Signed == result.Signed)
            _names[output.Source] ??= result;
    }

    /// <summary>The bits of a node that are built.</summary>
    private int Width(int source) => Math.Min(_proved[source].Type.Width, _needed[source]);

    private int CutInput(int input)
    {
        var type = _proved[input].Type;
        return _builder.Reinterpret(_builder.Resize(_inputs[input], type.Width), type.Signed);
    }

    private int WriteOutput(SumOutput output, Net result)
    {
        if (output.Source == AdderOperand.ConstantSource)
            return Named(_builder.Constant(Casting.Confine(output.Low, result.Type, Overflow.Wrap), result.Type), result);
        if (output.Shift >= result.Width)
            return Named(_builder.Constant(Casting.Confine(output.Low, result.Type, Overflow.Wrap), result.Type), result);
        var net = _builder.Resize(_nets[output.Source], result.Width - output.Shift);
        if (output.Shift > 0)
        {
            var low = _builder.Constant(output.Low, new FixedType(false, output.Shift, output.Shift));
            net = _builder.Concatenate([low, net], result.Signed, result.Range);
        }
        return Named(_builder.Reinterpret(net, result.Signed), result);
    }

    private int Named(int net, Net result) => _builder.Named(net, () => result.Name, result.Note, result.Type.Fraction);

    /// <summary>The bits of a source as a natural number: of a signed one with the sign bit inverted.</summary>
    private int Natural(int source)
    {
        if (_naturals[source] >= 0)
            return _naturals[source];
        var (net, type) = (_nets[source], _proved[source].Type);
        if (!type.Signed || _builder[net].Width < type.Width)
            return _naturals[source] = _builder.Reinterpret(net, signed: false);
        var sign = _builder.Bit(net, type.Width - 1);
        var inverted = _builder.Add("offset", FixedType.Bit, null, r => new BitwiseNot(r, sign));
        return _naturals[source] = type.Width == 1
            ? inverted
            : _builder.Concatenate([_builder.Slice(net, 0, type.Width - 1, signed: false), inverted], signed: false);
    }

    private int WriteNode(int index)
    {
        var node = _network.Nodes[index - _inputs.Count];
        var width = Width(index);
        var isSigned = node.Value is not null && _proved[index].Type.Signed;
        var addends = new SumAddends(_builder, [.. node.Operands.Select(o => new Addend(o.Shift, Natural(o.Source), o.IsComplement, _depths[o.Source]))], width);
        var layout = addends.Place(node.Constant, AddConstant);
        _depths[index] = addends.Depth;
        var parts = new List<int>();
        if (layout.Start > 0)
            parts.Add(addends.Copied(layout));
        if (layout.Start < width)
            parts.Add(Sum(index, addends.Rows(layout), layout.Start, isSigned));
        var net = parts.Count == 1 ? _builder.Reinterpret(parts[0], isSigned) : _builder.Concatenate(parts, isSigned);
        return _builder.Named(net, () => _names[index]?.Name ?? _builder.NumberedName("t"), Formula(index), _names[index]?.Type.Fraction);
    }

    private int AddConstant(int net, int constant) =>
        _builder.Add("t", _builder[net].Type, null, r => new Adder(r, net, constant));

    /// <summary>The adder over rows of one width, the first of which is added.</summary>
    private int Sum(int index, IReadOnlyList<(int Net, bool IsSubtracted)> rows, int start, bool isSigned)
    {
        var width = _builder[rows[0].Net].Width;
        var isWhole = start == 0 && !IsPassedOnWhole(index);
        var name = _names[index];
        var type = new FixedType(isWhole && isSigned, width, isWhole && name is { } n ? n.Type.Integer : width);
        var stem = name is null || isWhole ? null : string.Create(CultureInfo.InvariantCulture, $"{name.Name}_upper");
        string Name() => isWhole && name is not null ? name.Name : stem is null ? _builder.NumberedName("t") : _builder.FreshName(stem);
        var (left, right) = (rows[0].Net, rows[1].Net);
        var sum = _builder.Add(Name, type, null, r => Adder(r, rows), isWhole ? Formula(index) : "");
        if (isWhole || start > 0 || width == 1 || rows.Count > 2)
            return sum;
        var (a, b) = (_builder.Bit(left, 0), _builder.Bit(right, 0));
        var lowest = _builder.Add("lowest", FixedType.Bit, null, r => new BitwiseXor(r, a, b));
        return _builder.Concatenate([lowest, _builder.Slice(sum, 1, width - 1, signed: false)], isSigned);
    }

    private static Function Adder(int result, IReadOnlyList<(int Net, bool IsSubtracted)> rows) => rows.Count > 2
        ? new TernaryAdder(result, rows[0].Net, rows[1].Net, rows[2].Net, rows.Count(r => r.IsSubtracted))
        : rows[1].IsSubtracted ? new Subtractor(result, rows[0].Net, rows[1].Net) : new Adder(result, rows[0].Net, rows[1].Net);

    /// <summary>
    /// Whether a sum is all of an operand of its only reader, perhaps with zeros in front. Some synthesis tools make a row of carry-save adders of such a pair, which
    /// takes more look-up tables than two carry chains; they do not where the lowest bit, which has no carry, is written by itself.
    /// </summary>
    private bool IsPassedOnWhole(int index)
    {
        if (_readers[index] != 1 || _reader[index] < 0)
            return false;
        var reader = _network.Nodes[_reader[index] - _inputs.Count];
        return Width(_reader[index]) >= Width(index) && reader.Operands.All(o => o.Source != index || o.Shift == 0);
    }

    /// <summary>What a node computes, for the reader, if that is short.</summary>
    private string Formula(int index)
    {
        var function = _proved[index].Function;
        if (function.Terms.Count > LongestFormula)
            return string.Create(CultureInfo.InvariantCulture, $"a sum of {function.Terms.Count} inputs");
        var text = new System.Text.StringBuilder();
        foreach (var (input, factor) in function.Terms)
        {
            text.Append(factor.Sign < 0 ? text.Length == 0 ? "-" : " - " : text.Length == 0 ? "" : " + ");
            var magnitude = BigInteger.Abs(factor);
            text.Append(magnitude.IsOne ? "" : string.Create(CultureInfo.InvariantCulture, $"{magnitude}*")).Append(_builder[_inputs[input]].Name);
        }
        if (!function.Constant.IsZero)
            text.Append(function.Constant.Sign < 0 ? " - " : " + ").Append(BigInteger.Abs(function.Constant).ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }
}
