using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Tests.Primitives;

/// <summary>
/// Typed designs drawn from a seed: every instruction, every cast mode, reductions with guards and accumulators inside one another,
/// wirings with fills, settings, constants, channels with and without types. The same seed gives the same design and the same events.
/// </summary>
internal sealed class RandomDesigns
{
    /// <summary>Values that grow wider than this are cast before they are used again, so that most designs fit 64-bit lanes, and some do not.</summary>
    private readonly int _comfortableWidth;

    private readonly Random _random;
    private readonly List<Channel> _channels = [];
    private readonly List<NamedConstant> _constants = [];
    private readonly List<Stage> _stages = [];

    private RandomDesigns(int seed) => (_random, _comfortableWidth) = (new Random(seed), seed % 5 == 0 ? 70 : 24);

    /// <summary>The design of a seed.</summary>
    public static Design Draw(int seed) => new RandomDesigns(seed).Draw();

    /// <summary>Events of raw integers for a design: all minimum, all maximum, zero where it is in the type, then random.</summary>
    public static Dictionary<string, RawBatch> Events(Design design, int count, int seed)
    {
        var random = new Random(seed);
        var inputs = new Dictionary<string, RawBatch>(StringComparer.Ordinal);
        foreach (var name in design.Inputs)
        {
            var channel = design.Channel(name);
            var elements = Shapes.Count(channel.Shape);
            var raw = new long[elements * (design.Settings.Contains(name) ? 1 : count)];
            for (var i = 0; i < raw.Length; i++)
                raw[i] = Raw(random, channel.Type!.Value, design.Settings.Contains(name) ? 3 : i / elements);
            inputs[name] = RawBatch.Of(elements, raw);
        }
        return inputs;
    }

    /// <summary>Any quantizer whose type holds a few bits, its binary point anywhere near.</summary>
    public static Quantizer DrawQuantizer(Random random, int maximumWidth = 10) =>
        new(DrawType(random, maximumWidth), (Rounding)random.Next(7), (Overflow)random.Next(4));

    private static FixedType DrawType(Random random, int maximumWidth)
    {
        var width = random.Next(1, maximumWidth + 1);
        return new FixedType(random.Next(3) > 0, width, random.Next(-3, width + 3));
    }

    private static long Raw(Random random, FixedType type, int @event)
    {
        var low = (long)type.MinimumRaw;
        var high = (long)type.MaximumRaw;
        return @event switch { 0 => low, 1 => high, 2 => 0, _ => random.NextInt64(low, high + 1) };
    }

    private Design Draw()
    {
        var inputs = Enumerable.Range(0, _random.Next(1, 4)).Select(k => new Channel($"x{k}", Shape(), DrawType(_random, 8), $"x{k}")).ToArray();
        var settings = inputs.Skip(1).Where(_ => _random.Next(4) == 0).Select(c => c.Name).ToSeq();
        _channels.AddRange(inputs);
        for (var k = _random.Next(3); k > 0; k--)
            _constants.Add(Constant($"c{k}"));
        for (var k = _random.Next(1, 4); k > 0; k--)
            AddStage($"s{k}");
        var outputs = _stages.Select(s => s.Output).Where(o => _channels.Exists(c => c.Name == o && c.Type is not null)).TakeLast(2).ToSeq();
        return new("random", inputs.Select(c => c.Name).ToSeq(), settings, outputs, _channels.ToSeq(), _constants.ToSeq(), _stages.ToSeq());
    }

    private Seq<int> Shape() => Enumerable.Range(0, _random.Next(1, 4)).Select(_ => _random.Next(1, 4)).ToSeq();

    private NamedConstant Constant(string name)
    {
        var shape = Shape();
        var type = DrawType(_random, 7);
        var raw = Enumerable.Range(0, Shapes.Count(shape)).Select(_ => Raw(_random, type, _random.Next(6))).ToArray();
        var values = raw.Select(r => new Dyadic(r, -type.Fraction)).ToSeq();
        return new(name, new ConstantTensor(shape, values, type, Seq.Own(raw)));
    }

    private void AddStage(string name)
    {
        var inputs = _channels.Select(c => c.Name).Concat(_constants.Select(c => c.Name)).ToArray();
        var shape = Shape();
        Computation computation = _random.Next(5) == 0 ? DrawWiring(inputs, shape) : new Kernel(shape, new BlockDrawer(this, inputs).Draw(shape, 0));
        var probe = new Design("probe", _channels.Where(c => c.Name[0] == 'x').Select(c => c.Name).ToSeq(), [], [], [.. _channels, new(name, shape, null, "")],
            _constants.ToSeq(), [.. _stages, Stage(name, computation, inputs)]);
        var hull = RangeAnalysis.Run(probe).Hull(name);
        var type = hull.Type with { Width = hull.Type.Width + _random.Next(3) };
        _stages.Add(Stage(name, computation, inputs));
        // The first stage has a type, so that there is an output; any other may be a temporary.
        var isTemporary = _stages.Count > 1 && _random.Next(3) == 0;
        _channels.Add(new(name, shape, isTemporary ? null : type with { Integer = type.Width - hull.Fraction }, isTemporary ? "" : name));
    }

    private static Stage Stage(string name, Computation computation, string[] inputs) =>
        new(name, computation, inputs.ToSeq(), name, new Origin(name, "Random"), Schedule.Unrolled);

    private Wiring DrawWiring(string[] inputs, Seq<int> shape)
    {
        var count = Shapes.Count(shape);
        var fills = Enumerable.Range(0, 3).Select(_ => new Dyadic(_random.Next(-4, 5), _random.Next(-2, 3))).ToSeq();
        var from = Enumerable.Range(0, count).Select(_ => _random.Next(4) == 0 ? -1 - _random.Next(fills.Count) : _random.Next(inputs.Length)).ToArray();
        var elements = from.Select(f => f < 0 ? 0 : _random.Next(ElementsOf(inputs[f]))).ToArray();
        return new(Seq.Own(from), Seq.Own(elements), fills);
    }

    private int ElementsOf(string name) =>
        Shapes.Count(_channels.Find(c => c.Name == name)?.Shape ?? _constants.Find(c => c.Name == name)!.Tensor.Shape);

    private Interval RangeOf(string name)
    {
        if (_constants.Find(c => c.Name == name) is { } constant)
            return constant.Tensor.Type!.Value.Range;
        // A channel without a type is as wide as its stage makes it; the drawer treats it as too wide to use without a cast.
        return _channels.Find(c => c.Name == name)!.Type?.Range ?? new FixedType(true, _comfortableWidth + 1, _comfortableWidth).Range;
    }

    /// <summary>Draws the instructions of one block and keeps their intervals, to stay clear of giant widths and of division by zero.</summary>
    private sealed class BlockDrawer(RandomDesigns owner, string[] inputs)
    {
        private static readonly IntervalAlgebra Ranges = new();
        private readonly Random _random = owner._random;
        private readonly List<Instruction> _instructions = [];
        private readonly List<Interval> _intervals = [];

        public Block Draw(Seq<int> loops, int depth)
        {
            AddLoad(loops);
            for (var n = _random.Next(1, 9); n > 0; n--)
                AddAny(loops, depth);
            return new(_instructions.ToSeq());
        }

        private void AddAny(Seq<int> loops, int depth)
        {
            // In a design of wide numbers every other step multiplies.
            var isWide = owner._comfortableWidth > 64 && _random.Next(2) == 0;
            switch (isWide ? _random.Next(6, 8) : _random.Next(depth < 2 ? 18 : 15))
            {
                case 0 or 1:
                    AddLoad(loops);
                    break;
                case 2:
                    var literal = new Dyadic(_random.Next(-9, 10), _random.Next(-4, 4));
                    Add(new Literal(literal), Interval.Of(literal));
                    break;
                case 3:
                    Add(new IndexValue(Coordinate(loops)), new Interval(-20, 20, 0));
                    break;
                case 4:
                    Binary((a, b) => new Add(a, b), Ranges.Add);
                    break;
                case 5:
                    Binary((a, b) => new Subtract(a, b), Ranges.Subtract);
                    break;
                case 6:
                    Binary((a, b) => new Multiply(a, b), Ranges.Multiply);
                    break;
                case 7:
                    var operand = Pick();
                    Add(new Square(operand), Ranges.Square(_intervals[operand]));
                    break;
                case 8:
                    AddDivision();
                    break;
                case 9:
                    Binary((a, b) => new Minimum(a, b), Ranges.Minimum);
                    break;
                case 10:
                    Binary((a, b) => new Maximum(a, b), Ranges.Maximum);
                    break;
                case 11:
                    AddSelection();
                    break;
                case 12:
                    var (shifted, power) = (Pick(), _random.Next(-4, 5));
                    Add(new Shift(shifted, power), Ranges.Shift(_intervals[shifted], power));
                    break;
                case 13:
                    AddCast(Pick(), DrawQuantizer(_random));
                    break;
                case 14:
                    AddLookup();
                    break;
                default:
                    AddReduction(loops, depth);
                    break;
            }
        }

        /// <summary>An earlier value, made narrow first if it is wide.</summary>
        private int Pick()
        {
            var index = _random.Next(_instructions.Count);
            return _intervals[index].Type.Width <= owner._comfortableWidth ? index : AddCast(index, DrawQuantizer(_random));
        }

        private int Add(Instruction instruction, Interval interval)
        {
            _instructions.Add(instruction);
            _intervals.Add(interval);
            return _instructions.Count - 1;
        }

        private void Binary(Func<int, int, Instruction> make, Func<Interval, Interval, Interval> range)
        {
            var (a, b) = (Pick(), Pick());
            Add(make(a, b), range(_intervals[a], _intervals[b]));
        }

        private int AddCast(int operand, Quantizer quantizer) => Add(new Cast(operand, quantizer), quantizer.Type.Range);

        private void AddLoad(Seq<int> loops)
        {
            var input = _random.Next(inputs.Length);
            Add(new Load(input, Element(loops, owner.ElementsOf(inputs[input]))), owner.RangeOf(inputs[input]));
        }

        /// <summary>Some affine function of the loop indices that stays inside the tensor.</summary>
        private Affine Element(Seq<int> loops, int elements)
        {
            var coefficients = new int[loops.Count];
            var room = elements - 1;
            foreach (var k in Enumerable.Range(0, loops.Count).OrderBy(_ => _random.Next()))
            {
                var largest = loops[k] == 1 ? 2 : room / (loops[k] - 1);
                coefficients[k] = _random.Next(largest + 1);
                room -= coefficients[k] * (loops[k] - 1);
            }
            var reversed = _random.Next(3) == 0;
            var offset = _random.Next(room + 1);
            return reversed
                ? new Affine(elements - 1 - offset, coefficients.Select(c => -c).ToSeq())
                : new Affine(offset, Seq.Own(coefficients));
        }

        private Affine Coordinate(Seq<int> loops) => new(_random.Next(-2, 3), loops.Select(_ => _random.Next(-1, 2)).ToSeq());

        private void AddDivision()
        {
            var (dividend, divisor) = (Pick(), Pick());
            // The divisor is itself where that is not zero, else one: its interval may hold zero all the same.
            var zero = Add(new Literal(Dyadic.Zero), Interval.Of(0));
            var one = Add(new Literal(Dyadic.One), Interval.Of(1));
            var isZero = Add(new Compare(Comparison.Equal, divisor, zero), new Interval(0, 1, 0));
            var safe = Add(new Select(isZero, one, divisor), _intervals[divisor].Union(_intervals[one]));
            var fraction = _random.Next(-2, 7);
            Add(new Divide(dividend, safe, fraction), Ranges.Divide(_intervals[dividend], _intervals[safe], fraction));
        }

        private void AddSelection()
        {
            var (left, right, then, otherwise) = (Pick(), Pick(), Pick(), Pick());
            var condition = Add(new Compare((Comparison)_random.Next(3), left, right), new Interval(0, 1, 0));
            Add(new Select(condition, then, otherwise), _intervals[then].Union(_intervals[otherwise]));
        }

        private void AddLookup()
        {
            var type = DrawType(_random, 6);
            var output = DrawType(_random, 9);
            var entries = Enumerable.Range(0, 1 << type.Width).Select(_ => Raw(_random, output, _random.Next(8))).ToSeq();
            var address = AddCast(Pick(), new Quantizer(type, (Rounding)_random.Next(7), (Overflow)_random.Next(4)));
            Add(new Lookup(address, new Table(new RealFunction("exp", []), new TableData(type, output, entries))), output.Range);
        }

        private void AddReduction(Seq<int> loops, int depth)
        {
            var extents = Enumerable.Range(0, _random.Next(1, 3)).Select(_ => _random.Next(1, 4)).ToSeq();
            Seq<int> all = [.. loops, .. extents];
            var inner = new BlockDrawer(owner, inputs);
            var term = inner.Draw(all, depth + 1);
            var reduction = (Reduction)Math.Max(0, _random.Next(5) - 2);
            var isSum = reduction == Reduction.Sum;
            Quantizer? accumulator = isSum && _random.Next(2) == 0 ? DrawQuantizer(_random, 12) : null;
            var initial = isSum && _random.Next(2) == 0 ? Pick() : -1;
            var range = inner._intervals[^1] * new Interval(0, Shapes.Count(extents), 0);
            if (initial >= 0)
                range = (range + _intervals[initial]).Union(_intervals[initial]);
            Add(new Reduce(reduction, extents, Guards(loops, all, isSum), term, accumulator, initial),
                accumulator?.Type.Range ?? range.Union(inner._intervals[^1]));
        }

        /// <summary>For a maximum or minimum only guards that let the first term through.</summary>
        private Seq<Guard> Guards(Seq<int> loops, Seq<int> all, bool anything)
        {
            if (_random.Next(2) == 0)
                return [];
            var inner = loops.Count + _random.Next(all.Count - loops.Count);
            return anything ? [new Guard(Coordinate(all), _random.Next(1, 4))] : [new Guard(Affine.Index(inner), _random.Next(1, 3))];
        }
    }
}
