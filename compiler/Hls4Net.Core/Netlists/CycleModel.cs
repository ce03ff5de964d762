using System.Numerics;

namespace Hls4Net.Core.Netlists;

/// <summary>
/// Runs a netlist cycle by cycle: set the inputs, <see cref="Settle"/>, read the outputs, <see cref="Clock"/>. Registers and memories start at zero, states at
/// their initial integer.
/// Integers of at most 64 bits run on machine words.
/// </summary>
public sealed class CycleModel
{
    private readonly FlatNetlist _flat;
    private readonly ICycleEngine _engine;

    public CycleModel(Netlist netlist)
    {
        _flat = FlatNetlist.Of(netlist);
        _engine = _flat.Nets.All(n => n.Width <= 64) ? new CycleEngine<ulong>(_flat) : new CycleEngine<BigInteger>(_flat);
    }

    /// <summary>Puts an integer on an element of an input port of the top.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The integer is not one of the net's range.</exception>
    public void Set(string port, int element, BigInteger raw)
    {
        var slot = _flat.Inputs[port][element];
        var net = _flat.Nets[slot];
        if (raw < net.Low || raw > net.High)
            throw new ArgumentOutOfRangeException(nameof(raw), raw, $"The input {port}[{element}] holds integers of [{net.Low}, {net.High}].");
        _engine.Set(slot, raw);
    }

    /// <summary>Lets the inputs and registers run through everything between them.</summary>
    public void Settle() => _engine.Settle();

    /// <summary>A rising edge of the clock; <see cref="Settle"/> comes before and after.</summary>
    public void Clock() => _engine.Clock();

    /// <summary>The integer on an element of an output port of the top.</summary>
    public BigInteger Get(string port, int element) => _engine.Get(_flat.Outputs[port][element]);

    /// <summary>The integer on a net, by the names of the instances that lead to it and its own: <c>layer.sum_3</c>.</summary>
    public BigInteger Peek(string path) => _engine.Get(_flat.Paths[path]);

    /// <summary>The paths of all nets that have a name.</summary>
    public IEnumerable<string> Paths => _flat.Paths.Keys;

    /// <summary>The top with all that is in it: which slot of the model holds which net.</summary>
    public ModelInstance Top => _flat.Top;

    /// <summary>Bits of a slot.</summary>
    public int WidthOf(int slot) => _flat.Nets[slot].Width;

    /// <summary>Adds the slots that hold other bits than at the last call; all slots at the first.</summary>
    public void TakeChanges(ICollection<int> changed) => _engine.TakeChanges(changed);

    /// <summary>Writes the bits of a slot as digits, the highest first.</summary>
    /// <param name="digits">As long as the slot is wide.</param>
    public void WriteBits(int slot, Span<char> digits) => _engine.WriteBits(slot, digits);

    /// <summary>
    /// The first net, in the order of computation, that holds an integer outside its declared range, or null: a hole in the interval
    /// analysis or in the netlist. Only meaningful once the pipeline is full.
    /// </summary>
    public string? FirstNetOutsideItsRange()
    {
        foreach (var (path, slot) in _flat.Paths)
        {
            var value = _engine.Get(slot);
            if (value < _flat.Nets[slot].Low || value > _flat.Nets[slot].High)
                return $"{path} = {value}, outside [{_flat.Nets[slot].Low}, {_flat.Nets[slot].High}]";
        }
        return null;
    }
}

/// <summary>Holds the values of a flat netlist.</summary>
internal interface ICycleEngine
{
    void Set(int slot, BigInteger raw);

    BigInteger Get(int slot);

    void Settle();

    void Clock();

    void TakeChanges(ICollection<int> changed);

    void WriteBits(int slot, Span<char> digits);
}

/// <summary>A use of a module in a cycle model.</summary>
/// <param name="Name">Of the instance; that of the module for the top.</param>
/// <param name="Slots">For each net of the module the slot of the model that holds it.</param>
/// <param name="Instances">What the module uses, in the order of its cells.</param>
public sealed record ModelInstance(string Name, Module Module, IReadOnlyList<int> Slots, IReadOnlyList<ModelInstance> Instances);

/// <summary>A netlist without hierarchy: nets of all instances in one list, and where their names went.</summary>
internal sealed class FlatNetlist
{
    private readonly List<Net> _nets = [];
    private readonly List<Function> _cells = [];
    private readonly Dictionary<string, int> _paths = new(StringComparer.Ordinal);

    public IReadOnlyList<Net> Nets => _nets;

    /// <summary>In topological order.</summary>
    public IReadOnlyList<Function> Cells => _cells;

    public IReadOnlyDictionary<string, int> Paths => _paths;

    public required IReadOnlyDictionary<string, int[]> Inputs { get; init; }

    public required IReadOnlyDictionary<string, int[]> Outputs { get; init; }

    public ModelInstance Top { get; private set; } = null!;

    public static FlatNetlist Of(Netlist netlist)
    {
        var inputs = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var outputs = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var flat = new FlatNetlist { Inputs = inputs, Outputs = outputs };
        var top = netlist.Top;
        var fed = new int[top.Nets.Count];
        Array.Fill(fed, -1);
        foreach (var port in top.Inputs)
        {
            foreach (var net in port.Nets)
                fed[net] = flat.AddNet(top.Nets[net], "");
            inputs[port.Name] = [.. port.Nets.Select(n => fed[n])];
        }
        flat.Top = flat.Expand(netlist, top, top.Name, fed, "");
        foreach (var port in top.Outputs)
            outputs[port.Name] = [.. port.Nets.Select(n => flat.Top.Slots[n])];
        return flat;
    }

    /// <summary>Adds the nets and cells of a module whose input nets have slots already.</summary>
    private ModelInstance Expand(Netlist netlist, Module module, string name, int[] slots, string path)
    {
        var instances = new List<ModelInstance>();
        var states = new List<(int Cell, State State)>();
        foreach (var cell in module.Cells)
        {
            if (cell is ShiftRegister shift)
            {
                AddShiftRegister(shift, module.Nets[shift.Result], slots, path);
                continue;
            }
            if (cell is Function function)
            {
                slots[function.Result] = AddNet(module.Nets[function.Result], path);
                // What a state reads may not be there yet.
                if (function is State state)
                    states.Add((_cells.Count, state));
                _cells.Add(function is State ? function : function.With(slots[function.Result], [.. function.Operands.Select(o => slots[o])]));
                continue;
            }
            var instance = (Instance)cell;
            var used = netlist[instance.Module];
            var inner = new int[used.Nets.Count];
            Array.Fill(inner, -1);
            foreach (var (port, nets) in used.Inputs.Zip(instance.Inputs))
            {
                for (var k = 0; k < nets.Count; k++)
                {
                    inner[port.Nets[k]] = slots[nets[k]];
                    _paths[$"{path}{instance.Name}.{used.Nets[port.Nets[k]].Name}"] = slots[nets[k]];
                }
            }
            instances.Add(Expand(netlist, used, instance.Name, inner, $"{path}{instance.Name}."));
            foreach (var (port, nets) in used.Outputs.Zip(instance.Outputs))
            {
                for (var k = 0; k < nets.Count; k++)
                {
                    slots[nets[k]] = inner[port.Nets[k]];
                    _paths[$"{path}{module.Nets[nets[k]].Name}"] = slots[nets[k]];
                }
            }
        }
        foreach (var (cell, state) in states)
            _cells[cell] = state.With(slots[state.Result], [slots[state.Source]]);
        return new(name, module, slots, instances);
    }

    /// <summary>A shift register as a row of registers, of which only the last has a name.</summary>
    private void AddShiftRegister(ShiftRegister shift, Net net, int[] slots, string path)
    {
        var slot = slots[shift.Source];
        for (var k = 1; k <= shift.Cycles; k++)
        {
            var next = AddNet(k < shift.Cycles ? net with { Name = "" } : net, path);
            _cells.Add(new Register(next, slot));
            slot = next;
        }
        slots[shift.Result] = slot;
    }

    private int AddNet(Net net, string path)
    {
        _nets.Add(net);
        if (net.Name.Length > 0)
            _paths[path + net.Name] = _nets.Count - 1;
        return _nets.Count - 1;
    }
}
