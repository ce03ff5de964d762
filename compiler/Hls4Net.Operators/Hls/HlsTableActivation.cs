using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Operators.Hls;

/// <summary>
/// An activation as deployed HLS firmware looks it up: the operand times the number of entries, divided by the range and truncated toward
/// zero, says which entry, and the ends stand for everything beyond them. Without a table it is the real function.
/// </summary>
/// <param name="Curve">Which function.</param>
/// <param name="Alpha">The factor of an ELU below zero; 1 for the others.</param>
/// <param name="Size">Number of entries.</param>
/// <param name="Table">The entries; null in an untyped graph.</param>
public sealed record HlsTableActivation(HlsCurve Curve, Dyadic Alpha, int Size = 0, Table? Table = null) : ElementwiseUnary
{
    /// <summary>The activation with its table.</summary>
    /// <param name="size">Number of entries, at least 2.</param>
    /// <param name="table">Type of the entries.</param>
    /// <param name="parameter">Type of the factor of an ELU.</param>
    public HlsTableActivation Typed(int size, Quantizer table, Quantizer parameter) =>
        new(Curve, Curve == HlsCurve.Elu ? Casting.Apply(Alpha, parameter) : Alpha, size, Curve.TableOf(size, table));

    protected override Term Map(BlockBuilder block, Term element)
    {
        if (!Curve.IsOneSided())
            return Entry(block, element, Size / 2);
        var zero = block.Literal(Dyadic.Zero);
        var below = Entry(block, zero - element, 0);
        if (Curve == HlsCurve.Elu)
            return element.Less(zero).Select(below * block.Literal(Alpha), element);
        return element.Less(zero).Select(below, element * block.Literal(HlsCurves.SeluAbove));
    }

    private Term Entry(BlockBuilder block, Term x, int below) => Table is null
        ? x.Lookup(new Table(Curve.Function(Dyadic.One), null))
        : HlsTables.At(block, x, Table, Size, below, Curve.RangePower());
}
