namespace Hls4Net.Transforms.Estimation;

/// <summary>What a piece of logic belongs to: synthesis makes more or less of different kinds.</summary>
internal enum LogicKind
{
    /// <summary>Sums and differences in front of a carry chain, or too short for one.</summary>
    Adder,

    /// <summary>Multiplexers, gates, reductions: saturation, rectification, choice.</summary>
    Gate,

    /// <summary>Comparisons.</summary>
    Comparison,

    /// <summary>Tables.</summary>
    Table,

    /// <summary>Products outside of multiplier blocks.</summary>
    Product,
}

/// <summary>
/// Logic bit by bit as conjunctions and exclusive disjunctions of two bits, of which no two are the same. A literal is twice the number of
/// a node, plus one if the bit is inverted; node 0 is the constant 0.
/// </summary>
internal sealed class LogicGraph
{
    /// <summary>The bits that are always 0 and always 1.</summary>
    public const int False = 0, True = 1;

    private const int LeafMark = -1;

    private readonly Dictionary<(int, int), int> _conjunctions = [];
    private readonly Dictionary<(int, int), int> _exclusives = [];
    private readonly List<Node> _nodes = [new(LeafMark, LeafMark, 0, default)];

    private readonly record struct Node(int A, int B, int Layer, LogicKind Kind);

    /// <summary>The layer that new nodes belong to.</summary>
    public int Layer { get; set; }

    /// <summary>What new nodes are for.</summary>
    public LogicKind Kind { get; set; }

    public int Count => _nodes.Count;

    public int LayerOf(int node) => _nodes[node].Layer;

    public LogicKind KindOf(int node) => _nodes[node].Kind;

    /// <summary>Whether a node is a constant or comes out of something that is not logic.</summary>
    public bool IsLeaf(int node) => _nodes[node].A == LeafMark;

    /// <summary>The literals that a node is made of; an exclusive disjunction has its first literal above its second.</summary>
    public (int A, int B) Inputs(int node) => (_nodes[node].A, _nodes[node].B);

    public static int Not(int literal) => literal ^ 1;

    /// <summary>A bit that comes out of something that is not logic.</summary>
    public int Leaf()
    {
        _nodes.Add(new(LeafMark, LeafMark, Layer, Kind));
        return 2 * (_nodes.Count - 1);
    }

    public int And(int a, int b)
    {
        if (a > b)
            (a, b) = (b, a);
        if (a == False || a == Not(b))
            return False;
        return a == True || a == b ? b : Add(_conjunctions, a, b);
    }

    public int Or(int a, int b) => Not(And(Not(a), Not(b)));

    public int Xor(int a, int b)
    {
        var inverted = (a ^ b) & 1;
        (a, b) = (a & ~1, b & ~1);
        if (a < b)
            (a, b) = (b, a);
        if (a == b)
            return False ^ inverted;
        return b == False ? a ^ inverted : Add(_exclusives, a, b) ^ inverted;
    }

    public int Choose(int condition, int then, int otherwise)
    {
        if (then == otherwise)
            return then;
        if (then == Not(otherwise))
            return Xor(condition, otherwise);
        return Or(And(condition, then), And(Not(condition), otherwise));
    }

    /// <summary>The sum of three bits, and what they carry.</summary>
    public (int Sum, int Carry) Count3(int a, int b, int c)
    {
        var half = Xor(a, b);
        return (Xor(half, c), Choose(half, c, a));
    }

    /// <summary>All of the bits, as a tree.</summary>
    public int All(ReadOnlySpan<int> bits) => bits.Length switch
    {
        0 => True,
        1 => bits[0],
        _ => And(All(bits[..(bits.Length / 2)]), All(bits[(bits.Length / 2)..])),
    };

    /// <summary>Any of the bits, as a tree.</summary>
    public int Any(ReadOnlySpan<int> bits)
    {
        var inverted = new int[bits.Length];
        for (var k = 0; k < bits.Length; k++)
            inverted[k] = Not(bits[k]);
        return Not(All(inverted));
    }

    private int Add(Dictionary<(int, int), int> known, int a, int b)
    {
        ref var node = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(known, (a, b), out var exists);
        if (!exists)
        {
            _nodes.Add(new(a, b, Layer, Kind));
            node = _nodes.Count - 1;
        }
        return 2 * node;
    }
}
