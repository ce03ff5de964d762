using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Emission;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms.Streams;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Gpp;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Conformance.Gpp;

/// <summary>Many designs in one g++ program, compared with the emulator channel by channel.</summary>
internal sealed class GppBatch : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<GppDesign> _designs = [];

    public GppBatch()
    {
        if (ExternalTool.Find(KnownTool.Gpp) is null)
            TestFiles.Missing("g++");
    }

    public IReadOnlyList<GppDesign> Designs => _designs;

    public string BuildFolder => _folder["build"];

    /// <summary>Writes the project of a design into a folder that is called like its prefix, if that can be.</summary>
    /// <param name="stream">How events come piece by piece; null for all of an event at once.</param>
    public GppDesign Add(Design design, string? prefix = null, StreamOptions? stream = null)
    {
        var options = new HlsOptions { Prefix = prefix ?? $"d{_designs.Count}", Stream = stream };
        var added = new GppDesign(design, options, _folder[HlsCppLayout.Of(design, options).Prefix]);
        Write(added, HlsCppEmitter.Emit(design, options));
        _designs.Add(added);
        return added;
    }

    private static void Write(GppDesign design, IEnumerable<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(design.ProjectFolder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
    }

    public GppProgram Build() => GppRunner.Build(_designs, BuildFolder);

    /// <summary>The first difference in any channel of a design, or null.</summary>
    public static string? Difference(GppProgram program, Design design, IReadOnlyDictionary<string, RawBatch> inputs)
    {
        string[] channels = [.. design.Channels.Select(c => c.Name)];
        var expected = new ReferenceEmulator(design).Run(inputs, channels);
        if (BatchComparison.Compare(expected, new Emulator(design).Run(inputs, channels), channels).First is { } emulated)
            return $"emulator, {emulated}";
        var found = program.Trace(design, inputs);
        var outputs = program.Run(design, inputs);
        foreach (var channel in design.Channels)
        {
            if (found.TryGetValue(channel.Name, out var value) && FirstDifference(expected[channel.Name], value) is { } at)
                return $"channel {channel.Name}{at}";
            if (outputs.TryGetValue(channel.Name, out var output) && FirstDifference(expected[channel.Name], output) is { } outputAt)
                return $"output {channel.Name}{outputAt}";
        }
        return null;
    }

    private static string? FirstDifference(RawBatch expected, RawBatch found)
    {
        if (expected.Elements != found.Elements)
            return $" has {found.Elements} elements instead of {expected.Elements}";
        for (var e = 0; e < expected.Events; e++)
        {
            var at = found.Events == 1 ? 0 : e;
            for (var i = 0; i < expected.Elements; i++)
            {
                if (expected[e, i] != found[at, i])
                    return $"[{i}], event {e}: {found[at, i]} instead of {expected[e, i]}";
            }
        }
        return null;
    }

    public void Dispose() => _folder.Dispose();
}
