using System.Globalization;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>What the multipliers of a folded layer take in each phase.</summary>
internal sealed partial class HlsCppProcesses
{
    /// <summary>
    /// Rewrites the term of a folded sum: its loads become arrays of which each row is what the multipliers take in one phase, elements in
    /// registers and weights in a memory with the phase as its address. Loops around the new term are positions, lanes, slots.
    /// </summary>
    private sealed class FoldOperands(Design design, HlsCppLayout layout, Stage stage, Kernel kernel, Reduce sum, ElementOrder elements, Func<string, CppArray> arrays, Phases phases, Draft draft)
    {
        private readonly List<Instruction> _instructions = [];

        /// <summary>The arrays that the new term loads, in the order of its inputs.</summary>
        public OrderedDictionary<string, CppArray> Inputs { get; } = new(StringComparer.Ordinal);

        private FoldSizes Sizes => elements.Sizes;

        public Block Rewrite()
        {
            foreach (var instruction in sum.Term.Instructions)
            {
                _instructions.Add(instruction switch
                {
                    Load load when design.Constant(stage.Inputs[load.Input]) is { } constant =>
                        Table(load.Element, e => constant.Raw[e], arrays(stage.Inputs[load.Input]).Type, layout[stage.Inputs[load.Input]].Identifier),
                    Load load => Operand(load),
                    IndexValue value => Table(value.Value, e => e, TypeOf(value.Value), "index"),
                    _ => instruction,
                });
            }
            if (sum.Where.Count > 0)
                LeaveOut();
            return new(_instructions.ToSeq());
        }

        /// <summary>A term that a guard leaves out is 0 in its place.</summary>
        private void LeaveOut()
        {
            var last = _instructions.Count - 1;
            var all = new Affine(0, Enumerable.Repeat(1, kernel.Domain.Count + sum.Extents.Count).ToSeq());
            _instructions.Add(Rows(all, FixedType.Bit, "used", (indices, _) => Interpreter.Holds(sum.Where, indices) ? 1 : 0));
            _instructions.Add(new Literal(Dyadic.Zero));
            _instructions.Add(new Select(last + 1, last, last + 2));
        }

        private FixedType TypeOf(Affine value)
        {
            var (low, high) = (int.MaxValue, int.MinValue);
            Visit((_, _, _, indices) => (low, high) = (Math.Min(low, value.Evaluate(indices)), Math.Max(high, value.Evaluate(indices))));
            return new Interval(low, high, 0).Type;
        }

        /// <summary>Goes through all products of an event.</summary>
        private void Visit(Action<int, int, int, int[]> visit)
        {
            var indices = new int[kernel.Domain.Count + sum.Extents.Count];
            for (var position = 0; position < Sizes.Positions; position++)
            {
                for (var output = 0; output < Sizes.Lanes * Sizes.Outer; output++)
                {
                    Shapes.Unravel(elements.Elements[position, output], kernel.Domain, indices.AsSpan(0, kernel.Domain.Count));
                    for (var term = 0; term < Sizes.Inner * Sizes.Slots; term++)
                    {
                        Shapes.Unravel(term, sum.Extents, indices.AsSpan(kernel.Domain.Count));
                        visit(position, output, term, indices);
                    }
                }
            }
        }

        /// <summary>Numbers in a memory, a row for each phase.</summary>
        private Load Table(Affine element, Func<int, long> raw, FixedType type, string stem) => Rows(element, type, stem, (_, e) => raw(e));

        private Load Rows(Affine element, FixedType type, string stem, Func<int[], int, long> raw)
        {
            var (shape, isByOutput, isByPosition) = ShapeOf(element);
            var values = new long[shape.Rows * shape.Columns];
            Visit((position, output, term, indices) => values[PlaceOf(position, output, term, isByOutput, isByPosition, shape.Columns)] = raw(indices, element.Evaluate(indices)));
            var name = draft.Names.Fresh($"{stem}_by_phase");
            draft.Kept.Open(Text($"static const {HlsCppTypes.IntegerText(type)} {name}[{shape.Rows}][{shape.Columns}] = {{"));
            foreach (var row in values.Chunk(shape.Columns))
            {
                draft.Kept.Open("{");
                draft.Kept.Wrapped(row.Select(v => $"{HlsCppTypes.Integer(v)},"));
                draft.Kept.Close("},");
            }
            draft.Kept.Close("};");
            draft.Kept.Line($"#pragma HLS ARRAY_RESHAPE variable={name} complete dim=2");
            var range = values.Aggregate(new Interval(values[0], values[0], type.Fraction), (r, v) => r.Union(new Interval(v, v, type.Fraction)));
            return LoadOf(new($"{name}[{(isByOutput ? "phase" : "inner")}]", type, HlsCppTypes.Text(type), _ => range), isByOutput, isByPosition);
        }

        /// <summary>Elements of a channel in registers, chosen by the phase.</summary>
        private Load Operand(Load load)
        {
            var array = arrays(stage.Inputs[load.Input]);
            var (shape, isByOutput, isByPosition) = ShapeOf(load.Element);
            var from = Enumerable.Repeat(-1, shape.Rows * shape.Columns).ToArray();
            Visit((position, output, term, indices) =>
            {
                if (Interpreter.Holds(sum.Where, indices))
                    from[PlaceOf(position, output, term, isByOutput, isByPosition, shape.Columns)] = load.Element.Evaluate(indices);
            });
            var name = draft.Names.Fresh("operands");
            var type = HlsCppTypes.Text(array.Type);
            draft.Kept.Line(Text($"static {type} {name}[{shape.Rows}][{shape.Columns}];"));
            Partition(draft.Kept, name);
            var taken = Enumerable.Range(0, from.Length).Where(k => from[k] >= 0).ToArray();
            var fill = new HlsCppFill(phases.First, draft.Names);
            var (to, source) = (fill.Positions("to", taken), fill.Positions("from", [.. taken.Select(k => from[k])]));
            var index = draft.Names.Fresh("n");
            phases.First.Open(Text($"for (int {index} = 0; {index} < {taken.Length}; {index}++) {{"));
            phases.First.Line("#pragma HLS UNROLL");
            phases.First.Line($"{new CppSourceArray(name, shape.Rows == 1 ? 1 : shape.Rows, shape.Columns).At(to(index))} = {array.At(source(index)).Text};");
            phases.First.Close();
            var range = new Lazy<Interval>(() => taken.Select(k => from[k]).Distinct().Select(array.RangeOf).Aggregate(new Interval(0, 0, array.Type.Fraction), (a, b) => a.Union(b)));
            return LoadOf(new($"{name}[{(isByOutput ? "phase" : "inner")}]", array.Type, null, _ => range.Value), isByOutput, isByPosition);
        }

        /// <summary>Rows and columns of an array of operands, and what it depends on.</summary>
        private ((int Rows, int Columns) Shape, bool IsByOutput, bool IsByPosition) ShapeOf(Affine element)
        {
            var turning = Enumerable.Range(0, kernel.Domain.Count).Where(k => kernel.Domain[k] > 1 && element.DependsOn(k)).ToArray();
            var isByPosition = turning.Any(k => elements.Free.Contains(k));
            var isByOutput = turning.Any(k => !elements.Free.Contains(k));
            var columns = (isByPosition ? Sizes.Positions : 1) * (isByOutput ? Sizes.Lanes : 1) * Sizes.Slots;
            return ((isByOutput ? Sizes.Phases : Sizes.Inner, columns), isByOutput, isByPosition);
        }

        private int PlaceOf(int position, int output, int term, bool isByOutput, bool isByPosition, int columns)
        {
            var (inner, slot) = (term / Sizes.Slots, term % Sizes.Slots);
            var row = isByOutput ? (output % Sizes.Outer * Sizes.Inner) + inner : inner;
            var column = isByPosition ? position : 0;
            column = isByOutput ? (column * Sizes.Lanes) + (output / Sizes.Outer) : column;
            return (row * columns) + (column * Sizes.Slots) + slot;
        }

        private Load LoadOf(CppArray array, bool isByOutput, bool isByPosition)
        {
            var name = Inputs.Count.ToString(CultureInfo.InvariantCulture);
            Inputs[name] = array;
            var lane = isByOutput ? Sizes.Slots : 0;
            var position = isByPosition ? (isByOutput ? Sizes.Lanes : 1) * Sizes.Slots : 0;
            return new(Inputs.Count - 1, new(0, [position, lane, 1]));
        }
    }
}
