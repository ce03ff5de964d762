using System.Globalization;
using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Emission;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Gpp;

/// <summary>The HLS C++ of one or more designs as a program of this machine, which runs batches of events.</summary>
public sealed class GppProgram
{
    private readonly ExternalTool _program;
    private readonly Dictionary<Design, HlsCppLayout> _layouts;

    internal GppProgram(string path, Dictionary<Design, HlsCppLayout> layouts, TimeSpan? compileTime)
    {
        _program = new ExternalTool("the g++ build of the HLS C++", path);
        _layouts = layouts;
        CompileTime = compileTime;
    }

    /// <summary>How long g++ took; null if the program was there already.</summary>
    public TimeSpan? CompileTime { get; }

    /// <summary>Runs events given as raw integers of the input types.</summary>
    /// <param name="design">One of the designs of the program.</param>
    /// <param name="inputs">One batch for each input, by channel name; a setting has one event, used for all.</param>
    /// <returns>The outputs by channel name.</returns>
    /// <exception cref="ArgumentException">An input is missing, or the batches do not fit the design or one another.</exception>
    /// <exception cref="UserErrorException">The program failed.</exception>
    public IReadOnlyDictionary<string, RawBatch> Run(Design design, IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation = default)
    {
        var layout = _layouts[design];
        var outputs = Run(design, layout, inputs, layout.Outputs, "outputs", cancellation);
        return layout.Outputs.Zip(outputs).DistinctBy(o => o.First.Name).ToDictionary(o => o.First.Name, o => HlsCppTraces.FromBeats(o.First, o.Second), StringComparer.Ordinal);
    }

    /// <summary>The values of every channel, inputs and intermediate values included, by channel name; of a network those between its processes.</summary>
    /// <inheritdoc cref="Run(Design, IReadOnlyDictionary{string, RawBatch}, CancellationToken)"/>
    public IReadOnlyDictionary<string, RawBatch> Trace(Design design, IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation = default)
    {
        var layout = _layouts[design];
        return HlsCppTraces.Channels(design, layout, Run(design, layout, inputs, layout.Traced, "channels", cancellation), inputs);
    }

    private IReadOnlyList<RawBatch> Run(Design design, HlsCppLayout layout, IReadOnlyDictionary<string, RawBatch> inputs,
        IReadOnlyList<HlsArray> wanted, string mode, CancellationToken cancellation)
    {
        var events = CountEvents(design, layout, inputs);
        if (events == 0)
            return [.. wanted.Select(a => new RawBatch(0, Elements(a), null, []))];
        var folder = Directory.CreateTempSubdirectory("hls4net-gpp-").FullName;
        try
        {
            var (input, output) = (Path.Combine(folder, "inputs.bin"), Path.Combine(folder, "outputs.bin"));
            var words = layout.Inputs.SelectMany(i => RawWords.Pack(HlsCppTraces.ToBeats(i, inputs[i.Name]), i.Type.Width)).ToArray();
            File.WriteAllBytes(input, MemoryMarshal.AsBytes<ulong>(words));
            _program.RunToSuccess([layout.Prefix, input, output, events.ToString(CultureInfo.InvariantCulture), mode],
                new ToolOptions { WorkingDirectory = folder }, cancellation);
            return Unpack(MemoryMarshal.Cast<byte, ulong>(File.ReadAllBytes(output)), wanted, events);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Elements(HlsArray array) => array.Beats is { } beats ? beats.Beats * beats.Lanes : array.Elements;

    private static IReadOnlyList<RawBatch> Unpack(ReadOnlySpan<ulong> words, IReadOnlyList<HlsArray> arrays, int events)
    {
        var results = new List<RawBatch>();
        var begin = 0;
        foreach (var array in arrays)
        {
            var length = checked(events * Elements(array) * RawWords.WordsOf(array.Type.Width));
            results.Add(RawWords.Unpack(words.Slice(begin, length), events, Elements(array), array.Type));
            begin += length;
        }
        return begin == words.Length ? results : throw new InvalidOperationException("The bench wrote another number of words than it should.");
    }

    private static int CountEvents(Design design, HlsCppLayout layout, IReadOnlyDictionary<string, RawBatch> inputs)
    {
        int? events = null;
        foreach (var array in layout.Inputs)
        {
            if (!inputs.TryGetValue(array.Name, out var batch))
                throw new ArgumentException($"No values for the input '{array.Name}'.", nameof(inputs));
            var isSetting = design.Settings.Contains(array.Name, StringComparer.Ordinal);
            if (batch.Elements != array.Elements || (isSetting ? batch.Events != 1 : batch.Events != (events ??= batch.Events)))
            {
                throw new ArgumentException(
                    $"The input '{array.Name}' has {batch.Events} events of {batch.Elements} elements; {(isSetting ? 1 : events)} of {array.Elements} were needed.",
                    nameof(inputs));
            }
        }
        return events ?? 1;
    }
}
