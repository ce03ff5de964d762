using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hls4Net.Core.Netlists;

/// <summary>
/// What a bench has to know of the Verilog of a design, to be kept beside it as JSON: ports, timing, and where to look for intermediate
/// values.
/// </summary>
/// <param name="Top">The module to instantiate.</param>
/// <param name="Clock">The name of the clock port; null without a clock.</param>
/// <param name="Latency">Cycles as <see cref="HardwareDesign"/> defines them.</param>
/// <param name="InitiationInterval">Cycles from one event to the next.</param>
/// <param name="Files">Verilog files, relative to the folder of the Verilog.</param>
/// <param name="Ports">Data and setting ports, in the order of the model.</param>
/// <param name="Channels">Intermediate values, in the order of computation.</param>
/// <param name="Valid">Ports of one bit that tell cycles with events from others; null if every cycle can have an event.</param>
/// <param name="Blocks">Modules so large and so often used that a simulator should build them once instead of in every place.</param>
/// <param name="ClockEnable">The port of one bit that says which cycles of the clock count; null if all do.</param>
/// <param name="StartGrid">Events start a multiple of so many cycles apart.</param>
/// <param name="Stream">The AXI4-Stream top around this one; null if there is none.</param>
/// <param name="Lines">The delay lines of a streamed design; null in others.</param>
/// <param name="Loading">How weights are loaded at run time; null if there are none to load.</param>
public sealed record HardwareInterface(
    string Top, string? Clock, int Latency, int InitiationInterval, IReadOnlyList<string> Files, IReadOnlyList<InterfacePort> Ports,
    IReadOnlyList<InterfaceChannel> Channels, ValidPorts? Valid = null, IReadOnlyList<string>? Blocks = null, string? ClockEnable = null, int StartGrid = 1,
    AxiStreamInterface? Stream = null, IReadOnlyList<LineFigures>? Lines = null, LoadInterface? Loading = null)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <exception cref="JsonException">The text is not such a description.</exception>
    public static HardwareInterface FromJson(string json) =>
        JsonSerializer.Deserialize<HardwareInterface>(json, Options) ?? throw new JsonException("The description of the hardware is empty.");
}

/// <summary>A port of the top.</summary>
/// <param name="Name">The Verilog name.</param>
/// <param name="Channel">The channel of the design that it carries.</param>
/// <param name="Source">The ONNX value.</param>
/// <param name="Width">Bits of one element.</param>
/// <param name="Signed">Whether elements are two's complement.</param>
/// <param name="Fraction">An element's value is its integer times 2^−Fraction.</param>
/// <param name="Elements">Of the tensor.</param>
/// <param name="Beats">How they come one beat after the other; null for all of an event at once.</param>
public sealed record InterfacePort(
    string Name, PortRole Role, string Channel, string Source, int Elements, int Width, bool Signed, int Fraction, InterfaceBeats? Beats = null)
{
    /// <summary>Elements side by side on the port.</summary>
    [JsonIgnore]
    public int Lanes => Beats?.Lanes ?? Elements;
}

/// <summary>What <see cref="PortBeats"/> says.</summary>
public sealed record InterfaceBeats(int Lanes, IReadOnlyList<int> Cycles, IReadOnlyList<int> Lane)
{
    /// <summary>The cycles in which there is a beat, ascending.</summary>
    public IReadOnlyList<int> Times() => [.. Cycles.Distinct().Order()];
}

/// <summary>An intermediate value.</summary>
/// <param name="Node">The ONNX node that computes it.</param>
/// <param name="Width">Bits of one element in the channel's type.</param>
public sealed record InterfaceChannel(
    string Channel, string Source, string Node, int Width, bool Signed, int Fraction, IReadOnlyList<InterfaceElement> Elements);

/// <summary>An element of an intermediate value.</summary>
/// <param name="Path">A name or part select below the top; null if the element is not a net.</param>
/// <param name="Width">Bits of the net.</param>
/// <param name="Shift">The element's integer is the net's times 2^Shift.</param>
/// <param name="Constant">Its integer, in decimal, if it is the same for every event; with neither path nor constant nobody reads it.</param>
/// <param name="Cycle">When it is there, counted like the latency.</param>
public sealed record InterfaceElement(string? Path, int Width, bool Signed, int Shift, string? Constant, int Cycle);
