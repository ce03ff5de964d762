using System.Globalization;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>
/// How delay lines are written: one of depth 1 as a register, short ones as a vector that shifts, which fits into memory for shifting, long
/// ones as a memory with a position that goes round. Long lines of the same depth that move together lie side by side in one memory. It is read a
/// word ahead of where it is written, so that no tool has to know what reading and writing at one address gives.
/// </summary>
internal sealed class VerilogDelayLines
{
    private readonly VerilogNames _names;
    private readonly Dictionary<int, Line[]> _sharing = [];

    /// <summary>A line in a memory, and where in its words it lies.</summary>
    private sealed record Line(DelayLine Cell, int Low, int Width);

    public VerilogDelayLines(VerilogNames names, IEnumerable<DelayLine> lines)
    {
        _names = names;
        foreach (var group in lines.Where(IsMemory).GroupBy(l => (l.Enable, l.Depth, l.Memory)))
        {
            var low = 0;
            var sharing = new List<Line>();
            foreach (var line in group)
            {
                sharing.Add(new(line, low, Width(line)));
                low += Width(line);
            }
            foreach (var line in sharing)
                _sharing[line.Cell.Result] = [.. sharing];
        }
    }

    public IEnumerable<string> Declarations(DelayLine line)
    {
        if (!IsMemory(line))
        {
            yield return line.Depth == 1 ? $"reg {Declared(line.Result)};" : $"reg {VerilogNames.Dimension(line.Depth * Width(line))}{Name(line)};";
            yield break;
        }
        var sharing = _sharing[line.Result];
        if (sharing[0].Cell != line)
            yield break;
        var (width, bits) = (sharing.Sum(l => l.Width), PositionWidth(line));
        var style = line.Memory == MemoryKind.Block ? "block" : "distributed";
        yield return string.Create(CultureInfo.InvariantCulture, $"(* ram_style = \"{style}\" *) reg {VerilogNames.Dimension(width)}{Name(line)} [0:{line.Depth - 1}];");
        yield return $"reg {VerilogNames.Dimension(bits)}{Position(line)} = {VerilogNames.Literal(0, bits)};";
        yield return $"wire {VerilogNames.Dimension(bits)}{Next(line)} = {Position(line)} == {VerilogNames.Literal(line.Depth - 1, bits)} ? {VerilogNames.Literal(0, bits)} : {Position(line)} + {VerilogNames.Literal(1, bits)};";
        yield return $"reg {VerilogNames.Dimension(width)}{Word(line)};";
    }

    /// <summary>What shows the end of the line.</summary>
    public IEnumerable<string> Ends(DelayLine line)
    {
        if (IsMemory(line))
        {
            var sharing = _sharing[line.Result];
            var mine = sharing.Single(l => l.Cell == line);
            return [$"wire {Declared(line.Result)} = {VerilogNames.Range(Word(sharing[0].Cell), mine.Low, mine.Width, sharing.Sum(l => l.Width))};"];
        }
        var width = Width(line);
        return line.Depth > 1 ? [$"wire {Declared(line.Result)} = {VerilogNames.Range(Name(line), (line.Depth - 1) * width, width, line.Depth * width)};"] : [];
    }

    /// <summary>What a rising edge does.</summary>
    public IEnumerable<string> Updates(DelayLine line)
    {
        var enable = _names.Wiring(line.Enable) is Constant ? "" : $"if ({_names.Operand(line.Enable)}) ";
        if (!IsMemory(line))
        {
            var (source, width) = (_names.Operand(line.Source), Width(line));
            yield return line.Depth == 1 ? $"{enable}{_names[line.Result].Name} <= {source};"
                : $"{enable}{Name(line)} <= {{{VerilogNames.Range(Name(line), 0, (line.Depth - 1) * width, line.Depth * width)}, {source}}};";
            yield break;
        }
        var sharing = _sharing[line.Result];
        if (sharing[0].Cell != line)
            yield break;
        var position = Position(line);
        var sources = string.Join(", ", sharing.Reverse().Select(l => _names.Operand(l.Cell.Source)));
        yield return $"{enable}begin";
        yield return $"    {Word(line)} <= {Name(line)}[{Next(line)}];";
        yield return $"    {Name(line)}[{position}] <= {(sharing.Length > 1 ? $"{{{sources}}}" : sources)};";
        yield return $"    {position} <= {Next(line)};";
        yield return "end";
    }

    private static bool IsMemory(DelayLine line) => line.Depth >= (line.Memory == MemoryKind.Block ? DelayLine.ShortestBlock : DelayLine.ShortestMemory);

    private string Name(DelayLine line) => _names.Lines[line.Result];

    private string Position(DelayLine line) => _names.Positions[line.Result];

    private string Next(DelayLine line) => _names.Successors[line.Result];

    private string Word(DelayLine line) => _names.Words[line.Result];

    private int Width(DelayLine line) => _names[line.Result].Width;

    private static int PositionWidth(DelayLine line) => 32 - int.LeadingZeroCount(line.Depth - 1);

    private string Declared(int net) => $"{(_names[net].Signed ? "signed " : "")}{VerilogNames.Dimension(_names[net].Width)}{_names[net].Name}";
}
