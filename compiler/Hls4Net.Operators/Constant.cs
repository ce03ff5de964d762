using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>ONNX Constant, with every attribute that holds numbers.</summary>
internal static class Constant
{
    public static void Import(OnnxNode node)
    {
        var attributes = node.Attributes;
        if (attributes.Tensor("value") is { } tensor)
            node.Output(node.Read(tensor, "value"), (DataType)tensor.DataType);
        else if (attributes.SparseTensor("sparse_value") is { } sparse)
            node.Output(node.Read(sparse, "sparse value"), (DataType)(sparse.Values?.DataType ?? 0));
        else if (attributes.Has("value_float"))
            node.Output(ConstantTensor.Of([], [attributes.Float("value_float", 0)]), DataType.Float);
        else if (attributes.Floats("value_floats") is { } floats)
            node.Output(ConstantTensor.Of([floats.Length], floats.ToSeq()), DataType.Float);
        else if (attributes.Has("value_int"))
            node.Output(ConstantTensor.Of([], [new Dyadic(attributes.Int("value_int"), 0)]), DataType.Int64);
        else if (attributes.Ints("value_ints") is { } numbers)
            node.Output(ConstantTensor.Of([numbers.Length], numbers.Select(n => new Dyadic(n, 0)).ToSeq()), DataType.Int64);
        else
            throw new ImportException(attributes.Has("value_string") || attributes.Has("value_strings")
                ? Messages.ElementType(node.Where, "string")
                : Messages.AttributeKind(node.Where, "The constant has no value."));
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Constant", "tensor", 7).With("value", OnnxModelBuilder.Tensor("", [2], [1.5, -2])),
        OperatorCase.Of("Constant", "float", 12).With("value_float", 0.25f),
        OperatorCase.Of("Constant", "floats", 12).With("value_floats", new[] { 0.25f, 4 }),
        OperatorCase.Of("Constant", "integer").With("value_int", 7).WithOutputs(1, DataType.Int64),
        OperatorCase.Of("Constant", "integers").With("value_ints", new long[] { 7, -8 }).WithOutputs(1, DataType.Int64),
        OperatorCase.Of("Constant", "sparse").With("sparse_value", new SparseTensorProto
        {
            Values = OnnxModelBuilder.Tensor("v", [2], [3, -4]),
            Indices = OnnxModelBuilder.Tensor("i", [2], [1, 4], DataType.Int64),
            Dims = { 2, 3 },
        }).WithoutReference(),
    ];
}
