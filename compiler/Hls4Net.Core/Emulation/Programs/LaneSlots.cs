using System.Numerics;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>The slots of a program while it is written, and their places in memory in the end.</summary>
internal sealed class LaneSlots
{
    /// <summary>Bytes of a constant's slot, whatever its lanes are.</summary>
    private const int ConstantSize = 16;

    /// <summary>The working set of a block, which stays in the caches that a core has to itself.</summary>
    private const int WorkingSet = 1 << 18;

    private const int MostLanes = 512;

    private readonly List<Batch> _batches = [];
    private readonly List<int> _batchOf = [];
    private readonly Dictionary<(BigInteger, LaneType), int> _constants = [];
    private readonly List<(BigInteger Value, LaneType Type)> _constantValues = [];

    /// <summary>Slots that lie one after the other, for the results of one step; the first of them.</summary>
    public int Add(int count, LaneType type)
    {
        var first = _batchOf.Count;
        _batches.Add(new(first, type.Size(), count));
        _batchOf.AddRange(Enumerable.Repeat(_batches.Count - 1, count));
        return first;
    }

    /// <summary>The slot that holds one number for all events.</summary>
    public int Constant(BigInteger value, LaneType type)
    {
        if (!_constants.TryGetValue((value, type), out var slot))
        {
            _constants[(value, type)] = slot = _batchOf.Count;
            _batches.Add(new(slot, 0, 1) { Offset = ConstantSize * _constantValues.Count });
            _batchOf.Add(_batches.Count - 1);
            _constantValues.Add((value, type));
        }
        return slot;
    }

    /// <summary>Gives every slot its place: memory is used again as soon as the last step has read what is there.</summary>
    /// <param name="ops">The steps in their order.</param>
    public LaneProgram Place(IReadOnlyList<LaneOp> ops)
    {
        var last = new int[_batches.Count];
        for (var k = 0; k < ops.Count; k++)
        {
            if (ops[k].Results > 0)
                last[_batchOf[ops[k].Target]] = k;
            foreach (var slot in ops[k].Operands.SelectMany(o => o))
                last[_batchOf[slot]] = k;
        }
        var memory = new LaneMemory();
        foreach (var (k, op) in ops.Index())
        {
            if (op.Results > 0)
            {
                var batch = _batches[_batchOf[op.Target]];
                batch.Offset = memory.Take(batch.Size * batch.Count);
            }
            foreach (var batch in op.Operands.SelectMany(o => o).Append(op.Results > 0 ? op.Target : -1).Where(s => s >= 0).Select(s => _batchOf[s]).Distinct())
            {
                if (last[batch] == k && _batches[batch].Size > 0)
                    memory.Give(_batches[batch].Offset, _batches[batch].Size * _batches[batch].Count);
            }
        }
        var lanes = Math.Clamp(WorkingSet / Math.Max(1, memory.Peak) / LaneOp.Granularity, 1, MostLanes / LaneOp.Granularity) * LaneOp.Granularity;
        var constants = (ConstantSize * _constantValues.Count + 63) & ~63;
        var offsets = new int[_batchOf.Count];
        for (var slot = 0; slot < offsets.Length; slot++)
        {
            var batch = _batches[_batchOf[slot]];
            offsets[slot] = batch.Size == 0 ? batch.Offset : checked(constants + (batch.Offset + (slot - batch.First) * batch.Size) * lanes);
        }
        foreach (var op in ops)
            op.Resolve(offsets);
        return new([.. ops], lanes, checked(constants + memory.Peak * lanes), [.. _constantValues.Select((c, k) => (ConstantSize * k, c.Value, c.Type))]);
    }

    /// <summary>Slots that live and die together.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="size">Bytes of a lane; 0 for a constant.</param>
    /// <param name="count">How many there are.</param>
    private sealed class Batch(int first, int size, int count)
    {
        public int First { get; } = first;

        public int Size { get; } = size;

        public int Count { get; } = count;

        /// <summary>Bytes before it, for each lane; before a constant, in all.</summary>
        public int Offset { get; set; }
    }
}

/// <summary>Memory that is taken and given back, the first gap that is large enough first.</summary>
internal sealed class LaneMemory
{
    private readonly List<(int Start, int End)> _gaps = [];

    /// <summary>The end of all that was ever taken.</summary>
    public int Peak { get; private set; }

    public int Take(int size)
    {
        var found = _gaps.FindIndex(g => g.End - g.Start >= size);
        if (found >= 0)
        {
            var start = _gaps[found].Start;
            if (start + size == _gaps[found].End)
                _gaps.RemoveAt(found);
            else
                _gaps[found] = (start + size, _gaps[found].End);
            return start;
        }
        // A gap at the end grows.
        var end = _gaps.Count > 0 && _gaps[^1].End == Peak ? _gaps[^1].Start : Peak;
        if (end < Peak)
            _gaps.RemoveAt(_gaps.Count - 1);
        Peak = checked(end + size);
        return end;
    }

    public void Give(int start, int size)
    {
        var next = _gaps.BinarySearch((start, start));
        next = next < 0 ? ~next : next;
        _gaps.Insert(next, (start, start + size));
        if (next + 1 < _gaps.Count && _gaps[next + 1].Start == start + size)
        {
            _gaps[next] = (start, _gaps[next + 1].End);
            _gaps.RemoveAt(next + 1);
        }
        if (next > 0 && _gaps[next - 1].End == start)
        {
            _gaps[next - 1] = (_gaps[next - 1].Start, _gaps[next].End);
            _gaps.RemoveAt(next);
        }
    }
}
