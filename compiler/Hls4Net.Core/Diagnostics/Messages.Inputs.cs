namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS309x: how events come to the firmware.</summary>
public static partial class Messages
{
    public static readonly Rule EventDescriptionRule = new("HLS3090", Severity.Error, "The description of events is not what hardware could have.",
        """
        The section `events` of a configuration says which integers of which objects come to the firmware, where, and what they are worth. The
        message says what does not go together: bits that belong to two numbers, a number that is wider than its bits, a place on a link that there is
        not, a step in a unit that its quantity does not have. A small section:

            events:
              objects:
                met: { pt: { type: uint<12>, lsb: 0.5 GeV }, phi: { type: uint<8>, lsb: 2pi/144, period: 144 } }
                jet: { count: 4, invalid: pt = 0, pt: { type: uint<11>, lsb: 0.5 GeV }, eta: { type: int<8>, lsb: 0.0435 } }

        `events: adc2021` and `events: cms-global-trigger` are ready; with `preset:` a section begins with one of them and says what differs.
        """);

    public static readonly Rule EventFeatureCountRule = new("HLS3091", Severity.Error, "The objects of an event have more or fewer numbers than the network reads.",
        """
        Each number of the network's input comes from one number of an object. In the interleaved order every object has as many numbers as there are
        quantities, and one that it lacks (the eta of missing energy) is 0; the grouped order leaves such a number out. Change the counts of the
        objects, their quantities or the order until the number is the network's.
        """);

    public static readonly Rule EventFramesRule = new("HLS3092", Severity.Error, "An event in several frames of a link is not supported.",
        """
        The firmware takes all words of an event in one cycle. Where links bring an event in several frames, collect them in front of the firmware, and
        describe the frames as links of their own: the words of the second frame of four links are links 4 to 7.
        """);

    public static readonly Rule DecisionWithoutCyclesRule = new("HLS3093", Severity.Error, "Prescales and rate counters cannot be built here.",
        """
        A prescale lets one in so many accepted events through, and a counter says how many there were: both are kept from one event to the next, in
        registers behind the score's decision. So there must be a score and a clock, and events must come all at once: streamed networks and
        AXI4-Stream tops have no place for them yet. Keep them outside there, or leave `prescale` and `rates` away.
        """);

    public static readonly Rule DecisionInVerilogRule = new("HLS3094", Severity.Note, "Prescales and rate counters are in the Verilog alone.",
        """
        HLS C++ and the C++ library compute an event at a time and keep nothing: they give the score and its decisions, before any prescale. The
        prescaled bits and the rates are outputs of the Verilog, of the emulator (`hls4net emulate`) and of the cycle model (`hls4net simulate`);
        `hls4net verify --with decision` holds the Verilog against the emulator.
        """);

    public static Diagnostic DecisionWithoutCycles(string why) => new(DecisionWithoutCyclesRule, "score", $"Prescales and rates need events one after the other, and {why}.", "Leave 'prescale' and 'rates' away.");

    public static Diagnostic DecisionInVerilog(string what) => new(DecisionInVerilogRule, "score", $"Prescales and rates are not in {what}, which gives the decisions before them.");

    public static Diagnostic EventDescription(string where, string problem, string advice = "") =>
        new(EventDescriptionRule, where, $"{Capital(Clause(problem))}{(problem.EndsWith('?') ? "" : ".")}", advice);

    public static Diagnostic EventFeatureCount(string where, int found, string input, int needed, string shape) =>
        new(EventFeatureCountRule, where, FormattableString.Invariant($"The objects have {found} numbers, and the network's input '{input}' of shape {shape} has {needed}."),
            "Change counts, quantities or the order.");

    public static Diagnostic EventFrames(string where, string found) =>
        new(EventFramesRule, where, $"'{found}' asks for more than one frame of a link; events come in one.", "Collect the frames in front of the firmware, and describe each as links of its own.");
}
