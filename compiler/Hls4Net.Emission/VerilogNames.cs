using System.Globalization;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>
/// How the nets of a module are written. Nets with a name are declared; wiring without one is written where it is used; ports and the
/// ports of instances are buses, from which elements are taken only where a cell needs them.
/// </summary>
internal sealed class VerilogNames
{
    private readonly Module _module;
    private readonly Function?[] _wiring;
    private readonly (string Bus, int Low)?[] _inBus;

    public VerilogNames(Module module, Netlist netlist)
    {
        _module = module;
        _wiring = new Function?[module.Nets.Count];
        _inBus = new (string, int)?[module.Nets.Count];
        var taken = new HashSet<string>([Netlist.Clock, Netlist.Enable, Netlist.Load, .. AxiLite.PortNames, module.Name, .. module.Ports.Select(p => p.Name), .. module.Nets.Select(n => n.Name),
            .. module.Cells.OfType<Instance>().Select(i => i.Name)], StringComparer.OrdinalIgnoreCase);
        var identifiers = new Identifiers(taken);
        // Linters object to an instance that is called like something inside it.
        var instances = module.Cells.OfType<Instance>().ToArray();
        var below = new Identifiers(instances.Length == 0 ? [] : netlist.Modules.SelectMany(m => m.Nets.Select(n => n.Name).Concat(m.Ports.Select(p => p.Name))));
        foreach (var cell in module.Cells.OfType<Function>().Where(c => c.IsWiring && module.Nets[c.Result].Name.Length == 0))
            _wiring[cell.Result] = cell;
        foreach (var port in module.Inputs)
            PutInBus(port.Name, port.Nets);
        foreach (var instance in instances)
        {
            Instances[instance.Name] = below.Fresh(instance.Name);
            foreach (var (port, nets) in netlist[instance.Module].Outputs.Zip(instance.Outputs))
            {
                var bus = identifiers.Fresh(taken.Contains(port.Name) ? $"{port.Name}_bus" : port.Name);
                PutInBus(bus, nets);
                Buses[(instance.Name, port.Name)] = bus;
            }
        }
        foreach (var shift in module.Cells.OfType<ShiftRegister>())
            Lines[shift.Result] = identifiers.Fresh($"{module.Nets[shift.Result].Name}_line");
        foreach (var line in module.Cells.OfType<DelayLine>().Where(l => l.Depth > 1))
        {
            Lines[line.Result] = identifiers.Fresh($"{module.Nets[line.Result].Name}_line");
            Positions[line.Result] = identifiers.Fresh($"{module.Nets[line.Result].Name}_at");
            Successors[line.Result] = identifiers.Fresh($"{module.Nets[line.Result].Name}_next");
            Words[line.Result] = identifiers.Fresh($"{module.Nets[line.Result].Name}_word");
        }
        foreach (var rom in module.Cells.OfType<BlockRom>())
        {
            Lines[rom.Result] = identifiers.Fresh($"{module.Nets[rom.Result].Name}_table");
            Words[rom.Result] = identifiers.Fresh($"{module.Nets[rom.Result].Name}_word");
        }
        foreach (var rom in module.Cells.OfType<Rom>().Where(r => r.Load >= 0))
            Lines[rom.Result] = identifiers.Fresh($"{module.Nets[rom.Result].Name}_table");
        Unused = identifiers.Fresh("unused_bits");
    }

    /// <summary>What an instance is called in the text.</summary>
    public Dictionary<string, string> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>The wire that carries an output port of an instance.</summary>
    public Dictionary<(string Instance, string Port), string> Buses { get; } = [];

    /// <summary>What holds all that is in a shift register, a delay line or a table in a block of memory, by the net at its end.</summary>
    public Dictionary<int, string> Lines { get; } = [];

    /// <summary>What counts the words of a delay line that is a memory, by the net at its end.</summary>
    public Dictionary<int, string> Positions { get; } = [];

    /// <summary>The word behind that of <see cref="Positions"/>, by the net at the end of the line.</summary>
    public Dictionary<int, string> Successors { get; } = [];

    /// <summary>The register behind a memory, by the net of its first part.</summary>
    public Dictionary<int, string> Words { get; } = [];

    /// <summary>The name of the wire that gathers bits that nobody reads, so that linters know they are meant to be unread.</summary>
    public string Unused { get; }

    /// <summary>The bus that brings a net, and its lowest bit there; null for nets that are computed here.</summary>
    public (string Bus, int Low)? Bus(int net) => _inBus[net];

    /// <summary>The wiring that stands for a net that is not declared, or null.</summary>
    public Function? Wiring(int net) => _wiring[net];

    public Net this[int net] => _module.Nets[net];

    /// <summary>The bits of a net as an operand: a name, a part select, a concatenation or a number.</summary>
    public string Operand(int net) => _wiring[net] is { } wiring ? OperandOf(wiring) : _module.Nets[net].Name;

    /// <summary>The bits that wiring makes, whether or not they have a name.</summary>
    public string OperandOf(Function wiring) => wiring switch
    {
        Constant c => Literal(c.Value, _module.Nets[c.Result].Width),
        Slice c when _wiring[c.Source] is not null => Operand(c.Source),
        Slice c => Range(_module.Nets[c.Source].Name, c.Low, _module.Nets[c.Result].Width, _module.Nets[c.Source].Width),
        _ => $"{{{string.Join(", ", PartsOf(wiring))}}}",
    };

    /// <summary>An operand that Verilog takes with the sign of the net.</summary>
    public string WithSign(int net)
    {
        var operand = Operand(net);
        if (_wiring[net] is null)
            return operand;
        // Part selects, concatenations and plain numbers are unsigned; only a net read with another sign is just its name.
        var isName = _wiring[net] is Slice c && Root(c.Source) is var root && _module.Nets[root].Name == operand;
        return _module.Nets[net].Signed ? $"$signed({operand})" : isName ? $"$unsigned({operand})" : operand;
    }

    /// <summary>Elements of a bus side by side, as few part selects as possible.</summary>
    public string Bundle(IReadOnlyList<int> nets)
    {
        var parts = new List<string>();
        for (var k = 0; k < nets.Count;)
        {
            var length = Run(nets, k, out var text);
            parts.Insert(0, text);
            k += length;
        }
        return parts.Count == 1 ? parts[0] : $"{{{string.Join(", ", parts)}}}";
    }

    /// <summary>Where a net of the top is found from outside: its name, or its bits of a bus; null for wiring.</summary>
    public string? Path(int net) => _inBus[net] is { } place
        ? Range(place.Bus, place.Low, _module.Nets[net].Width, BusWidth(place.Bus))
        : _wiring[net] is null ? _module.Nets[net].Name : null;

    /// <summary>A number of so many bits, in decimal; a negative one by its bit pattern.</summary>
    public static string Literal(System.Numerics.BigInteger value, int width)
    {
        var pattern = value.Sign < 0 ? value + (System.Numerics.BigInteger.One << width) : value;
        return string.Create(CultureInfo.InvariantCulture, $"{width}'d{pattern}");
    }

    /// <summary>Text inside a comment: plain ASCII.</summary>
    public static string Printable(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));

    /// <summary>[high:low] with a space behind for declarations; nothing for a single bit.</summary>
    public static string Dimension(int width) => width == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"[{width - 1}:0] ");

    /// <summary>Bits of something that is <paramref name="whole"/> bits wide.</summary>
    public static string Range(string name, int low, int width, int whole) =>
        low == 0 && width == whole ? name
        : width == 1 ? string.Create(CultureInfo.InvariantCulture, $"{name}[{low}]")
        : string.Create(CultureInfo.InvariantCulture, $"{name}[{low + width - 1}:{low}]");

    private readonly Dictionary<string, int> _busWidths = new(StringComparer.Ordinal);

    /// <summary>Bits of a bus.</summary>
    public int BusWidth(string bus) => _busWidths[bus];

    private void PutInBus(string bus, Seq<int> nets)
    {
        var low = 0;
        foreach (var net in nets)
        {
            _inBus[net] = (bus, low);
            low += _module.Nets[net].Width;
        }
        _busWidths[bus] = low;
    }

    /// <summary>Behind whole-width slices, which only change the sign, stands a declared net or other wiring.</summary>
    private int Root(int net) => _wiring[net] is Slice c && _module.Nets[net].Width == _module.Nets[c.Source].Width ? Root(c.Source) : net;

    /// <summary>The pieces of a net, highest first.</summary>
    private IEnumerable<string> Parts(int net) => _wiring[net] is { } wiring ? PartsOf(wiring) : [_module.Nets[net].Name];

    private IEnumerable<string> PartsOf(Function wiring)
    {
        switch (wiring)
        {
            case Concatenation c:
                return c.Parts.Reverse().SelectMany(Parts);
            case Extension c:
                var more = _module.Nets[c.Result].Width - _module.Nets[c.Source].Width;
                var front = _module.Nets[c.Source].Signed
                    ? string.Create(CultureInfo.InvariantCulture, $"{{{more}{{{SignBit(c.Source)}}}}}")
                    : Literal(0, more);
                return Parts(c.Source).Prepend(front);
            case Slice c when _wiring[c.Source] is not null:
                return Parts(c.Source);
            default:
                return [OperandOf(wiring)];
        }
    }

    private string SignBit(int net)
    {
        var top = _module.Nets[net].Width - 1;
        return _wiring[net] switch
        {
            null => Range(_module.Nets[net].Name, top, 1, top + 1),
            Slice c => SignBitOfSlice(c, top),
            Concatenation c => SignBit(c.Parts[^1]),
            Extension c when _module.Nets[c.Source].Signed => SignBit(c.Source),
            Constant c => c.Value.Sign < 0 ? "1'd1" : "1'd0",
            _ => "1'd0",
        };
    }

    private string SignBitOfSlice(Slice slice, int top) =>
        _wiring[slice.Source] is null ? Range(_module.Nets[slice.Source].Name, slice.Low + top, 1, _module.Nets[slice.Source].Width) : SignBit(slice.Source);

    /// <summary>The longest run of neighbours in one bus from a position on, as text.</summary>
    private int Run(IReadOnlyList<int> nets, int start, out string text)
    {
        if (_inBus[nets[start]] is not { } first)
        {
            text = Operand(nets[start]);
            return 1;
        }
        var end = first.Low + _module.Nets[nets[start]].Width;
        var length = 1;
        for (; start + length < nets.Count && _inBus[nets[start + length]] is { } next && next.Bus == first.Bus && next.Low == end; length++)
            end += _module.Nets[nets[start + length]].Width;
        text = Range(first.Bus, first.Low, end - first.Low, BusWidth(first.Bus));
        return length;
    }
}
