using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Support;

/// <summary>A tensor of exact numbers.</summary>
internal sealed record ExactTensor(int[] Shape, Fraction[] Values, DataType Type = DataType.Float)
{
    public int Rank => Shape.Length;

    public static int Count(IEnumerable<int> shape) => shape.Aggregate(1, (a, b) => a * b);

    /// <summary>The element that meets the element of a broadcast result.</summary>
    public Fraction Broadcast(int[] shape, int position)
    {
        var (element, stride) = (0, 1);
        for (var k = 1; k <= shape.Length; k++)
        {
            var index = position % shape[^k];
            position /= shape[^k];
            if (k > Rank)
                continue;
            element += Shape[^k] == 1 ? 0 : index * stride;
            stride *= Shape[^k];
        }
        return Values[element];
    }
}

/// <summary>
/// Evaluates an ONNX model in rational numbers, node by node, as the operators' specifications write it: what a quantised network defines. It
/// shares no code with the compiler but the reader of the file.
/// </summary>
internal sealed partial class ExactModel(ModelProto model)
{
    private readonly Dictionary<string, ExactTensor> _values = new(StringComparer.Ordinal);

    /// <summary>The values of all tensors up to the last of the outputs.</summary>
    public IReadOnlyDictionary<string, ExactTensor> Run(IReadOnlyDictionary<string, ExactTensor> inputs, IReadOnlyList<string> outputs)
    {
        _values.Clear();
        foreach (var tensor in model.Graph.Initializer)
            _values[tensor.Name] = Read(tensor);
        foreach (var (name, value) in inputs)
            _values[name] = value;
        foreach (var node in model.Graph.Node.TakeWhile(_ => !outputs.All(_values.ContainsKey)))
            _values[node.Output[0]] = Evaluate(node);
        return _values;
    }

    private ExactTensor Evaluate(NodeProto node) => node.OpType switch
    {
        "Quant" or "IntQuant" => Quant(node),
        "QuantizeLinear" => QuantizeLinear(node),
        "DequantizeLinear" => DequantizeLinear(node),
        "QLinearConv" => QLinear(node, Convolve(node, Centred(node, 0, 2, -1), Centred(node, 3, 5, 0), node.Input.Count > 8 ? X(node, 8) : null), 1, 0),
        "QLinearMatMul" => QLinear(node, MatMul(Centred(node, 0, 2, -1), Centred(node, 3, 5, 1)), -1, 1),
        "MatMulInteger" => MatMul(Centred(node, 0, 2, -1), Centred(node, 1, 3, 1)),
        "BipolarQuant" => Zip(X(node, 0), X(node, 1), (x, s) => x.N.Sign >= 0 ? s : 0 - s),
        "Trunc" => Truncate(node),
        "MultiThreshold" => Reach(node),
        "Add" => Zip(X(node, 0), X(node, 1), (a, b) => a + b),
        "Sub" => Zip(X(node, 0), X(node, 1), (a, b) => a - b),
        "Mul" => Zip(X(node, 0), X(node, 1), (a, b) => a * b),
        "Div" => Zip(X(node, 0), X(node, 1), (a, b) => a / b),
        "Pow" => X(node, 0) with { Values = [.. X(node, 0).Values.Select(v => v.Root())] },
        "Relu" => X(node, 0) with { Values = [.. X(node, 0).Values.Select(v => Fraction.Max(v, 0))] },
        "Clip" => Zip(Zip(X(node, 0), X(node, 1), Fraction.Max), X(node, 2), (a, b) => a > b ? b : a),
        "Identity" or "Cast" => X(node, 0),
        "MatMul" => MatMul(X(node, 0), X(node, 1)),
        "Gemm" => Zip(MatMul(X(node, 0), Int(node, "transB", 0) == 1 ? Transpose(X(node, 1), [1, 0]) : X(node, 1)), X(node, 2), (a, b) => a + b),
        "Conv" => Convolve(node, X(node, 0), X(node, 1), node.Input.Count > 2 ? X(node, 2) : null),
        "MaxPool" => Pool(node, v => v.Aggregate(Fraction.Max)),
        "AveragePool" => Pool(node, v => v.Aggregate((a, b) => a + b) / v.Count),
        "GlobalAveragePool" => Mean(X(node, 0), [.. Enumerable.Range(2, X(node, 0).Rank - 2)], true),
        "ReduceMean" => Mean(X(node, 0), [.. Ints(node, "axes")!.Select(a => a < 0 ? a + X(node, 0).Rank : a)], Int(node, "keepdims", 1) == 1),
        "ReduceSum" => Sum(X(node, 0), [.. X(node, 1).Values.Select(v => (int)v.N)], Int(node, "keepdims", 1) == 1),
        "BatchNormalization" => Normalise(node),
        "Concat" => Concat(node),
        "Transpose" => Transpose(X(node, 0), Ints(node, "perm")!),
        "Reshape" => Reshape(X(node, 0), [.. X(node, 1).Values.Select(v => (int)v.N)]),
        "Flatten" => Reshape(X(node, 0), [X(node, 0).Shape[0], -1]),
        "Shape" => Vector([.. X(node, 0).Shape.Select(e => (Fraction)e)]),
        "Gather" => new([], [X(node, 0).Values[(int)X(node, 1).Values[0].N]], X(node, 0).Type),
        "Unsqueeze" => X(node, 0) with { Shape = [1, .. X(node, 0).Shape] },
        "Squeeze" => X(node, 0) with { Shape = X(node, 0).Shape[1..] },
        "Constant" => Read(node.Attribute.Single(a => a.Name == "value").T),
        _ => throw new NotSupportedException(node.OpType),
    };

    private ExactTensor X(NodeProto node, int position) => _values[node.Input[position]];

    private static int Int(NodeProto node, string name, int otherwise) => (int)(node.Attribute.FirstOrDefault(a => a.Name == name)?.I ?? otherwise);

    private static int[]? Ints(NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name)?.Ints.Select(i => (int)i).ToArray();

    private static ExactTensor Vector(Fraction[] values) => new([values.Length], values, DataType.Int64);

    private static ExactTensor Zip(ExactTensor a, ExactTensor b, Func<Fraction, Fraction, Fraction> function)
    {
        var rank = Math.Max(a.Rank, b.Rank);
        var shape = Enumerable.Range(1, rank).Select(k => Math.Max(k <= a.Rank ? a.Shape[^k] : 1, k <= b.Rank ? b.Shape[^k] : 1)).Reverse().ToArray();
        return new(shape, [.. Enumerable.Range(0, ExactTensor.Count(shape)).Select(k => function(a.Broadcast(shape, k), b.Broadcast(shape, k)))], a.Type);
    }

    private static ExactTensor Reshape(ExactTensor x, int[] shape)
    {
        var known = shape.Where(e => e > 0).Aggregate(1, (a, b) => a * b);
        return x with { Shape = [.. shape.Select(e => e > 0 ? e : x.Values.Length / known)] };
    }

    private static ExactTensor Transpose(ExactTensor x, int[] order)
    {
        var shape = order.Select(d => x.Shape[d]).ToArray();
        var values = new Fraction[x.Values.Length];
        for (var k = 0; k < values.Length; k++)
        {
            var indices = Indices(k, shape);
            var source = new int[shape.Length];
            for (var d = 0; d < order.Length; d++)
                source[order[d]] = indices[d];
            values[k] = x.Values[Position(source, x.Shape)];
        }
        return x with { Shape = shape, Values = values };
    }

    private ExactTensor Concat(NodeProto node)
    {
        var parts = node.Input.Select(i => _values[i]).ToArray();
        var axis = Int(node, "axis", 0);
        axis = axis < 0 ? axis + parts[0].Rank : axis;
        var shape = (int[])parts[0].Shape.Clone();
        shape[axis] = parts.Sum(p => p.Shape[axis]);
        var inner = ExactTensor.Count(shape[(axis + 1)..]);
        var values = new List<Fraction>();
        for (var outer = 0; outer < ExactTensor.Count(shape[..axis]); outer++)
        {
            foreach (var part in parts)
                values.AddRange(part.Values.Skip(outer * part.Shape[axis] * inner).Take(part.Shape[axis] * inner));
        }
        return new(shape, [.. values], parts[0].Type);
    }

    private static int[] Indices(int position, int[] shape)
    {
        var indices = new int[shape.Length];
        for (var k = shape.Length - 1; k >= 0; k--)
            (position, indices[k]) = Math.DivRem(position, shape[k]);
        return indices;
    }

    private static int Position(int[] indices, int[] shape) => indices.Zip(shape).Aggregate(0, (p, d) => p * d.Second + d.First);

    private static ExactTensor Read(TensorProto tensor)
    {
        var raw = tensor.RawData.Span.ToArray();
        double[] numbers = (DataType)tensor.DataType switch
        {
            DataType.Float => raw.Length > 0 ? Numbers(raw, 4, b => BitConverter.ToSingle(b)) : [.. tensor.FloatData.Select(f => (double)f)],
            DataType.Int64 => raw.Length > 0 ? Numbers(raw, 8, b => BitConverter.ToInt64(b)) : [.. tensor.Int64Data.Select(v => (double)v)],
            DataType.Int32 => raw.Length > 0 ? Numbers(raw, 4, b => BitConverter.ToInt32(b)) : [.. tensor.Int32Data.Select(v => (double)v)],
            DataType.Int8 => raw.Length > 0 ? Numbers(raw, 1, b => unchecked((sbyte)b[0])) : [.. tensor.Int32Data.Select(v => (double)v)],
            DataType.Uint8 => raw.Length > 0 ? Numbers(raw, 1, b => b[0]) : [.. tensor.Int32Data.Select(v => (double)v)],
            var other => throw new NotSupportedException(other.ToString()),
        };
        return new([.. tensor.Dims.Select(d => (int)d)], Array.ConvertAll(numbers, Fraction.Of), (DataType)tensor.DataType);
    }

    private delegate double Decoder(ReadOnlySpan<byte> bytes);

    private static double[] Numbers(byte[] raw, int size, Decoder decode) =>
        [.. Enumerable.Range(0, raw.Length / size).Select(k => decode(raw.AsSpan(k * size, size)))];

}
