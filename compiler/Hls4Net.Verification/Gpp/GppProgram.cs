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
        return Run(design, layout, inputs, layout.Outputs, "outputs", cancellation);
    }

    /// <summary>The values of every channel, inputs and intermediate values included, by channel name.</summary>
    /// <inheritdoc cref="Run(Design, IReadOnlyDictionary{string, RawBatch}, CancellationToken)"/>
    public IReadOnlyDictionary<string, RawBatch> Trace(Design design, IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation = default)
    {
        var layout = _layouts[design];
        return Run(design, layout, inputs, layout.Channels, "channels", cancellation);
    }

    private Dictionary<string, RawBatch> Run(Design design, HlsCppLayout layout, IReadOnlyDictionary<string, RawBatch> inputs,
        IReadOnlyList<HlsArray> wanted, string mode, CancellationToken cancellation)
    {
        var events = CountEvents(design, layout, inputs);
        if (events == 0)
            return wanted.ToDictionary(a => a.Name, a => new RawBatch(0, a.Elements, null, []), StringComparer.Ordinal);
        var folder = Directory.CreateTempSubdirectory("hls4net-gpp-").FullName;
        try
        {
            var (input, output) = (Path.Combine(folder, "inputs.bin"), Path.Combine(folder, "outputs.bin"));
            var words = layout.Inputs.SelectMany(i => RawWords.Pack(inputs[i.Name], i.Type.Width)).ToArray();
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

    private static Dictionary<string, RawBatch> Unpack(ReadOnlySpan<ulong> words, IReadOnlyList<HlsArray> arrays, int events)
    {
        var results = new Dictionary<string, RawBatch>(StringComparer.Ordinal);
        var begin = 0;
        foreach (var array in arrays)
        {
            var length = checked(events * array.Elements * RawWords.WordsOf(array.Type.Width));
            results[array.Name] = RawWords.Unpack(words.Slice(begin, length), events, array.Elements, array.Type);
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
