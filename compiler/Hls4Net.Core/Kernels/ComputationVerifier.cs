using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Kernels;

/// <summary>Checks one computation against the tensors that it reads and writes.</summary>
/// <param name="inputs">What the stage reads; an omitted input has no name.</param>
/// <param name="problem">Receives what is wrong, to be put after the stage's name.</param>
internal sealed class ComputationVerifier(IReadOnlyList<StageInput> inputs, Action<string> problem)
{
    /// <summary>Checks the computation of a tensor with that many elements.</summary>
    public void Check(Computation computation, int count)
    {
        if (computation is Wiring wiring)
        {
            CheckWiring(wiring, count);
            return;
        }
        var kernel = (Kernel)computation;
        if (GraphVerifier.CountOf(kernel.Domain) != count)
            problem($"computes {kernel.Domain} elements for {count}");
        else
            CheckBlock(kernel.Body, kernel.Domain, []);
    }

    private void CheckWiring(Wiring wiring, int count)
    {
        if (wiring.Input.Count != count || wiring.Element.Count != count)
        {
            problem($"wires {wiring.Input.Count} inputs and {wiring.Element.Count} elements for {count}");
            return;
        }
        for (var k = 0; k < count; k++)
        {
            var (input, element) = (wiring.Input[k], wiring.Element[k]);
            var exists = input < 0
                ? input >= -wiring.Fills.Count
                : input < inputs.Count && inputs[input].Name.Length > 0 && element >= 0 && element < inputs[input].Count;
            if (exists)
                continue;
            problem($"wires element {element} of input {input}, which is not there");
            return;
        }
    }

    /// <param name="block">What to check.</param>
    /// <param name="loops">Extents of all loops around the block.</param>
    /// <param name="guards">The guards that all hold where the block is evaluated.</param>
    private void CheckBlock(Block block, Seq<int> loops, Seq<Guard> guards)
    {
        if (block.Instructions.Count == 0)
            problem("has a block without a result");
        for (var i = 0; i < block.Instructions.Count; i++)
        {
            var instruction = block.Instructions[i];
            if (OperandsOf(instruction).Any(o => o < 0 || o >= i))
            {
                problem($"reads in %{i} what is not computed before it");
                return;
            }
            CheckInstruction(block, instruction, loops, guards);
        }
    }

    private static Seq<int> OperandsOf(Instruction instruction) => instruction switch
    {
        Load or Literal or IndexValue => [],
        Add i => [i.Left, i.Right],
        Subtract i => [i.Left, i.Right],
        Multiply i => [i.Left, i.Right],
        Square i => [i.Operand],
        Divide i => [i.Left, i.Right],
        Minimum i => [i.Left, i.Right],
        Maximum i => [i.Left, i.Right],
        Compare i => [i.Left, i.Right],
        Select i => [i.Condition, i.Then, i.Otherwise],
        Shift i => [i.Operand],
        Cast i => [i.Operand],
        Lookup i => [i.Operand],
        Reduce { Initial: -1 } => [],
        Reduce i => [i.Initial],
        _ => throw new InvalidOperationException($"No verification for {instruction.GetType().Name}."),
    };

    private void CheckInstruction(Block block, Instruction instruction, Seq<int> loops, Seq<Guard> guards)
    {
        switch (instruction)
        {
            case Load load:
                CheckLoad(load, loops, guards);
                break;
            case IndexValue index when index.Value.Coefficients.Count > loops.Count:
                problem($"uses the index of a loop that is not around it: {loops.Count} are");
                break;
            case Cast { Quantizer.Type.Width: < 1 or > FixedType.MaximumWidth } cast:
                problem($"casts to a type of {cast.Quantizer.Type.Width} bits");
                break;
            case Select select when TypeOf(block, select.Condition) is { } type && type != FixedType.Bit:
                problem($"selects by a value of {type}, which is no truth value");
                break;
            case Lookup lookup:
                CheckLookup(block, lookup);
                break;
            case Reduce reduce:
                CheckReduce(reduce, loops, guards);
                break;
        }
    }

    private void CheckLoad(Load load, Seq<int> loops, Seq<Guard> guards)
    {
        if (load.Input < 0 || load.Input >= inputs.Count || inputs[load.Input].Name.Length == 0)
        {
            problem($"loads input {load.Input}, which is not there");
            return;
        }
        var (name, count) = (inputs[load.Input].Name, inputs[load.Input].Count);
        if (load.Element.Coefficients.Count > loops.Count)
        {
            problem($"loads an element of '{name}' by the index of a loop that is not around it: {loops.Count} are");
            return;
        }
        // The extremes of an affine expression lie at corners of the loops; only guards can forbid those, and then every index is tried.
        var (low, high) = IndexSpace.Corners(load.Element, loops);
        if (low < 0 || high >= count)
            (low, high) = guards.Count == 0 ? (low, high) : IndexSpace.Extremes(load.Element, loops, guards);
        if (low < 0 || high >= count)
            problem($"loads elements {low} to {high} of '{name}', which has {count}");
    }

    private void CheckLookup(Block block, Lookup lookup)
    {
        if (lookup.Table.Folded is { } folded)
        {
            CheckFolded(folded);
            if (TypeOf(block, lookup.Operand) != folded.Input)
                problem($"looks up a table for {folded.Input} with an operand of {TypeOf(block, lookup.Operand)?.ToString() ?? "no one type"}");
            return;
        }
        if (lookup.Table.Data is not { } data)
        {
            if (inputs.Any(i => i.Type is not null))
                problem($"looks up the table of {lookup.Table.Function}, which has no entries");
            return;
        }
        if (data.Input.Width is < 1 or > TableData.MaximumInputWidth || data.Entries.Count != 1 << data.Input.Width)
            problem($"looks up a table with {data.Entries.Count} entries for {data.Input}");
        else if (data.Entries.Any(e => e < data.Output.MinimumRaw || e > data.Output.MaximumRaw))
            problem($"looks up a table with an entry outside {data.Output}");
        if (TypeOf(block, lookup.Operand) != data.Input)
            problem($"looks up a table for {data.Input} with an operand of {TypeOf(block, lookup.Operand)?.ToString() ?? "no one type"}");
    }

    private void CheckFolded(FoldedTable table)
    {
        if (table.Pieces.Count == 0 || table.Pieces.Zip(table.Pieces.Skip(1)).Any(p => p.First.Start >= p.Second.Start))
            problem("looks up a table without pieces, or with pieces that do not ascend");
        if (table.Folding == Folding.Complement && table.Output.Fraction < 0)
            problem($"takes entries of {table.Output} from 1");
        if (table.Folding is Folding.Ramp or Folding.Rectifier && table.Output.Fraction < table.Input.Fraction)
            problem($"adds an operand of {table.Input} to entries of {table.Output}");
        foreach (var (start, data, thresholds, slope) in table.Pieces)
        {
            if (thresholds is not null)
                CheckThresholds(table, data, thresholds, slope);
            var isFine = data.Input is { Signed: false, Width: >= 1 and <= TableData.MaximumInputWidth } && data.Entries.Count == 1 << data.Input.Width
                && data.Input.Fraction <= table.Input.Fraction && (start.IsZero || start.Exponent >= -table.Input.Fraction)
                && data.Output.Fraction <= table.Output.Fraction && data.Entries.All(e => e >= data.Output.MinimumRaw && e <= data.Output.MaximumRaw);
            if (!isFine)
                problem($"looks up a piece with {data.Entries.Count} entries of {data.Output} for {data.Input} from {start}");
        }
    }

    /// <summary>Address and compared bits together are the distance in the operand's grid.</summary>
    private void CheckThresholds(FoldedTable table, TableData data, TableData thresholds, TableSlope slope)
    {
        var bit = slope == TableSlope.Either ? 1 : 0;
        var isFine = thresholds.Input == data.Input && thresholds.Entries.Count == data.Entries.Count && !thresholds.Output.Signed
            && thresholds.Output.Width > bit && thresholds.Output.Integer == -data.Input.Fraction && thresholds.Output.Fraction - bit == table.Input.Fraction
            && thresholds.Entries.All(e => e >= 0 && e <= thresholds.Output.MaximumRaw);
        if (!isFine)
            problem($"compares with {thresholds.Entries.Count} thresholds of {thresholds.Output} behind addresses of {data.Input}");
    }

    private void CheckReduce(Reduce reduce, Seq<int> loops, Seq<Guard> guards)
    {
        Seq<int> all = [.. loops, .. reduce.Extents];
        if (GraphVerifier.CountOf(all) is null || reduce.Extents.Count == 0)
        {
            problem($"reduces over {reduce.Extents} inside loops over {loops}");
            return;
        }
        if (reduce.Reduction != Reduction.Sum && (reduce.Accumulator is not null || reduce.Initial != -1))
            problem("has an accumulator or a first value for what is no sum");
        if (reduce.Where.Any(g => g.Coordinate.Coefficients.Count > all.Count))
            problem($"guards by the index of a loop that is not around it: {all.Count} are");
        else if (reduce.Reduction != Reduction.Sum && reduce.Where.Count > 0 && IndexSpace.HasEmpty(loops, guards, reduce.Extents, reduce.Where))
            problem("takes a maximum or minimum over no elements");
        else
            CheckBlock(reduce.Term, all, [.. guards, .. reduce.Where]);
    }

    /// <summary>The type of an instruction's value where it has one by construction; null where it is exact.</summary>
    private FixedType? TypeOf(Block block, int index) => block.Instructions[index] switch
    {
        Load i => i.Input >= 0 && i.Input < inputs.Count ? inputs[i.Input].Type : null,
        Cast i => i.Quantizer.Type,
        Lookup i => i.Table.Output,
        Compare => FixedType.Bit,
        Shift i => TypeOf(block, i.Operand) is { } type ? type with { Integer = type.Integer + i.Power } : null,
        Select i => Common(block, i.Then, i.Otherwise),
        Minimum i => Common(block, i.Left, i.Right),
        Maximum i => Common(block, i.Left, i.Right),
        Reduce { Accumulator: { } accumulator } => accumulator.Type,
        Reduce { Reduction: not Reduction.Sum } i => TypeOf(i.Term, i.Term.Instructions.Count - 1),
        _ => null,
    };

    private FixedType? Common(Block block, int left, int right) =>
        TypeOf(block, left) is { } type && TypeOf(block, right) == type ? type : null;
}
