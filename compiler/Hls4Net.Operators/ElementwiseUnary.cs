using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>What operators on every element alone share: the result has the operand's shape.</summary>
public abstract record ElementwiseUnary : Operator
{
    public sealed override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value];

    public sealed override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var output = definition.Output(0, x.Shape, (b, i) => Map(b, b.At(x, i)));
        definition.State(output, ErrorBound?.ToDouble());
    }

    private protected static IEnumerable<OperatorCase> CasesOf(string type, int opset = 7) =>
        [OperatorCase.Of(type, "vector", opset).Input(1, 6), OperatorCase.Of(type, "image", Math.Max(opset, 13)).Input(1, 2, 3, 3)];

    /// <summary>What was proved of the result's error for an exact operand; null where it follows from the steps.</summary>
    protected virtual Dyadic? ErrorBound => null;

    /// <summary>The result's element.</summary>
    protected abstract Term Map(BlockBuilder block, Term element);
}
