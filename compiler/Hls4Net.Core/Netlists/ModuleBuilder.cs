using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Netlists;

/// <summary>
/// Writes a module cell by cell, in an order in which every cell follows its operands. Equal cells are made once, and wiring of wiring
/// is folded. Nets get legal, unique names; wiring stays without a name unless one is asked for.
/// </summary>
public sealed class ModuleBuilder
{
    private readonly string _name;
    private readonly Identifiers _identifiers;
    private readonly Dictionary<string, int> _counters = new(StringComparer.Ordinal);
    private readonly List<Net> _nets = [];
    private readonly List<Cell> _cells = [];
    private readonly List<Function?> _drivers = [];
    private readonly List<Port> _ports = [];
    private readonly Dictionary<int, int> _open = [];
    private readonly Dictionary<(Function Cell, int Width, bool Signed), int> _known = [];

    public ModuleBuilder(string name)
    {
        _name = name;
        // Linters take a net with the name of its module for a mistake.
        _identifiers = new(Netlist.Clock, Netlist.Enable, Netlist.Load, name);
    }

    /// <summary>The net of an index.</summary>
    public Net this[int net] => _nets[net];

    /// <summary>All nets so far.</summary>
    public IReadOnlyList<Net> Nets => _nets;

    /// <summary>The cell that drives a net, or null for an input or an instance's output.</summary>
    public Function? Driver(int net) => _drivers[net];

    /// <summary>A name that nothing in the module has, as close to the wish as can be.</summary>
    public string FreshName(string wish) => _identifiers.Fresh(wish);

    /// <summary>The stem, or from the second time on the stem and a number.</summary>
    public string NumberedName(string stem)
    {
        var number = _counters.GetValueOrDefault(stem);
        _counters[stem] = number + 1;
        return FreshName(number == 0 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}_{number}"));
    }

    /// <summary>Keeps names from being given by <see cref="FreshName"/>, because nets that have them will be added.</summary>
    public void Reserve(IEnumerable<string> names)
    {
        foreach (var name in names)
            FreshName(name);
    }

    /// <summary>A net that an input port drives; <see cref="InputPort"/> has to follow. Its name is taken as it is.</summary>
    public int InputNet(Net net) => AddNet(net, null);

    /// <summary>An input port made of nets that <see cref="InputNet"/> gave.</summary>
    public void InputPort(string name, IEnumerable<int> nets, bool isSetting = false) =>
        _ports.Add(new(name, PortDirection.Input, nets.ToSeq(), isSetting));

    /// <summary>An output port that shows the given nets.</summary>
    public void OutputPort(string name, IEnumerable<int> nets) => _ports.Add(new(name, PortDirection.Output, nets.ToSeq()));

    /// <summary>Uses another module. The result nets are made here.</summary>
    public Seq<Seq<int>> Use(string name, Module module, Seq<Seq<int>> inputs, IEnumerable<IEnumerable<Net>> outputs)
    {
        var results = outputs.Select(p => p.Select(n => AddNet(n, null)).ToSeq()).ToSeq();
        _cells.Add(new Instance(name, module.Name, inputs, results));
        return results;
    }

    /// <summary>The module as written so far.</summary>
    public Module ToModule(Seq<Origin> origins, string comment) => _open.Count == 0
        ? new(_name, origins, comment, _ports.ToSeq(), _nets.ToSeq(), _cells.ToSeq())
        : throw new InvalidOperationException($"Nobody said what the state '{_nets[_open.Keys.First()].Name}' reads.");

    /// <summary>Adds a cell that is not wiring; an equal one that is there already is used again.</summary>
    /// <param name="name">The name of the result, already fresh or to be numbered by the caller; ignored if the cell exists.</param>
    /// <param name="type">Type of the result.</param>
    /// <param name="range">What the result can be; null for all of the type.</param>
    /// <param name="make">Makes the cell, given its result.</param>
    public int Add(Func<string> name, FixedType type, Interval? range, Func<int, Function> make, string note = "")
    {
        var key = (make(-1), type.Width, type.Signed);
        if (_known.TryGetValue(key, out var known))
            return known;
        var (low, high) = range is { } r ? (r.Low, r.High) : (type.MinimumRaw, type.MaximumRaw);
        return _known[key] = AddNet(new(name(), type, low, high, note), make(_nets.Count));
    }

    /// <summary>A cell whose result takes a numbered name.</summary>
    public int Add(string stem, FixedType type, Interval? range, Func<int, Function> make, string note = "") =>
        Add(() => NumberedName(stem), type, range, make, note);

    /// <summary>A net that a <see cref="State"/> drives. What the state reads is not there yet: <see cref="Close"/> has to follow.</summary>
    public int Open(Net net, BigInteger initial)
    {
        _open[_nets.Count] = _cells.Count;
        return AddNet(net, new State(_nets.Count, -1, initial));
    }

    /// <summary>Says what a state reads.</summary>
    public void Close(int state, int source)
    {
        var cell = (State)_drivers[state]! with { Source = source };
        _drivers[state] = cell;
        _cells[_open[state]] = cell;
        _open.Remove(state);
    }

    /// <summary>A constant of the given type.</summary>
    public int Constant(BigInteger value, FixedType type) =>
        Wire(type, new(value, value, type.Fraction), r => new Constant(r, value));

    /// <summary>The smallest unsigned or signed constant that holds the value.</summary>
    public int Constant(BigInteger value) => Constant(value, new Interval(value, value, 0).Type);

    /// <summary>Bits of a net, from <paramref name="low"/> on.</summary>
    public int Slice(int source, int low, int width, bool signed)
    {
        var net = _nets[source];
        if (low < 0 || width < 1 || low + width > net.Width)
            throw new ArgumentOutOfRangeException(nameof(low), low, $"{width} bits from {low} on do not lie in a net of {net.Width}.");
        if (low == 0 && width == net.Width && signed == net.Signed)
            return source;
        if (net.Name.Length == 0 && SliceOfWiring(_drivers[source], low, width, signed) is { } folded)
            return folded;
        var type = new FixedType(signed, width, width - (net.Type.Fraction - low));
        return Wire(type, RangeOfSlice(net, low, type), r => new Slice(r, source, low));
    }

    /// <summary>All bits of a net, read with another sign.</summary>
    public int Reinterpret(int source, bool signed) => Slice(source, 0, _nets[source].Width, signed);

    /// <summary>One bit of a net, unsigned.</summary>
    public int Bit(int source, int position) => Slice(source, position, 1, signed: false);

    /// <summary>The parts beside one another, the first in the low bits.</summary>
    /// <param name="range">What the result can be; null for all of its type.</param>
    public int Concatenate(IReadOnlyList<int> parts, bool signed, Interval? range = null)
    {
        var flat = Merge(Flatten(parts));
        if (flat.Count == 1)
            return Reinterpret(flat[0], signed);
        var width = 0;
        foreach (var part in flat)
            width += _nets[part].Width;
        var type = new FixedType(signed, width, width - _nets[flat[0]].Type.Fraction);
        var joined = flat.ToSeq();
        return Wire(type, range, r => new Concatenation(r, joined));
    }

    /// <summary>The same number with more bits in front.</summary>
    public int Extend(int source, int width)
    {
        var net = _nets[source];
        if (width == net.Width)
            return source;
        if (_drivers[source] is Constant c)
            return Constant(c.Value, new FixedType(net.Signed, width, width - net.Type.Fraction));
        if (net.Name.Length == 0 && _drivers[source] is Extension inner && _nets[inner.Source].Signed == net.Signed)
            source = inner.Source;
        var type = new FixedType(net.Signed, width, width - net.Type.Fraction);
        return Wire(type, net.Range, r => new Extension(r, source));
    }

    /// <summary>The low bits of the number: more in front, or fewer.</summary>
    public int Resize(int source, int width) =>
        width >= _nets[source].Width ? Extend(source, width) : Slice(source, 0, width, _nets[source].Signed);

    /// <summary>The number as a signed one, with a zero in front if it was unsigned.</summary>
    public int ToSigned(int source) =>
        _nets[source].Signed ? source : Reinterpret(Extend(source, _nets[source].Width + 1), signed: true);

    /// <summary>Zeros behind: the number times 2^count, at the same place of the binary point of the lowest bit.</summary>
    public int AppendZeros(int source, int count)
    {
        if (count == 0)
            return source;
        var net = _nets[source];
        var zeros = Constant(0, new FixedType(false, count, -net.Type.Fraction));
        if (_drivers[source] is Constant c)
            return Constant(c.Value << count, new FixedType(net.Signed, net.Width + count, net.Type.Integer));
        var parts = Flatten([zeros, source]).ToSeq();
        var type = new FixedType(net.Signed, net.Width + count, net.Type.Integer);
        return Wire(type, new(net.Low << count, net.High << count, type.Fraction), r => new Concatenation(r, parts));
    }

    /// <summary>Gives wiring a name of its own, so that it is declared; other nets keep the name that they have.</summary>
    /// <param name="fraction">The place of the binary point to show; null for that of the wiring.</param>
    public int Named(int source, Func<string> name, string note = "", int? fraction = null)
    {
        var net = _nets[source];
        if (net.Name.Length > 0 || _drivers[source] is Constant)
            return source;
        var type = net.Type with { Integer = net.Width - (fraction ?? net.Type.Fraction) };
        _nets[source] = net with { Name = name(), Note = note, Type = type };
        return source;
    }

    /// <summary>A cell of another module on nets of this one: the result has the name and type that it had there.</summary>
    /// <param name="net">The result there; its name must be reserved.</param>
    public int Copy(Function cell, Net net, params ReadOnlySpan<int> operands)
    {
        if (!cell.IsWiring)
        {
            var copied = operands.ToArray();
            return Add(() => net.Name, net.Type, net.Range, r => cell.With(r, copied), net.Note);
        }
        var wired = cell switch
        {
            Constant c => Constant(c.Value, net.Type),
            Slice c => Slice(operands[0], c.Low, net.Width, net.Signed),
            Concatenation => Concatenate(operands.ToArray(), net.Signed, net.Range),
            Extension => Extend(operands[0], net.Width),
            _ => throw new InvalidOperationException($"{cell.GetType().Name} is not wiring."),
        };
        return net.Name.Length == 0 ? wired : Named(wired, () => net.Name, net.Note, net.Type.Fraction);
    }

    private int AddNet(Net net, Function? driver)
    {
        _nets.Add(net);
        _drivers.Add(driver);
        if (driver is not null)
            _cells.Add(driver);
        return _nets.Count - 1;
    }

    private int Wire(FixedType type, Interval? range, Func<int, Function> make) => Add(static () => "", type, range, make);

    private static Interval? RangeOfSlice(Net net, int low, FixedType type)
    {
        var range = new Interval(net.Low >> low, net.High >> low, type.Fraction);
        return type.Contains(range) ? range : null;
    }

    /// <summary>A slice of unnamed wiring reads what is behind it; null if it has to be a cell of its own.</summary>
    private int? SliceOfWiring(Function? driver, int low, int width, bool signed)
    {
        switch (driver)
        {
            case Slice s:
                return Slice(s.Source, s.Low + low, width, signed);
            case Constant c:
                var net = _nets[c.Result];
                var type = new FixedType(signed, width, width - (net.Type.Fraction - low));
                return Constant(Casting.Confine(c.Value >> low, type, Overflow.Wrap), type);
            case Concatenation c:
                return Concatenate(PartsWithin(c, low, width), signed);
            case Extension e when width == _nets[e.Result].Width:
                return null;
            case Extension e:
                var inner = _nets[e.Source].Width;
                if (low + width <= inner)
                    return Slice(e.Source, low, width, signed);
                if (low >= inner && !_nets[e.Source].Signed)
                    return Constant(0, new FixedType(signed, width, width - (_nets[e.Result].Type.Fraction - low)));
                var start = Math.Min(low, inner - 1);
                var kept = Slice(e.Source, start, inner - start, _nets[e.Source].Signed);
                return low >= inner && width == 1
                    ? Reinterpret(kept, signed)
                    : Reinterpret(Extend(kept, width), signed);
            default:
                return null;
        }
    }

    private List<int> PartsWithin(Concatenation cell, int low, int width)
    {
        var parts = new List<int>();
        var position = 0;
        foreach (var part in cell.Parts)
        {
            var partWidth = _nets[part].Width;
            var from = Math.Max(low, position);
            var to = Math.Min(low + width, position + partWidth);
            if (from < to)
                parts.Add(Slice(part, from - position, to - from, _nets[part].Signed));
            position += partWidth;
        }
        return parts;
    }

    private List<int> Flatten(IReadOnlyList<int> parts)
    {
        var flat = new List<int>(parts.Count);
        for (var k = 0; k < parts.Count; k++)
        {
            var part = parts[k];
            if (_nets[part].Name.Length == 0 && _drivers[part] is Concatenation inner)
                flat.AddRange(inner.Parts.Span);
            else
                flat.Add(part);
        }
        return flat;
    }

    /// <summary>Joins neighbours that are neighbouring bits of one net.</summary>
    private List<int> Merge(List<int> parts)
    {
        var merged = new List<int>(parts.Count);
        foreach (var part in parts)
        {
            if (merged.Count > 0 && Origin(merged[^1]) is var a && Origin(part) is var b && a.Net == b.Net && a.Low + _nets[merged[^1]].Width == b.Low)
                merged[^1] = Slice(a.Net, a.Low, _nets[merged[^1]].Width + _nets[part].Width, signed: false);
            else
                merged.Add(part);
        }
        return merged;
    }

    private (int Net, int Low) Origin(int net) =>
        _nets[net].Name.Length == 0 && _drivers[net] is Slice s ? (s.Source, s.Low) : (net, 0);
}
