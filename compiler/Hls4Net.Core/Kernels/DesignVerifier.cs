using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Kernels;

/// <summary>
/// What every design keeps to: each name means one thing, channels are written once and before they are read, kernels stay inside the
/// tensors that they read, and in a typed design every number provably lies in the type of its channel.
/// </summary>
public static class DesignVerifier
{
    /// <summary>What is wrong, one sentence each; empty for a sound design.</summary>
    public static IReadOnlyList<string> Verify(Design design)
    {
        var check = new Check(design);
        check.Run();
        return check.Problems;
    }

    /// <exception cref="InvalidOperationException">The design is not sound: the compiler's own mistake.</exception>
    public static Design Demand(Design design, string after)
    {
        var problems = Verify(design);
        return problems.Count == 0
            ? design
            : throw new InvalidOperationException($"The design is not sound after {after}: {string.Join(" ", problems.Take(5))}");
    }

    private sealed class Check(Design design)
    {
        private readonly Dictionary<string, StageInput> _tensors = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Channel> _channels = new(StringComparer.Ordinal);
        private readonly HashSet<string> _written = new(StringComparer.Ordinal);

        public List<string> Problems { get; } = [];

        public void Run()
        {
            foreach (var channel in design.Channels)
                CheckChannel(channel);
            foreach (var (name, tensor) in design.Constants)
                CheckConstant(name, tensor);
            foreach (var input in design.Inputs)
                CheckInput(input);
            foreach (var setting in design.Settings.Where(s => !design.Inputs.Contains(s)))
                Problem($"the setting '{setting}' is not an input");
            foreach (var stage in design.Stages)
                CheckStage(stage);
            foreach (var output in design.Outputs.Where(o => !_written.Contains(o) || !_channels.ContainsKey(o)))
                Problem($"nothing computes the output '{output}'");
            foreach (var output in design.Outputs.GroupBy(o => o, StringComparer.Ordinal).Where(g => g.Skip(1).Any()))
                Problem($"the output '{output.Key}' is there twice");
            foreach (var channel in design.Channels.Where(c => !_written.Contains(c.Name)))
                Problem($"nothing computes the channel '{channel.Name}'");
            if (Problems.Count == 0 && IsTyped())
                CheckRanges();
        }

        private void CheckChannel(Channel channel)
        {
            if (!_channels.TryAdd(channel.Name, channel))
                Problem($"the channel '{channel.Name}' is there twice");
            if (GraphVerifier.CountOf(channel.Shape) is not { } count)
                Problem($"the channel '{channel.Name}' has the shape {channel.Shape}");
            else
                _tensors[channel.Name] = new(channel.Name, count, channel.Type);
        }

        private void CheckConstant(string name, ConstantTensor tensor)
        {
            if (_channels.ContainsKey(name) || !_written.Add(name))
                Problem($"the constant '{name}' is there twice");
            foreach (var problem in GraphVerifier.ConstantProblems(tensor))
                Problem($"the constant '{name}' {problem}");
            _tensors[name] = new(name, tensor.Values.Count, tensor.Type);
        }

        private void CheckInput(string input)
        {
            if (!_channels.ContainsKey(input))
                Problem($"the input '{input}' is not a channel");
            if (!_written.Add(input))
                Problem($"the input '{input}' is there twice");
        }

        private void CheckStage(Stage stage)
        {
            var problems = Problems.Count;
            foreach (var input in stage.Inputs.Where(i => i.Length > 0 && !_written.Contains(i)))
                Problem($"the stage '{stage.Name}' reads '{input}', which nothing before it computes");
            if (!_channels.ContainsKey(stage.Output))
                Problem($"the stage '{stage.Name}' writes '{stage.Output}', which is not a channel");
            else if (!_written.Add(stage.Output))
                Problem($"the stage '{stage.Name}' writes '{stage.Output}', which is there already");
            if (problems < Problems.Count)
                return;
            var inputs = stage.Inputs.Select(i => i.Length == 0 ? new StageInput("", 0, null) : _tensors.GetValueOrDefault(i, new(i, 0, null))).ToArray();
            var computation = new ComputationVerifier(inputs, what => Problem($"the stage '{stage.Name}' {what}"));
            computation.Check(stage.Computation, _tensors.TryGetValue(stage.Output, out var output) ? output.Count : 0);
        }

        /// <summary>A design is typed when its inputs and at least one channel that it computes are; temporaries need no type.</summary>
        private bool IsTyped()
        {
            var inputs = design.Inputs.Select(i => _channels[i]).ToList();
            var computed = design.Channels.Where(c => !design.Inputs.Contains(c.Name) && c.Source.Length > 0).ToList();
            if (computed.Count == 0 ? inputs.Exists(c => c.Type is null) : computed.TrueForAll(c => c.Type is null))
                return false;
            foreach (var channel in inputs.Concat(computed).Concat(design.Outputs.Select(o => _channels[o])).Where(c => c.Type is null).Distinct())
                Problem($"the channel '{channel.Name}' has no type, and others have");
            foreach (var (name, _) in design.Constants.Where(c => c.Tensor.Type is null))
                Problem($"the constant '{name}' has no type, and channels have");
            return Problems.Count == 0;
        }

        private void CheckRanges()
        {
            try
            {
                var ranges = RangeAnalysis.Run(design);
                foreach (var channel in design.Channels.Where(c => c.Type is not null && !design.Inputs.Contains(c.Name)))
                    CheckRange(channel.Name, channel.Type!.Value, ranges[channel.Name]);
            }
            catch (Exception e) when (e is ArithmeticException or InvalidOperationException)
            {
                Problem($"the ranges cannot be computed: {e.Message}");
            }
        }

        private void CheckRange(string name, FixedType type, IReadOnlyList<Interval> elements)
        {
            for (var i = 0; i < elements.Count; i++)
            {
                if (type.Contains(elements[i]))
                    continue;
                Problem($"element {i} of the channel '{name}' can be {elements[i]}, which {type} does not hold");
                return;
            }
        }

        private void Problem(string what) => Problems.Add($"In the design '{design.Name}' {what}.");
    }
}

/// <summary>What a stage reads: the number of elements and their type.</summary>
internal sealed record StageInput(string Name, int Count, FixedType? Type);
