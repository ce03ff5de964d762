using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// What an operator's import function sees of a node: attributes, inputs, and a way to write operators into the graph. Records which
/// attributes and inputs were read and which outputs were written.
/// </summary>
internal sealed class OnnxNode
{
    private readonly ImportState _state;
    private readonly NodeProto _proto;
    private readonly HashSet<int> _inputsRead = [];
    private readonly HashSet<int> _outputsWritten = [];

    public OnnxNode(ImportState state, NodeProto proto, int opset, Origin origin)
    {
        (_state, _proto, Opset, Origin) = (state, proto, opset, origin);
        Where = Messages.At(origin);
        Attributes = new AttributeReader(proto.Attribute, Where);
    }

    /// <summary>The version of the operator set that the node belongs to.</summary>
    public int Opset { get; }

    public Origin Origin { get; }

    /// <summary>The operator's domain; empty for the standard one.</summary>
    public string Domain => FlatNode.Normalize(_proto.Domain);

    /// <summary>The node, as messages name it.</summary>
    public string Where { get; }

    /// <summary>The ONNX operator.</summary>
    public string Operator => _proto.OpType;

    public AttributeReader Attributes { get; }

    /// <summary>Whether layers are kept in one piece, as the HLS dialect computes them.</summary>
    public bool HlsLayers => _state.HlsLayers;

    /// <summary>A step of a folded constant: rounded to float32 where the user asked for that, else exact.</summary>
    public Dyadic Round(Dyadic value) => _state.Float32Folding ? Float32.Round(value) : value;

    /// <summary>How many inputs the node lists, omitted ones included.</summary>
    public int InputCount => _proto.Input.Count;

    public bool Has(int position) => position < _proto.Input.Count && _proto.Input[position].Length > 0;

    /// <summary>The value of an input.</summary>
    /// <param name="role">What the input is for, in messages.</param>
    /// <exception cref="ImportException">The input is omitted.</exception>
    public Operand Input(int position, string role)
    {
        _inputsRead.Add(position);
        return Has(position)
            ? _state[_proto.Input[position]]
            : throw new ImportException(Messages.InputCount(Where, I($"Input {position}, the {role}, is missing.")));
    }

    public Operand? Optional(int position, string role)
    {
        _inputsRead.Add(position);
        return Has(position) ? Input(position, role) : null;
    }

    /// <summary>An input that must be the same for every event.</summary>
    /// <exception cref="ImportException">The input is omitted or computed.</exception>
    public ConstantTensor Constant(int position, string role)
    {
        var operand = Input(position, role);
        return operand.Constant ?? throw new ImportException(Messages.InputMustBeConstant(Where, role, operand.Name));
    }

    /// <summary>A constant input of whole numbers, or null if it is omitted.</summary>
    public long[]? Integers(int position, string role)
    {
        if (Optional(position, role) is null)
            return null;
        return Numbers.Integers(Constant(position, role).Values)
            ?? throw new ImportException(Messages.ShapeMismatch(Where, $"the {role} must be whole numbers"));
    }

    /// <summary>A dimension of a tensor of the given rank, where negative numbers count from the end.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw Refuse(I($"axis {axis} of a tensor with {rank} dimensions"));

    /// <summary>Writes an operator whose result is an inner value that the ONNX file does not know.</summary>
    public Operand Emit(string suffix, Operator op, params ReadOnlySpan<Operand?> inputs) =>
        Emit(suffix, null, op, inputs);

    /// <summary>Writes an inner value of another element type than the first input's.</summary>
    public Operand Emit(string suffix, DataType? type, Operator op, params ReadOnlySpan<Operand?> inputs) =>
        _state.Add(this, suffix, op, inputs, _state.Fresh($"{_proto.Output.FirstOrDefault(o => o.Length > 0)}.{suffix}"), type);

    /// <summary>Writes the operator whose result is the node's first output.</summary>
    public void Output(Operator op, params ReadOnlySpan<Operand?> inputs) => Output(0, null, op, inputs);

    /// <summary>Writes the operator whose result is an output of the node.</summary>
    /// <param name="type">The result's element type; null for that of the first input.</param>
    public void Output(int position, DataType? type, Operator op, params ReadOnlySpan<Operand?> inputs)
    {
        if (!Wants(position))
            return;
        _outputsWritten.Add(position);
        _state.Add(this, "", op, inputs, _proto.Output[position], type);
    }

    /// <summary>
    /// Writes exact arithmetic as the node's first output. Integers of ONNX wrap around where a result exceeds their type; that is added.
    /// </summary>
    public void Arithmetic(Operator op, params ReadOnlySpan<Operand?> inputs)
    {
        var first = inputs[0]!;
        if (ElementTypes.IsInteger(first.Type))
            Output(new Quantize(new(ElementTypes.IntegerType(first.Type)!.Value, Rounding.Trn, Overflow.Wrap)), Emit("exact", op, inputs));
        else
            Output(op, inputs);
    }

    /// <summary>Writes an operator of two operands for a node that takes any number: from left to right.</summary>
    /// <param name="last">Writes the result of a chain, or null to make it the node's output.</param>
    public void Chain(Operator op, Action<Operand>? last = null)
    {
        var sum = Input(0, "first input");
        for (var k = 1; k < InputCount - (last is null ? 1 : 0); k++)
            sum = Emit("partial", op, sum, Input(k, "input"));
        if (last is not null)
            last(sum);
        else if (InputCount == 1)
            Output(new Reshape(sum.Shape), sum);
        else
            Output(op, sum, Input(InputCount - 1, "last input"));
    }

    /// <summary>The refusal of integers by an operator that is only supported on real numbers.</summary>
    public void RequireFloat(Operand operand)
    {
        if (!ElementTypes.IsFloat(operand.Type))
            throw new ImportException(Messages.ElementType(Where, ElementTypes.NameOf(operand.Type)));
    }

    /// <summary>The refusal of a constant's value.</summary>
    public ImportException RefuseValue(string role, string needed) => new(Messages.ConstantValue(Where, role, needed));

    /// <summary>Makes an output a constant.</summary>
    public void Output(ConstantTensor constant, DataType type)
    {
        _outputsWritten.Add(0);
        _state.AddConstant(_proto.Output[0], constant, type);
    }

    /// <summary>An inner constant.</summary>
    public Operand Constant(string suffix, ConstantTensor constant, DataType type = DataType.Float) =>
        _state.AddConstant(_state.Fresh($"{_proto.Output.FirstOrDefault(o => o.Length > 0)}.{suffix}"), constant, type);

    /// <summary>The element types of the outputs that were written.</summary>
    public IEnumerable<DataType> OutputTypes => _outputsWritten.Order().Select(k => _state.TypeOf(_proto.Output[k])).OfType<DataType>();

    /// <summary>How many outputs the node lists.</summary>
    public int OutputCount => _proto.Output.Count;

    /// <summary>Whether anything that is needed reads an output.</summary>
    public bool Wants(int position) => position < _proto.Output.Count && _proto.Output[position].Length > 0 && _state.IsNeeded(_proto.Output[position]);

    /// <summary>The constant of a tensor attribute or initialiser.</summary>
    public ConstantTensor Read(TensorProto tensor, string role) => _state.Tensors.Read(tensor, $"{Where}, {role}");

    public ConstantTensor Read(SparseTensorProto tensor, string role) => _state.Tensors.Read(tensor, $"{Where}, {role}");

    /// <summary>Reports something that does not stop the import.</summary>
    public void Warn(Diagnostic diagnostic) => _state.Report(diagnostic);

    /// <summary>The refusal of shapes that do not fit.</summary>
    public ImportException Refuse(string what) => new(Messages.ShapeMismatch(Where, what));

    /// <summary>The node as the file has it, once it was imported.</summary>
    public SourceNode ToSource() => new(Origin, FlatNode.Normalize(_proto.Domain),
        _proto.Input.Select(i => i.Length == 0 ? null : ToSource(_state[i])).ToSeq(),
        _proto.Output.Where(_state.Contains).Select(o => ToSource(_state[o])).ToSeq(), Attributes.ToSource());

    private static SourceValue ToSource(Operand operand) => new(operand.Name, operand.Shape, operand.Constant);

    /// <summary>Findings about what the import function left unread, once it is done.</summary>
    public IEnumerable<Diagnostic> Leftovers()
    {
        foreach (var attribute in Attributes.Unread)
            yield return Messages.UnreadAttribute(Where, attribute, Attributes.Read);
        for (var k = 0; k < _proto.Input.Count; k++)
        {
            if (Has(k) && !_inputsRead.Contains(k))
                yield return Messages.InputCount(Where, I($"Input {k} ('{_proto.Input[k]}') is not read: {Operator} takes no such input here."));
        }
        for (var k = 0; k < _proto.Output.Count; k++)
        {
            if (Wants(k) && !_outputsWritten.Contains(k))
                yield return Messages.UnsupportedOutput(Where, k, _proto.Output[k]);
        }
    }

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
