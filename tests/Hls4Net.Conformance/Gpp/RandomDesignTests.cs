using Hls4Net.Tests.Primitives;

namespace Hls4Net.Conformance.Gpp;

public sealed class RandomDesignTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(160)]
    [InlineData(200)]
    public void The_cpp_computes_what_the_emulator_computes(int first)
    {
        using var batch = new GppBatch();
        for (var seed = first; seed < first + 40; seed++)
            batch.Add(RandomDesigns.Draw(seed));
        var program = batch.Build();
        TestContext.Current.SendDiagnosticMessage($"{program.CompileTime}");
        for (var n = 0; n < batch.Designs.Count; n++)
        {
            var design = batch.Designs[n].Design;
            var difference = GppBatch.Difference(program, design, RandomDesigns.Events(design, 40, first + n));
            Assert.True(difference is null, $"Seed {first + n}: {difference}");
        }
    }
}
