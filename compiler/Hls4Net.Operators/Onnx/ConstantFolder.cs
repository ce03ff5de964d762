using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Onnx;

/// <summary>Evaluates an operator on constants: its own definition, read in exact numbers.</summary>
internal static class ConstantFolder
{
    /// <summary>The most steps that a computation on constants may take.</summary>
    public const long MaximumWork = 20_000_000;

    /// <summary>The constant that the operator makes of its inputs, or null if that takes too many steps.</summary>
    public static ConstantTensor? Fold(Operator op, IReadOnlyList<ConstantTensor?> inputs, Seq<int> shape)
    {
        var handles = inputs.Select((c, k) => c is null ? null : new TensorHandle($"{k}", c.Shape)).ToArray();
        var definition = new Definition("t", handles, ["y"]);
        op.Define(definition);
        if (definition.Steps.Sum(s => Work(s.Computation)) > MaximumWork)
            return null;
        var tensors = new Dictionary<string, Seq<Dyadic>>(StringComparer.Ordinal);
        for (var k = 0; k < inputs.Count; k++)
            tensors[$"{k}"] = inputs[k]?.Values ?? [];
        foreach (var (computation, names, output, _) in definition.Steps)
        {
            var sources = names.Select(n => n.Length == 0 ? [] : tensors[n]).ToArray();
            tensors[output] = Seq.Own(Evaluations.Run(new ExactAlgebra(), computation, (i, e) => sources[i][e]));
        }
        return Typed(op, inputs, ConstantTensor.Of(shape, tensors["y"]));
    }

    /// <summary>
    /// A constant that a quantiser of the model made keeps its type through rearrangement; computed from such constants alone, it gets the
    /// smallest type that holds it exactly, so that no later default rounds it.
    /// </summary>
    private static ConstantTensor Typed(Operator op, IReadOnlyList<ConstantTensor?> inputs, ConstantTensor result)
    {
        if (op is Quantize { Quantizer: var quantizer } && quantizer.Type.Width <= ConstantTensor.MaximumWidth)
            return result.Quantize(quantizer);
        var given = inputs.OfType<ConstantTensor>().ToArray();
        if (given.Length == 0 || given.Any(c => c.Type is null))
            return result;
        var type = given[0].Type!.Value;
        return op.IsWiring && given.All(c => c.Type == type)
            ? result.Quantize(new Quantizer(type, Rounding.Trn, Overflow.Wrap))
            : Numbers.WithExactType(result);
    }

    private static double Work(Computation computation) => computation switch
    {
        Kernel kernel => Count(kernel.Domain) * Work(kernel.Body),
        Wiring wiring => wiring.Input.Count,
        _ => double.PositiveInfinity,
    };

    private static double Work(Block block) =>
        block.Instructions.Sum(i => i is Reduce reduce ? 1 + Count(reduce.Extents) * Work(reduce.Term) : 1.0);

    private static double Count(Seq<int> shape) => shape.Aggregate(1.0, (a, b) => a * b);
}
