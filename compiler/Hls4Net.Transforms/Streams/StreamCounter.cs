using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Streams;

/// <summary>
/// Counts the cycles of a row of ticks in three digits: cycles of a tick, ticks of a row, rows. All are 0 at rest and in the cycle in which
/// start is 1; from there on they run through once. While they run, start does nothing. No reset is needed: whatever they hold when the
/// clock begins, they come to rest.
/// </summary>
internal sealed class StreamCounter
{
    private readonly ModuleBuilder _builder;
    private readonly Rhythm _rhythm;
    private readonly string _name;
    private readonly int _inner;
    private readonly int _outer;
    private readonly int _isTick;

    /// <param name="cycles">Clock cycles of a tick.</param>
    public StreamCounter(ModuleBuilder builder, string name, int start, int cycles, Rhythm rhythm)
    {
        (_builder, _rhythm, _name) = (builder, rhythm, name);
        var sub = Open("cycle", cycles);
        _inner = Open("tick", rhythm.Inner);
        _outer = Open("row", rhythm.Outer);
        int[] digits = [.. new[] { sub, _inner, _outer }.Where(d => d >= 0)];
        IsFirst = -1;
        foreach (var digit in digits)
            IsFirst = And(IsFirst, Not(IsAny(digit)));
        IsCounting = IsFirst < 0 ? start : Or(start, Not(IsFirst));
        _isTick = sub < 0 ? -1 : Not(IsAny(sub));
        var carry = IsCounting;
        foreach (var (digit, extent) in new[] { (sub, cycles), (_inner, rhythm.Inner), (_outer, rhythm.Outer) })
            carry = digit < 0 ? carry : Advance(digit, extent, carry);
    }

    /// <summary>1 at rest and in the first cycle; −1 if there is only one cycle.</summary>
    public int IsFirst { get; }

    /// <summary>1 from the first cycle to the last.</summary>
    public int IsCounting { get; }

    /// <summary>1 in the cycles in which the given ticks begin, after a start.</summary>
    /// <param name="ticks">Ticks of the rhythm.</param>
    public int Pulses(IReadOnlyList<int> ticks)
    {
        var all = Enumerable.Range(_rhythm.Start, _rhythm.Span).ToArray();
        var wanted = ticks.ToHashSet();
        return And(And(IsCounting, _isTick), Condition(all, [.. all.Select(wanted.Contains)]));
    }

    /// <summary>A bit that has these values in the cycles in which these ticks begin, and any in others; −1 if it is 1 in all of them.</summary>
    public int Condition(IReadOnlyList<int> ticks, IReadOnlyList<bool> values)
    {
        if (values.All(v => v))
            return -1;
        var digits = ticks.Select(_rhythm.DigitsOf).ToArray();
        var (byInner, byOuter) = (Any(digits.Select(d => d.Inner), values, _rhythm.Inner), Any(digits.Select(d => d.Outer), values, _rhythm.Outer));
        if (Agree((i, o) => byInner[i] && byOuter[o]))
            return And(Table(_inner, byInner), Table(_outer, byOuter));
        var opposite = values.Select(v => !v).ToArray();
        var (notInner, notOuter) = (Any(digits.Select(d => d.Inner), opposite, _rhythm.Inner), Any(digits.Select(d => d.Outer), opposite, _rhythm.Outer));
        if (Agree((i, o) => !(notInner[i] && notOuter[o])))
            return Not(And(Table(_inner, notInner), Table(_outer, notOuter)));
        var bits = _inner < 0 ? 0 : _builder[_inner].Width;
        var entries = new bool[1 << (bits + (_outer < 0 ? 0 : _builder[_outer].Width))];
        for (var k = 0; k < digits.Length; k++)
            entries[(digits[k].Outer << bits) | digits[k].Inner] = values[k];
        int[] address = [.. new[] { _inner, _outer }.Where(d => d >= 0)];
        return Rom(address.Length == 1 ? address[0] : _builder.Concatenate(address, signed: false), entries);

        bool Agree(Func<int, int, bool> product) => Enumerable.Range(0, digits.Length).All(k => product(digits[k].Inner, digits[k].Outer) == values[k]);
    }

    private static bool[] Any(IEnumerable<int> digits, IReadOnlyList<bool> values, int extent)
    {
        var any = new bool[extent];
        foreach (var (digit, value) in digits.Zip(values))
            any[digit] |= value;
        return any;
    }

    /// <summary>A bit for each value of a digit; −1 if all are 1.</summary>
    private int Table(int digit, bool[] values)
    {
        if (values.All(v => v))
            return -1;
        if (digit < 0)
            return _builder.Constant(values[0] ? 1 : 0, FixedType.Bit);
        var ones = values.Count(v => v);
        if (ones is 0)
            return _builder.Constant(0, FixedType.Bit);
        if (ones == 1 || ones == values.Length - 1)
        {
            var value = _builder.Constant(Array.IndexOf(values, ones == 1), _builder[digit].Type);
            var isAt = _builder.Add($"{_name}_is_at", FixedType.Bit, null, r => new EqualTo(r, digit, value));
            return ones == 1 ? isAt : Not(isAt);
        }
        var entries = new bool[1 << _builder[digit].Width];
        values.CopyTo(entries, 0);
        return Rom(digit, entries);
    }

    private int Rom(int address, bool[] entries) => _builder.Add($"{_name}_at", FixedType.Bit, null,
        r => new Rom(r, address, entries.Select(e => e ? 1L : 0L).ToSeq(), "positions"));

    private int Open(string digit, int extent) => extent == 1 ? -1
        : _builder.Open(Net.Of(_builder.NumberedName($"{_name}_{digit}"), Digit(extent)), 0);

    private static FixedType Digit(int extent) => new(false, 32 - int.LeadingZeroCount(extent - 1), 32 - int.LeadingZeroCount(extent - 1));

    /// <summary>Closes a digit: it goes on where the bit is 1. The result is 1 where it goes from its last value to 0.</summary>
    private int Advance(int digit, int extent, int bit)
    {
        var type = _builder[digit].Type;
        var (last, zero, step) = (_builder.Constant(extent - 1, type), _builder.Constant(0, type), _builder.Extend(bit, type.Width));
        var isLast = _builder.Add($"{_name}_is_last", FixedType.Bit, null, r => new EqualTo(r, digit, last));
        var next = _builder.Add($"{_name}_next", type, null, r => new Adder(r, digit, step));
        var wraps = And(isLast, bit);
        _builder.Close(digit, _builder.Add($"{_name}_next", type, null, r => new Multiplexer(r, wraps, zero, next)));
        return wraps;
    }

    private int IsAny(int digit) => _builder[digit].Width == 1 ? digit
        : _builder.Add($"{_name}_is_any", FixedType.Bit, null, r => new OrReduction(r, digit));

    private int Not(int bit) => bit < 0 ? _builder.Constant(0, FixedType.Bit) : _builder.Add($"{_name}_not", FixedType.Bit, null, r => new BitwiseNot(r, bit));

    private int And(int a, int b) => a < 0 ? b : b < 0 ? a : _builder.Add($"{_name}_and", FixedType.Bit, null, r => new BitwiseAnd(r, a, b));

    private int Or(int a, int b) => _builder.Add($"{_name}_or", FixedType.Bit, null, r => new BitwiseOr(r, a, b));
}
