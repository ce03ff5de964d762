using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Netlists;

/// <summary>
/// Clocked bits: a hierarchy of modules made of cells. All registers share one clock, named <see cref="Clock"/>, and none has a reset.
/// </summary>
/// <param name="Modules">Each after the modules that it uses; the last one is the top.</param>
public sealed record Netlist(Seq<Module> Modules)
{
    /// <summary>The name of the clock port of every module that holds a register or uses a module that does.</summary>
    public const string Clock = "clk";

    /// <summary>The name of the port of one bit, beside each clock port, without which a rising edge counts for nothing; see <see cref="HasEnable"/>.</summary>
    public const string Enable = "ce";

    /// <summary>
    /// The name of the port that brings words for loadable tables, from the low bits: an enable, the bank, the number of the word, its bits.
    /// </summary>
    public const string Load = "load";

    private Dictionary<string, Module>? _byName;

    /// <summary>Whether a clock enable holds every register, state and memory in the cycles in which it is 0.</summary>
    public bool HasEnable { get; init; }

    /// <summary>A copy that another set of modules can be given to: it must not know the old ones by name.</summary>
    private Netlist(Netlist other) => (Modules, HasEnable) = (other.Modules, other.HasEnable);

    /// <summary>The module that nobody uses.</summary>
    public Module Top => Modules[^1];

    /// <summary>The module of that name.</summary>
    public Module this[string name] => (_byName ??= Modules.ToDictionary(m => m.Name, StringComparer.Ordinal))[name];

    /// <summary>Names of the modules that have a clock port.</summary>
    public HashSet<string> ClockedModules()
    {
        var clocked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var module in Modules)
        {
            if (module.Cells.Any(c => c is Register or ShiftRegister or State or DelayLine or BlockRom or Rom { Load: >= 0 } || (c is Instance i && clocked.Contains(i.Module))))
                clocked.Add(module.Name);
        }
        return clocked;
    }

    /// <summary>Names of the modules that have a port for loading: those with a loadable table, and all that use one.</summary>
    public HashSet<string> LoadedModules()
    {
        var loaded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var module in Modules)
        {
            if (module.Cells.Any(c => c is Rom { Load: >= 0 } or BlockRom { Load: >= 0 } || (c is Instance i && loaded.Contains(i.Module))))
                loaded.Add(module.Name);
        }
        return loaded;
    }

    /// <summary>How many copies of each module a device holds: one of the top, and of others one for each place in a copy of their users.</summary>
    public IReadOnlyDictionary<string, long> Copies()
    {
        var copies = Modules.ToDictionary(m => m.Name, _ => 0L, StringComparer.Ordinal);
        copies[Top.Name] = 1;
        for (var m = Modules.Count - 1; m >= 0; m--)
        {
            foreach (var instance in Modules[m].Cells.OfType<Instance>())
                copies[instance.Module] += copies[Modules[m].Name];
        }
        return copies;
    }

    public bool Equals(Netlist? other) => other is not null && Modules == other.Modules && HasEnable == other.HasEnable;

    public override int GetHashCode() => HashCode.Combine(Modules, HasEnable);
}

/// <summary>One level of the hierarchy.</summary>
/// <param name="Name">A legal identifier, unique in the netlist.</param>
/// <param name="Origins">The ONNX nodes that the module computes.</param>
/// <param name="Comment">What it does, in words.</param>
/// <param name="Nets">What the indices in ports and cells refer to.</param>
/// <param name="Cells">Each after the cells that drive what it reads, registers included; only a <see cref="State"/> may read what comes later.</param>
public sealed record Module(string Name, Seq<Origin> Origins, string Comment, Seq<Port> Ports, Seq<Net> Nets, Seq<Cell> Cells)
{
    public IEnumerable<Port> Inputs => Ports.Where(p => p.Direction == PortDirection.Input);

    public IEnumerable<Port> Outputs => Ports.Where(p => p.Direction == PortDirection.Output);
}

/// <summary>Which way a port points.</summary>
public enum PortDirection
{
    Input,
    Output,
}

/// <summary>A bundle of nets at the edge of a module: the elements of a tensor that the module reads or writes.</summary>
/// <param name="Name">A legal identifier, unique among the ports and nets of the module.</param>
/// <param name="Nets">Element 0 first, which lies in the low bits of the port.</param>
/// <param name="IsSetting">An input that holds still while events flow, and is never delayed.</param>
public sealed record Port(string Name, PortDirection Direction, Seq<int> Nets, bool IsSetting = false);

/// <summary>A bundle of bits with one driver.</summary>
/// <param name="Name">A legal identifier, unique in the module; empty for wiring that is written where it is used.</param>
/// <param name="Type">Width and sign, which cells go by, and the place of the binary point, which only people need.</param>
/// <param name="Low">No integer on the net is below this.</param>
/// <param name="High">No integer on the net is above this.</param>
/// <param name="Note">For the reader; may be empty.</param>
public sealed record Net(string Name, FixedType Type, BigInteger Low, BigInteger High, string Note = "")
{
    public int Width => Type.Width;

    public bool Signed => Type.Signed;

    /// <summary>The numbers that the net can hold.</summary>
    public Interval Range => new(Low, High, Type.Fraction);

    /// <summary>A net that can hold every integer of its type.</summary>
    public static Net Of(string name, FixedType type) => new(name, type, type.MinimumRaw, type.MaximumRaw);
}
