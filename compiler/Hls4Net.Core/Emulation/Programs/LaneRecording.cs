using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>The nodes from First up to (not including) End, which one element of a stage added.</summary>
internal readonly record struct ElementNodes(int First, int End);

/// <summary>A stage in a recording.</summary>
/// <param name="Elements">The nodes of each element.</param>
/// <param name="Rest">Nodes that follow those of all elements.</param>
internal sealed record RecordedStage(ElementNodes[] Elements, ElementNodes Rest);

/// <summary>A typed design, unrolled: every element of every channel as a term over nodes.</summary>
internal sealed class LaneRecording
{
    private readonly Dictionary<string, LaneTerm[]> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _fractions = new(StringComparer.Ordinal);
    private readonly List<RecordedStage> _stages = [];

    /// <summary>Records a design.</summary>
    public LaneRecording(Design design)
    {
        for (var k = 0; k < design.Inputs.Count; k++)
        {
            var channel = design.Channel(design.Inputs[k]);
            var type = channel.Type ?? throw new InvalidOperationException($"The input '{channel.Name}' has no type.");
            var input = k;
            Add(channel.Name, [.. Enumerable.Range(0, Shapes.Count(channel.Shape)).Select(e => Recorder.Input(input, e, type))], type.Fraction);
        }
        foreach (var (name, tensor) in design.Constants)
            Add(name, [.. tensor.Raw.Select(r => LaneTerm.Constant(r, tensor.Type!.Value.Fraction))], tensor.Type!.Value.Fraction);
        foreach (var stage in design.Stages)
            Record(stage, design.Channel(stage.Output).Type);
    }

    public LaneRecorder Recorder { get; } = new();

    /// <summary>The stages in their order.</summary>
    public IReadOnlyList<RecordedStage> Stages => _stages;

    /// <summary>The elements of a channel, all with the channel's fraction bits.</summary>
    public LaneTerm[] this[string channel] => _values[channel];

    /// <summary>Fraction bits of a channel's integers: those of its type, or of its finest element where it has none.</summary>
    public int FractionOf(string channel) => _fractions[channel];

    private void Add(string name, LaneTerm[] elements, int fraction) => (_values[name], _fractions[name]) = (elements, fraction);

    private void Record(Stage stage, FixedType? type)
    {
        var inputs = stage.Inputs.Select(i => i.Length == 0 ? [] : _values[i]).ToArray();
        var ends = new List<int> { Recorder.Nodes.Count };
        var elements = Evaluations.Run(Recorder, stage.Computation, (input, element) => inputs[input][element], _ => ends.Add(Recorder.Nodes.Count));
        var fraction = type?.Fraction ?? elements.Max(e => e.Fraction);
        Add(stage.Output, Array.ConvertAll(elements, e => Recorder.OnGrid(e, fraction)), fraction);
        var rest = new ElementNodes(ends[^1], Recorder.Nodes.Count);
        _stages.Add(new([.. ends.Zip(ends.Skip(1), (a, b) => new ElementNodes(a, b))], rest));
    }
}
