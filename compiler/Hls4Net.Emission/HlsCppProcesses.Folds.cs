using System.Numerics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Emission;

/// <summary>
/// Folded layers: R steps on as many times fewer multipliers. As in the Verilog, R = Inner · Outer with Inner = gcd(R, terms): in phase
/// outer · Inner + inner multiplier lane q, slot s works on term inner · slots + s of output q · Outer + outer. So the terms of an output are
/// added in the order of the kernel, which is what decides the bits of an accumulator that saturates.
/// </summary>
internal sealed partial class HlsCppProcesses
{
    /// <summary>What a folded layer does in its first phase, in every phase, and in its last.</summary>
    private sealed class Phases
    {
        public CodeWriter First { get; } = new();

        public CodeWriter Each { get; } = new();

        public CodeWriter Last { get; } = new();

        public int Inner { get; set; }

        public int Outer { get; set; }
    }

    /// <summary>How many of everything a fold has.</summary>
    private sealed record FoldSizes(int Inner, int Outer, int Slots, int Lanes, int Positions)
    {
        public int Phases => Inner * Outer;

        public int Rows => Positions * Lanes;
    }

    private static FoldedSchedule? FoldOf(StageGroup group) => group.Stages[0].Schedule as FoldedSchedule;

    private static string ReuseOf(StageGroup group) => FoldOf(group) is { } folded ? Text($"{folded.Reuse}") : "1";

    private Action<CodeWriter, Draft> Folded(FoldedProcess process, Draft draft)
    {
        var (reuse, offset, parts) = (FoldOf(process.Group)!.Reuse, 0, new List<Phases>());
        foreach (var (stages, windows) in process.Slots)
        {
            var arrays = new Dictionary<string, CppArray>(StringComparer.Ordinal);
            for (var w = 0; w < windows.Count; w++)
            {
                var (series, steps) = (windows[w].Series, draft.Step);
                var name = draft.Names.Fresh("window");
                draft.Kept.Line(Text($"static {_network.TypeText(series)} {name}[{series.Lanes.Count}];"));
                Partition(draft.Kept, name);
                steps.Line($"take_beat({_network.NameOf(windows[w])}, {name});");
                var slot = ((WindowsProcess)_network.Network.WriterOf(series)).Windows[IndexOf(_network.Network.WriterOf(series).Outputs, series)];
                arrays[stages.Windows[w].Name] = new(name, layout[series.Channel].Type, null, e => RangeOf(slot.Window, slot.Class, e));
            }
            var part = new Phases();
            parts.Add(part);
            var count = Shapes.Count(((Kernel)stages.Stages[0].Computation).Domain);
            if (process.Slots.Count == 1)
            {
                Fold(stages.Stages, [], reuse, n => arrays[n], part, draft, "result.at");
            }
            else
            {
                var target = draft.Names.Fresh("part");
                part.Last.Line(Text($"{_network.TypeText(process.Result)} {target}[{count}];"));
                Fold(stages.Stages, [], reuse, n => arrays[n], part, draft, target);
                part.Last.Line(Text($"copy_elements<{count}>({target}, result.at + {offset});"));
            }
            offset += count;
        }
        return Loop(process.Result, process.Result.Ticks.Count, reuse, parts);
    }

    private static int IndexOf(IReadOnlyList<BeatSeries> list, BeatSeries series) => list.ToList().FindIndex(s => ReferenceEquals(s, series));

    /// <summary>The loop over all phases of all beats.</summary>
    private Action<CodeWriter, Draft> Loop(BeatSeries result, int beats, int reuse, IReadOnlyList<Phases> parts) => (code, draft) =>
    {
        var (inner, outer) = (parts[0].Inner, parts[0].Outer);
        foreach (var digit in new[] { "phase", "inner", "outer" })
            code.Line($"static int {digit} = 0;");
        code.Open(Text($"for (int step = 0; step < {beats * reuse}; step++) {{"));
        code.Line("#pragma HLS PIPELINE II=1 rewind style=flp");
        code.Open("if (phase == 0) {");
        code.Append(draft.Step);
        foreach (var part in parts)
            code.Append(part.First);
        code.Close();
        foreach (var part in parts)
        {
            code.Open("{");
            code.Append(part.Each);
            code.Close();
        }
        code.Open(Text($"if (phase == {reuse - 1}) {{"));
        code.Line($"{_network.BeatText(result)} result;");
        foreach (var part in parts)
        {
            code.Open("{");
            code.Append(part.Last);
            code.Close();
        }
        Give(code, result, "result");
        code.Close();
        code.Line(Text($"const bool is_last_inner = inner == {inner - 1};"));
        code.Line("inner = is_last_inner ? 0 : inner + 1;");
        code.Line(Text($"if (is_last_inner) outer = outer == {outer - 1} ? 0 : outer + 1;"));
        code.Line(Text($"phase = phase == {reuse - 1} ? 0 : phase + 1;"));
        code.Close();
    };

    /// <param name="stages">The first of them is folded.</param>
    /// <param name="free">Its dimensions that tell positions apart.</param>
    private void Fold(IReadOnlyList<Stage> stages, IReadOnlyList<int> free, int reuse, Func<string, CppArray> arrays, Phases phases, Draft draft, string target)
    {
        var stage = stages[0];
        var kernel = (Kernel)stage.Computation;
        var at = kernel.Body.Instructions.ToList().FindIndex(i => i is Reduce);
        var sum = (Reduce)kernel.Body.Instructions[at];
        var terms = Shapes.Count(sum.Extents);
        var positions = free.Aggregate(1, (p, k) => p * kernel.Domain[k]);
        var inner = (int)BigInteger.GreatestCommonDivisor(reuse, terms);
        var outputs = Shapes.Count(kernel.Domain) / positions;
        var sizes = new FoldSizes(inner, reuse / inner, terms / inner, outputs / (reuse / inner), positions);
        (phases.Inner, phases.Outer) = (sizes.Inner, sizes.Outer);
        CppArray All(string name) => design.Constant(name) is not null ? HlsCppBody.Constant(layout, name) : arrays(name);
        var ranges = HlsCppBody.Ranges(stage, All);
        var type = sum.Accumulator?.Type ?? ranges.Running(at).Type;
        var sums = draft.Names.Fresh("sums");
        draft.Kept.Line(Text($"static {HlsCppTypes.Text(type)} {sums}[{sizes.Outer}][{sizes.Rows}];"));
        Partition(draft.Kept, sums);
        var elements = new ElementOrder(kernel.Domain, free, sizes);
        Start(stage, kernel, sum, ranges, type, sums, elements, All, phases.First, draft);
        Multiply(stage, kernel, sum, type, sums, elements, All, phases, draft);

        var finished = draft.Names.Fresh("finished");
        phases.Last.Line(Text($"{HlsCppTypes.Text(type)} {finished}[{elements.Count}];"));
        Partition(phases.Last, finished);
        new HlsCppFill(phases.Last, draft.Names).Print(finished, HlsCppTypes.Text(type), v => NumberIn(v, type),
            [.. Enumerable.Range(0, elements.Count).Select(e => new CppSource(new(sums, sizes.Outer, sizes.Rows), elements.PlaceOf(e), "", Dyadic.Zero))]);
        Compute(stages, arrays, phases.Last, draft, target, new(finished, type, null, _ => type.Range));
    }

    /// <summary>Which lane and phase an output belongs to.</summary>
    private sealed class ElementOrder
    {
        private readonly int[] _places;

        public ElementOrder(Seq<int> domain, IReadOnlyList<int> free, FoldSizes sizes)
        {
            (Domain, Free, Sizes) = (domain, free, sizes);
            (_places, Elements) = (new int[Shapes.Count(domain)], new int[sizes.Positions, sizes.Lanes * sizes.Outer]);
            var (indices, seen) = (new int[domain.Count], new int[sizes.Positions]);
            for (var e = 0; e < _places.Length; e++)
            {
                Shapes.Unravel(e, domain, indices);
                var position = free.Aggregate(0, (p, k) => p * domain[k] + indices[k]);
                var output = seen[position]++;
                Elements[position, output] = e;
                _places[e] = (output % sizes.Outer * sizes.Rows) + (position * sizes.Lanes) + (output / sizes.Outer);
            }
        }

        public Seq<int> Domain { get; }

        public IReadOnlyList<int> Free { get; }

        public FoldSizes Sizes { get; }

        public int Count => _places.Length;

        /// <summary>By position and output the element.</summary>
        public int[,] Elements { get; }

        /// <summary>Where the running sum of an element is: phase of outputs · rows + row.</summary>
        public int PlaceOf(int element) => _places[element];
    }

    /// <summary>What the sums start from.</summary>
    private void Start(Stage stage, Kernel kernel, Reduce sum, BlockRanges ranges, FixedType type, string sums, ElementOrder elements,
        Func<string, CppArray> arrays, CodeWriter code, Draft draft)
    {
        var fill = new HlsCppFill(code, draft.Names);
        var text = HlsCppTypes.Text(type);
        if (sum.Initial < 0)
        {
            code.Open(Text($"for (int n = 0; n < {elements.Count}; n++) {{"));
            code.Line("#pragma HLS UNROLL");
            code.Line($"{new CppSourceArray(sums, elements.Sizes.Outer, elements.Sizes.Rows).At("n")} = 0;");
            code.Close();
            return;
        }
        var start = draft.Names.Fresh("start");
        code.Line(Text($"{text} {start}[{elements.Count}];"));
        var body = new HlsCppBody(layout, diagnostics, draft.Names);
        var before = new Kernel(kernel.Domain, new(kernel.Body.Instructions.Take(sum.Initial + 1).ToSeq()));
        var algebra = body.Algebra(stage);
        new HlsCppKernel(code, algebra, draft.Names, (i, index) => arrays(stage.Inputs[i]).At(index))
            .Print(before, ranges, (index, value) => $"{start}[{index}] = {(sum.Accumulator is { } a ? algebra.Cast(value, a).Text : value.Text)};");
        body.Check(stage, algebra);
        var byPlace = Enumerable.Range(0, elements.Count).OrderBy(elements.PlaceOf).ToArray();
        var from = fill.Positions("from", byPlace);
        code.Open(Text($"for (int n = 0; n < {elements.Count}; n++) {{"));
        code.Line("#pragma HLS UNROLL");
        code.Line($"{new CppSourceArray(sums, elements.Sizes.Outer, elements.Sizes.Rows).At("n")} = {start}[{from("n")}];");
        code.Close();
    }

    /// <summary>One phase: the kernel's sum over the slots, for every lane of every position, on top of what the sum was.</summary>
    private void Multiply(Stage stage, Kernel kernel, Reduce sum, FixedType type, string sums, ElementOrder elements, Func<string, CppArray> arrays, Phases phases, Draft draft)
    {
        var sizes = elements.Sizes;
        var operands = new FoldOperands(design, layout, stage, kernel, sum, elements, arrays, phases, draft);
        var term = operands.Rewrite();
        var inputs = operands.Inputs;
        inputs["sums"] = new($"{sums}[outer]", type, null, _ => type.Range);
        var names = inputs.Keys.ToList();
        var load = new Load(names.IndexOf("sums"), new(0, [sizes.Lanes, 1]));
        var phase = new Kernel([sizes.Positions, sizes.Lanes], new([load, new Reduce(Reduction.Sum, [sizes.Slots], [], term, sum.Accumulator, 0)]));
        var mine = stage with { Computation = phase, Inputs = names.ToSeq() };
        var body = new HlsCppBody(layout, diagnostics, draft.Names);
        var algebra = body.Algebra(stage);
        phases.Each.Line(Text($"#pragma HLS ALLOCATION operation instances=mul limit={sizes.Rows * sizes.Slots}"));
        new HlsCppKernel(phases.Each, algebra, draft.Names, (i, index) => inputs[names[i]].At(index)) { SumType = type }
            .Print(phase, HlsCppBody.Ranges(mine, n => inputs[n]), (index, value) => $"{sums}[outer][{index}] = {value.Text};");
        body.Check(stage, algebra);
    }
}
