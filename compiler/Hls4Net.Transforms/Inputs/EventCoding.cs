using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Inputs;

/// <summary>
/// Events as the hardware's integers on the firmware's ports. A real number is divided by the step of its integer, exactly, rounded as the type says
/// (to the nearest, a tie upward, if it says nothing), and brought into the type: an angle by whole turns, anything else by the type's overflow
/// (saturation if it says nothing).
/// </summary>
public sealed class EventCoding
{
    private const int Slice = 2048;

    private readonly EventDescription _description;
    private readonly Coder?[] _coders;
    private readonly int[] _keys;
    private readonly int[] _momenta;
    private readonly Dictionary<string, int> _elements;

    public EventCoding(EventDescription description)
    {
        _description = description;
        var features = description.Features;
        _coders = [.. features.Select(f => f.IsPresent ? new Coder(f) : null)];
        _keys = [.. features.Select(f => IndexOf(f, f.Key))];
        _momenta = [.. features.Select(f => f.Key is null ? -1 : IndexOf(f, "pt"))];
        _elements = description.Ports.ToDictionary(p => p.Name, p => p.Shape.Aggregate(1, (a, b) => a * b), StringComparer.Ordinal);

        int IndexOf(EventFeature feature, string? quantity) => quantity is null ? -1
            : features.ToList().FindIndex(f => f.Object == feature.Object && f.Slot == feature.Slot && f.Quantity == quantity);
    }

    /// <summary>Numbers of an event, in the network's order.</summary>
    public int Features => _description.Features.Count;

    /// <summary>The hardware's integers of real events, in GeV and radians.</summary>
    /// <param name="rows">Event after event, finite numbers.</param>
    /// <returns>Events × features; 0 for what hardware does not have.</returns>
    public long[] ToIntegers(double[] rows)
    {
        var (width, result) = (Features, new long[rows.Length]);
        var events = rows.Length / Math.Max(1, width);
        Parallel.For(0, (events + Slice - 1) / Slice, slice =>
        {
            for (var e = slice * Slice; e < Math.Min(events, (slice + 1) * Slice); e++)
                Code(rows.AsSpan(e * width, width), result.AsSpan(e * width, width));
        });
        return result;
    }

    /// <summary>The first integer that no hardware could have.</summary>
    /// <param name="integers">Events × features.</param>
    /// <returns>Its place, or −1.</returns>
    public int FirstOutside(long[] integers)
    {
        for (var i = 0; i < integers.Length; i++)
        {
            if (_coders[i % Features] is { } coder ? integers[i] < coder.Lowest || integers[i] > coder.Highest : integers[i] != 0)
                return i;
        }
        return -1;
    }

    /// <summary>Integers on the firmware's ports.</summary>
    /// <param name="integers">Events × features, each in its type.</param>
    public IReadOnlyDictionary<string, RawBatch> ToPorts(long[] integers)
    {
        var (width, events) = (Features, integers.Length / Math.Max(1, Features));
        var raw = _description.Ports.ToDictionary(p => p.Name, p => new long[events * _elements[p.Name]], StringComparer.Ordinal);
        foreach (var (feature, index) in _description.Features.Select((f, i) => (f, i)).Where(f => f.f.IsPresent))
        {
            var (target, elements) = (raw[feature.Port], _elements[feature.Port]);
            for (var e = 0; e < events; e++)
                Put(feature, integers[e * width + index], target.AsSpan(e * elements, elements));
        }
        return _description.Ports.ToDictionary(p => p.Name, p => new RawBatch(events, _elements[p.Name], null, raw[p.Name]), StringComparer.Ordinal);
    }

    /// <summary>Real events on the firmware's ports.</summary>
    /// <param name="rows">Event after event, finite numbers.</param>
    public IReadOnlyDictionary<string, RawBatch> ToPorts(double[] rows) => ToPorts(ToIntegers(rows));

    /// <summary>The ports' numbers of real events without rounding: what the network in real numbers reads. Words cannot hold them, and are rounded.</summary>
    /// <param name="rows">Event after event, finite numbers.</param>
    public IReadOnlyDictionary<string, double[]> ToReals(double[] rows)
    {
        if (_description.Kind is EventPorts.Words or EventPorts.Links)
            return ToPorts(rows).ToDictionary(p => p.Key, p => Array.ConvertAll(p.Value.Raw, r => (double)r), StringComparer.Ordinal);
        var (width, events) = (Features, rows.Length / Math.Max(1, Features));
        var reals = _description.Ports.ToDictionary(p => p.Name, p => new double[events * _elements[p.Name]], StringComparer.Ordinal);
        for (var i = 0; i < width; i++)
        {
            if (_coders[i] is not { } coder)
                continue;
            var feature = _description.Features[i];
            for (var e = 0; e < events; e++)
                reals[feature.Port][e * _elements[feature.Port] + feature.Element] = coder.Real(rows[e * width + i]);
        }
        return reals;
    }

    private static void Put(EventFeature feature, long value, Span<long> elements)
    {
        if (!feature.IsInWord)
        {
            elements[feature.Element] = value;
            return;
        }
        var bits = (UInt128)(unchecked((ulong)value) & (ulong.MaxValue >> (64 - feature.Type.Type.Width))) << feature.Low;
        elements[feature.Element] |= (long)(bits & uint.MaxValue);
        if (bits >> EventDescription.WordBits is var rest && rest != 0)
            elements[feature.Element + 1] |= (long)rest;
    }

    private void Code(ReadOnlySpan<double> row, Span<long> result)
    {
        for (var i = 0; i < row.Length; i++)
            result[i] = _coders[i]?.Code(row[i]) ?? 0;
        for (var i = 0; i < row.Length; i++)
        {
            if (_momenta[i] < 0 || row[_momenta[i]] != 0)
                continue;
            // An absent object is zeros, and the code that says so.
            result[i] = _keys[i] == i ? _description.Features[i].Code : 0;
        }
    }

    /// <summary>One number.</summary>
    private sealed class Coder
    {
        /// <summary>More than what the division by a rounded step errs, relatively.</summary>
        private const double Doubt = 1e-14;

        private readonly EventFeature _feature;
        private readonly Rational _step;
        private readonly double _perStep;

        public Coder(EventFeature feature)
        {
            (_feature, _step, _perStep) = (feature, feature.Lsb, feature.Lsb.ToDyadic().ToDouble());
            var type = feature.Type.Type;
            Lowest = (long)(feature.Type.Overflow == Overflow.SatSym && type.Signed ? -type.MaximumRaw : type.MinimumRaw);
            Highest = (long)type.MaximumRaw;
        }

        public long Lowest { get; }

        public long Highest { get; }

        /// <summary>The number on the port before rounding: of an angle within a turn.</summary>
        public double Real(double value)
        {
            var steps = value / _perStep;
            if (_feature.Period > 0)
            {
                steps -= Math.Floor(steps / _feature.Period) * _feature.Period;
                steps -= _feature.Type.Type.Signed && 2 * steps >= _feature.Period ? _feature.Period : 0;
            }
            return Math.ScaleB(steps, -_feature.Type.Type.Fraction);
        }

        public long Code(double value)
        {
            if (value == 0)
                return 0;
            var steps = value / _perStep;
            var floor = Math.Floor(steps);
            var rest = steps - floor;
            var doubt = Math.Abs(steps) * Doubt;
            // Far from a whole number and from a half, every rounding agrees with the exact quotient's.
            return Math.Abs(steps) < 1e9 && rest > doubt && rest < 1 - doubt && Math.Abs(rest - 0.5) > doubt
                ? Confine((long)floor + (RoundsUp(steps, rest) ? 1 : 0))
                : Confine(Exactly(value));
        }

        private bool RoundsUp(double steps, double rest) => _feature.Type.Rounding switch
        {
            Rounding.Trn => false,
            Rounding.TrnZero => steps < 0,
            _ => rest > 0.5,
        };

        private BigInteger Exactly(double value)
        {
            var quotient = (Rational)Dyadic.FromDouble(value) / _step;
            // Twice the quotient, with a bit behind it that says whether there is more: enough for any rounding.
            var twice = quotient * 2;
            var whole = twice.Floor;
            return Casting.Round(whole * 2 + (twice.IsInteger ? 0 : 1), 2, _feature.Type.Rounding);
        }

        private long Confine(long raw) => _feature.Period > 0 ? Turned(raw)
            : raw >= Lowest && raw <= Highest ? raw
            : _feature.Type.Overflow is Overflow.Sat or Overflow.SatSym ? Math.Clamp(raw, Lowest, Highest)
            : Confine((BigInteger)raw);

        private long Confine(BigInteger raw) => _feature.Period > 0
            ? Turned((long)(raw % _feature.Period))
            : (long)Casting.Confine(raw, _feature.Type.Type, _feature.Type.Overflow);

        /// <summary>A number of steps within a turn, which types with a sign begin at half a turn below zero.</summary>
        private long Turned(long raw)
        {
            var turned = raw % _feature.Period;
            turned += turned < 0 ? _feature.Period : 0;
            return _feature.Type.Type.Signed && 2 * turned >= _feature.Period ? turned - _feature.Period : turned;
        }
    }
}
