using System.Globalization;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Streams;

/// <summary>The elements that a load of a group reads at one position, in the order of the loops around it.</summary>
/// <param name="Name">The name by which stages load it.</param>
/// <param name="Channel">The channel that the elements are of.</param>
/// <param name="Elements">As the first position of the class reads them; what a guard leaves out can be any number.</param>
internal sealed record Window(string Name, string Channel, IReadOnlyList<int> Elements);

/// <summary>
/// A group of stages at one position: the same kernels with one index in the dimensions that tell positions apart, on windows in the place
/// of channels. <c>y[o, h, w] = Σ x[c, h + k, w + l] · m[o, c, k, l]</c> becomes <c>y[o, 0, 0] = Σ window[c, k, l] · m[o, c, k, l]</c>.
/// </summary>
/// <param name="Stages">The inputs of a stage are windows, constants, and outputs of stages before.</param>
internal sealed record PositionStages(IReadOnlyList<Stage> Stages, IReadOnlyList<Window> Windows)
{
    /// <param name="position">The first of its class.</param>
    public static PositionStages Of(Design design, StageGroup group, Position position) => new Rewriter(design, group, position).Run();

    private sealed class Rewriter
    {
        private readonly Design _design;
        private readonly StageGroup _group;
        private readonly IReadOnlyList<int> _outputs;
        private readonly List<Window> _windows = [];
        private readonly HashSet<string> _inner;
        private readonly int[] _domain;
        private Affine[] _at = [];
        private int _rank;

        public Rewriter(Design design, StageGroup group, Position position)
        {
            (_design, _group, _outputs) = (design, group, position.Outputs);
            _inner = [.. group.Stages.Select(s => s.Output)];
            var domain = ((Kernel)group.Stages[0].Computation).Domain;
            var free = Position.FreeDimensions(design, group);
            _domain = [.. domain.Select((extent, k) => free.Contains(k) ? 1 : extent)];
        }

        public PositionStages Run() => new([.. _group.Stages.Select(Rewrite)], _windows);

        private Stage Rewrite(Stage stage)
        {
            var kernel = (Kernel)stage.Computation;
            _rank = kernel.Domain.Count;
            _at = IndicesOf(kernel.Domain);
            var inputs = stage.Inputs.ToList();
            var body = Rewrite(kernel.Body, stage, inputs, [.. _domain]);
            return stage with { Computation = new Kernel(_domain.ToSeq(), body), Inputs = inputs.ToSeq() };
        }

        /// <summary>The indices of a stage, from those of the position's loops: its domain can be another shape of the same elements.</summary>
        private Affine[] IndicesOf(Seq<int> domain)
        {
            var indices = _outputs.Select(o =>
            {
                var own = new int[domain.Count];
                Shapes.Unravel(o, domain, own);
                return own;
            }).ToArray();
            var strides = Shapes.Strides(_domain.ToSeq());
            return [.. Enumerable.Range(0, domain.Count).Select(d =>
            {
                var coefficients = strides.Select((s, k) => _domain[k] == 1 ? 0 : indices[s][d] - indices[0][d]).ToArray();
                var affine = new Affine(indices[0][d], Seq.Own(coefficients));
                var loops = new int[_domain.Length];
                for (var n = 0; n < indices.Length; n++)
                {
                    Shapes.Unravel(n, _domain.ToSeq(), loops);
                    if (affine.Evaluate(loops) != indices[n][d])
                        throw new InvalidOperationException($"The indices of {domain} are no affine functions of those of {_domain.ToSeq()}.");
                }
                return affine;
            })];
        }

        private Affine Rewrite(Affine affine)
        {
            Affine result = affine.Offset;
            for (var k = 0; k < affine.Coefficients.Count; k++)
            {
                if (affine.Coefficients[k] != 0)
                    result += (k < _rank ? _at[k] : Affine.Index(_domain.Length + k - _rank)) * affine.Coefficients[k];
            }
            return result;
        }

        private Block Rewrite(Block block, Stage stage, List<string> inputs, int[] loops) => new(block.Instructions.Select(i => i switch
        {
            Load load => Rewrite(load, stage, inputs, loops),
            IndexValue value => new IndexValue(Rewrite(value.Value)),
            Reduce reduce => Rewrite(reduce, stage, inputs, [.. loops, .. reduce.Extents]),
            _ => i,
        }).ToSeq());

        private Reduce Rewrite(Reduce reduce, Stage stage, List<string> inputs, int[] loops)
        {
            var guards = reduce.Where.Select(g => g with { Coordinate = Rewrite(g.Coordinate) })
                .Where(g => IndexSpaceCorners(g.Coordinate, loops) is var (low, high) && (low < 0 || high >= g.Extent));
            return reduce with { Where = guards.ToSeq(), Term = Rewrite(reduce.Term, stage, inputs, loops) };
        }

        private static (long Low, long High) IndexSpaceCorners(Affine affine, int[] loops)
        {
            var reach = affine.Coefficients.Select((c, k) => (long)c * (loops[k] - 1)).ToArray();
            return (affine.Offset + reach.Sum(r => Math.Min(r, 0)), affine.Offset + reach.Sum(r => Math.Max(r, 0)));
        }

        private Load Rewrite(Load load, Stage stage, List<string> inputs, int[] loops)
        {
            var name = stage.Inputs[load.Input];
            if (_design.Constant(name) is not null)
                return load with { Element = Rewrite(load.Element) };
            // Elementwise: the result of the stage before at the same index.
            if (_inner.Contains(name))
                return load with { Element = new(0, Shapes.Strides(_domain.ToSeq())) };
            var element = Rewrite(load.Element);
            int[] turning = [.. Enumerable.Range(0, loops.Length).Where(k => loops[k] > 1 && element.DependsOn(k))];
            var extents = turning.Select(k => loops[k]).ToSeq();
            var (elements, indices, own) = (new int[Shapes.Count(extents)], new int[loops.Length], new int[turning.Length]);
            for (var n = 0; n < elements.Length; n++)
            {
                Shapes.Unravel(n, extents, own);
                for (var k = 0; k < own.Length; k++)
                    indices[turning[k]] = own[k];
                elements[n] = element.Evaluate(indices);
            }
            var (strides, coefficients) = (Shapes.Strides(extents), new int[loops.Length]);
            for (var k = 0; k < own.Length; k++)
                coefficients[turning[k]] = strides[k];
            return new(InputOf(name, elements, inputs), new(0, Seq.Own(coefficients)));
        }

        private int InputOf(string channel, int[] elements, List<string> inputs)
        {
            var window = _windows.Find(w => w.Channel == channel && w.Elements.SequenceEqual(elements));
            if (window is null)
            {
                window = new(string.Create(CultureInfo.InvariantCulture, $"{channel} in window {_windows.Count}"), channel, elements);
                _windows.Add(window);
            }
            if (!inputs.Contains(window.Name))
                inputs.Add(window.Name);
            return inputs.IndexOf(window.Name);
        }
    }
}
