using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>Tensors side by side along a dimension.</summary>
public sealed record Concatenation(int Axis) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var first = inputs[0]!.Value;
        foreach (var other in inputs.Skip(1))
        {
            if (other!.Value.Count != first.Count || Enumerable.Range(0, first.Count).Any(k => k != Axis && other.Value[k] != first[k]))
                throw new ShapeException($"{first} and {other} differ in another dimension than {Axis}");
        }
        return [first.Select((extent, k) => k == Axis ? inputs.Sum(i => i!.Value[Axis]) : extent).ToSeq()];
    }

    public override void Define(Definition definition)
    {
        var inputs = definition.Inputs.Select(i => i!.Shape).ToArray();
        var shape = InferShapes([.. inputs.Select(s => (Seq<int>?)s)])[0];
        var inner = Shapes.Count(shape.Skip(Axis + 1).ToSeq());
        var owner = inputs.SelectMany((s, n) => Enumerable.Range(0, s[Axis]).Select(k => (Input: n, Position: k))).ToArray();
        definition.Rearrange(0, shape, k =>
        {
            var (outer, rest) = Math.DivRem(k, shape[Axis] * inner);
            var (input, position) = owner[rest / inner];
            return (input, (outer * inputs[input][Axis] + position) * inner + rest % inner);
        });
    }

    internal static void Import(OnnxNode node)
    {
        var inputs = Enumerable.Range(0, node.InputCount).Select(k => node.Input(k, "input")).ToArray();
        if (inputs.Length == 0)
            throw node.Refuse("there are no inputs");
        node.Output(new Concatenation(node.Axis(node.Attributes.Int("axis"), inputs[0].Rank)), inputs);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Concat", "vectors", 7).Input(1, 2).Input(1, 3).With("axis", 1),
        OperatorCase.Of("Concat", "middle").Input(1, 2, 2).Constant(1, 1, 2).Input(1, 3, 2).With("axis", -2),
        OperatorCase.Of("Concat", "first dimension").Input(1, 2).Input(2, 2).With("axis", 0),
    ];
}
