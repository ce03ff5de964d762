using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Kernels;

/// <summary>How the elements of one tensor follow from those of others. Says nothing of when or where.</summary>
public abstract record Computation;

/// <summary>A loop nest: for every index of Domain, the value of Body is the output element at that row-major position.</summary>
/// <param name="Domain">Loop extents, outermost first; their product is the number of output elements.</param>
/// <param name="Body">The element's value; loads refer to the stage's inputs by position.</param>
public sealed record Kernel(Seq<int> Domain, Block Body) : Computation;

/// <summary>Pure rearrangement: output element k is element Element[k] of input Input[k], or Fills[−1 − Input[k]] where that is negative.</summary>
public sealed record Wiring(Seq<int> Input, Seq<int> Element, Seq<Dyadic> Fills) : Computation;

/// <summary>A tensor on a channel of a design.</summary>
/// <param name="Name">Unique in the design.</param>
/// <param name="Type">Null in a design of real numbers.</param>
/// <param name="Source">The ONNX value that the channel carries, or empty for a temporary of an operator.</param>
public sealed record Channel(string Name, Seq<int> Shape, FixedType? Type, string Source);

/// <summary>A constant tensor of a design.</summary>
public sealed record NamedConstant(string Name, ConstantTensor Tensor)
{
    /// <summary>Whether hardware takes other integers of the tensor's type in its place at run time, so that nothing may depend on those that it has.</summary>
    public bool IsLoadable { get; init; }
}

/// <summary>What the tables of a stage are to be kept in.</summary>
public enum MemoryChoice
{
    /// <summary>What the device has less need of for other things, by their size.</summary>
    Auto,

    /// <summary>Look-up tables, whatever their size.</summary>
    Distributed,

    /// <summary>Blocks of memory, whatever their size.</summary>
    Block,
}

/// <summary>When and where a stage runs; it can never change a bit.</summary>
/// <param name="Memory">Where its weights and tables are.</param>
public abstract record Schedule(MemoryChoice Memory)
{
    /// <summary>Everything in space: a new event every cycle.</summary>
    public static Schedule Unrolled { get; } = new UnrolledSchedule();
}

/// <summary>One piece of hardware per operation.</summary>
public sealed record UnrolledSchedule(MemoryChoice Memory = MemoryChoice.Auto) : Schedule(Memory);

/// <summary>
/// The multiplications of a sum of products with constants, in Reuse phases on as many times fewer multipliers: a new event every Reuse
/// cycles.
/// </summary>
/// <param name="Reuse">At least 2; divides the number of products that are alike at every position.</param>
/// <param name="Multipliers">Products of an event, those with zeros included, divided by Reuse.</param>
public sealed record FoldedSchedule(int Reuse, int Multipliers, MemoryChoice Memory = MemoryChoice.Auto) : Schedule(Memory);

/// <summary>A computation with its channels.</summary>
/// <param name="Inputs">Names of channels or constants.</param>
/// <param name="Output">Name of the channel that is written.</param>
public sealed record Stage(string Name, Computation Computation, Seq<string> Inputs, string Output, Origin Origin, Schedule Schedule)
{
    /// <summary>A bound on the errors of the output that was proved for the operator; null where it follows from the steps alone.</summary>
    public StatedError? Stated { get; init; }
}

/// <summary>
/// A theorem about an operator: no element is farther from its real value than Bound and Slope times the largest error of the channels that
/// the operator was given. It is needed where errors cancel, which a bound that is composed of those of the steps cannot see.
/// </summary>
/// <param name="Bound">What the operator itself adds.</param>
/// <param name="Slope">How errors of what it is given show; null if nothing is known unless they are exact.</param>
/// <param name="Given">The channels or constants that the operator is given.</param>
public sealed record StatedError(Dyadic Bound, Dyadic? Slope, Seq<string> Given);

/// <summary>Computations joined by channels, in topological order.</summary>
/// <param name="Inputs">Channel names, in the model's order; those that are settings included.</param>
/// <param name="Settings">Inputs that hold still while events flow.</param>
/// <param name="Outputs">Channel names, in the model's order.</param>
public sealed record Design(
    string Name, Seq<string> Inputs, Seq<string> Settings, Seq<string> Outputs, Seq<Channel> Channels, Seq<NamedConstant> Constants, Seq<Stage> Stages)
{
    private NameIndex<Channel> _channels;
    private NameIndex<NamedConstant> _constants;

    /// <summary>Clock cycles from one event to the next, at least: those of the slowest stage.</summary>
    public int InitiationInterval => Stages.Select(s => s.Schedule is FoldedSchedule folded ? folded.Reuse : 1).DefaultIfEmpty(1).Max();

    /// <summary>The channel of that name.</summary>
    public Channel Channel(string name) => _channels.Of(Channels, c => c.Name).TryGetValue(name, out var channel)
        ? channel
        : throw new KeyNotFoundException($"The design has no channel '{name}'.");

    /// <summary>The constant of that name, or null if the name is a channel's.</summary>
    public ConstantTensor? Constant(string name) => _constants.Of(Constants, c => c.Name).GetValueOrDefault(name)?.Tensor;

    /// <summary>Whether the name is that of a constant which can be loaded at run time.</summary>
    public bool IsLoadable(string name) => _constants.Of(Constants, c => c.Name).TryGetValue(name, out var constant) && constant.IsLoadable;

    /// <summary>Shape of a channel or constant.</summary>
    public Seq<int> ShapeOf(string name) => Constant(name)?.Shape ?? Channel(name).Shape;

    public bool Equals(Design? other) =>
        other is not null && Name == other.Name && Inputs == other.Inputs && Settings == other.Settings && Outputs == other.Outputs
        && Channels == other.Channels && Constants == other.Constants && Stages == other.Stages;

    public override int GetHashCode() => HashCode.Combine(Name, Stages.Count);
}
