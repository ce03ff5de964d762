using System.Numerics;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// Gives a result its constant with as few added positions as can be: bit by bit from the lowest, as a carry into one of the sums that
/// only this result reads, or as a bit where one of their operands has none. Where that costs more than adding the constant at the end, it
/// is added there.
/// </summary>
internal sealed class ConstantPlacement(LinearProblem problem, SumNetworkProof.Node[] inputs, List<SumDraft> drafts)
{
    /// <summary>Sums that are looked at for each bit; of more, those next to the result.</summary>
    private const int MostParts = 96;

    /// <summary>What it counts in positions that a result is a quarter of a level later than the latest sum without constants.</summary>
    private const int LatePenalty = 250;

    private readonly Dictionary<int, int> _moved = [];
    private readonly List<(SumDraft Draft, BigInteger Constant, LinearFunction Sum, SumNetworkProof.Node Bits, (int Positions, int Depth)? Size)> _journal = [];

    /// <summary>A sum of which only one result has the use.</summary>
    /// <param name="Scale">Its lowest bit counts 2^Scale in the result.</param>
    private readonly record struct Part(int Index, int Scale);

    /// <summary>When results have to be there, in the units of <see cref="Scheduling.DelayModel"/>.</summary>
    public required int Limit { get; init; }

    /// <summary>An output whose node's constant is added by another node shows that one.</summary>
    public SumOutput Moved(SumOutput output) => _moved.TryGetValue(output.Source, out var place) ? output with { Source = place } : output;

    /// <summary>Computes what a node is; all that it reads must be settled. A result gets its constant.</summary>
    public void Settle(int index)
    {
        var draft = drafts[index];
        SetSum(draft);
        if (draft.Value is not null)
        {
            if (!Place(index))
                AddBehind(index);
            return;
        }
        Narrow(draft);
    }

    /// <summary>
    /// Gives a sum within a result the constant with which it has fewest bits: of those that cost nothing, the unit that a complement
    /// lacks, and a multiple of the highest position of the shortest operand, which takes away what the sum never falls below.
    /// </summary>
    private void Narrow(SumDraft draft)
    {
        var (sum, bits, room) = (draft.Sum, draft.Bits, RoomOf(draft));
        var start = room.Place(BigInteger.Zero).Start;
        var carry = draft.Operands.Any(o => o.IsComplement && o.Shift == start) ? BigInteger.One << start : BigInteger.Zero;
        var top = draft.Operands.Min(o => o.Shift + SourceOf(o.Source).Type.Width);
        var best = (Width: int.MaxValue, Constant: BigInteger.Zero);
        foreach (var unit in new[] { carry, BigInteger.Zero })
        {
            var low = bits.Low + unit;
            foreach (var constant in new[] { unit, unit - ((low >> top) << top) })
            {
                var width = (int)BigInteger.Max(1, (bits.High + constant).GetBitLength());
                if (width < best.Width && SumRoom.Of(OperandsOf(draft), width).Place(constant) is { Operand: < 0 } layout
                    && layout.Positions <= room.Place(BigInteger.Zero).Positions)
                    best = (width, constant);
            }
        }
        draft.Constant = best.Constant;
        draft.Sum = sum.Plus(best.Constant);
        draft.Bits = new(draft.Sum, bits.Low + best.Constant, bits.High + best.Constant);
    }

    private void SetSum(SumDraft draft)
    {
        var sum = LinearFunction.Of(draft.Constant);
        foreach (var operand in draft.Operands)
            sum += SumNetworkProof.Addend(SourceOf(operand.Source), operand.IsComplement).Times(BigInteger.One << operand.Shift);
        var (low, high) = sum.RangeOver(problem);
        draft.Sum = sum;
        var change = draft.Value - sum.Constant ?? BigInteger.Zero;
        draft.Bits = new(sum.Plus(change), low + change, high + change);
    }

    private SumNetworkProof.Node SourceOf(int source) => source < inputs.Length ? inputs[source] : drafts[source - inputs.Length].Bits;

    private SumRoom RoomOf(SumDraft draft) => SumRoom.Of(OperandsOf(draft), draft.Bits.Type.Width);

    private RoomOperand[] OperandsOf(SumDraft draft) =>
        Array.ConvertAll(draft.Operands, o => new RoomOperand(o.Shift, SourceOf(o.Source).Type.Width, DepthOf(o.Source)));

    private int DepthOf(int source) => source < inputs.Length ? problem.Inputs[source].Arrival : SizeOf(drafts[source - inputs.Length]).Depth;

    private (int Positions, int Depth) SizeOf(SumDraft draft)
    {
        if (draft.Size is { } known)
            return known;
        var room = RoomOf(draft);
        var layout = room.Place(draft.Constant);
        draft.Size = (layout.Positions, room.DepthOf(layout));
        return draft.Size.Value;
    }

    /// <summary>A node of its own for the constant, behind the sum that has no room for it.</summary>
    private void AddBehind(int index)
    {
        var inner = drafts[index];
        var last = new SumDraft([new(inputs.Length + index, 0, false)]) { Value = inner.Value };
        (inner.Value, inner.User) = (null, drafts.Count);
        inner.Users++;
        drafts.Add(last);
        _moved[inputs.Length + index] = inputs.Length + drafts.Count - 1;
        Settle(index);
    }

    /// <summary>Places what the constant of a result lacks; nothing has changed if adding it at the end is cheaper.</summary>
    private bool Place(int index)
    {
        var root = drafts[index];
        var width = root.Bits.Type.Width;
        var parts = PartsOf(index);
        for (var missing = Missing(root); !missing.IsZero; missing = Missing(root))
        {
            var bit = (int)BigInteger.TrailingZeroCount(missing);
            var behind = width - bit + LatePenalty * Math.Max(0, SizeOf(root).Depth + DelayModel.AdderDelay - Limit);
            var best = (Cost: root.Operands.Length == 1 ? int.MaxValue : behind, Part: -1, Change: BigInteger.Zero);
            // Where it costs nothing, nothing better is looked for.
            foreach (var part in parts.TakeWhile(_ => best.Cost > 0).Where(p => p.Scale <= bit))
            {
                for (var sign = 1; sign >= -1; sign -= 2)
                {
                    var change = sign * (BigInteger.One << (bit - part.Scale));
                    var cost = CostOf(index, part.Index, change, bit);
                    if (cost < best.Cost)
                        best = (cost, part.Index, change);
                }
            }
            if (best.Part < 0)
            {
                Undo(0);
                return false;
            }
            Change(best.Part, index, best.Change);
        }
        _journal.Clear();
        return true;
    }

    private static BigInteger Missing(SumDraft root) =>
        SumRoom.Modulo(root.Value!.Value - root.Sum.Constant, BigInteger.One << root.Bits.Type.Width);

    /// <summary>Positions that are added more if a part's constant is changed; none if it cannot be or does not complete a bit.</summary>
    private int CostOf(int root, int part, BigInteger change, int bit)
    {
        var (start, before) = (_journal.Count, PathBits(root, part));
        var isPossible = Change(part, root, change) && (Missing(drafts[root]) & ((BigInteger.One << (bit + 1)) - 1)).IsZero;
        var cost = isPossible ? PathBits(root, part) - before : int.MaxValue;
        Undo(start);
        return cost;
    }

    /// <summary>The positions that are added in a part and all sums on its way to the result.</summary>
    private int PathBits(int root, int part)
    {
        var total = 0;
        for (var index = part; ; index = drafts[index].User)
        {
            var (positions, depth) = SizeOf(drafts[index]);
            total += positions;
            if (index == root)
                return total + LatePenalty * Math.Max(0, depth - Limit);
        }
    }

    /// <summary>The sums that only this result has the use of, itself first.</summary>
    private List<Part> PartsOf(int root)
    {
        var parts = new List<Part> { new(root, 0) };
        for (var k = 0; k < parts.Count && parts.Count < MostParts; k++)
        {
            foreach (var operand in drafts[parts[k].Index].Operands)
            {
                var source = operand.Source - inputs.Length;
                if (source >= 0 && drafts[source].IsPrivate)
                    parts.Add(new(source, parts[k].Scale + operand.Shift));
            }
        }
        return parts;
    }

    /// <summary>Changes the constant of a part, and what follows from it up to the result.</summary>
    /// <returns>Whether all sums stay natural numbers.</returns>
    private bool Change(int part, int root, BigInteger change)
    {
        Remember(drafts[part]);
        drafts[part].Constant += change;
        if (part == root && drafts[root].Value is not null)
            drafts[part].Constant = SumRoom.Modulo(drafts[part].Constant, BigInteger.One << drafts[part].Bits.Type.Width);
        for (var index = part; ; index = drafts[index].User)
        {
            var draft = drafts[index];
            Remember(draft);
            var constant = draft.Constant;
            foreach (var operand in draft.Operands)
                constant += SumNetworkProof.AddendConstant(SourceOf(operand.Source), operand.IsComplement) << operand.Shift;
            var difference = constant - draft.Sum.Constant;
            draft.Sum = draft.Sum.Plus(difference);
            if (draft.Value is null)
                draft.Bits = new(draft.Sum, draft.Bits.Low + difference, draft.Bits.High + difference);
            if (draft.Bits.Low.Sign < 0 && draft.Value is null)
                return false;
            if (index == root)
                return true;
        }
    }

    /// <summary>Keeps what a draft is before it changes.</summary>
    private void Remember(SumDraft draft)
    {
        _journal.Add((draft, draft.Constant, draft.Sum, draft.Bits, draft.Size));
        draft.Size = null;
    }

    private void Undo(int start)
    {
        for (var k = _journal.Count - 1; k >= start; k--)
        {
            var (draft, constant, sum, bits, size) = _journal[k];
            (draft.Constant, draft.Sum, draft.Bits, draft.Size) = (constant, sum, bits, size);
        }
        _journal.RemoveRange(start, _journal.Count - start);
    }
}
