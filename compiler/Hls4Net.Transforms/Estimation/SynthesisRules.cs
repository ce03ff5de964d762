using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Estimation;

/// <summary>How a synthesis tool turns cells into what a family of devices has.</summary>
/// <param name="Name">The tool and the family.</param>
/// <param name="Luts">What look-up tables cost.</param>
/// <param name="ShortestChain">Sums of fewer positions are logic.</param>
/// <param name="HasSumsInLuts">Whether each position of a carry chain has a look-up table in front, which logic joins; if not, a position takes a look-up table as it is.</param>
/// <param name="ComparisonInputs">Inputs of the look-up tables that a comparison is cut into in front of a carry chain; 0 where it is a subtraction.</param>
/// <param name="ShortestShift">Rows of so many flip-flops or more become memory for shifting; 0 for never.</param>
/// <param name="Dsp">The multiplier block.</param>
internal sealed record SynthesisRules(
    string Name, LutCosts Luts, int ShortestChain, bool HasSumsInLuts, int ComparisonInputs, int ShortestShift, DspGeometry Dsp)
{
    /// <summary>Whether enables of flip-flops work in one polarity only.</summary>
    public required bool HasOnePolarity { get; init; }

    /// <summary>Bits from which on a table with a register goes into blocks by itself.</summary>
    public required int LargestTable { get; init; }

    /// <summary>The name of the file of its calibration.</summary>
    public required string Calibration { get; init; }

    /// <summary>The rules for a device: those of its family's synthesis with its own multiplier blocks.</summary>
    public static SynthesisRules Of(Device device)
    {
        var rules = device.Synthesis switch
        {
            "xilinx" => YosysUltraScalePlus,
            "ecp5" => YosysEcp5,
            _ => throw new InvalidOperationException($"No synthesis is known for {device.Family}."),
        };
        return rules with { Dsp = rules.Dsp with { Wide = device.Dsp.Wide, Narrow = device.Dsp.Narrow } };
    }

    /// <summary>Yosys, <c>synth_xilinx -family xcup</c>: weights as the script gives them to ABC; wider functions go through MUXF7 to MUXF9.</summary>
    public static SynthesisRules YosysUltraScalePlus { get; } = new("synth_xilinx -family xcup",
        new(9, [0, 2, 2, 3, 5, 5, 5, 10, 20, 40], [0, 1, 1, 1, 1, 1, 1, 2, 4, 8]), ShortestChain: 3, HasSumsInLuts: true, ComparisonInputs: 6, ShortestShift: 3,
        new(27, 18, SmallestFactor: 2, SmallestProduct: 9))
    { Calibration = "yosys-xilinx", HasOnePolarity = true, LargestTable = 129 * 64 };

    /// <summary>Yosys, <c>synth_ecp5</c>: functions of up to seven inputs go through PFUMX and L6MUX21; a CCU2C is two look-up tables.</summary>
    public static SynthesisRules YosysEcp5 { get; } = new("synth_ecp5",
        new(7, [0, 1, 1, 1, 1, 2, 4, 8], [0, 1, 1, 1, 1, 2, 4, 8]), ShortestChain: 5, HasSumsInLuts: false, ComparisonInputs: 0, ShortestShift: 0,
        new(18, 18, SmallestFactor: 2, SmallestProduct: 1))
    { Calibration = "yosys-ecp5", HasOnePolarity = false, LargestTable = 128 };
}

/// <summary>A multiplier block.</summary>
/// <param name="Wide">Bits of its wider signed factor.</param>
/// <param name="Narrow">Bits of its narrower signed factor.</param>
/// <param name="SmallestFactor">Factors of fewer bits are multiplied in logic.</param>
/// <param name="SmallestProduct">Products of fewer bits are made in logic.</param>
internal sealed record DspGeometry(int Wide, int Narrow, int SmallestFactor, int SmallestProduct)
{
    /// <summary>Whether a product of so many bits is made in blocks.</summary>
    public bool Takes(int left, int right, int product) => Math.Min(left, right) >= SmallestFactor && product >= SmallestProduct;

    /// <summary>Blocks of a product: factors that are too wide are cut into natural pieces of which the last has the sign.</summary>
    public int Blocks(int left, int right, bool signed)
    {
        var (wide, narrow) = (Math.Max(left, right) + (signed ? 0 : 1), Math.Min(left, right) + (signed ? 0 : 1));
        return Pieces(wide, Wide) * Pieces(narrow, Narrow);

        static int Pieces(int bits, int room) => bits <= room ? 1 : 1 + (bits - room + room - 2) / (room - 1);
    }
}
