using System.Numerics;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>The terms of a sum on one grid: the constant ones added up, the others as nodes with factors, in their order.</summary>
internal struct LaneTerms(int capacity)
{
    private readonly int[] _nodes = new int[capacity];
    private readonly Int128[] _factors = new Int128[capacity];
    private int _count;

    public BigInteger Constant { get; private set; }

    /// <summary>Whether a factor needs more than the widest lane.</summary>
    public bool IsTooWide { get; private set; }

    public readonly int[] Nodes => _count == _nodes.Length ? _nodes : _nodes[.._count];

    public readonly Int128[] Factors => _count == _factors.Length ? _factors : _factors[.._count];

    /// <summary>Adds a term. One whose factor is zero stays, so that sums of the same operands can be told as such.</summary>
    public void Add(LaneTerm term)
    {
        if (term.IsConstant)
        {
            Constant += term.Factor;
            return;
        }
        var isWide = LaneTypes.Fitting(term.Factor, term.Factor) is null;
        IsTooWide |= isWide;
        (_nodes[_count], _factors[_count]) = (term.Node, isWide ? 1 : (Int128)term.Factor);
        _count++;
    }

    /// <summary>The sum if it is a constant or a multiple of one node, with no statement on the grid; else null.</summary>
    public readonly LaneTerm? Single()
    {
        var found = -1;
        for (var k = 0; k < _count; k++)
        {
            if (_factors[k] == Int128.Zero)
                continue;
            if (found >= 0 || !Constant.IsZero || IsTooWide)
                return null;
            found = k;
        }
        return found < 0 ? LaneTerm.Constant(Constant, 0) : new(_nodes[found], (BigInteger)_factors[found], 0);
    }

    /// <summary>The smallest and largest sum.</summary>
    public readonly (BigInteger Low, BigInteger High) Range(List<LaneNode> nodes)
    {
        var (low, high) = (Constant, Constant);
        Int128 smallLow = 0, smallHigh = 0;
        for (var k = 0; k < _count; k++)
        {
            var (node, factor) = (nodes[_nodes[k]], _factors[k]);
            if (factor == Int128.Zero)
                continue;
            if (node.Type <= LaneType.Int32 && factor >= int.MinValue && factor <= int.MaxValue)
            {
                // Products of 63 bits, of which no list can be so long that they leave 128.
                var (a, b) = ((long)factor * (long)node.Low, (long)factor * (long)node.High);
                smallLow += Math.Min(a, b);
                smallHigh += Math.Max(a, b);
            }
            else
            {
                low += (BigInteger)factor * (factor > 0 ? node.Low : node.High);
                high += (BigInteger)factor * (factor > 0 ? node.High : node.Low);
            }
        }
        return (low + (BigInteger)smallLow, high + (BigInteger)smallHigh);
    }
}
