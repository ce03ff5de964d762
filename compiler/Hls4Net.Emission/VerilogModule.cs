using System.Globalization;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>One module as the lines that its template lays out.</summary>
internal sealed class VerilogModule
{
    private readonly Module _module;
    private readonly Netlist _netlist;
    private readonly HashSet<string> _clocked;
    private readonly IReadOnlyList<string> _header;
    private readonly VerilogNames _names;
    private readonly VerilogUse _use;
    private readonly VerilogDelayLines _lines;
    private readonly VerilogBlockRoms _roms;
    private readonly VerilogLoading? _loading;

    public VerilogModule(Module module, Netlist netlist, HashSet<string> clocked, IReadOnlyList<string> header, VerilogLoading? loading)
    {
        _loading = loading;
        (_module, _netlist, _clocked, _header) = (module, netlist, clocked, header);
        _names = new VerilogNames(module, netlist);
        _use = new VerilogUse(module, _names);
        _lines = new VerilogDelayLines(_names, DelayLines());
        _roms = new VerilogBlockRoms(_names, module.Cells.OfType<BlockRom>(), loading);
    }

    /// <summary>What the template reads.</summary>
    public object View() => new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["name"] = _module.Name,
        ["header"] = _header.Select(l => l.Length == 0 ? "//" : $"// {l}").ToList(),
        ["ports"] = Ports().ToList(),
        ["elements"] = Elements().ToList(),
        ["registers"] = Clocked().Select(r => $"reg {Declaration(r)}{Initial(r)};").Concat(DelayLines().SelectMany(_lines.Declarations)).ToList(),
        ["body"] = (_loading?.Slave(_module) ?? []).Concat(_module.Cells.SelectMany(Lines)).ToList(),
        ["updates"] = Clocked().Select(Update).Concat(DelayLines().SelectMany(_lines.Updates))
            .Concat(_module.Cells.OfType<BlockRom>().SelectMany(_roms.Updates)).ToList(),
        ["edge"] = _netlist.HasEnable ? $"always @(posedge {Netlist.Clock}) if ({Netlist.Enable}) begin" : $"always @(posedge {Netlist.Clock}) begin",
        ["outputs"] = _module.Outputs.SelectMany(p => Wrapped($"assign {p.Name} = ", _names.Bundle(p.Nets), ";")).ToList(),
        ["unused"] = UnusedLines().ToList(),
    };

    private IEnumerable<DelayLine> DelayLines() => _module.Cells.OfType<DelayLine>();

    private IEnumerable<Unary> Clocked() => _module.Cells.OfType<Unary>().Where(c => c is Register or ShiftRegister or State);

    private string Declaration(Unary clocked) => clocked is ShiftRegister s
        ? $"{VerilogNames.Dimension(s.Cycles * _names[s.Result].Width)}{_names.Lines[s.Result]}"
        : Declaration(clocked.Result);

    /// <summary>What a rising edge does: shift registers take a new number in at the low end, and are read at the high end only.</summary>
    private string Update(Unary clocked)
    {
        var source = _names.Operand(clocked.Source);
        if (clocked is not ShiftRegister shift)
            return $"{_names[clocked.Result].Name} <= {source};";
        var (line, width) = (_names.Lines[shift.Result], _names[shift.Result].Width);
        return $"{line} <= {{{VerilogNames.Range(line, 0, (shift.Cycles - 1) * width, shift.Cycles * width)}, {source}}};";
    }

    private string Initial(Unary cell) => cell is State s ? $" = {VerilogNames.Literal(s.Initial, _names[s.Result].Width)}" : "";

    private IEnumerable<string> ClockPorts => _netlist.HasEnable ? [Netlist.Clock, Netlist.Enable] : [Netlist.Clock];

    private IEnumerable<string> Ports()
    {
        var ports = _module.Ports.Select(p => (Direction: p.Direction == PortDirection.Input ? "input  wire" : "output wire",
            Width: p.Nets.Sum(n => _names[n].Width), p.Name)).ToList();
        ports.RemoveAll(p => _loading?.IsInner(_module, p.Name) == true);
        ports.InsertRange(0, _loading?.Ports(_module) ?? []);
        if (_clocked.Contains(_module.Name))
            ports.InsertRange(0, ClockPorts.Select(p => ("input  wire", 1, p)));
        for (var k = 0; k < ports.Count; k++)
            yield return $"{ports[k].Direction} {VerilogNames.Dimension(ports[k].Width)}{ports[k].Name}{(k + 1 < ports.Count ? "," : "")}";
    }

    /// <summary>Elements of input ports under their own names.</summary>
    private IEnumerable<string> Elements() => _module.Inputs.SelectMany(p => p.Nets).Where(_use.IsNamed).Select(ElementOfBus);

    private string ElementOfBus(int net)
    {
        var (bus, low) = _names.Bus(net)!.Value;
        return $"wire {Declaration(net)} = {VerilogNames.Range(bus, low, _names[net].Width, _names.BusWidth(bus))};";
    }

    private string Declaration(int net) =>
        $"{(_names[net].Signed ? "signed " : "")}{VerilogNames.Dimension(_names[net].Width)}{_names[net].Name}";

    private IEnumerable<string> Lines(Cell cell) => cell switch
    {
        Register or State => [],
        DelayLine c => _lines.Ends(c),
        ShiftRegister c => [$"wire {Declaration(c.Result)} = {EndOf(c)};"],
        Instance c => InstanceLines(c),
        Rom { Load: >= 0 } c => LoadedLines(c),
        Rom c => RomLines(c),
        BlockRom c => _roms.Lines(c),
        Function c when c.IsWiring && _names[c.Result].Name.Length == 0 => [],
        Function c => Wrapped($"{Attribute(c)}wire {Declaration(c.Result)} = ", Expression(c), $";{Note(c.Result)}"),
        _ => throw new InvalidOperationException($"{cell.GetType().Name} has no Verilog."),
    };

    private static string Attribute(Function cell) => cell is Multiplier { Kind: not MultiplierKind.Auto } c ? $"(* use_dsp = \"{(c.Kind == MultiplierKind.Dsp ? "yes" : "no")}\" *) " : "";

    private string EndOf(ShiftRegister shift)
    {
        var width = _names[shift.Result].Width;
        return VerilogNames.Range(_names.Lines[shift.Result], (shift.Cycles - 1) * width, width, shift.Cycles * width);
    }

    private string Note(int net) => _names[net].Note.Length == 0 ? "" : $" // {_names[net].Note}";

    private string Expression(Function cell) => cell switch
    {
        Await c => _names.Operand(c.Source),
        Constant c => VerilogNames.Literal(c.Value, _names[c.Result].Width),
        Slice or Concatenation or Extension => _names.OperandOf(cell),
        Adder c => Sum(c),
        Subtractor c => $"{_names.Operand(c.Left)} - {_names.Operand(c.Right)}",
        TernaryAdder c => $"{_names.Operand(c.First)} {(c.Subtracted > 1 ? '-' : '+')} {_names.Operand(c.Second)} {(c.Subtracted > 0 ? '-' : '+')} {_names.Operand(c.Third)}",
        Negator c => $"-{_names.Operand(c.Source)}",
        Multiplier c => $"{_names.WithSign(c.Left)} * {_names.WithSign(c.Right)}",
        LessThan c => $"{_names.WithSign(c.Left)} < {_names.WithSign(c.Right)}",
        EqualTo c => $"{_names.Operand(c.Left)} == {_names.Operand(c.Right)}",
        BitwiseAnd c => $"{_names.Operand(c.Left)} & {_names.Operand(c.Right)}",
        BitwiseOr c => $"{_names.Operand(c.Left)} | {_names.Operand(c.Right)}",
        BitwiseXor c => $"{_names.Operand(c.Left)} ^ {_names.Operand(c.Right)}",
        BitwiseNot c => $"~{_names.Operand(c.Source)}",
        OrReduction c => $"|{_names.Operand(c.Source)}",
        AndReduction c => $"&{_names.Operand(c.Source)}",
        Multiplexer c => $"{_names.Operand(c.Condition)} ? {_names.Operand(c.Then)} : {_names.Operand(c.Otherwise)}",
        _ => throw new InvalidOperationException($"{cell.GetType().Name} has no Verilog."),
    };

    /// <summary>A negative constant reads better subtracted; the bits are the same.</summary>
    private string Sum(Adder cell)
    {
        foreach (var (constant, other) in new[] { (cell.Right, cell.Left), (cell.Left, cell.Right) })
        {
            if (_names.Wiring(constant) is Constant { Value.Sign: < 0 } c)
                return $"{_names.Operand(other)} - {VerilogNames.Literal(-c.Value, _names[constant].Width)}";
        }
        return $"{_names.Operand(cell.Left)} + {_names.Operand(cell.Right)}";
    }

    /// <summary>A table as a case statement; the entry that occurs most is the default.</summary>
    private IEnumerable<string> RomLines(Rom cell)
    {
        var (width, name) = (_names[cell.Result].Width, _names[cell.Result].Name);
        var common = cell.Entries.GroupBy(e => e).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key;
        yield return $"reg {Declaration(cell.Result)}; // table of {VerilogNames.Printable(cell.Label)}";
        yield return "always @* begin";
        yield return $"    case ({_names.Operand(cell.Address)})";
        var addressWidth = _names[cell.Address].Width;
        for (var k = 0; k < cell.Entries.Count; k++)
        {
            if (cell.Entries[k] != common)
                yield return $"        {VerilogNames.Literal(k, addressWidth)}: {name} = {VerilogNames.Literal(cell.Entries[k], width)};";
        }
        yield return $"        default: {name} = {VerilogNames.Literal(common, width)};";
        yield return "    endcase";
        yield return "end";
    }

    /// <summary>A table that is loaded: a memory of look-up tables with both banks.</summary>
    private IEnumerable<string> LoadedLines(Rom cell)
    {
        var (width, table, words) = (_names[cell.Result].Width, _names.Lines[cell.Result], cell.Entries.Count / 2);
        yield return string.Create(CultureInfo.InvariantCulture, $"(* ram_style = \"distributed\" *) reg {VerilogNames.Dimension(width)}{table} [0:{cell.Entries.Count - 1}]; // {VerilogNames.Printable(cell.Label)}");
        yield return "initial begin";
        for (var k = 0; k < words; k++)
            yield return string.Create(CultureInfo.InvariantCulture, $"    {table}[{k}] = {VerilogNames.Literal(cell.Entries[k], width)}; {table}[{words + k}] = {VerilogNames.Literal(cell.Entries[words + k], width)};");
        yield return "end";
        yield return _loading!.Write(table, cell.Load, words, width);
        yield return $"wire {Declaration(cell.Result)} = {table}[{_names.Operand(cell.Address)}];";
    }

    private IEnumerable<string> InstanceLines(Instance instance)
    {
        var used = _netlist[instance.Module];
        foreach (var (port, nets) in used.Outputs.Zip(instance.Outputs))
            yield return $"wire {VerilogNames.Dimension(nets.Sum(n => _names[n].Width))}{_names.Buses[(instance.Name, port.Name)]};";
        yield return $"{instance.Module} {_names.Instances[instance.Name]} (";
        var connections = new List<(string Port, string Value)>();
        if (_clocked.Contains(instance.Module))
            connections.AddRange(ClockPorts.Select(p => (p, p)));
        if (_loading?.Loads(instance.Module) == true)
            connections.Add((Netlist.Load, Netlist.Load));
        connections.AddRange(used.Inputs.Zip(instance.Inputs).Select(p => (p.First.Name, _names.Bundle(p.Second))));
        connections.AddRange(used.Outputs.Select(p => (p.Name, _names.Buses[(instance.Name, p.Name)])));
        for (var k = 0; k < connections.Count; k++)
        {
            foreach (var line in Wrapped($"    .{connections[k].Port}(", connections[k].Value, k + 1 < connections.Count ? ")," : ")"))
                yield return line;
        }
        yield return ");";
        foreach (var net in instance.Results.Where(_use.IsNamed))
            yield return ElementOfBus(net);
    }

    private IEnumerable<string> UnusedLines()
    {
        var parts = _loading?.Unread(_module).ToList() ?? [];
        for (var n = 0; n < _module.Nets.Count; n++)
        {
            if (_names.Wiring(n) is not null)
                continue;
            foreach (var (low, width) in _use.Unread(n))
                parts.Add(UnusedPart(n, low, width));
        }
        return parts.Count == 0 ? [] : Wrapped($"wire {_names.Unused} = &", $"{{1'b0, {string.Join(", ", parts)}}}", ";");
    }

    private string UnusedPart(int net, int low, int width)
    {
        if (_names.Bus(net) is { } place && !_use.IsNamed(net))
            return VerilogNames.Range(place.Bus, place.Low + low, width, _names.BusWidth(place.Bus));
        return VerilogNames.Range(_names[net].Name, low, width, _names[net].Width);
    }

    /// <summary>One line, or several where a long concatenation is broken at its commas.</summary>
    private static IEnumerable<string> Wrapped(string before, string expression, string after)
    {
        const int Width = 120;
        if (before.Length + expression.Length + after.Length <= Width || !IsConcatenation(expression))
        {
            yield return before + expression + after;
            yield break;
        }
        yield return before + "{";
        var line = "   ";
        foreach (var part in SplitAtCommas(expression[1..^1]))
        {
            if (line.Length + part.Length + 2 > Width)
            {
                yield return line;
                line = "   ";
            }
            line += string.Create(CultureInfo.InvariantCulture, $" {part},");
        }
        yield return line.TrimEnd(',');
        yield return $"}}{after}";
    }

    /// <summary>Whether the first brace closes at the very end.</summary>
    private static bool IsConcatenation(string expression)
    {
        var depth = 0;
        for (var k = 0; k < expression.Length; k++)
        {
            depth += expression[k] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return k == expression.Length - 1 && k > 0;
        }
        return false;
    }

    /// <summary>The parts of a concatenation; commas inside the braces of a part do not count.</summary>
    private static IEnumerable<string> SplitAtCommas(string parts)
    {
        var (start, depth) = (0, 0);
        for (var k = 0; k < parts.Length; k++)
        {
            depth += parts[k] switch { '{' => 1, '}' => -1, _ => 0 };
            if (parts[k] == ',' && depth == 0)
            {
                yield return parts[start..k].Trim();
                start = k + 1;
            }
        }
        yield return parts[start..].Trim();
    }
}
