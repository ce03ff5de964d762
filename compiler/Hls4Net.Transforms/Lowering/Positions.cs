using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// Places at which a group of stages does the same to other elements: a convolution at each pixel, a dense layer on each row. They can
/// be one module that is used several times.
/// </summary>
/// <param name="Outputs">The elements that one use computes, in the module's order.</param>
/// <param name="Sources">
/// What stands in the place of each channel element that the module reads: another element, or −1 for zero, at a term that a guard
/// leaves out of a sum.
/// </param>
internal sealed record Position(IReadOnlyList<int> Outputs, IReadOnlyDictionary<(string Channel, int Element), int> Sources)
{
    /// <summary>The positions of a group, in classes that one module serves each; the first of a class is the one it is made for.
    /// None if nothing is gained.</summary>
    /// <param name="always">Also where hardware that is shared saves no product: what is used at one position after the other always gains.</param>
    public static IReadOnlyList<IReadOnlyList<Position>> ClassesOf(Design design, StageGroup group, bool always = false)
    {
        var kernel = (Kernel)group.Stages[0].Computation;
        var free = FreeDimensions(design, group);
        var count = free.Aggregate(1, (product, k) => product * kernel.Domain[k]);
        if (count <= 1 || (!always && !group.Stages.Any(s => LoadsConstantsInReduction(design, s))))
            return [];
        var places = OutputsByPosition(kernel, free, count);
        var walks = places.Select(p => PositionWalk.Of(design, group, p)).ToArray();
        var classes = new List<(PositionWalk Walk, List<Position> Positions)>();
        // Positions that leave out nothing come first: those at the border then fit them with zeros.
        foreach (var k in Enumerable.Range(0, count).OrderBy(k => walks[k].Excluded).ThenBy(k => k))
        {
            var position = classes.Select(c => (Class: c, Sources: c.Walk.Match(walks[k]))).FirstOrDefault(c => c.Sources is not null);
            if (position.Sources is { } sources)
                position.Class.Positions.Add(new(places[k], sources));
            else
                classes.Add((walks[k], [new(places[k], walks[k].Match(walks[k])!)]));
        }
        return [.. classes.Select(c => c.Positions)];
    }

    /// <summary>The dimensions of the first stage on which nothing depends but which element of a channel is read.</summary>
    internal static List<int> FreeDimensions(Design design, StageGroup group)
    {
        var first = ((Kernel)group.Stages[0].Computation).Domain;
        var free = Enumerable.Range(0, first.Count).Where(k => first[k] > 1).ToList();
        foreach (var stage in group.Stages)
        {
            var kernel = (Kernel)stage.Computation;
            foreach (var dimension in Enumerable.Range(0, kernel.Domain.Count).Where(k => Fixes(design, stage, kernel.Body, k)))
                free.RemoveAll(k => Overlap(first, k, kernel.Domain, dimension));
        }
        return free;
    }

    /// <summary>
    /// Whether two dimensions of two shapes with the same elements have to do with one another: a dimension decides the digits of the
    /// linear position from its stride up to that of the next.
    /// </summary>
    private static bool Overlap(Seq<int> a, int dimensionA, Seq<int> b, int dimensionB)
    {
        var (strideA, strideB) = (Shapes.Strides(a)[dimensionA], Shapes.Strides(b)[dimensionB]);
        return strideA < strideB * b[dimensionB] && strideB < strideA * a[dimensionA];
    }

    private static bool Fixes(Design design, Stage stage, Block block, int dimension) => block.Instructions.Any(i => i switch
    {
        Load load => design.Constant(stage.Inputs[load.Input]) is not null && load.Element.DependsOn(dimension),
        IndexValue value => value.Value.DependsOn(dimension),
        Reduce reduce => Fixes(design, stage, reduce.Term, dimension),
        _ => false,
    });

    private static bool LoadsConstantsInReduction(Design design, Stage stage) => ((Kernel)stage.Computation).Body.Instructions
        .Any(i => i is Reduce reduce && LoadsConstants(design, stage, reduce.Term));

    private static bool LoadsConstants(Design design, Stage stage, Block block) => block.Instructions.Any(i =>
        (i is Load load && design.Constant(stage.Inputs[load.Input]) is not null) || (i is Reduce reduce && LoadsConstants(design, stage, reduce.Term)));

    private static int[][] OutputsByPosition(Kernel kernel, List<int> free, int count)
    {
        var places = new List<int>[count];
        var indices = new int[kernel.Domain.Count];
        for (var n = 0; n < Shapes.Count(kernel.Domain); n++)
        {
            Shapes.Unravel(n, kernel.Domain, indices);
            var position = free.Aggregate(0, (p, k) => p * kernel.Domain[k] + indices[k]);
            (places[position] ??= []).Add(n);
        }
        return [.. places.Select(p => p.ToArray())];
    }
}

/// <summary>Every element that a group reads at one position, in the order in which it reads them.</summary>
internal sealed class PositionWalk
{
    private const int Zero = -1;
    private const int LeftOut = -2;

    private readonly Design _design;
    private readonly List<(string Name, int Element)> _reads = [];

    private PositionWalk(Design design) => _design = design;

    /// <summary>How many reads a guard left out.</summary>
    public int Excluded { get; private set; }

    /// <param name="outputs">The elements that are computed at the position.</param>
    public static PositionWalk Of(Design design, StageGroup group, IReadOnlyList<int> outputs)
    {
        var walk = new PositionWalk(design);
        var inner = group.Stages.Select(s => s.Output).ToHashSet(StringComparer.Ordinal);
        foreach (var stage in group.Stages)
        {
            var kernel = (Kernel)stage.Computation;
            var indices = new int[kernel.Domain.Count];
            foreach (var output in outputs)
            {
                Shapes.Unravel(output, kernel.Domain, indices);
                walk.Read(stage, kernel.Body, indices, inner, isLeftOut: false);
            }
        }
        return walk;
    }

    /// <summary>What stands at the other position for each element that is read here, or null if the two do not do the same.</summary>
    public IReadOnlyDictionary<(string Channel, int Element), int>? Match(PositionWalk other)
    {
        if (other._reads.Count != _reads.Count)
            return null;
        var sources = new Dictionary<(string, int), int>();
        for (var k = 0; k < _reads.Count; k++)
        {
            var (here, there) = (_reads[k], other._reads[k]);
            if (here.Name != there.Name)
                return null;
            var isFixed = here.Element < 0 || there.Element == LeftOut || _design.Constant(here.Name) is not null;
            if (isFixed ? here.Element != there.Element : !sources.TryAdd(here, there.Element) && sources[here] != there.Element)
                return null;
        }
        return sources;
    }

    private void Read(Stage stage, Block block, int[] indices, HashSet<string> inner, bool isLeftOut)
    {
        foreach (var instruction in block.Instructions)
        {
            if (instruction is Load load && !inner.Contains(stage.Inputs[load.Input]))
                Read(stage.Inputs[load.Input], load.Element.Evaluate(indices), isLeftOut);
            else if (instruction is Reduce reduce)
                Read(stage, reduce, indices, inner, isLeftOut);
        }
    }

    private void Read(string name, int element, bool isZero)
    {
        if (isZero && _design.Constant(name) is null)
        {
            Excluded++;
            element = Zero;
        }
        _reads.Add((name, element));
    }

    private void Read(Stage stage, Reduce reduce, int[] outer, HashSet<string> inner, bool isLeftOut)
    {
        var indices = new int[outer.Length + reduce.Extents.Count];
        outer.CopyTo(indices, 0);
        for (var n = 0; n < Shapes.Count(reduce.Extents); n++)
        {
            Shapes.Unravel(n, reduce.Extents, indices.AsSpan(outer.Length));
            if (isLeftOut || Interpreter.Holds(reduce.Where, indices))
            {
                Read(stage, reduce.Term, indices, inner, isLeftOut);
            }
            else if (IsZeroForZeros(stage, reduce, indices))
            {
                Read(stage, reduce.Term, indices, inner, isLeftOut: true);
            }
            else
            {
                Excluded++;
                _reads.Add(("", LeftOut));
            }
        }
    }

    /// <summary>Whether a term of a sum is zero where all that it reads of channels is: then leaving it out and feeding it zeros is the same.</summary>
    private bool IsZeroForZeros(Stage stage, Reduce reduce, int[] indices) => reduce.Reduction == Reduction.Sum
        && reduce.Term.Instructions.All(i => i is not Core.Primitives.Divide)
        && Interpreter.Evaluate(new ExactAlgebra(), reduce.Term, indices, (input, element) =>
            _design.Constant(stage.Inputs[input]) is { } constant ? constant.Typed(element) : Dyadic.Zero).IsZero;
}
