using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>The natural number on an unsigned net, or its bits inverted, times 2^Low.</summary>
/// <param name="Depth">When it is there, in the units of <see cref="DelayModel"/>.</param>
internal readonly record struct Addend(int Low, int Net, bool IsComplement, int Depth);

/// <summary>The addends of one sum as rows of bits for an adder, with a constant in positions where addends have no bits.</summary>
internal sealed class SumAddends
{
    private readonly ModuleBuilder _builder;
    private readonly Addend[] _addends;
    private readonly int _width;

    /// <param name="width">Bits of the sum that are wanted.</param>
    public SumAddends(ModuleBuilder builder, IEnumerable<Addend> addends, int width)
    {
        (_builder, _width) = (builder, width);
        _addends = [.. addends.Where(a => a.Low < width).Select(Cut)];
    }

    /// <summary>When the sum is there, once its constant has a place; in the units of <see cref="DelayModel"/>.</summary>
    public int Depth { get; private set; }

    /// <summary>Where a constant goes; what has to be added to an addend first is added by <paramref name="add"/>.</summary>
    public SumLayout Place(BigInteger constant, Func<int, int, int> add)
    {
        var room = SumRoom.Of([.. _addends.Select(a => new RoomOperand(a.Low, _builder[a.Net].Width, a.Depth))], _width);
        var layout = room.Place(constant);
        Depth = room.DepthOf(layout);
        if (layout.Operand >= 0)
            _addends[layout.Operand] = Plus(_addends[layout.Operand], layout.Added >> _addends[layout.Operand].Low, add);
        return layout;
    }

    /// <summary>The bits below the start, with those of the constant between them.</summary>
    public int Copied(SumLayout layout) => Row(_addends, 0, layout.Start, layout.Bits);

    /// <summary>The rows from the start on, at least two; one is subtracted for each carry, never the first.</summary>
    public IReadOnlyList<(int Net, bool IsSubtracted)> Rows(SumLayout layout)
    {
        var start = layout.Start;
        var ones = (BigInteger.One << (_width - start)) - 1;
        var rest = layout.Bits >> start;
        var rows = new List<(int Net, bool IsSubtracted)>();
        var addends = Array.FindAll(_addends, a => a.Low + _builder[a.Net].Width > start);
        // Inverted bits cost nothing in any row but the first.
        SortBy(addends, a => a.IsComplement ? 1 : 0);
        foreach (var addend in addends)
        {
            // A single addend leaves the constant to a row of its own.
            var free = addends.Length == 1 ? BigInteger.Zero : rest & ~Covered(addend, start);
            rest -= free;
            var isSubtracted = rows.Count > 0 && rows.Count >= addends.Length - layout.Carries;
            var turned = isSubtracted ? addend with { IsComplement = !addend.IsComplement } : addend;
            rows.Add((Row([turned], start, _width, (isSubtracted ? ones - free : free) << start), isSubtracted));
        }
        if (rows.Count == 1)
            rows.Add((_builder.Constant(rest, new FixedType(false, _width - start, _width - start)), false));
        return rows;
    }

    /// <summary>An addend with a constant below its highest bit, one bit longer unless the sum ends there.</summary>
    private Addend Plus(Addend addend, BigInteger constant, Func<int, int, int> add)
    {
        var width = Math.Min(_builder[addend.Net].Width + 1, _width - addend.Low);
        var all = Row([addend with { Low = 0 }], 0, width, BigInteger.Zero);
        var start = (int)BigInteger.TrailingZeroCount(constant);
        var sum = add(_builder.Slice(all, start, width - start, signed: false),
            _builder.Constant(constant >> start, new FixedType(false, width - start, width - start)));
        var whole = start == 0 ? sum : _builder.Concatenate([_builder.Slice(all, 0, start, signed: false), sum], signed: false);
        return new(addend.Low, whole, false, addend.Depth + DelayModel.AdderDelay);
    }

    private Addend Cut(Addend addend) =>
        addend with { Net = _builder.Slice(addend.Net, 0, Math.Min(_builder[addend.Net].Width, _width - addend.Low), signed: false) };

    /// <summary>The positions from the start on in which an addend has bits.</summary>
    private BigInteger Covered(Addend addend, int start) => (((BigInteger.One << _builder[addend.Net].Width) - 1) << addend.Low) >> start;

    /// <summary>Positions of addends that do not overlap there, and of a constant in the gaps.</summary>
    private int Row(ReadOnlySpan<Addend> addends, int from, int to, BigInteger constant)
    {
        var parts = new List<int>();
        var position = from;
        Span<Addend> ascending = [.. addends];
        SortBy(ascending, a => a.Low);
        foreach (var addend in ascending)
        {
            var (low, high) = (Math.Max(from, addend.Low), Math.Min(to, addend.Low + _builder[addend.Net].Width));
            if (low >= high)
                continue;
            AddGap(parts, position, low, constant);
            var bits = _builder.Slice(addend.Net, low - addend.Low, high - low, signed: false);
            parts.Add(addend.IsComplement ? Inverted(bits) : bits);
            position = high;
        }
        AddGap(parts, position, to, constant);
        return _builder.Concatenate(parts, signed: false);
    }

    /// <summary>Sorts few items; those of equal keys stay in their order.</summary>
    private static void SortBy(Span<Addend> addends, Func<Addend, int> key)
    {
        for (var k = 1; k < addends.Length; k++)
        {
            for (var j = k; j > 0 && key(addends[j - 1]) > key(addends[j]); j--)
                (addends[j - 1], addends[j]) = (addends[j], addends[j - 1]);
        }
    }

    private void AddGap(List<int> parts, int from, int to, BigInteger constant)
    {
        if (from < to)
            parts.Add(_builder.Constant((constant >> from) & ((BigInteger.One << (to - from)) - 1), new FixedType(false, to - from, to - from)));
    }

    private int Inverted(int bits)
    {
        var width = _builder[bits].Width;
        return _builder.Add("inverted", new FixedType(false, width, width), null, r => new BitwiseNot(r, bits));
    }
}
