namespace Hls4Net.Core.Emulation.Programs;

/// <summary>
/// Orders the nodes of a recording into steps: those that are needed, stage by stage, in groups of elements that are small enough for what
/// is computed on the way to stay near; within a group all nodes that can be computed alike at a time.
/// </summary>
internal sealed class LanePlanner
{
    /// <summary>Nodes of a group of elements.</summary>
    private const int GroupSize = 2048;

    private readonly LaneRecording _recording;
    private readonly LaneRecorder _recorder;
    private readonly LaneWriter _writer;
    private readonly bool[] _isNeeded;
    private readonly int[] _groupOf;
    private readonly int[] _levels;
    private readonly LaneTables _tables = new();
    private readonly LinearPlanner _linear;
    private int _groups;

    private LanePlanner(LaneRecording recording, int[] roots)
    {
        (_recording, _recorder, _writer) = (recording, recording.Recorder, new LaneWriter(recording.Recorder));
        var count = _recorder.Nodes.Count;
        (_isNeeded, _groupOf, _levels) = (new bool[count], new int[count], new int[count]);
        foreach (var root in roots.Where(r => r >= 0))
            _isNeeded[root] = true;
        for (var node = count - 1; node >= 0; node--)
        {
            foreach (var operand in _isNeeded[node] ? _recorder.Nodes[node].Operands : [])
            {
                if (operand >= 0)
                    _isNeeded[operand] = true;
            }
        }
        _linear = new LinearPlanner(_writer);
    }

    /// <summary>The program that computes the given channels; null if it needs numbers wider than the widest lanes.</summary>
    public static LaneProgram? Plan(LaneRecording recording, IReadOnlyList<string> channels)
    {
        var recorder = recording.Recorder;
        var last = recorder.Nodes.Count;
        var roots = channels.Select(c => Array.ConvertAll(recording[c], recorder.Place)).ToArray();
        if (recorder.IsTooWide)
            return null;
        var planner = new LanePlanner(recording, [.. roots.SelectMany(r => r)]);
        return planner.Write(roots, last) ? planner._writer.Finish() : null;
    }

    private bool Write(int[][] roots, int last)
    {
        var inputs = Enumerable.Range(0, _recorder.Nodes.Count).TakeWhile(n => _recorder.Nodes[n] is InputNode).Where(n => _isNeeded[n]);
        foreach (var input in inputs.GroupBy(n => ((InputNode)_recorder.Nodes[n]).Input))
            _writer.Write(LaneOps.Load(input.Key, _recorder.Nodes[input.First()].Type, [.. input.Select(n => ((InputNode)_recorder.Nodes[n]).Element)]), [.. input]);
        var fits = true;
        foreach (var stage in _recording.Stages)
            fits = fits && WriteStage(stage);
        fits = fits && WriteGroup(Needed(new(last, _recorder.Nodes.Count)));
        for (var k = 0; k < roots.Length && fits; k++)
        {
            var slots = Array.ConvertAll(roots[k], _writer.SlotOf);
            _writer.Write(new StoreOp(k, Array.ConvertAll(slots, s => s.Slot), Array.ConvertAll(slots, s => s.Type), Array.ConvertAll(roots[k], r => r < 0)));
        }
        return fits;
    }

    private bool WriteStage(RecordedStage stage)
    {
        var elements = stage.Elements.Select(e => Needed(e)).Where(e => e.Count > 0).ToList();
        _linear.Begin(elements.SelectMany(e => e).Select(n => _recorder.Nodes[n]).OfType<LinearNode>());
        // Elements that are sums of the same operands belong together, wherever they stand in the tensor.
        var order = new Dictionary<int[], int>(ReferenceEqualityComparer.Instance);
        var sorted = elements.Select(e => (Nodes: e, Key: KeyOf(e, order))).OrderBy(e => e.Key).ToList();
        var group = new List<int>();
        for (var k = 0; k < sorted.Count; k++)
        {
            group.AddRange(sorted[k].Nodes);
            var isLast = k == sorted.Count - 1;
            if (!isLast && (group.Count < GroupSize || (sorted[k].Key == sorted[k + 1].Key && group.Count < 4 * GroupSize)))
                continue;
            if (!WriteGroup(group))
                return false;
            group.Clear();
        }
        return WriteGroup(Needed(stage.Rest));
    }

    private List<int> Needed(ElementNodes nodes) => [.. Enumerable.Range(nodes.First, nodes.End - nodes.First).Where(n => _isNeeded[n])];

    /// <summary>A number for the operands of an element's longest sum, in the order in which they are first seen.</summary>
    private int KeyOf(List<int> nodes, Dictionary<int[], int> order)
    {
        LaneNode? longest = null;
        foreach (var node in nodes)
        {
            if (_recorder.Nodes[node] is LinearNode { Operands.Length: > 1 } linear && linear.Operands.Length > (longest?.Operands.Length ?? 0))
                longest = linear;
        }
        if (longest is null)
            return -1;
        if (!order.TryGetValue(longest.Operands, out var key))
            order[longest.Operands] = key = order.Count;
        return key;
    }

    private bool WriteGroup(List<int> nodes)
    {
        _groups++;
        foreach (var node in nodes)
            _groupOf[node] = _groups;
        foreach (var node in nodes.Order())
        {
            _levels[node] = 0;
            foreach (var operand in _recorder.Nodes[node].Operands)
            {
                if (operand >= 0 && _groupOf[operand] == _groups)
                    _levels[node] = Math.Max(_levels[node], _levels[operand] + 1);
            }
        }
        return nodes.GroupBy(n => _levels[n]).OrderBy(l => l.Key).All(l => WriteAlike([.. l]));
    }

    /// <summary>Writes nodes that do not need one another.</summary>
    private bool WriteAlike(List<int> nodes)
    {
        foreach (var alike in nodes.GroupBy(Kind))
        {
            var list = alike.ToArray();
            switch (_recorder.Nodes[list[0]])
            {
                case LinearNode:
                    _linear.Write(list);
                    break;
                case BinaryNode node:
                    _writer.Write(LaneOps.Binary(node.Kind, alike.Key.Type, Slots(list, 0, alike.Key.Type), Slots(list, 1, alike.Key.Type), alike.Key.Constants), list);
                    break;
                case SelectNode:
                    var type = alike.Key.Type;
                    _writer.Write(LaneOps.Select(type, Slots(list, 0, type), Slots(list, 1, type), Slots(list, 2, type), alike.Key.Constants), list);
                    break;
                case CastNode node:
                    if (alike.Key.Parameter is not CastOps.Plan plan)
                        return false;
                    _writer.Write(CastOps.Of(plan, node, Slots(list, 0, plan.Lanes)), list);
                    break;
                case LookupNode node:
                    _writer.Write(LaneOps.Lookup(alike.Key.Lanes, node.Type, Slots(list, 0, alike.Key.Lanes), node.Table, _tables), list);
                    break;
                case CoarserNode node:
                    _writer.Write(LaneOps.Coarser(alike.Key.Lanes, Slots(list, 0, alike.Key.Lanes), node.Bits), list);
                    break;
            }
        }
        return true;
    }

    private int[] Slots(int[] nodes, int operand, LaneType type) => _writer.SlotsOf(nodes.Select(n => _recorder.Nodes[n].Operands[operand]), type);

    /// <summary>What nodes must have in common to be computed in one step.</summary>
    /// <param name="Node">The kind of node.</param>
    /// <param name="Type">Lanes of the result.</param>
    /// <param name="Lanes">Lanes of the operands.</param>
    /// <param name="Constants">Which operands are constants.</param>
    /// <param name="Parameter">What else the step depends on.</param>
    /// <param name="Mode">What else the step depends on.</param>
    private readonly record struct NodeKind(Type Node, LaneType Type, LaneType Lanes, ConstantSides Constants, object? Parameter, object? Mode);

    private NodeKind Kind(int number)
    {
        var node = _recorder.Nodes[number];
        var operands = node.Operands;
        var lanes = operands.Length == 0 || node is LinearNode ? LaneType.Int16 : operands.Select(_writer.TypeOf).Max();
        switch (node)
        {
            case BinaryNode { Kind: BinaryKind.Multiply }:
                // A product is right modulo the lane in which it fits.
                return new(typeof(BinaryNode), node.Type, node.Type, default, BinaryKind.Multiply, null);
            case BinaryNode binary:
                var type = LaneTypes.Wider(lanes, node.Type);
                return new(typeof(BinaryNode), type, type, new(operands[0] < 0, operands[1] < 0), binary.Kind, null);
            case SelectNode:
                return new(typeof(SelectNode), LaneTypes.Wider(lanes, node.Type), lanes, new(operands[1] < 0, operands[2] < 0), null, null);
            case CastNode cast:
                var operand = _recorder.Nodes[operands[0]];
                return new(typeof(CastNode), node.Type, lanes, default, CastOps.For(cast, operand.Low, operand.High), (cast.Quantizer, cast.Overflows));
            case LookupNode lookup:
                return new(typeof(LookupNode), node.Type, lanes, default, lookup.Table, null);
            case CoarserNode coarser:
                return new(typeof(CoarserNode), lanes, lanes, default, coarser.Bits, null);
            default:
                return new(node.GetType(), node.Type, lanes, default, null, null);
        }
    }
}
