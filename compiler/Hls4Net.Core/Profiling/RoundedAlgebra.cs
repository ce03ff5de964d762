using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Profiling;

/// <summary>
/// What fixed point does, on float64 numbers that need not lie on any grid: casts round, tables are looked up, quotients are truncated.
/// For figures in reports; the emulator says what the bits are.
/// </summary>
internal sealed class RoundedAlgebra : IAlgebra<double>
{
    private readonly RealAlgebra _real = new(applyCasts: true);

    public double Literal(Dyadic value) => _real.Literal(value);

    public double Add(double left, double right) => left + right;

    public double Subtract(double left, double right) => left - right;

    public double Multiply(double left, double right) => left * right;

    public double Square(double operand) => operand * operand;

    public double Divide(double left, double right, int fraction) =>
        double.IsFinite(left / right) ? Math.ScaleB(Math.Truncate(Math.ScaleB(left / right, fraction)), -fraction) : 0;

    public double Minimum(double left, double right) => Math.Min(left, right);

    public double Maximum(double left, double right) => Math.Max(left, right);

    public double Compare(Comparison comparison, double left, double right) => _real.Compare(comparison, left, right);

    public double Select(double condition, double then, double otherwise) => _real.Select(condition, then, otherwise);

    public double Shift(double operand, int power) => Math.ScaleB(operand, power);

    public double Cast(double operand, Quantizer quantizer) => _real.Cast(operand, quantizer);

    public double Lookup(double operand, Table table)
    {
        if (table.Data is not { } data)
            return _real.Lookup(operand, table);
        var address = Casting.Cast(operand, new Quantizer(data.Input, Rounding.Trn, Overflow.Sat));
        return new Dyadic(data.At(address), -data.Output.Fraction).ToDouble();
    }

    public double Sum(IReadOnlyList<double> terms) => _real.Sum(terms);
}
