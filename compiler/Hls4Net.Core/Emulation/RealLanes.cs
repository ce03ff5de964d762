using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation;

/// <summary>The real algebra on blocks of events; an array of one element stands for all events.</summary>
/// <param name="inner">The algebra of one event; its sums, differences and products are those of float64.</param>
/// <param name="applyCasts">Whether casts count or are left out.</param>
/// <param name="lanes">Events in a block.</param>
/// <param name="undecided">Receives for each event whether a cast rounds a number that an error of float32 could push to the other side; null if nobody asks.</param>
internal sealed class RealLanes(IAlgebra<double> inner, bool applyCasts, int lanes, bool[]? undecided = null) : IAlgebra<double[]>
{
    /// <summary>Sums in float32 are rarely off by more of their largest value.</summary>
    private static readonly double Float32Error = Math.ScaleB(1, -20);

    public double[] Literal(Dyadic value) => [value.ToDouble()];

    public double[] Add(double[] left, double[] right) => Map<Plus>(left, right);

    public double[] Subtract(double[] left, double[] right) => Map<Minus>(left, right);

    public double[] Multiply(double[] left, double[] right) => Map<Times>(left, right);

    public double[] Square(double[] operand) => Map<Times>(operand, operand);

    public double[] Divide(double[] left, double[] right, int fraction) => Map(left, right, (a, b) => inner.Divide(a, b, fraction));

    public double[] Minimum(double[] left, double[] right) => Map(left, right, inner.Minimum);

    public double[] Maximum(double[] left, double[] right) => Map(left, right, inner.Maximum);

    public double[] Compare(Comparison comparison, double[] left, double[] right) => Map(left, right, (a, b) => inner.Compare(comparison, a, b));

    public double[] Select(double[] condition, double[] then, double[] otherwise)
    {
        var result = new double[lanes];
        for (var lane = 0; lane < lanes; lane++)
            result[lane] = inner.Select(At(condition, lane), At(then, lane), At(otherwise, lane));
        return result;
    }

    public double[] Shift(double[] operand, int power) => Map(operand, x => inner.Shift(x, power));

    public double[] Cast(double[] operand, Quantizer quantizer)
    {
        if (!applyCasts)
            return operand;
        if (undecided is not null)
            NoteEdges(operand, quantizer, undecided);
        return InputConversion.ToDoubles(InputConversion.Quantize(operand, 1, quantizer), quantizer.Type);
    }

    private static void NoteEdges(double[] operand, Quantizer quantizer, bool[] undecided)
    {
        var scale = Math.ScaleB(1, quantizer.Type.Fraction);
        var slack = Float32Error * scale * operand.Max(Math.Abs);
        var edge = quantizer.Rounding is Rounding.Trn or Rounding.TrnZero ? 0 : 0.5;
        for (var lane = 0; lane < undecided.Length; lane++)
        {
            var distance = Math.Abs(Math.IEEERemainder(At(operand, lane) * scale - edge, 1));
            undecided[lane] |= distance <= slack;
        }
    }

    public double[] Lookup(double[] operand, Table table) => Map(operand, x => inner.Lookup(x, table));

    public double[] Sum(IReadOnlyList<double[]> terms)
    {
        var result = new double[terms.Any(t => t.Length > 1) ? lanes : 1];
        foreach (var term in terms)
            MapInto<Plus>(result, result, term);
        return result;
    }

    private static double At(double[] values, int lane) => values[values.Length == 1 ? 0 : lane];

    private static double[] Map(double[] operand, Func<double, double> function) => Array.ConvertAll(operand, x => function(x));

    private static double[] Map(double[] left, double[] right, Func<double, double, double> function)
    {
        var result = new double[Math.Max(left.Length, right.Length)];
        for (var lane = 0; lane < result.Length; lane++)
            result[lane] = function(At(left, lane), At(right, lane));
        return result;
    }

    private static double[] Map<TStep>(double[] left, double[] right)
        where TStep : IStep
    {
        var result = new double[Math.Max(left.Length, right.Length)];
        MapInto<TStep>(result, left, right);
        return result;
    }

    private static void MapInto<TStep>(double[] result, double[] left, double[] right)
        where TStep : IStep
    {
        var (isLeftUniform, isRightUniform) = (left.Length == 1, right.Length == 1);
        var (a, b) = (new Vector<double>(left[0]), new Vector<double>(right[0]));
        var lane = 0;
        for (; lane <= result.Length - Vector<double>.Count; lane += Vector<double>.Count)
            TStep.Apply(isLeftUniform ? a : new(left, lane), isRightUniform ? b : new(right, lane)).CopyTo(result, lane);
        for (; lane < result.Length; lane++)
            result[lane] = TStep.Apply(At(left, lane), At(right, lane));
    }

    /// <summary>An operation on float64 that is the same in every algebra of reals, for one event and for several.</summary>
    private interface IStep
    {
        static abstract double Apply(double left, double right);

        static abstract Vector<double> Apply(Vector<double> left, Vector<double> right);
    }

    private readonly struct Plus : IStep
    {
        public static double Apply(double left, double right) => left + right;

        public static Vector<double> Apply(Vector<double> left, Vector<double> right) => left + right;
    }

    private readonly struct Minus : IStep
    {
        public static double Apply(double left, double right) => left - right;

        public static Vector<double> Apply(Vector<double> left, Vector<double> right) => left - right;
    }

    private readonly struct Times : IStep
    {
        public static double Apply(double left, double right) => left * right;

        public static Vector<double> Apply(Vector<double> left, Vector<double> right) => left * right;
    }
}
