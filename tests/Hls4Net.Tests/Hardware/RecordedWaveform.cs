using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Hardware;

/// <summary>A simulation in the cycle model, written as a waveform and read back.</summary>
internal static partial class RecordedWaveform
{
    /// <summary>Picoseconds of a cycle.</summary>
    public const long Period = 5000;

    /// <summary>Compares all elements of channels that are nets; returns how many.</summary>
    public static int Compare(VcdFile file, HardwareDesign hardware, IReadOnlyDictionary<string, RawBatch> expected)
    {
        var compared = 0;
        var description = VerilogEmitter.InterfaceOf(hardware);
        foreach (var channel in description.Channels.Where(c => expected.ContainsKey(c.Channel)))
        {
            for (var k = 0; k < channel.Elements.Count; k++)
            {
                if (channel.Elements[k] is not { Path: { } path } element)
                    continue;
                var part = PartSelect().Match(path);
                var low = part.Groups["low"].Success ? int.Parse(part.Groups["low"].Value, CultureInfo.InvariantCulture) : 0;
                for (var e = 0; e < expected[channel.Channel].Events; e++)
                {
                    var time = (e * hardware.InitiationInterval + element.Cycle) * Period;
                    var found = file.Number($"{description.Top}.{part.Groups["name"].Value}", time, low, element.Width, element.Signed);
                    Assert.Equal(expected[channel.Channel][e, k], element.Shift >= 0 ? found << element.Shift : found >> -element.Shift);
                    compared++;
                }
            }
        }
        return compared;
    }

    public static (VcdFile File, SimulatedEvents Result) Of(HardwareDesign hardware, IReadOnlyDictionary<string, RawBatch> inputs, params IReadOnlyList<string> patterns)
    {
        using var stream = new MemoryStream();
        var simulation = new EventSimulation(hardware.Netlist, VerilogEmitter.InterfaceOf(hardware));
        var waveform = Waveform.Of(simulation.Model, hardware.Netlist, patterns);
        var result = WaveformRecording.Run(simulation, waveform, inputs, stream, Period, "test");
        return (new(Encoding.ASCII.GetString(stream.ToArray())), result);
    }

    [GeneratedRegex(@"^(?<name>\w+)(\[((?<high>\d+):)?(?<low>\d+)\])?$")]
    private static partial Regex PartSelect();
}
