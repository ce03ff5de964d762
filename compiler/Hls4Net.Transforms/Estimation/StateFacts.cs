namespace Hls4Net.Transforms.Estimation;

/// <summary>
/// What is found out about bits of states, by their number: that one never changes, or does in every cycle what another does. Synthesis removes such
/// bits and all that follows from them, which is why the logic is built again with what was learnt.
/// </summary>
internal sealed class StateFacts
{
    private readonly Dictionary<int, bool> _constants = [];
    private readonly Dictionary<int, int> _twins = [];

    /// <summary>Whether a bit needs no flip-flop, and the literal that stands for it.</summary>
    /// <param name="literals">The literals of bits with smaller numbers.</param>
    public bool IsKnown(int number, Func<int, int> literals, out int literal)
    {
        literal = LogicGraph.False;
        if (_constants.TryGetValue(number, out var value))
        {
            literal = value ? LogicGraph.True : LogicGraph.False;
            return true;
        }
        if (!_twins.TryGetValue(number, out var twin))
            return false;
        literal = literals(twin);
        return true;
    }

    /// <summary>Looks at bits with their enables and resets; whether anything is new.</summary>
    public bool Learn(IReadOnlyList<(int Literal, FlipFlop? Bit)> states)
    {
        var isNew = false;
        var first = new Dictionary<(int, int, int, int, bool?), int>();
        for (var number = 0; number < states.Count; number++)
        {
            if (states[number].Bit is not { } bit)
                continue;
            var initial = bit.Initial == true ? LogicGraph.True : LogicGraph.False;
            var stays = (bit.Next == initial || bit.Next == 2 * bit.Node) && (bit.Reset == LogicGraph.False || bit.ResetTo == initial);
            if (stays)
                _constants[number] = bit.Initial == true;
            else if (!first.TryAdd((bit.Next, bit.Enable, bit.Reset, bit.ResetTo, bit.Initial), number))
                _twins[number] = first[(bit.Next, bit.Enable, bit.Reset, bit.ResetTo, bit.Initial)];
            else
                continue;
            isNew = true;
        }
        return isNew;
    }
}
