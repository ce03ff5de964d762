using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Trees;

/// <summary>Gathers elements for every row of an ensemble's input alike.</summary>
internal sealed class TreeRows(Definition definition, int count)
{
    /// <summary>The element that stands for the number 0.</summary>
    public static readonly (int Source, int Element) Zero = (-1, 0);

    public Definition Definition { get; } = definition;

    /// <summary>The number of rows.</summary>
    public int Count { get; } = count;

    /// <summary>A temporary of shape [rows, elements].</summary>
    /// <param name="sources">Tensors, and how many elements of each a row has; 0 for one that all rows share.</param>
    /// <param name="elements">For each element the source, and the place in its row.</param>
    public TensorHandle Gather(string name, IReadOnlyList<(TensorHandle Tensor, int Row)> sources, IReadOnlyList<(int Source, int Element)> elements)
    {
        var used = elements.Select(e => e.Source).Where(s => s >= 0).Distinct().Order().ToList();
        var inputs = new int[Count * elements.Count];
        var places = new int[inputs.Length];
        for (var k = 0; k < inputs.Length; k++)
        {
            var (row, position) = Math.DivRem(k, elements.Count);
            var (source, element) = elements[position];
            (inputs[k], places[k]) = source < 0 ? (-1, 0) : (used.IndexOf(source), row * sources[source].Row + element);
        }
        var wiring = new Wiring(Seq.Own(inputs), Seq.Own(places), inputs.Contains(-1) ? [Dyadic.Zero] : []);
        return Definition.Temporary(name, [Count, elements.Count], [.. used.Select(s => sources[s].Tensor)], wiring);
    }

    /// <summary>A temporary of literal numbers.</summary>
    public TensorHandle Literals(string name, IReadOnlyList<Dyadic> numbers) => Definition.Temporary(name, [numbers.Count], [],
        new Wiring(Enumerable.Range(0, numbers.Count).Select(k => -1 - k).ToSeq(), Enumerable.Repeat(0, numbers.Count).ToSeq(), numbers.ToSeq()));
}
