using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Emission;
using Hls4Net.Tests.Primitives;
using Hls4Net.Tests.Support;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Gpp;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Conformance.Gpp;

/// <summary>The C++ library, built by g++ and called through its C interface, against the emulator.</summary>
public sealed class LibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LibraryTests()
    {
        if (ExternalTool.Find(KnownTool.Gpp) is null)
            TestFiles.Missing("g++");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_designs_give_the_bits_of_the_emulator()
    {
        var run = 0;
        for (var seed = 0; seed < 16; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var events = RandomDesigns.Events(design, 40, seed);
            try
            {
                using var library = Build(design, $"random{seed}");
                Assert.Null(Difference(library, design, events));
                run++;
            }
            catch (UserErrorException e) when (e.Diagnostics.All(d => d.Rule == Messages.TooWideForLibraryRule))
            {
                Assert.Contains(design.Inputs.Concat(design.Outputs), p => design.Channel(p).Type!.Value.Width > 63);
            }
        }
        Assert.InRange(run, 8, 16);
    }

    [Fact]
    public void Two_versions_of_a_network_share_a_program_and_export_their_functions_alone()
    {
        Design[] versions = [Networks.Dense(1, 16, 12, 4), Networks.Dense(2, 16, 12, 4)];
        var layouts = versions.Select((v, k) => Write(v, $"net_v{k + 1}")).ToList();
        var together = _folder["both.so"];
        ExternalTool.Require(KnownTool.Gpp).RunToSuccess(
            ["-std=c++17", "-O1", "-fPIC", "-shared", "-Wno-unknown-pragmas", "net_v1/net_v1.cpp", "net_v2/net_v2.cpp", "-o", together], new ToolOptions { WorkingDirectory = _folder.Path }, TestContext.Current.CancellationToken);
        foreach (var (design, layout) in versions.Zip(layouts))
        {
            using var library = LibraryExecution.Load(together, layout, design);
            Assert.Null(Difference(library, design, Networks.Events(design, 2000, 3)));
        }
        var symbols = File.ReadAllBytes(together).AsSpan();
        Assert.True(symbols.IndexOf("net_v1_run\0"u8) > 0);
        Assert.Equal(-1, symbols.IndexOf("net_v1_top\0"u8));
    }

    [Fact]
    public void Real_numbers_are_rounded_as_the_interface_says_and_what_is_none_is_refused()
    {
        var design = Networks.Dense(3, 8, 6, 3);
        var type = design.Channel("x").Type!.Value;
        var quantizer = new Quantizer(type, Rounding.Rnd, Overflow.Sat);
        using var library = Build(design, "real", quantizer);
        var random = new Random(4);
        var reals = Enumerable.Range(0, 800).Select(_ => (random.NextDouble() - 0.5) * 100).ToArray();
        var raw = InputConversion.Quantize(reals, 8, quantizer);
        var expected = new Emulator(design).Run(new Dictionary<string, RawBatch>(StringComparer.Ordinal) { ["x"] = raw }, [.. design.Outputs]);
        var found = library.RunReal(new Dictionary<string, double[]>(StringComparer.Ordinal) { ["x"] = reals }, out var code);
        Assert.Equal(0, code);
        foreach (var output in design.Outputs)
            Assert.Equal(InputConversion.ToDoubles(expected[output], design.Channel(output).Type!.Value), found[output]);
        reals[77] = double.NaN;
        library.RunReal(new Dictionary<string, double[]>(StringComparer.Ordinal) { ["x"] = reals }, out code);
        Assert.Equal(2, code);
        var outside = new Dictionary<string, RawBatch>(StringComparer.Ordinal) { ["x"] = RawBatch.Of(8, [0, 0, 0, 0, 0, 0, 0, (long)type.MaximumRaw + 1]) };
        Assert.Contains("code 1", Assert.Throws<InvalidOperationException>(() => library.Run(outside, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    private LibraryExecution Build(Design design, string prefix, Quantizer? quantizer = null) =>
        LibraryExecution.Build(_folder[prefix], Write(design, prefix, quantizer), design, _folder["build"]);

    private HlsCppLayout Write(Design design, string prefix, Quantizer? quantizer = null)
    {
        var options = new HlsOptions { Prefix = prefix };
        var inputs = design.Inputs.ToDictionary(i => i, i => quantizer ?? new Quantizer(design.Channel(i).Type!.Value, Rounding.Trn, Overflow.Wrap), StringComparer.Ordinal);
        foreach (var (path, text) in LibraryEmitter.Emit(design, options, new("a test", "No model.", inputs)))
        {
            var full = Path.Combine(_folder[prefix], path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
        return LibraryEmitter.LayoutOf(design, options);
    }

    private static string? Difference(LibraryExecution library, Design design, IReadOnlyDictionary<string, RawBatch> events)
    {
        var expected = new ReferenceEmulator(design).Run(events, [.. design.Outputs]);
        return BatchComparison.Compare(expected, library.Run(events, TestContext.Current.CancellationToken), [.. design.Outputs]).First?.ToString();
    }
}
