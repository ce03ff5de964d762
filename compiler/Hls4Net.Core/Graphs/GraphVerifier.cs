using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Graphs;

/// <summary>
/// What every graph keeps to: each name means one thing, values are computed before they are read, shapes are those that the operators
/// infer, and in a typed graph the operators' exact results provably lie in the types of their values. A problem here is the
/// compiler's own mistake: what the user may get wrong was refused with a diagnostic before.
/// </summary>
public static class GraphVerifier
{
    /// <summary>What is wrong, one sentence each; empty for a sound graph.</summary>
    public static IReadOnlyList<string> Verify(Graph graph)
    {
        var check = new Check(graph);
        check.Run();
        // Only a graph whose names and shapes hold can be turned into kernels.
        return check.Problems.Count > 0 ? check.Problems : DesignVerifier.Verify(DesignBuilder.Build(graph));
    }

    private sealed class Check(Graph graph)
    {
        private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public List<string> Problems { get; } = [];

        public void Run()
        {
            foreach (var value in graph.Values)
                CheckValue(value);
            foreach (var input in graph.Inputs)
                CheckInput(input);
            foreach (var setting in graph.Settings.Where(s => !graph.Inputs.Contains(s)))
                Problem($"the setting '{setting}' is not an input");
            Once(graph.Settings, "setting");
            Once(graph.Nodes.Select(n => n.Name), "node");
            foreach (var node in graph.Nodes)
                CheckNode(node);
            foreach (var output in graph.Outputs.Where(o => !_known.Contains(o)))
                Problem($"nothing computes the output '{output}'");
            Once(graph.Outputs, "output");
            foreach (var value in graph.Values.Where(v => !_known.Contains(v.Name)))
                Problem($"nothing computes the value '{value.Name}'");
            CheckForm();
        }

        private void CheckValue(Value value)
        {
            if (!_values.TryAdd(value.Name, value))
                Problem($"the value '{value.Name}' is there twice");
            if (value.Name.Length == 0)
                Problem("a value has no name");
            if (CountOf(value.Shape) is null)
                Problem($"the value '{value.Name}' has the shape {value.Shape}");
            if (value.Type is { } type && type.Width is < 1 or > FixedType.MaximumWidth)
                Problem($"the value '{value.Name}' has a type of {value.Type.Value.Width} bits");
            if (value.Constant is { } constant)
                CheckConstant(value, constant);
        }

        private void CheckConstant(Value value, ConstantTensor constant)
        {
            _known.Add(value.Name);
            var what = $"the constant '{value.Name}'";
            if (constant.Shape != value.Shape)
                Problem($"{what} has the shape {constant.Shape}, and its value {value.Shape}");
            foreach (var problem in ConstantProblems(constant))
                Problem($"{what} {problem}");
            if (value.Type is not null && constant.Type != value.Type)
                Problem($"{what} has the type {constant.Type?.ToString() ?? "real"}, and its value {value.Type}");
        }

        private void CheckInput(string input)
        {
            if (!_values.TryGetValue(input, out var value))
                Problem($"the input '{input}' is not a value");
            else if (value.Constant is not null)
                Problem($"the input '{input}' is constant");
            if (!_known.Add(input))
                Problem($"the input '{input}' is there twice");
        }

        private void CheckNode(Node node)
        {
            var problems = Problems.Count;
            foreach (var input in node.Inputs.Where(i => i.Length > 0 && !_known.Contains(i)))
                Problem($"the node '{node.Name}' reads '{input}', which nothing before it computes");
            foreach (var output in node.Outputs)
            {
                if (!_values.ContainsKey(output))
                    Problem($"the node '{node.Name}' writes '{output}', which is not a value");
                else if (!_known.Add(output))
                    Problem($"the node '{node.Name}' writes '{output}', which is there already");
            }
            if (problems == Problems.Count)
                CheckShapes(node);
        }

        private void CheckShapes(Node node)
        {
            try
            {
                var inferred = node.Operator.InferShapes([.. node.Inputs.Select(i => i.Length == 0 ? (Seq<int>?)null : _values[i].Shape)]);
                var actual = node.Outputs.Select(o => _values[o].Shape).ToSeq();
                if (inferred != actual)
                    Problem($"the node '{node.Name}' gives the shapes {inferred}, and its values have {actual}");
            }
            catch (ShapeException e)
            {
                Problem($"the node '{node.Name}' does not fit its inputs: {e.Message}");
            }
        }

        /// <summary>Either every value that a node computes has a type, and with it everything, or none has.</summary>
        private void CheckForm()
        {
            var computed = graph.Nodes.SelectMany(n => n.Outputs).Where(_values.ContainsKey).Select(n => _values[n]).ToList();
            if (computed.TrueForAll(v => v.Type is null))
                return;
            foreach (var value in graph.Values.Where(v => v.Type is null))
                Problem($"the value '{value.Name}' has no type, and others have");
        }

        private void Once(IEnumerable<string> names, string what)
        {
            foreach (var name in names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Skip(1).Any()))
                Problem($"the {what} '{name.Key}' is there twice");
        }

        private void Problem(string what) => Problems.Add($"In the graph '{graph.Name}' {what}.");
    }

    /// <summary>The number of elements, or null if an extent is not positive or there are too many.</summary>
    internal static int? CountOf(Seq<int> shape)
    {
        var count = 1L;
        foreach (var extent in shape.Span)
        {
            count *= extent;
            if (extent < 1 || count > int.MaxValue)
                return null;
        }
        return (int)count;
    }

    /// <summary>What is wrong with a constant tensor by itself, to be put after its name.</summary>
    internal static IEnumerable<string> ConstantProblems(ConstantTensor constant)
    {
        var count = CountOf(constant.Shape);
        if (count != constant.Values.Count)
            yield return $"has {constant.Values.Count} numbers for the shape {constant.Shape}";
        if (constant.Type is not { } type)
        {
            if (constant.Raw.Count > 0)
                yield return "has integers without a type";
            yield break;
        }
        if (constant.Raw.Count != constant.Values.Count)
            yield return $"has {constant.Raw.Count} integers for {constant.Values.Count} numbers";
        if (type.Width is < 1 or > ConstantTensor.MaximumWidth)
            yield return $"has a type of {type.Width} bits";
        else if (IsOutside(constant.Raw, (long)type.MinimumRaw, (long)type.MaximumRaw))
            yield return $"holds an integer outside {type}";
    }

    private static bool IsOutside(Seq<long> raw, long low, long high)
    {
        foreach (var number in raw.Span)
        {
            if (number < low || number > high)
                return true;
        }
        return false;
    }

    /// <exception cref="InvalidOperationException">The graph is not sound: the compiler's own mistake.</exception>
    public static Graph Demand(Graph graph, string after)
    {
        var problems = Verify(graph);
        return problems.Count == 0
            ? graph
            : throw new InvalidOperationException($"The graph is not sound after {after}: {string.Join(" ", problems.Take(5))}");
    }
}
