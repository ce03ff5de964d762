using FsCheck;
using FsCheck.Fluent;
using Hls4Net.Core.Numbers;
using Interval = Hls4Net.Core.Numbers.Interval;

namespace Hls4Net.Tests.Numbers;

public sealed class IntervalTests
{
    private static readonly Gen<Interval> Intervals =
        from a in Gen.Choose(-12, 12)
        from length in Gen.Choose(0, 7)
        from fraction in Gen.Choose(-2, 3)
        select new Interval(a, a + length, fraction);

    [Fact]
    public void Sums_differences_products_and_unions_hold_every_result_and_touch_both_ends()
    {
        var pairs = from a in Intervals from b in Intervals select (a, b);
        Prop.ForAll(pairs.ToArbitrary(), t =>
            IsHull(t.a + t.b, t, (x, y) => x + y)
            && IsHull(t.a - t.b, t, (x, y) => x - y)
            && IsHull(t.a * t.b, t, (x, y) => x * y)
            && t.a.Union(t.b) == Hull([.. Members(t.a), .. Members(t.b)], Math.Max(t.a.Fraction, t.b.Fraction))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_type_of_an_interval_is_the_smallest_that_holds_it()
    {
        Prop.ForAll(Intervals.ToArbitrary(), interval =>
        {
            var type = interval.Type;
            var smaller = new FixedType(type.Signed, type.Width - 1, type.Integer - 1);
            return type.Fraction == interval.Fraction && type.Contains(interval) && type.Signed == interval.Low.Sign < 0
                && (type.Width == 1 || !smaller.Contains(interval));
        }).QuickCheckThrowOnFailure();
        Assert.Equal(new FixedType(true, 8, 8), new Interval(-128, 127, 0).Type);
        Assert.Equal(new FixedType(true, 9, 9), new Interval(-128, 128, 0).Type);
        Assert.Equal(new FixedType(true, 1, 1), new Interval(-1, 0, 0).Type);
        Assert.Equal(new FixedType(false, 1, 1), new Interval(0, 0, 0).Type);
        Assert.Equal(new FixedType(false, 8, 0), new Interval(3, 255, 8).Type);
    }

    [Fact]
    public void A_type_contains_an_interval_exactly_when_it_contains_every_member()
    {
        var cases =
            from interval in Intervals
            from signed in Gen.Elements(true, false)
            from width in Gen.Choose(1, 6)
            from integer in Gen.Choose(-1, 8)
            select (interval, type: new FixedType(signed, width, integer));
        Prop.ForAll(cases.ToArbitrary(), t =>
        {
            var all = Members(t.interval).All(m => m.Exponent >= -t.type.Fraction || m.IsZero)
                && Members(t.interval).All(t.type.Range.Contains);
            // A coarse type is refused even where the few members of the interval happen to lie on its grid.
            return t.type.Contains(t.interval) == all || (all && t.interval.Fraction > t.type.Fraction);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void An_interval_of_one_number_is_that_number()
    {
        Assert.Equal(new Interval(5, 5, 3), Interval.Of(new Dyadic(5, -3)));
        Assert.Equal(new Interval(40, 40, 0), Interval.Of(new Dyadic(5, 3)));
        Assert.Equal(new Dyadic(5, 0), new Interval(-10, 3, 1).Largest);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Interval(1, 1, 3).WithFraction(2));
    }

    private static bool IsHull(Interval result, (Interval A, Interval B) operands, Func<Dyadic, Dyadic, Dyadic> operation)
    {
        var all = (from x in Members(operands.A) from y in Members(operands.B) select operation(x, y)).ToArray();
        return result == Hull(all, result.Fraction);
    }

    private static Interval Hull(IReadOnlyCollection<Dyadic> numbers, int fraction) => Interval.Between(numbers.Min(), numbers.Max(), fraction);

    private static IEnumerable<Dyadic> Members(Interval interval) =>
        Enumerable.Range(0, (int)(interval.High - interval.Low) + 1).Select(k => new Dyadic(interval.Low + k, -interval.Fraction));
}
