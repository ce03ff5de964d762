using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Transforms.Typing;

/// <summary>How many operations a network has once every loop is written out, and the limit on it.</summary>
public static class Unrolling
{
    /// <summary>
    /// The largest devices hold some millions of look-up tables, and an operation needs several; a larger network could only keep the
    /// compiler busy for hours.
    /// </summary>
    public const long MaximumOperations = 4_000_000;

    /// <summary>The limit of streamed hardware, which is as large as one position of each layer: what finding its positions needs of memory stays within some gigabytes.</summary>
    public const long MaximumOperationsOfStreams = 64_000_000;

    /// <summary>The limit where no hardware is built here: what the emulator and HLS C++ need of memory and time stays within a quarter of an hour.</summary>
    public const long MaximumOperationsInSoftware = 1_000_000_000;

    /// <summary>Refuses a network that no device could hold, before anything is computed for each of its operations.</summary>
    /// <exception cref="UserErrorException">It has too many operations (HLS3013).</exception>
    public static void Check(Graph graph, long maximum = MaximumOperations)
    {
        var operations = 0L;
        foreach (var node in graph.Nodes)
        {
            var handles = node.Inputs.Select(i => i.Length == 0 ? null : new TensorHandle(i, graph[i].Shape)).ToArray();
            var definition = new Definition(node.Name, handles, node.Outputs);
            node.Operator.Define(definition);
            foreach (var step in definition.Steps)
                operations = Sum(operations, Count(step.Computation));
            if (operations > maximum)
                throw new UserErrorException(Messages.TooMuchHardware(node.Origin.ToString(), operations, maximum, maximum < MaximumOperationsInSoftware));
        }
    }

    private static long Count(Computation computation) => computation switch
    {
        Kernel kernel => Product(Shapes.Count(kernel.Domain), Count(kernel.Body)),
        Wiring wiring => wiring.Input.Count,
        _ => 0,
    };

    /// <summary>Operations of a block; at least one, because every element costs the compiler something.</summary>
    private static long Count(Block block)
    {
        var operations = 0L;
        foreach (var instruction in block.Instructions)
        {
            operations = Sum(operations, instruction switch
            {
                Reduce reduce => Product(reduce.Extents.Aggregate(1L, (a, b) => Product(a, b)), Sum(Count(reduce.Term), 1)),
                Load or Literal or IndexValue or Shift => 0,
                _ => 1,
            });
        }
        return Math.Max(operations, 1);
    }

    private static long Sum(long a, long b) => (long)UInt128.Min((UInt128)a + (UInt128)b, long.MaxValue);

    private static long Product(long a, long b) => (long)UInt128.Min((UInt128)a * (UInt128)b, long.MaxValue);
}
