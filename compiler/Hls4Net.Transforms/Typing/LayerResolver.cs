using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Operators.Hls;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Typing;

/// <summary>Finds the node that each layer of a configuration means, and checks that its keys apply.</summary>
internal static class LayerResolver
{
    /// <summary>The types for each configured node; problems go to the bag.</summary>
    public static Dictionary<Node, LayerTypes> Resolve(Graph graph, Configuration configuration, DiagnosticBag diagnostics)
    {
        var byName = Names(graph);
        var resolved = new Dictionary<Node, LayerTypes>(ReferenceEqualityComparer.Instance);
        foreach (var (name, types) in configuration.Layers)
        {
            if (!byName.TryGetValue(name, out var node))
            {
                diagnostics.Add(Messages.UnknownLayer(configuration.File, types.Line, name, "layer", byName.Keys));
                continue;
            }
            CheckKeys(graph, node, name, types, configuration, diagnostics);
            // A softmax that becomes the place of its largest element was replaced before.
            if (configuration.Dialect == Dialect.Exact && types.Hls.Softmax == HlsSoftmax.Argmax && node.Operator is not OneHotMaximum)
                diagnostics.Add(Messages.KeyDoesNotApply(configuration.File, types.Line, name, "softmax", node.Origin.Operator));
            resolved[node] = resolved.TryGetValue(node, out var earlier) ? Merge(earlier, types) : types;
        }
        return resolved;
    }

    /// <summary>
    /// The node that each name means. Where a node of the file became several, as a pool over channels last, its name means the one that computes, and
    /// so does that of the result which others only rearrange.
    /// </summary>
    public static Dictionary<string, Node> Names(Graph graph)
    {
        var computing = graph.Nodes.Where(n => !n.Operator.IsWiring).GroupBy(n => n.Origin.Node, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => (First: g.First(), Last: g.Last()), StringComparer.Ordinal);
        var byName = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            var isMoving = node.Operator.IsWiring && computing.ContainsKey(node.Origin.Node);
            foreach (var name in node.Origin.Names)
                byName.TryAdd(name, isMoving ? computing[node.Origin.Node].First : node);
            foreach (var name in node.Outputs.Append(node.Name))
                byName.TryAdd(name, isMoving ? computing[node.Origin.Node].Last : node);
        }
        return byName;
    }

    /// <summary>Two entries for one node, by two of its names: what both say, the later one decides.</summary>
    private static LayerTypes Merge(LayerTypes a, LayerTypes b) => new(
        b.Weight ?? a.Weight, b.Bias ?? a.Bias, b.Scale ?? a.Scale, b.Accumulator ?? a.Accumulator, b.Result ?? a.Result, b.Table ?? a.Table, b.Line)
    {
        Term = b.Term ?? a.Term,
        TableError = b.TableError ?? a.TableError,
        ReuseFactor = b.ReuseFactor ?? a.ReuseFactor,
        IsLoadable = b.IsLoadable ?? a.IsLoadable,
        Memory = b.Memory ?? a.Memory,
        Prune = b.Prune ?? a.Prune,
        RoundWeights = b.RoundWeights ?? a.RoundWeights,
        WeightIntegers = b.WeightIntegers ?? a.WeightIntegers,
        BiasIntegers = b.BiasIntegers ?? a.BiasIntegers,
        Hls = b.Hls == HlsLayer.None ? a.Hls : b.Hls,
    };

    private static void CheckKeys(Graph graph, Node node, string name, LayerTypes types, Configuration configuration, DiagnosticBag diagnostics)
    {
        var isHls = configuration.Dialect == Dialect.Hls;
        var roles = node.Inputs.Select((input, i) => (input, i))
            .Where(x => x.input.Length > 0 && graph[x.input].Constant is not null)
            .Select(x => node.Operator.RoleOf(x.i)).ToHashSet();
        Check(types.Weight, "weight", roles.Contains(ConstantRole.Weight) || roles.Contains(ConstantRole.Leaf));
        Check(types.Prune, "prune", roles.Contains(ConstantRole.Weight));
        Check(types.RoundWeights, "round_weights", roles.Contains(ConstantRole.Weight));
        Check(types.WeightIntegers, "weight_integers", roles.Contains(ConstantRole.Weight) && types.Weight is not null);
        Check(types.BiasIntegers, "bias_integers", roles.Contains(ConstantRole.Bias) && types.Bias is not null);
        Check(types.Bias, "bias", roles.Contains(ConstantRole.Bias) || node.Operator is Dense);
        Check(types.Scale, "scale", roles.Contains(ConstantRole.Scale));
        Check(types.Accumulator, "accumulator", Accumulates(node.Operator));
        Check(types.Table, "table", node.Operator is Apply or HlsTableActivation or HlsSoftmaxLayer or HlsLayerNorm);
        // In the HLS dialect also a layer that only moves numbers casts them: a linear activation, for one.
        Check(types.Result, "result", (isHls || !node.Operator.IsWiring) && node.Operator is not Quantize);
        Check(types.Term, "term", node.Operator is SumSquares or ReduceSum { Of: not SumOf.Elements });
        Check(types.Hls.TableSize, "table_size", node.Operator is HlsTableActivation or HlsSoftmaxLayer or HlsLayerNorm);
        Check(types.Hls.TableRangePower, "table_range_power2", node.Operator is HlsLayerNorm);
        Check(types.Hls.ExpTableType, "exp_table", node.Operator is HlsSoftmaxLayer);
        Check(types.Hls.InvTableType, "inv_table", node.Operator is HlsSoftmaxLayer);
        Check(types.Hls.InvInputType, "inv_inp", node.Operator is HlsSoftmaxLayer);
        Check(types.Hls.NormInputType, "inp_norm", node.Operator is HlsSoftmaxLayer);
        Check(isHls ? types.Hls.Softmax : null, "implementation", node.Operator is HlsSoftmaxLayer);
        Check(types.Hls.Skip ? true : null, "skip", node.Operator is HlsSoftmaxLayer);
        Check(types.Hls.ParameterType, "param", node.Operator is HlsLeakyRectify or HlsThresholdedRectify or LeakyRectify or HlsTableActivation { Curve: HlsCurve.Elu });
        Check(types.Hls.QuotientType, "quotient", node.Operator is HlsMean or HlsAveragePool);

        void Check(object? value, string key, bool applies)
        {
            if (value is not null && !applies)
                diagnostics.Add(Messages.KeyDoesNotApply(configuration.File, types.Line, name, key, node.Origin.Operator));
        }
    }

    private static bool Accumulates(Operator op)
    {
        // A product of its own is cast to it as those of a sum are.
        if (op is Multiplication)
            return true;
        try
        {
            return op.WithAccumulator(new Quantizer(FixedType.Bit, Rounding.Trn, Overflow.Wrap)) is not null;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
