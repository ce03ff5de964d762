using System.Globalization;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Inputs;

/// <summary>What an object of an event is, so that files of events can fill it.</summary>
public enum EventObjectKind
{
    /// <summary>Nothing that files of events have: only rows of numbers fill it.</summary>
    Other,
    Met,
    Electron,
    Photon,
    EGamma,
    Muon,
    Jet,
}

/// <summary>How numbers come into the firmware.</summary>
public enum EventPorts
{
    /// <summary>A port for each quantity of each kind of object.</summary>
    Features,

    /// <summary>One port with all numbers, which have one type.</summary>
    Single,

    /// <summary>A port of words for each kind of object.</summary>
    Words,

    /// <summary>One port with the words of all links.</summary>
    Links,
}

/// <summary>A number of an event, as hardware has it and as the network reads it.</summary>
/// <param name="Object">The kind of object, as the description calls it.</param>
/// <param name="Slot">Which of them, from 0.</param>
/// <param name="Quantity">pt, eta, phi or another.</param>
public sealed record EventFeature(string Object, int Slot, string Quantity)
{
    /// <summary>For messages and tables.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Object}[{Slot}].{Quantity}");

    /// <summary>What the object is.</summary>
    public EventObjectKind Kind { get; init; }

    /// <summary>The port that carries it; empty for a number that the object does not have, which is 0.</summary>
    public string Port { get; init; } = "";

    /// <summary>The element of the port; of words of 64 bits, which are two elements of 32, the one with its lowest bit.</summary>
    public int Element { get; init; }

    /// <summary>Its lowest bit in that element of a word; −1 where the element is the number itself.</summary>
    public int Low { get; init; } = -1;

    /// <summary>Whether the number is some bits of a word.</summary>
    public bool IsInWord => Low >= 0;

    /// <summary>The hardware's number, and how a real number becomes one.</summary>
    public Quantizer Type { get; init; }

    /// <summary>What one step of the integer is worth, in GeV or radians or without unit.</summary>
    public Rational Lsb { get; init; } = Rational.One;

    /// <summary>The same as the user wrote it.</summary>
    public string Unit { get; init; } = "1";

    /// <summary>Steps in a full turn of an angle, which begin again there; 0 for what is no angle.</summary>
    public int Period { get; init; }

    /// <summary>Subtracted from the hardware's number.</summary>
    public Dyadic Offset { get; init; }

    /// <summary>Places to the right after that; to the left where negative.</summary>
    public int Shift { get; init; }

    /// <summary>The quantity of the same object that says whether it is there; null if it always is.</summary>
    public string? Key { get; init; }

    /// <summary>The integer of that quantity which says that it is not.</summary>
    public long Code { get; init; }

    /// <summary>What a step is worth, as people write it.</summary>
    /// <param name="text">For example <c>0.5 GeV</c> or <c>2pi/144</c>.</param>
    /// <param name="quantity">It decides which units there are.</param>
    /// <exception cref="FormatException">It is not written so.</exception>
    public static Rational StepOf(string text, string quantity) =>
        EventUnits.Parse(text, quantity, out var problem) is var step && problem is null ? step : throw new FormatException(problem);

    /// <summary>Whether hardware has the number.</summary>
    public bool IsPresent => Port.Length > 0;
}

/// <summary>A port that a description asks for.</summary>
/// <param name="Shape">Behind a batch extent of 1.</param>
public sealed record EventPort(string Name, Seq<int> Shape, FixedType Type);

/// <summary>
/// How events come to the firmware: integers of objects on ports or in words of links, and the arithmetic between them and the network's input.
/// It is compiled into the firmware's first stage, and the same description turns real events into these integers.
/// </summary>
/// <param name="Input">The network's input that is fed; empty for the only one.</param>
/// <param name="Features">In the network's order.</param>
/// <param name="Ports">In the order of the objects.</param>
public sealed record EventDescription(string Input, Seq<EventFeature> Features, Seq<EventPort> Ports)
{
    /// <summary>Bits of an element of a port of words.</summary>
    public const int WordBits = 32;

    /// <summary>The file and line, for messages.</summary>
    public string Place { get; init; } = "";

    /// <summary>True if the network reads GeV and radians, false if it reads the hardware's numbers.</summary>
    public bool ReadsValues { get; init; } = true;

    /// <summary>How the numbers come.</summary>
    public EventPorts Kind { get; init; }

    /// <summary>Bits of a word or of a link; 0 without words.</summary>
    public int Width { get; init; }

    /// <summary>The type in which offset and shift are done, so that both can wrap and the shift drops bits; null for exact results.</summary>
    public Quantizer? Arithmetic { get; init; }

    /// <summary>What the network reads; null for the exact result.</summary>
    public Quantizer? Result { get; init; }
}
