using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Conformance.Gpp;

public sealed class CastTests
{
    private static readonly FixedType[] Sources = [new(true, 9, 4), new(false, 8, 3), new(true, 7, 10), new(true, 8, -2)];

    private static readonly FixedType[] Targets =
        [new(true, 5, 3), new(false, 5, 3), new(true, 4, 6), new(false, 4, 7), new(true, 6, -1), new(false, 3, -1), new(true, 14, 7), new(true, 1, 1), new(false, 1, 2)];

    /// <summary>The same into a type of more bits than a machine word, where the headers have other code.</summary>
    private static readonly FixedType[] WideTargets = [new(true, 70, 40), new(false, 129, 4)];

    [Fact]
    public void All_28_modes_agree_on_every_value_of_small_types()
    {
        using var batch = new GppBatch();
        var sources = new List<FixedType>();
        foreach (var source in Sources)
        {
            foreach (var target in Targets.Concat(WideTargets))
            {
                batch.Add(ScalarDesigns.Of([source], [.. Quantizers(target).Select(q => ((Func<BlockBuilder, Term[], Term>)((_, x) => x[0]), q))]));
                sources.Add(source);
            }
        }
        var program = batch.Build();
        for (var n = 0; n < sources.Count; n++)
            Assert.Null(GppBatch.Difference(program, batch.Designs[n].Design, ScalarDesigns.AllValues(sources[n])));
    }

    [Fact]
    public void All_28_modes_agree_on_wide_types()
    {
        using var batch = new GppBatch();
        FixedType[] wide = [new(true, 100, 40), new(false, 64, 20), new(true, 300, 310), new(false, 1024, 500)];
        foreach (var source in wide)
        {
            foreach (var target in new FixedType[] { new(true, 66, 20), new(false, 65, 45), new(true, 12, 20), new(true, 1024, 400) })
                batch.Add(ScalarDesigns.Of([source], [.. Quantizers(target).Select(q => ((Func<BlockBuilder, Term[], Term>)((_, x) => x[0]), q))]));
        }
        var program = batch.Build();
        foreach (var design in batch.Designs)
            Assert.Null(GppBatch.Difference(program, design.Design, ScalarDesigns.WideEvents(design.Design, 300, 1)));
    }

    internal static IEnumerable<Quantizer> Quantizers(FixedType type) =>
        from rounding in Enum.GetValues<Rounding>() from overflow in Enum.GetValues<Overflow>() select new Quantizer(type, rounding, overflow);
}
