namespace Hls4Net.Transforms.Inputs;

/// <summary>
/// Descriptions to begin with. Scales and bits are those that CMS documents for the objects of its Global Trigger; those of ADC2021 are momenta of
/// 0.5 GeV and the angles of the same calorimeter and muon objects, for that challenge has real numbers only.
/// </summary>
internal static class EventPresets
{
    private const string GlobalTriggerObjects =
        """
        objects:
          met: { count: 1, word: 32, pt: { type: uint<12>, lsb: 0.5 GeV, bits: 0..11 }, phi: { type: uint<8>, lsb: 2pi/144, period: 144, bits: 12..19 } }
          eg: { count: 4, word: 32, invalid: pt = 0, pt: { type: uint<9>, lsb: 0.5 GeV, bits: 0..8 }, eta: { type: int<8>, lsb: 0.0435, bits: 9..16 }, phi: { type: uint<8>, lsb: 2pi/144, period: 144, bits: 17..24 } }
          mu: { count: 4, word: 64, invalid: pt = 0, pt: { type: uint<9>, lsb: 0.5 GeV, bits: 10..18 }, eta: { type: int<9>, lsb: 0.010875, bits: 23..31 }, phi: { type: uint<10>, lsb: 2pi/576, period: 576, bits: 0..9 } }
          jet: { count: 10, word: 32, invalid: pt = 0, pt: { type: uint<11>, lsb: 0.5 GeV, bits: 0..10 }, eta: { type: int<8>, lsb: 0.0435, bits: 11..18 }, phi: { type: uint<8>, lsb: 2pi/144, period: 144, bits: 19..26 } }
        """;

    /// <summary>By name, as sections <c>events</c>.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["adc2021"] =
            """
            order: interleaved
            reads: values
            objects:
              met: { count: 1, pt: { type: uint<12>, lsb: 0.5 GeV }, phi: { type: uint<8>, lsb: 2pi/144, period: 144 } }
              eg: { count: 4, invalid: pt = 0, pt: { type: uint<12>, lsb: 0.5 GeV }, eta: { type: int<8>, lsb: 0.0435 }, phi: { type: uint<8>, lsb: 2pi/144, period: 144 } }
              mu: { count: 4, invalid: pt = 0, pt: { type: uint<12>, lsb: 0.5 GeV }, eta: { type: int<9>, lsb: 0.010875 }, phi: { type: uint<10>, lsb: 2pi/576, period: 576 } }
              jet: { count: 10, invalid: pt = 0, pt: { type: uint<12>, lsb: 0.5 GeV }, eta: { type: int<8>, lsb: 0.0435 }, phi: { type: uint<8>, lsb: 2pi/144, period: 144 } }
            """,
        ["cms-global-trigger"] = "order: interleaved\nreads: integers\n" + GlobalTriggerObjects,
    };
}
