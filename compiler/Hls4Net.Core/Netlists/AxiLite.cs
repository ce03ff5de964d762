namespace Hls4Net.Core.Netlists;

/// <summary>The AXI4-Lite port through which weights are loaded: 32 bits of data, a word of a table or a register at each multiple of 4.</summary>
public static class AxiLite
{
    /// <summary>Signals of the port, with their direction; a width of 0 stands for that of addresses.</summary>
    public static IReadOnlyList<(string Name, bool IsInput, int Width)> Signals { get; } =
    [
        ("s_axi_awaddr", true, 0), ("s_axi_awprot", true, 3), ("s_axi_awvalid", true, 1), ("s_axi_awready", false, 1),
        ("s_axi_wdata", true, 32), ("s_axi_wstrb", true, 4), ("s_axi_wvalid", true, 1), ("s_axi_wready", false, 1),
        ("s_axi_bresp", false, 2), ("s_axi_bvalid", false, 1), ("s_axi_bready", true, 1),
        ("s_axi_araddr", true, 0), ("s_axi_arprot", true, 3), ("s_axi_arvalid", true, 1), ("s_axi_arready", false, 1),
        ("s_axi_rdata", false, 32), ("s_axi_rresp", false, 2), ("s_axi_rvalid", false, 1), ("s_axi_rready", true, 1),
    ];

    /// <summary>The reset of the port, active when 0.</summary>
    public const string Reset = "aresetn";

    /// <summary>What the slave is called where it is used.</summary>
    public const string Instance = "weight_port";

    /// <summary>Names that nothing else in a top with such a port may have.</summary>
    public static IReadOnlyList<string> PortNames { get; } = [Reset, Instance, .. Signals.Select(s => s.Name)];

    /// <summary>What the register <see cref="LoadRegister.Id"/> holds.</summary>
    public const uint Identity = 0x484C5334;

    /// <summary>The version of the registers.</summary>
    public const uint Version = 1;
}

/// <summary>The registers, by the number of their word.</summary>
public enum LoadRegister
{
    /// <summary>Read: <see cref="AxiLite.Identity"/>.</summary>
    Id,

    /// <summary>Read: <see cref="AxiLite.Version"/>.</summary>
    Version,

    /// <summary>Read: the low half of the firmware's hash, which says which lists of words it takes.</summary>
    HashLow,

    /// <summary>Read: the high half.</summary>
    HashHigh,

    /// <summary>Read: bit 0 is 1 while events of before the last commit can still be in the network, bit 1 is the bank of new events.</summary>
    Status,

    /// <summary>Write: bit 0 commits.</summary>
    Control,

    /// <summary>Read: commits since the device started, modulo 2^32.</summary>
    Commits,

    /// <summary>Read: what <see cref="NextTag"/> held at the last commit.</summary>
    Tag,

    /// <summary>Read and write: any number that names the weights that are being loaded.</summary>
    NextTag,

    /// <summary>Read: how many words the tables have, those between tables included.</summary>
    Words,
}

/// <summary>What a program has to know of the port for weights, to be kept as JSON beside the Verilog.</summary>
/// <param name="Module">The module of the slave, which the top contains.</param>
/// <param name="File">Its file.</param>
/// <param name="Bank">The wire in the top that selects the bank of new events.</param>
/// <param name="AddressWidth">Bits of byte addresses.</param>
/// <param name="TableBase">The byte address of word 0 of the tables.</param>
/// <param name="DrainCycles">Cycles after a commit for which neither words nor commits are taken.</param>
/// <param name="Hash">What the hash registers hold, as 16 digits.</param>
/// <param name="Tables">The tables; entry e of one is at TableBase + 4 (First + e).</param>
public sealed record LoadInterface(
    string Module, string File, string Bank, int AddressWidth, int TableBase, int DrainCycles, string Hash, IReadOnlyList<LoadableTable> Tables)
{
    /// <summary>The byte address of a register.</summary>
    public static int AddressOf(LoadRegister register) => 4 * (int)register;

    /// <summary>The byte address of a word.</summary>
    public int AddressOf(int word) => TableBase + 4 * word;
}
