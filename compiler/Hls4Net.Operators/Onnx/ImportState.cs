using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Text;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>The graph while it is built: values by name, nodes in order, and what is known to be unusable.</summary>
internal sealed class ImportState
{
    /// <summary>The most bits of a constant's mantissa or exponent range; more is no number that anything was trained to.</summary>
    private const int MaximumBits = 8192;

    private readonly FlatModel _model;
    private readonly IReadOnlySet<string> _needed;
    private readonly DiagnosticBag _diagnostics;
    private readonly HashSet<string> _names;
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Operand> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Seq<int>> _stated;

    /// <summary>Whether folded constants are computed in float32, step by step.</summary>
    public bool Float32Folding { get; init; }

    /// <summary>Whether layers are kept in one piece, as the HLS dialect computes them.</summary>
    public bool HlsLayers { get; init; }

    public ImportState(FlatModel model, IReadOnlySet<string> needed, TensorReader tensors, DiagnosticBag diagnostics)
    {
        (_model, _needed, Tensors, _diagnostics) = (model, needed, tensors, diagnostics);
        _names = model.OccupiedNames();
        _stated = StatedShapes.Of(model.Graph);
    }

    public TensorReader Tensors { get; }

    public IReadOnlyList<Node> Nodes => _nodes;

    public IEnumerable<Value> Values => _values.Values.Select(o => o.Value);

    /// <summary>A value that <see cref="Prepare"/> has found usable.</summary>
    public Operand this[string name] => _values[name];

    /// <summary>Whether something wrote the value.</summary>
    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>The element type of a value, or null if nothing has written it.</summary>
    public DataType? TypeOf(string name) => _values.GetValueOrDefault(name)?.Type;

    /// <summary>Whether the chosen outputs depend on a value.</summary>
    public bool IsNeeded(string name) => _needed.Contains(name);

    /// <summary>A name that nothing in the model has.</summary>
    public string Fresh(string name) => Unique(_names, name);

    public void Report(Diagnostic diagnostic) => _diagnostics.Add(diagnostic);

    /// <summary>Whether a value can be used; reads it if it is an initialiser.</summary>
    public bool Prepare(string name)
    {
        if (_values.ContainsKey(name))
            return true;
        if (_broken.Contains(name))
            return false;
        try
        {
            var where = $"constant '{name}'";
            if (_model.Initializer(name) is { } tensor)
                AddConstant(name, Tensors.Read(tensor, where), (DataType)tensor.DataType);
            else if (_model.SparseInitializer(name) is { } sparse)
                AddConstant(name, Tensors.Read(sparse, where), (DataType)sparse.Values.DataType);
            else
                _broken.Add(name);
        }
        catch (ImportException e)
        {
            _diagnostics.Add(e.Diagnostic);
            _broken.Add(name);
        }
        return !_broken.Contains(name);
    }

    /// <summary>
    /// Notes that nothing writes a value because its node was refused. If the file states its shape, the import goes on with that, so that
    /// later problems are reported in the same run.
    /// </summary>
    public void Break(string name)
    {
        if (_values.ContainsKey(name))
            return;
        if (_stated.TryGetValue(name, out var stated) && !stated.Contains(StatedShapes.Unknown) && stated.All(e => e > 0))
            _values[name] = new(new(name, stated, null, null), DataType.Float);
        else
            _broken.Add(name);
    }

    public void AddInput(string name, Seq<int> shape, DataType type) =>
        _values[name] = new(new(name, shape, ElementTypes.IntegerType(type), null), type);

    public Operand AddConstant(string name, ConstantTensor constant, DataType type) =>
        _values[name] = new(new(name, constant.Shape, constant.Type, constant), type);

    /// <summary>Adds an operator, or its result if all inputs are constants.</summary>
    /// <param name="suffix">Empty for the node that gives an output of the ONNX node.</param>
    /// <param name="type">The result's element type; null for that of the first input.</param>
    public Operand Add(OnnxNode node, string suffix, Operator op, ReadOnlySpan<Operand?> inputs, string output, DataType? type)
    {
        Operand?[] operands = [.. inputs];
        var shape = op.InferShapes([.. operands.Select(o => o?.Shape)])[0];
        var isConstant = operands.All(o => o?.Constant is not null || o is null) && operands.Any(o => o is not null);
        CheckShape(node, shape, isConstant);
        if (suffix.Length == 0)
            CompareWithFile(output, shape);
        var elementType = type ?? operands.OfType<Operand>().First().Type;
        if (isConstant)
            return AddConstant(output, Fold(node, op, [.. operands.Select(o => o?.Constant)], shape), elementType);
        var name = Unique(_nodeNames, suffix.Length == 0 ? node.Origin.Node : $"{node.Origin.Node}.{suffix}");
        _nodes.Add(new(name, op, operands.Select(o => o?.Name ?? "").ToSeq(), [output], node.Origin));
        return _values[output] = new(new(output, shape, null, null), elementType);
    }

    private static ConstantTensor Fold(OnnxNode node, Operator op, IReadOnlyList<ConstantTensor?> inputs, Seq<int> shape)
    {
        var result = ConstantFolder.Fold(op, inputs, shape)
            ?? throw new ImportException(Messages.TensorTooLarge(node.Where, $"Computing this constant takes more than {ConstantFolder.MaximumWork} steps."));
        foreach (var value in result.Values.Span)
        {
            if (!value.IsZero && (Math.Abs(value.Exponent) > MaximumBits || Math.Abs(value.Magnitude) > MaximumBits))
                throw new ImportException(Messages.ConstantArithmetic(node.Where, $"A constant result needs more than {MaximumBits} bits."));
        }
        return result;
    }

    private static void CheckShape(OnnxNode node, Seq<int> shape, bool isConstant)
    {
        if (shape.Contains(0) && !isConstant)
            throw new ImportException(Messages.ZeroExtent(node.Where, shape.ToString()));
        if (shape.Aggregate(1.0, (a, b) => a * b) > TensorReader.MaximumElements)
            throw new ImportException(Messages.TensorTooLarge(node.Where, $"The result of shape {shape} has more than {TensorReader.MaximumElements} elements."));
    }

    private void CompareWithFile(string name, Seq<int> shape)
    {
        if (!_stated.TryGetValue(name, out var stated))
            return;
        var agrees = stated.Count == shape.Count
            && Enumerable.Range(0, shape.Count).All(k => stated[k] == shape[k] || stated[k] == StatedShapes.Unknown || (k == 0 && shape[k] == 1));
        if (!agrees)
            _diagnostics.Add(Messages.ShapeDisagrees($"value '{name}'", StatedShapes.Text(stated), shape.ToString()));
    }

    private static string Unique(HashSet<string> taken, string name)
    {
        var candidate = name;
        for (var k = 2; !taken.Add(candidate); k++)
            candidate = $"{name}.{k}";
        return candidate;
    }
}
