using System.Text.RegularExpressions;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Conformance.Gpp;

/// <summary>A bug planted in the C++ must show in the comparison: what it says of a correct project counts for nothing otherwise.</summary>
public sealed class MutationTests
{
    [Theory]
    [InlineData("a digit of one weight", "firmware/weights/fc1_weight.h", @"(?<=\{\n    )-?\d+,", "99,")]
    [InlineData("a digit of one bias", "firmware/weights/fc3_bias.h", @"-?\d+(?=,\n\})", "77")]
    [InlineData("a rounding mode", "firmware/net.cpp", "AP_RND_CONV", "AP_TRN")]
    [InlineData("a rounding mode between layers", "firmware/net.cpp", "AP_RND, AP_SAT", "AP_RND_MIN_INF, AP_SAT")]
    [InlineData("an overflow mode", "firmware/net.cpp", "AP_RND, AP_SAT", "AP_RND, AP_WRAP")]
    [InlineData("a term that is left out of a sum", "firmware/net.cpp", "k < 57", "k < 56")]
    [InlineData("an index that is swapped", "firmware/net.cpp", @"32 \* k \+ i", "32 * k + (31 - i)")]
    [InlineData("a comparison that is turned", "firmware/net.cpp", ">=", "<=")]
    [InlineData("an accumulator that is one bit short", "firmware/net.cpp", @"(?<=ap_fixed<)22, 11(?=> sum)", "19, 8")]
    [InlineData("a type", "firmware/defines.h", @"ap_ufixed<10, 5> q1_t", "ap_ufixed<9, 5> q1_t")]
    public void A_planted_bug_is_found(string what, string file, string pattern, string replacement)
    {
        using var batch = new GppBatch();
        var design = Networks.Dense(1, 57, 32, 16, 6);
        var project = batch.Add(design, "net");
        var path = Path.Combine(project.ProjectFolder, file);
        var text = File.ReadAllText(path);
        var mutated = new Regex(pattern).Replace(text, replacement, 1);
        Assert.True(mutated != text, $"The text has no place for this bug: {what}.");
        File.WriteAllText(path, mutated);
        var program = batch.Build();
        Assert.True(GppBatch.Difference(program, design, Networks.Events(design, 2000, 1)) is not null, $"Not found: {what}.");
    }

    [Fact]
    public void A_planted_bug_in_a_table_is_found_at_its_channel()
    {
        using var batch = new GppBatch();
        FixedType input = new(true, 8, 4);
        var table = new Table(new RealFunction("exp", []), TableData.Of(new RealFunction("exp", []), input, new(new(false, 12, 9), Rounding.RndConv, Overflow.Sat)));
        var design = ScalarDesigns.Of([input], ((_, x) => x[0].Lookup(table), new(new(false, 12, 9), Rounding.Trn, Overflow.Wrap)));
        var project = batch.Add(design, "net");
        Assert.Null(GppBatch.Difference(batch.Build(), design, ScalarDesigns.AllValues(input)));
        var path = Path.Combine(project.ProjectFolder, "firmware/weights/y0_table.h");
        File.WriteAllText(path, new Regex(@"(?<=\n\};)|\d+(?=,\n\};)").Replace(File.ReadAllText(path), "5", 1));
        var difference = GppBatch.Difference(batch.Build(), design, ScalarDesigns.AllValues(input));
        Assert.StartsWith("channel y0[0], event ", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_project_is_compiled_once_and_a_changed_one_again()
    {
        using var batch = new GppBatch();
        var project = batch.Add(Networks.Dense(1, 3, 2), "net");
        Assert.NotNull(batch.Build().CompileTime);
        Assert.Null(batch.Build().CompileTime);
        var path = Path.Combine(project.ProjectFolder, "firmware/weights/fc1_bias.h");
        File.WriteAllText(path, $"{File.ReadAllText(path)}// changed\n");
        Assert.NotNull(batch.Build().CompileTime);
        Assert.Equal(2, Directory.EnumerateDirectories(batch.BuildFolder).Count());
    }
}
