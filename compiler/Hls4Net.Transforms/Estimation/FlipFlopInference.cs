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
            bit.Enable = graph.And(bit.Enable, otherwise == own ? condition : LogicGraph.Not(condition));
            bit.Next = otherwise == own ? then : otherwise;
            return true;
        }
        if (bit.Enable == LogicGraph.True && bit.Reset == LogicGraph.False && (then >> 1 == 0 || otherwise >> 1 == 0))
        {
            bit.Reset = graph.Or(bit.Reset, then >> 1 == 0 ? condition : LogicGraph.Not(condition));
            bit.Next = then >> 1 == 0 ? otherwise : then;
            return true;
        }
        return false;
    }
}
