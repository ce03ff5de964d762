using System.Numerics;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>Writes steps one after the other, and knows in which slots the integers of nodes are.</summary>
/// <param name="recording">The nodes.</param>
internal sealed class LaneWriter(LaneRecorder recording)
{
    private readonly LaneSlots _slots = new();
    private readonly List<LaneOp> _ops = [];

    /// <summary>The slot of each node in each of its lanes; the lanes in which a node was computed stand in <see cref="_homes"/>.</summary>
    private readonly Dictionary<(int Node, LaneType Type), int> _places = [];

    private readonly Dictionary<int, LaneType> _homes = [];
    private readonly Dictionary<(int, int), int> _pairs = [];

    public LaneNode Node(int node) => recording.Nodes[node];

    /// <summary>Adds a step whose results are those of the given nodes, in their order.</summary>
    public void Write(LaneOp op, IReadOnlyList<int> nodes)
    {
        Write(op);
        for (var k = 0; k < nodes.Count; k++)
        {
            _homes[nodes[k]] = op.Type;
            _places[(nodes[k], op.Type)] = op.Target + k;
        }
    }

    /// <summary>The lanes in which an operand was computed, or the narrowest for a constant.</summary>
    public LaneType HomeOf(int operand) => operand < 0 ? LaneTypes.Fitting(ConstantOf(operand), ConstantOf(operand)) ?? LaneType.Int128 : _homes[operand];

    /// <summary>The narrowest lanes for what an operand can be.</summary>
    public LaneType TypeOf(int operand) => operand < 0 ? HomeOf(operand) : Node(operand).Type;

    /// <summary>The slots of operands in the given lanes, modulo those; what is missing is converted first.</summary>
    public int[] SlotsOf(IEnumerable<int> operands, LaneType type)
    {
        var list = operands.ToArray();
        Convert(list, type);
        return Array.ConvertAll(list, o => o < 0 ? _slots.Constant(ConstantOf(o), type) : _places[(o, type)]);
    }

    /// <summary>The slots of operands, each in the lanes in which it was computed.</summary>
    public (int Slot, LaneType Type) SlotOf(int operand)
    {
        var type = HomeOf(operand);
        return (operand < 0 ? _slots.Constant(ConstantOf(operand), type) : _places[(operand, type)], type);
    }

    /// <summary>The slots of pairs of nodes of at most 16 bits; one without a second is alone in a lane of 32.</summary>
    public int[] PairsOf(IReadOnlyList<(int Low, int High)> pairs)
    {
        var missing = pairs.Where(p => p.High >= 0 && !_pairs.ContainsKey(p)).Distinct().ToArray();
        foreach (var group in missing.GroupBy(p => HomeOf(p.Low) == LaneType.Int16 && HomeOf(p.High) == LaneType.Int16 ? LaneType.Int16 : LaneType.Int32))
        {
            var list = group.ToArray();
            var op = LaneOps.Pair(group.Key, SlotsOf(list.Select(p => p.Low), group.Key), SlotsOf(list.Select(p => p.High), group.Key));
            Write(op);
            for (var k = 0; k < list.Length; k++)
                _pairs[list[k]] = op.Target + k;
        }
        Convert(pairs.Where(p => p.High < 0).Select(p => p.Low), LaneType.Int32);
        return [.. pairs.Select(p => p.High < 0 ? _places[(p.Low, LaneType.Int32)] : _pairs[p])];
    }

    /// <summary>Adds a step that has no results of nodes.</summary>
    public void Write(LaneOp op)
    {
        if (op.Results > 0)
            op.Target = _slots.Add(op.Results, op.Type);
        _ops.Add(op);
    }

    /// <summary>The finished program.</summary>
    public LaneProgram Finish() => _slots.Place(_ops);

    private BigInteger ConstantOf(int operand) => recording.Constants[~operand];

    private void Convert(IEnumerable<int> operands, LaneType type)
    {
        var missing = operands.Where(o => o >= 0 && !_places.ContainsKey((o, type))).Distinct().ToArray();
        foreach (var group in missing.GroupBy(HomeOf))
        {
            var from = group.Key;
            if (from != LaneType.Int128 && type != LaneType.Int128 && Math.Abs(from - type) > 1)
            {
                from = from < type ? type - 1 : type + 1;
                Convert(group, from);
            }
            var list = group.ToArray();
            var op = LaneOps.Convert(from, type, Array.ConvertAll(list, o => _places[(o, from)]));
            Write(op);
            for (var k = 0; k < list.Length; k++)
                _places[(list[k], type)] = op.Target + k;
        }
    }
}
