using System.Globalization;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>
/// What a board's project needs beside the Verilog: a VHDL entity around the top with registers that say what is in the device, scripts that
/// build it alone in Vivado and Quartus, and constraints. Nothing in it computes.
/// </summary>
public static class BoardEmitter
{
    /// <summary>The folder of these files, beside that of the Verilog.</summary>
    public const string Folder = "board";

    private const int AddressBits = 5;

    /// <summary>The first word: "H4N" and the layout of the words behind it.</summary>
    private const uint Magic = 0x48344E01;

    /// <summary>The files.</summary>
    public static IReadOnlyList<EmittedFile> Emit(HardwareDesign hardware, BoardOptions options)
    {
        var prefix = hardware.Netlist.Top.Name;
        var model = Model(hardware, options, prefix);
        return
        [
            .. new (string Template, string File)[]
            {
                ("wrapper.vhd", $"{prefix}_board.vhd"), ("info.vhd", $"{prefix}_info.vhd"), ("constraints.xdc", $"{prefix}.xdc"), ("constraints.sdc", $"{prefix}.sdc"),
                ("vivado.tcl", "vivado.tcl"), ("quartus.tcl", "quartus.tcl"), ("files.txt", "files.txt"), ("README.md", "README.md"),
            }.Select(f => new EmittedFile($"{Folder}/{f.File}", Templates.Render($"board/{f.Template}", model))),
        ];
    }

    private static Dictionary<string, object> Model(HardwareDesign hardware, BoardOptions options, string prefix)
    {
        var stream = VerilogEmitter.InterfaceOf(hardware).Stream;
        // VHDL does not tell capitals from small letters, and has one scope for the ports and for what is inside.
        var names = new Identifiers();
        var core = names.Fresh(stream?.Module ?? prefix);
        var ports = BoardPort.Of(hardware, stream).Select(p => p with { Name = names.Fresh(p.CoreName) }).ToList();
        var (address, data) = (names.Fresh("info_address"), names.Fresh("info_data"));
        var clock = hardware.IsClocked ? ports[0].Name : "";
        return new(StringComparer.Ordinal)
        {
            ["prefix"] = prefix,
            ["model"] = HlsCppText.Comment(hardware.ModelName),
            ["compiler"] = $"Hls4Net {options.Version.ToString(3)}",
            ["core"] = core,
            ["wrapper"] = $"{prefix}_board",
            ["name"] = $"{prefix}_board",
            ["package"] = $"{prefix}_info",
            ["architecture"] = names.Fresh("structure"),
            ["instance"] = names.Fresh("core"),
            ["registers_name"] = names.Fresh("registers"),
            ["ports"] = ports.Select((p, k) => p.View(isLast: k == ports.Count - 1)).ToList(),
            ["pins"] = ports.Where(p => p.Name != clock).Select(p => p.Name).Append(address).Append(data).ToList(),
            ["address"] = address,
            ["address_high"] = Number(AddressBits - 1),
            ["data"] = data,
            ["clock"] = clock,
            ["period"] = (1000 / (hardware.ClockMHz ?? 1)).ToString("0.###", CultureInfo.InvariantCulture),
            ["longest"] = hardware.Timing.Longest.ToString("0.###", CultureInfo.InvariantCulture),
            ["part"] = hardware.Part,
            ["latency"] = Number(hardware.Latency),
            ["interval"] = Number(hardware.InitiationInterval),
            ["model_hash"] = options.ModelHash,
            ["compiler_hash"] = options.CompilerHash,
            ["design_hash"] = options.DesignHash,
            ["tensors"] = hardware.Ports.Select(Tensor).ToList(),
            ["last"] = Number((1 << AddressBits) - 1),
            ["registers"] = Registers(hardware, options).Select((r, k) => RegisterView(r, k)).ToList(),
            ["verilog"] = hardware.Netlist.Modules.Select(m => $"{m.Name}.v").Concat(stream is null ? [] : [stream.File]).Select(f => $"../{VerilogEmitter.Folder}/{f}").ToList(),
            ["vhdl"] = new List<string> { $"{prefix}_info.vhd", $"{prefix}_board.vhd" },
        };
    }

    /// <summary>The words that software on a board reads.</summary>
    private static IEnumerable<(uint Value, string Meaning)> Registers(HardwareDesign hardware, BoardOptions options)
    {
        yield return (Magic, "\"H4N\" and the version 1 of this table");
        yield return ((uint)(options.Version.Major << 16 | options.Version.Minor << 8 | options.Version.Build), "version of the compiler: major, minor, patch in 16, 8 and 8 bits");
        yield return ((uint)hardware.Latency, "latency in cycles");
        yield return ((uint)hardware.InitiationInterval, "cycles from one event to the next");
        yield return ((uint)Math.Round((hardware.ClockMHz ?? 0) * 1000), "clock in kHz for which registers were placed; 0 without one");
        for (var k = 5; k < 8; k++)
            yield return (0, "not used");
        foreach (var (hash, what) in new[] { (options.ModelHash, "the model's file"), (options.CompilerHash, "the compiler"), (options.DesignHash, "the design") })
        {
            for (var k = 0; k < 8; k++)
                yield return (uint.Parse(hash.AsSpan(8 * k, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), $"SHA-256 of {what}, digits {Number(8 * k)} to {Number(8 * k + 7)}");
        }
    }

    private static Dictionary<string, object> RegisterView((uint Value, string Meaning) register, int index) => new(StringComparer.Ordinal)
    {
        ["index"] = Number(index),
        ["value"] = register.Value.ToString("x8", CultureInfo.InvariantCulture),
        ["meaning"] = register.Meaning,
        ["comma"] = index == (1 << AddressBits) - 1 ? "" : ",",
    };

    private static Dictionary<string, object> Tensor(HardwarePort port) => new(StringComparer.Ordinal)
    {
        ["name"] = port.Name,
        ["comment"] = BoardPort.Describe(port),
        ["elements"] = Number(port.Lanes),
        ["width"] = Number(port.Type.Width),
        ["fraction"] = Number(port.Type.Fraction),
        ["signed"] = port.Type.Signed ? "true" : "false",
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
