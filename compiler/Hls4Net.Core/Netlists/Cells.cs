using System.Numerics;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Netlists;

/// <summary>
/// A piece of hardware in a module: reads nets, drives nets. The family is closed. Operands are indices into the module's nets.
/// A cell works on bits; only the width and the sign of its nets matter to it, never the place of their binary point. No cell widens
/// or narrows an operand in silence: <see cref="Slice"/> and <see cref="Extension"/> do.
/// </summary>
public abstract record Cell
{
    /// <summary>The nets that the cell reads.</summary>
    public abstract Seq<int> Operands { get; }

    /// <summary>The nets that the cell drives.</summary>
    public abstract Seq<int> Results { get; }

    /// <summary>Whether the cell only names or rearranges bits: it costs nothing and takes no time.</summary>
    public virtual bool IsWiring => false;
}

/// <summary>A cell that drives one net.</summary>
public abstract record Function(int Result) : Cell
{
    public override Seq<int> Results => [Result];

    /// <summary>The same cell on other nets; <paramref name="operands"/> are in the order of <see cref="Cell.Operands"/>.</summary>
    public abstract Function With(int result, ReadOnlySpan<int> operands);
}

/// <summary>A cell that reads one net and drives one.</summary>
public abstract record Unary(int Result, int Source) : Function(Result)
{
    public sealed override Seq<int> Operands => [Source];

    public sealed override Function With(int result, ReadOnlySpan<int> operands) => this with { Result = result, Source = operands[0] };
}

/// <summary>A cell that reads two nets and drives one.</summary>
public abstract record Binary(int Result, int Left, int Right) : Function(Result)
{
    public sealed override Seq<int> Operands => [Left, Right];

    public sealed override Function With(int result, ReadOnlySpan<int> operands) =>
        this with { Result = result, Left = operands[0], Right = operands[1] };
}

/// <summary>The same bits for ever.</summary>
/// <param name="Value">An integer of the net's type.</param>
public sealed record Constant(int Result, BigInteger Value) : Function(Result)
{
    public override Seq<int> Operands => [];

    public override bool IsWiring => true;

    public override Function With(int result, ReadOnlySpan<int> operands) => this with { Result = result };
}

/// <summary>As many bits of the source as the result is wide, from bit Low on; all of them only changes the sign.</summary>
public sealed record Slice(int Result, int Source, int Low) : Unary(Result, Source)
{
    public override bool IsWiring => true;
}

/// <summary>The parts beside one another, the first in the low bits.</summary>
public sealed record Concatenation(int Result, Seq<int> Parts) : Function(Result)
{
    public override Seq<int> Operands => Parts;

    public override bool IsWiring => true;

    public override Function With(int result, ReadOnlySpan<int> operands) => new Concatenation(result, Seq.Own(operands.ToArray()));
}

/// <summary>The source with its sign bit repeated in front if it is signed, else with zeros in front.</summary>
public sealed record Extension(int Result, int Source) : Unary(Result, Source)
{
    public override bool IsWiring => true;
}

/// <summary>Left + Right; all three of one width, the carry out is lost.</summary>
public sealed record Adder(int Result, int Left, int Right) : Binary(Result, Left, Right);

/// <summary>Left − Right; all three of one width, the borrow is lost.</summary>
public sealed record Subtractor(int Result, int Left, int Right) : Binary(Result, Left, Right);

/// <summary>First ± Second ± Third, of which the last <paramref name="Subtracted"/> are subtracted; all of one width, what is carried out is lost.</summary>
/// <param name="Subtracted">At most two: each is a carry that enters the lowest position.</param>
public sealed record TernaryAdder(int Result, int First, int Second, int Third, int Subtracted) : Function(Result)
{
    public override Seq<int> Operands => [First, Second, Third];

    public override Function With(int result, ReadOnlySpan<int> operands) =>
        this with { Result = result, First = operands[0], Second = operands[1], Third = operands[2] };
}

/// <summary>−Source in two's complement, at the same width.</summary>
public sealed record Negator(int Result, int Source) : Unary(Result, Source);

/// <summary>What a multiplier is made of.</summary>
public enum MultiplierKind
{
    /// <summary>What synthesis chooses.</summary>
    Auto,

    /// <summary>A DSP block.</summary>
    Dsp,

    /// <summary>Look-up tables.</summary>
    Logic,
}

/// <summary>The low bits of Left · Right. All three have the same sign; the result is at most as wide as both operands together.</summary>
/// <param name="Kind">What synthesis is asked to make of it.</param>
public sealed record Multiplier(int Result, int Left, int Right, MultiplierKind Kind = MultiplierKind.Auto) : Binary(Result, Left, Right);

/// <summary>1 if Left is below Right; both of one width and sign.</summary>
public sealed record LessThan(int Result, int Left, int Right) : Binary(Result, Left, Right);

/// <summary>1 if Left and Right have the same bits; both of one width.</summary>
public sealed record EqualTo(int Result, int Left, int Right) : Binary(Result, Left, Right);

public sealed record BitwiseAnd(int Result, int Left, int Right) : Binary(Result, Left, Right);

public sealed record BitwiseOr(int Result, int Left, int Right) : Binary(Result, Left, Right);

public sealed record BitwiseXor(int Result, int Left, int Right) : Binary(Result, Left, Right);

public sealed record BitwiseNot(int Result, int Source) : Unary(Result, Source);

/// <summary>1 if any bit is.</summary>
public sealed record OrReduction(int Result, int Source) : Unary(Result, Source);

/// <summary>1 if all bits are.</summary>
public sealed record AndReduction(int Result, int Source) : Unary(Result, Source);

/// <summary>Then where the condition is 1, Otherwise where it is 0.</summary>
public sealed record Multiplexer(int Result, int Condition, int Then, int Otherwise) : Function(Result)
{
    public override Seq<int> Operands => [Condition, Then, Otherwise];

    public override Function With(int result, ReadOnlySpan<int> operands) => new Multiplexer(result, operands[0], operands[1], operands[2]);
}

/// <summary>What holds the words of a memory.</summary>
public enum MemoryKind
{
    /// <summary>Look-up tables, which are read at once.</summary>
    Distributed,

    /// <summary>A block of on-chip memory, whose result is there one cycle after its address.</summary>
    Block,
}

/// <summary>The entry that the address, read as unsigned, selects.</summary>
/// <param name="Entries">Two to the power of the address width integers of the result's type.</param>
/// <param name="Label">What the table holds, for the reader.</param>
/// <param name="Memory">
/// For <see cref="MemoryKind.Block"/> the timetable counts a cycle or two between the address and the entry, and the placing of registers leaves a
/// <see cref="BlockRom"/>. Before that the entry is there at once, as every result is.
/// </param>
/// <param name="Load">
/// The first word of the netlist's load bus (<see cref="Netlist.Load"/>) behind which the entries are, or −1 for a table that never changes. Such a table
/// has two banks, of which the highest bit of the address selects one; a word is written into the bank that the bus names.
/// </param>
public sealed record Rom(int Result, int Address, Seq<long> Entries, string Label, MemoryKind Memory = MemoryKind.Distributed, int Load = -1) : Function(Result)
{
    public override Seq<int> Operands => [Address];

    public override Function With(int result, ReadOnlySpan<int> operands) => this with { Result = result, Address = operands[0] };
}

/// <summary>The entry that the address, read as unsigned, selected one clock cycle earlier: a table in a block of memory. Its result is zero before the first cycle.</summary>
/// <param name="Entries">Two to the power of the address width integers of the result's type.</param>
/// <param name="Label">What the table holds, for the reader.</param>
/// <param name="Load">As that of a <see cref="Rom"/>.</param>
public sealed record BlockRom(int Result, int Address, Seq<long> Entries, string Label, int Load = -1) : Function(Result)
{
    public override Seq<int> Operands => [Address];

    public override Function With(int result, ReadOnlySpan<int> operands) => this with { Result = result, Address = operands[0] };
}

/// <summary>What the source was one clock cycle earlier.</summary>
public sealed record Register(int Result, int Source) : Unary(Result, Source);

/// <summary>What the source was some clock cycles earlier. Nobody sees what lies between, so that it fits into memory for shifting.</summary>
/// <param name="Cycles">At least two.</param>
public sealed record ShiftRegister(int Result, int Source, int Cycles) : Unary(Result, Source);

/// <summary>
/// What the source was one clock cycle earlier, and Initial before the first. The only cell that may read a net that a later cell drives:
/// every loop goes through one, which is how counters and running sums are written. Unlike a <see cref="Register"/> it is part of what
/// is computed, so that no pass may move it or put another register into its loop.
/// </summary>
/// <param name="Initial">An integer of the result's type.</param>
public sealed record State(int Result, int Source, BigInteger Initial) : Unary(Result, Source);

/// <summary>
/// What the source was Depth cycles earlier, counting only cycles in which Enable is 1; in others everything is held. Like a
/// <see cref="State"/> it is part of what is computed: line buffers of streams are made of it.
/// </summary>
/// <param name="Enable">A net of one bit.</param>
/// <param name="Depth">At least one.</param>
/// <param name="Memory">What a line of many words is kept in; it changes nothing of when its result is there.</param>
public sealed record DelayLine(int Result, int Source, int Enable, int Depth, MemoryKind Memory = MemoryKind.Distributed) : Function(Result)
{
    /// <summary>From this depth on a line is written as a memory.</summary>
    public const int ShortestMemory = 64;

    /// <summary>From this depth on a line that is to be in blocks is written as a memory.</summary>
    public const int ShortestBlock = 3;

    public override Seq<int> Operands => [Source, Enable];

    public override Function With(int result, ReadOnlySpan<int> operands) => this with { Result = result, Source = operands[0], Enable = operands[1] };
}

/// <summary>
/// The source, in the same cycle. What is meant is what the source holds Cycles cycles after that in which its part of an event began: a
/// timetable counts them, and the placing of registers leaves the source itself in its place.
/// </summary>
public sealed record Await(int Result, int Source, int Cycles) : Unary(Result, Source);

/// <summary>A net with a constant factor.</summary>
public sealed record WeightedNet(int Net, BigInteger Factor);

/// <summary>
/// Constant + Σ Factor · Net, of which the low bits are kept. What is to be computed, not yet how: expanding it into adders is a pass
/// of its own, so that all sums of a layer can share what they have in common.
/// </summary>
public sealed record LinearSum(int Result, Seq<WeightedNet> Terms, BigInteger Constant) : Function(Result)
{
    public override Seq<int> Operands => Terms.Select(t => t.Net).ToSeq();

    public override Function With(int result, ReadOnlySpan<int> operands)
    {
        var terms = new WeightedNet[Terms.Count];
        for (var k = 0; k < terms.Length; k++)
            terms[k] = Terms[k] with { Net = operands[k] };
        return this with { Result = result, Terms = Seq.Own(terms) };
    }
}

/// <summary>Another module, used here.</summary>
/// <param name="Name">Unique among the instances and nets of the module.</param>
/// <param name="Module">The name of the module that is used.</param>
/// <param name="Inputs">For each input port of that module, in its order, the nets that feed its elements.</param>
/// <param name="Outputs">For each output port of that module, in its order, the nets that its elements drive.</param>
public sealed record Instance(string Name, string Module, Seq<Seq<int>> Inputs, Seq<Seq<int>> Outputs) : Cell
{
    public override Seq<int> Operands => Inputs.SelectMany(p => p).ToSeq();

    public override Seq<int> Results => Outputs.SelectMany(p => p).ToSeq();
}
