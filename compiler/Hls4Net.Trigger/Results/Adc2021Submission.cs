using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Trigger.Hdf5;

namespace Hls4Net.Trigger.Results;

/// <summary>
/// A submission to the ADC2021 challenge: the numbers of the most anomalous events of a black box, and what the firmware costs. A figure that
/// is not known is left out of the file; the resources are in percent of the device, as the compiler estimates them.
/// </summary>
/// <param name="Result">Numbers of events, the most anomalous first.</param>
/// <param name="Flops">Floating-point operations of the network by the challenge's rule.</param>
/// <param name="Device">The part.</param>
/// <param name="LatencyUs">Latency in microseconds.</param>
/// <param name="Dsp">DSP blocks, %.</param>
/// <param name="Lut">Look-up tables, %.</param>
/// <param name="Ff">Flip-flops, %.</param>
/// <param name="Bram">Block memories, %.</param>
public sealed record Adc2021Submission(
    IReadOnlyList<long> Result, double? Flops = null, string? Device = null, double? LatencyUs = null, double? Dsp = null, double? Lut = null, double? Ff = null, double? Bram = null)
{
    /// <summary>How many events the challenge asks for.</summary>
    public const int Events = 1000;

    private const string ResultName = "Result";

    /// <summary>The attributes in the file's order; null where a figure is not known.</summary>
    public IReadOnlyList<(string Name, object? Value)> Attributes =>
        [("FLOPs", Flops), ("Device", Device), ("Latency", LatencyUs), ("DSP", Dsp), ("LUT", Lut), ("FF", Ff), ("BRAM", Bram)];

    /// <summary>Writes the file, or nothing.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016) or the library is missing (HLS5021).</exception>
    public void Write(string path) => AtomicFile.Write(path, temporary =>
    {
        using var writer = new Hdf5Writer(temporary);
        writer.Write(ResultName, [.. Result]);
        foreach (var (name, value) in Attributes)
        {
            if (value is not null)
                writer.SetAttribute(name, value);
        }
        writer.Finish();
    });

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserErrorException">It is damaged (HLS4101), has no Result (HLS4102) or one of another shape (HLS4010).</exception>
    public static Adc2021Submission Read(string path)
    {
        using var file = Hdf5File.Open(path);
        using var dataset = file.Dataset(ResultName);
        if (dataset.Shape.Count != 1 || !dataset.IsNumeric)
            throw new UserErrorException(Messages.ArrayShape($"{path}: {ResultName}", $"[{string.Join(", ", dataset.Shape)}]", "[events]", ""));
        var result = new long[dataset.Shape[0]];
        dataset.Read(0, result.Length, result);
        return new(result, file.NumberAttribute("FLOPs"), file.TextAttribute("Device"), file.NumberAttribute("Latency"),
            file.NumberAttribute("DSP"), file.NumberAttribute("LUT"), file.NumberAttribute("FF"), file.NumberAttribute("BRAM"));
    }
}
