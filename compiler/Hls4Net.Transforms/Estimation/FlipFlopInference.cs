namespace Hls4Net.Transforms.Estimation;

/// <summary>Multiplexers in front of flip-flops become clock enables (the bit itself is chosen) and synchronous resets (a constant is chosen).</summary>
internal static class FlipFlopInference
{
    public static void Run(LogicBuilder builder)
    {
        foreach (var bit in builder.Blocks.OfType<FlipFlop>())
        {
            while (Peel(builder, bit))
            {
            }
        }
    }

    private static bool Peel(LogicBuilder builder, FlipFlop bit)
    {
        if (!builder.Choices.TryGetValue(bit.Next, out var choice))
            return false;
        var (graph, own) = (builder.Graph, 2 * bit.Node);
        var (condition, then, otherwise) = choice;
        (graph.Layer, graph.Kind) = (bit.Layer, LogicKind.Gate);
        if (otherwise == own || then == own)
        {
            var enable = otherwise == own ? condition : LogicGraph.Not(condition);
            bit.InvertedControl = bit.Enable == LogicGraph.True && builder.Inverted.Contains(condition) == (otherwise == own) ? enable : LogicGraph.False;
            bit.Enable = graph.And(bit.Enable, enable);
            bit.Next = otherwise == own ? then : otherwise;
            return true;
        }
        if (bit.Enable == LogicGraph.True && bit.Reset == LogicGraph.False && (then >> 1 == 0 || otherwise >> 1 == 0))
        {
            var isThen = then >> 1 == 0;
            bit.Reset = isThen ? condition : LogicGraph.Not(condition);
            bit.ResetTo = isThen ? then : otherwise;
            bit.Next = isThen ? otherwise : then;
            return true;
        }
        return false;
    }
}
