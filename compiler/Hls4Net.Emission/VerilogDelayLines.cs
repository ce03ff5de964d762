using System.Globalization;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>
/// How delay lines are written: one of depth 1 as a register, short ones as a vector that shifts, which fits into memory for shifting, long
/// ones as a memory with a position that goes round, which fits into block memory.
/// </summary>
internal sealed class VerilogDelayLines(VerilogNames names)
{
    public IEnumerable<string> Declarations(DelayLine line)
    {
        if (line.Depth < DelayLine.ShortestMemory)
        {
            yield return line.Depth == 1 ? $"reg {Declared(line.Result)};" : $"reg {VerilogNames.Dimension(line.Depth * Width(line))}{Name(line)};";
            yield break;
        }
        yield return string.Create(CultureInfo.InvariantCulture, $"reg {VerilogNames.Dimension(Width(line))}{Name(line)} [0:{line.Depth - 2}];");
        yield return $"reg {VerilogNames.Dimension(PositionWidth(line))}{Position(line)} = {VerilogNames.Literal(0, PositionWidth(line))};";
        yield return $"reg {Declared(line.Result)};";
    }

    /// <summary>What shows the end of the line.</summary>
    public IEnumerable<string> Ends(DelayLine line)
    {
        var width = Width(line);
        return line.Depth is > 1 and < DelayLine.ShortestMemory
            ? [$"wire {Declared(line.Result)} = {VerilogNames.Range(Name(line), (line.Depth - 1) * width, width, line.Depth * width)};"] : [];
    }

    /// <summary>What a rising edge does.</summary>
    public IEnumerable<string> Updates(DelayLine line)
    {
        var enable = names.Wiring(line.Enable) is Constant ? "" : $"if ({names.Operand(line.Enable)}) ";
        var (source, width) = (names.Operand(line.Source), Width(line));
        if (line.Depth < DelayLine.ShortestMemory)
        {
            yield return line.Depth == 1 ? $"{enable}{names[line.Result].Name} <= {source};"
                : $"{enable}{Name(line)} <= {{{VerilogNames.Range(Name(line), 0, (line.Depth - 1) * width, line.Depth * width)}, {source}}};";
            yield break;
        }
        var (position, bits) = (Position(line), PositionWidth(line));
        yield return $"{enable}begin";
        yield return $"    {names[line.Result].Name} <= {Name(line)}[{position}];";
        yield return $"    {Name(line)}[{position}] <= {source};";
        yield return $"    {position} <= {position} == {VerilogNames.Literal(line.Depth - 2, bits)} ? {VerilogNames.Literal(0, bits)} : {position} + {VerilogNames.Literal(1, bits)};";
        yield return "end";
    }

    private string Name(DelayLine line) => names.Lines[line.Result];

    private string Position(DelayLine line) => names.Positions[line.Result];

    private int Width(DelayLine line) => names[line.Result].Width;

    private static int PositionWidth(DelayLine line) => 32 - int.LeadingZeroCount(line.Depth - 2);

    private string Declared(int net) => $"{(names[net].Signed ? "signed " : "")}{VerilogNames.Dimension(names[net].Width)}{names[net].Name}";
}
