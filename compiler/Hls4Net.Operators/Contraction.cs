using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// Einstein summation: every dimension of an operand has a label; the result has the dimensions of <paramref name="Result"/>, and over all other
/// labels the products of the operands' elements are added. An extent of 1 stretches. A label twice in one operand means its diagonal.
/// </summary>
/// <param name="Left">Labels of the first operand.</param>
/// <param name="Right">Labels of the second operand; empty and without that operand for a sum of one tensor.</param>
/// <param name="Result">Labels of the result, each once.</param>
/// <param name="Accumulator">Null for an exact sum.</param>
public sealed record Contraction(Seq<int> Left, Seq<int> Right, Seq<int> Result, Quantizer? Accumulator = null) : Operator
{
    public override bool Multiplies => true;

    public override ConstantRole RoleOf(int input) => ConstantRole.Weight;

    public override Quantizer? AccumulatorType => Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var extents = Extents(inputs);
        return [Result.Select(l => extents[l]).ToSeq()];
    }

    public override void Define(Definition definition)
    {
        var extents = Extents([.. definition.Inputs.Select(i => i?.Shape)]);
        var reduced = Left.Concat(Right).Distinct().Where(l => !Result.Contains(l)).ToArray();
        var (left, right) = (definition.Input(0), definition.Has(1) ? definition.Input(1) : null);
        definition.Output(0, Result.Select(l => extents[l]).ToSeq(), (b, i) =>
            reduced.Length == 0 ? Term(b, i, []) : b.Sum(reduced.Select(l => extents[l]).ToSeq(), (t, k) => Term(t, i, k), accumulator: Accumulator));

        Term Term(BlockBuilder block, Affine[] outer, Affine[] inner)
        {
            var first = block.At(left, Indices(left.Shape, Left));
            return right is null ? first : first * block.At(right, Indices(right.Shape, Right));

            Affine[] Indices(Seq<int> shape, Seq<int> labels) => [.. labels.Select((l, d) => shape[d] == 1 ? Affine.Constant(0) : Of(l))];

            Affine Of(int label)
            {
                var place = Result.ToList().IndexOf(label);
                return place >= 0 ? outer[place] : inner[Array.IndexOf(reduced, label)];
            }
        }
    }

    private Dictionary<int, int> Extents(IReadOnlyList<Seq<int>?> inputs)
    {
        var extents = new Dictionary<int, int>();
        Note(Left, inputs[0]!.Value);
        if (inputs.Count > 1)
            Note(Right, inputs[1]!.Value);
        return Result.All(extents.ContainsKey) ? extents : throw new ShapeException("a label of the result is in no operand");

        void Note(Seq<int> labels, Seq<int> shape)
        {
            if (labels.Count != shape.Count)
                throw new ShapeException($"{labels.Count} labels for a tensor of shape {shape}");
            for (var d = 0; d < labels.Count; d++)
            {
                var known = extents.GetValueOrDefault(labels[d], 1);
                if (known != 1 && shape[d] != 1 && known != shape[d])
                    throw new ShapeException($"a label stands for {known} and for {shape[d]}");
                extents[labels[d]] = Math.Max(known, shape[d]);
            }
        }
    }
}
