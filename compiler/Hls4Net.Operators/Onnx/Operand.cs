using Hls4Net.Core.Graphs;
using Hls4Net.Core.Text;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>A value while a model is imported: what the graph will hold, and its ONNX element type.</summary>
internal sealed record Operand(Value Value, DataType Type)
{
    public string Name => Value.Name;

    public Seq<int> Shape => Value.Shape;

    public int Rank => Value.Shape.Count;

    /// <summary>The tensor, if the value is the same for every event.</summary>
    public ConstantTensor? Constant => Value.Constant;
}
