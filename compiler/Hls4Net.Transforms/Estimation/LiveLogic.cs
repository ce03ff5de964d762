namespace Hls4Net.Transforms.Estimation;

/// <summary>What of the logic and the blocks anybody uses, and how often.</summary>
internal sealed class LiveLogic
{
    private readonly LogicBuilder _builder;
    private readonly (Block Block, int Output)[] _drivers;
    private readonly int[] _uses;
    private readonly HashSet<Block> _live = [];

    private LiveLogic(LogicBuilder builder)
    {
        _builder = builder;
        _drivers = new (Block, int)[builder.Graph.Count];
        foreach (var block in builder.Blocks)
        {
            for (var k = 0; k < block.Outputs.Count; k++)
                _drivers[block.Outputs[k]] = (block, k);
        }
        _uses = new int[builder.Graph.Count];
    }

    /// <summary>Blocks that are used, in the order in which they were made.</summary>
    public IReadOnlyList<Block> Blocks { get; private set; } = [];

    /// <summary>Literals that logic has to give.</summary>
    public IReadOnlyList<int> Roots { get; private set; } = [];

    /// <summary>How many inputs of logic and of blocks read a node.</summary>
    public int Uses(int node) => _uses[node];

    /// <summary>What drives a node that is no logic; null for inputs.</summary>
    public Block? Driver(int node) => _drivers[node].Block;

    public static LiveLogic Of(LogicBuilder builder)
    {
        var live = new LiveLogic(builder);
        live.Follow();
        live.Blocks = [.. builder.Blocks.Where(live._live.Contains)];
        live.Roots = [.. live.Blocks.SelectMany(InputsOf).Concat(builder.Outputs)];
        live.CountUses();
        return live;
    }

    /// <summary>Inputs of a block, as far as they are used.</summary>
    private static IEnumerable<int> InputsOf(Block block) => block is Chain chain ? chain.InputsOfPositions(chain.LivePositions) : block.InputsOf(0);

    private void Follow()
    {
        var seen = new bool[_builder.Graph.Count];
        var stack = new Stack<int>(_builder.Outputs);
        while (stack.TryPop(out var literal))
        {
            var node = literal >> 1;
            if (seen[node])
                continue;
            seen[node] = true;
            if (!_builder.Graph.IsLeaf(node))
            {
                var (a, b) = _builder.Graph.Inputs(node);
                stack.Push(a);
                stack.Push(b);
            }
            else if (_drivers[node] is { Block: { } block } driver)
            {
                Enter(block, driver.Output, stack);
            }
        }
    }

    private void Enter(Block block, int output, Stack<int> stack)
    {
        if (block is Chain chain)
        {
            if (chain.PositionsOf(output) <= chain.LivePositions)
                return;
            chain.LivePositions = chain.PositionsOf(output);
            _live.Add(chain);
            foreach (var input in chain.InputsOf(output))
                stack.Push(input);
        }
        else if (_live.Add(block))
        {
            foreach (var input in block.InputsOf(output))
                stack.Push(input);
        }
    }

    private void CountUses()
    {
        var seen = new bool[_builder.Graph.Count];
        var stack = new Stack<int>();
        foreach (var root in Roots)
        {
            _uses[root >> 1]++;
            stack.Push(root >> 1);
        }
        while (stack.TryPop(out var node))
        {
            if (seen[node] || _builder.Graph.IsLeaf(node))
                continue;
            seen[node] = true;
            var (a, b) = _builder.Graph.Inputs(node);
            _uses[a >> 1]++;
            _uses[b >> 1]++;
            stack.Push(a >> 1);
            stack.Push(b >> 1);
        }
    }
}
