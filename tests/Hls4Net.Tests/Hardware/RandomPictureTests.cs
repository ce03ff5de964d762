using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Emission;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Tests.Hardware;

/// <summary>Random networks over pictures with every schedule: the bits of the emulator, or a refusal in words; never an error of the compiler's own.</summary>
[Trait("Speed", "Slow")]
public sealed class RandomPictureTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_schedule_gives_the_bits_of_the_emulator(int seed)
    {
        var design = RandomPictures.Draw(seed);
        Agrees(design, null);
        foreach (var factor in Folded.Sample(design, seed))
        {
            var folded = Folded.With(design, factor);
            Agrees(folded, null);
            Agrees(folded, new(1 + seed % 3));
            var loaded = Loadable.Retrained(Loadable.Of(folded), seed);
            Agrees(loaded, null);
            Agrees(loaded, new(1 + seed % 3));
        }
        for (var pixels = 1; pixels <= 3; pixels++)
            Agrees(design, new(pixels));
    }

    private static void Agrees(Design design, StreamOptions? stream)
    {
        try
        {
            if (stream is null)
                Folded.AssertAgreesAsFolded(design, 2);
            else
                Streamed.AssertAgrees(design, 2, stream, 4);
            var packets = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2) { Stream = stream, AxiStream = new(32, 8) });
            Assert.NotEmpty(VerilogEmitter.Emit(packets));
        }
        catch (UserErrorException e) when (e.Diagnostics.All(IsRefusal))
        {
        }
    }

    /// <summary>A network whose outputs are the same for every event has no packets, and some cannot be streamed.</summary>
    private static bool IsRefusal(Diagnostic diagnostic) =>
        diagnostic.Rule == Messages.NotStreamableRule || diagnostic.Rule == Messages.PacketsWithoutRegisters().Rule;
}
