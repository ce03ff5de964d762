using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Reuse;

/// <summary>
/// Counts the phases of a folded layer in two digits: Inner from 0 below its extent, then Outer one on. Phase 0 is the cycle in which
/// start is 1; behind the last phase the counter rests at 0, where an event can start in the next cycle. Whatever it holds when the
/// clock begins, it is at rest after at most as many cycles as it has codes, so that no reset is needed.
/// </summary>
internal sealed class PhaseCounter
{
    private readonly ModuleBuilder _builder;

    /// <param name="start">1 in the cycle in which an event's operands are there.</param>
    /// <param name="bank">The bank that an event takes its loadable numbers from, in the same cycle; −1 if there are none.</param>
    public PhaseCounter(ModuleBuilder builder, int start, int inner, int outer, int bank = -1)
    {
        _builder = builder;
        InnerExtent = inner;
        OuterExtent = outer;
        Inner = inner > 1 ? Open("phase", inner) : -1;
        Outer = outer > 1 ? Open("phase_outer", outer) : -1;
        IsInnerFirst = IsZero(Inner, "phase_is_first");
        IsFirst = Outer < 0 ? IsInnerFirst : Inner < 0 ? IsZero(Outer, "phase_is_first") : And("is_first", IsInnerFirst, IsZero(Outer, "phase_outer_is_first"));
        var isCounting = IsFirst < 0 ? start : Or("counts", start, Not("runs", IsFirst));
        var carry = Inner < 0 ? isCounting : Advance(Inner, inner, isCounting);
        if (Outer >= 0)
            Advance(Outer, outer, carry);
        Bank = bank < 0 ? -1 : Held(bank);
    }

    public int InnerExtent { get; }

    public int OuterExtent { get; }

    /// <summary>The net of the inner digit; −1 if its extent is 1.</summary>
    public int Inner { get; }

    /// <summary>The net of the outer digit; −1 if its extent is 1.</summary>
    public int Outer { get; }

    /// <summary>1 in phase 0 and at rest; −1 if there is only one phase.</summary>
    public int IsFirst { get; }

    /// <summary>The bank of the event whose phases are counted; −1 if there are no banks.</summary>
    public int Bank { get; }

    /// <summary>1 where the inner digit is 0; −1 if it always is.</summary>
    public int IsInnerFirst { get; }

    /// <summary>1 where the inner digit is its last and the outer digit the given one; −1 if that is always so.</summary>
    public int IsEndOf(int outer)
    {
        var (a, b) = (Inner < 0 ? -1 : IsAt(Inner, InnerExtent - 1), Outer < 0 ? -1 : IsAt(Outer, outer));
        return a < 0 ? b : b < 0 ? a : And("is_end", a, b);
    }

    /// <summary>The one of the nets that a digit selects, as multiplexers of two; −1 stands for any net.</summary>
    /// <param name="stem">Starts the names of the multiplexers.</param>
    /// <param name="digit">The net of a digit, or −1 with only one net.</param>
    /// <param name="nets">By the value of the digit, all of one type.</param>
    public int Choose(string stem, int digit, ReadOnlySpan<int> nets) => nets.Length == 1 ? nets[0] : Choose(stem, digit, nets, _builder[digit].Width - 1);

    private int Choose(string stem, int digit, ReadOnlySpan<int> nets, int bit)
    {
        if (nets.Length == 1)
            return nets[0];
        var half = 1 << bit;
        if (nets.Length <= half)
            return Choose(stem, digit, nets, bit - 1);
        var (low, high) = (Choose(stem, digit, nets[..half], bit - 1), Choose(stem, digit, nets[half..], bit - 1));
        if (low < 0 || high < 0 || low == high)
            return low < 0 ? high : low;
        var condition = _builder.Bit(digit, bit);
        return _builder.Add($"{stem}_choice", _builder[low].Type, null, r => new Multiplexer(r, condition, high, low));
    }

    /// <summary>Bits of a digit with so many values.</summary>
    public static int BitsOf(int extent) => 32 - int.LeadingZeroCount(extent - 1);

    private int Open(string name, int extent) => _builder.Open(Net.Of(_builder.NumberedName(name), new(false, BitsOf(extent), BitsOf(extent))), 0);

    /// <summary>What a bit is in phase 0, in all phases.</summary>
    private int Held(int bit)
    {
        var state = _builder.Open(Net.Of(_builder.NumberedName("bank_held"), FixedType.Bit), 0);
        var now = _builder.Add("bank_now", FixedType.Bit, null, r => new Multiplexer(r, IsFirst, bit, state));
        _builder.Close(state, now);
        return now;
    }

    /// <summary>Closes a digit: it goes on where the bit is 1, and from its last value to 0. The result is 1 where it does that.</summary>
    private int Advance(int digit, int extent, int bit)
    {
        var type = _builder[digit].Type;
        var step = _builder.Extend(bit, type.Width);
        var next = _builder.Add("phase_next", type, null, r => new Adder(r, digit, step));
        var isLast = IsAt(digit, extent - 1);
        if (!BigInteger.IsPow2(extent))
        {
            var zero = _builder.Constant(0, type);
            var on = next;
            // The inner digit always goes on from its last value.
            var wraps = digit == Inner || Inner < 0 ? isLast : And("wraps", isLast, bit);
            next = _builder.Add("phase_next", type, null, r => new Multiplexer(r, wraps, zero, on));
        }
        _builder.Close(digit, next);
        return isLast;
    }

    private int IsAt(int digit, int value)
    {
        var constant = _builder.Constant(value, _builder[digit].Type);
        return _builder.Add("phase_is_at", FixedType.Bit, null, r => new EqualTo(r, digit, constant));
    }

    private int IsZero(int digit, string name) => digit < 0 ? -1 : Not(name, _builder[digit].Width == 1 ? digit
        : _builder.Add($"{name}_not", FixedType.Bit, null, r => new OrReduction(r, digit)));

    private int Not(string name, int bit) => _builder.Add(name, FixedType.Bit, null, r => new BitwiseNot(r, bit));

    private int And(string name, int a, int b) => _builder.Add($"phase_{name}", FixedType.Bit, null, r => new BitwiseAnd(r, a, b));

    private int Or(string name, int a, int b) => _builder.Add($"phase_{name}", FixedType.Bit, null, r => new BitwiseOr(r, a, b));
}
