using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Emission;

/// <summary>What a computation's result depends on: the rest is not printed.</summary>
internal static class Liveness
{
    /// <summary>Positions of the inputs that a computation reads, in order.</summary>
    public static IReadOnlyList<int> Inputs(Computation computation)
    {
        var inputs = new SortedSet<int>();
        if (computation is Wiring wiring)
            inputs.UnionWith(wiring.Input.Where(i => i >= 0));
        else if (computation is Kernel kernel)
            AddLoads(kernel.Body, inputs);
        return [.. inputs];
    }

    private static void AddLoads(Block block, SortedSet<int> inputs)
    {
        var live = Of(block);
        for (var i = 0; i < live.Length; i++)
        {
            if (live[i] && block.Instructions[i] is Load load)
                inputs.Add(load.Input);
            else if (live[i] && block.Instructions[i] is Reduce reduce)
                AddLoads(reduce.Term, inputs);
        }
    }

    /// <summary>Which instructions the block's result depends on.</summary>
    public static bool[] Of(Block block)
    {
        var live = new bool[block.Instructions.Count];
        live[^1] = true;
        for (var i = live.Length - 1; i >= 0; i--)
        {
            if (!live[i])
                continue;
            foreach (var operand in Operands(block.Instructions[i]))
                live[operand] = true;
        }
        return live;
    }

    private static int[] Operands(Instruction instruction) => instruction switch
    {
        Add i => [i.Left, i.Right],
        Subtract i => [i.Left, i.Right],
        Multiply i => [i.Left, i.Right],
        Square i => [i.Operand],
        Divide i => [i.Left, i.Right],
        Minimum i => [i.Left, i.Right],
        Maximum i => [i.Left, i.Right],
        Compare i => [i.Left, i.Right],
        Select i => [i.Condition, i.Then, i.Otherwise],
        Shift i => [i.Operand],
        Cast i => [i.Operand],
        Lookup i => [i.Operand],
        Reduce { Initial: >= 0 } i => [i.Initial],
        _ => [],
    };
}
