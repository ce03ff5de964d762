using System.Globalization;
using System.Text.RegularExpressions;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Tests.Primitives;

namespace Hls4Net.Tests.Emission;

public sealed partial class HlsCppEmitterTests
{
    private static readonly HlsOptions Options = new() { Prefix = "demo" };

    [Fact]
    public void Two_emissions_give_the_same_bytes()
    {
        for (var seed = 0; seed < 50; seed++)
            Assert.Equal(HlsCppEmitter.Emit(RandomDesigns.Draw(seed), Options), HlsCppEmitter.Emit(RandomDesigns.Draw(seed), Options));
    }

    [Fact]
    public void The_text_does_not_depend_on_the_culture()
    {
        var plain = HlsCppEmitter.Emit(RandomDesigns.Draw(7), Options);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "minus ";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(plain, HlsCppEmitter.Emit(RandomDesigns.Draw(7), Options));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Lines_end_with_a_line_feed_and_everything_is_ascii()
    {
        foreach (var (path, text) in HlsCppEmitter.Emit(Hostile.Design(), new HlsOptions { Prefix = "a/b\n*/ \\" }))
        {
            Assert.Matches(@"^[A-Za-z0-9_./]+$", path);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, c => c is not '\n' and (< ' ' or > '~'));
            Assert.DoesNotContain(text.Split('\n'), l => l.EndsWith('\\') || l.EndsWith(' '));
        }
    }

    [Fact]
    public void Weights_and_tables_are_integers()
    {
        var files = Enumerable.Range(0, 30).SelectMany(seed => HlsCppEmitter.Emit(RandomDesigns.Draw(seed), Options))
            .Where(f => f.Path.StartsWith("firmware/weights/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.Matches(IntegerArray(), f.Text));
    }

    [Fact]
    public void Nothing_is_global_but_the_top_function()
    {
        var text = HlsCppEmitter.Emit(Hostile.Design(), Options).Single(f => f.Path == "firmware/demo.cpp").Text;
        var outside = NamespaceBody().Replace(text, "");
        Assert.Single(Regex.Matches(outside, @"^\w.*\($", RegexOptions.Multiline), m => m.Value == "void demo_top(");
        Assert.DoesNotContain("static", outside, StringComparison.Ordinal);
    }

    [Fact]
    public void The_node_and_the_types_stand_before_each_function()
    {
        var text = HlsCppEmitter.Emit(Hostile.Design(), Options).Single(f => f.Path == "firmware/demo.cpp").Text;
        Assert.Contains("// node 'class' (Gemm) -> a/b: fixed<8,4> [2]\n//   from class: fixed<8,4> [2]\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_wider_than_the_headers_allow_is_an_error_that_names_the_node()
    {
        var type = new FixedType(true, 600, 300);
        var design = Single([new("x", [1], type, "x")], new Block([new Load(0, 0), new Square(0), new Cast(1, new Quantizer(type, Rounding.Trn, Overflow.Wrap))]), type);
        var error = Assert.Throws<UserErrorException>(() => HlsCppEmitter.Emit(design, Options));
        var diagnostic = Assert.Single(error.Diagnostics);
        Assert.Equal("HLS5101", diagnostic.Rule.Id);
        Assert.Contains("'y'", diagnostic.Where, StringComparison.Ordinal);
        Assert.Contains("1200 bits", diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_name_that_could_break_the_build_script_is_refused()
    {
        var error = Assert.Throws<UserErrorException>(() => HlsCppEmitter.Emit(RandomDesigns.Draw(0), new HlsOptions { Part = "x } ; exec rm" }));
        Assert.Equal("HLS5102", Assert.Single(error.Diagnostics).Rule.Id);
    }

    [Fact]
    public void A_port_that_no_integer_of_a_library_holds_is_named()
    {
        var type = new FixedType(false, 64, 64);
        var design = Single([new("x", [1], type, "x")], new Block([new Load(0, 0)]), type);
        var error = Assert.Throws<UserErrorException>(() => LibraryEmitter.Emit(design, Options, new("a test", "", new Dictionary<string, Quantizer>(StringComparer.Ordinal))));
        Assert.All(error.Diagnostics, d => Assert.Equal("HLS5104", d.Rule.Id));
        Assert.Contains("'x'", error.Diagnostics[0].Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_outside_its_channel_is_the_compilers_own_mistake()
    {
        var design = Single([new("x", [1], new FixedType(true, 8, 4), "x")], new Block([new Load(0, 0)]), new FixedType(false, 8, 4));
        Assert.Throws<InvalidOperationException>(() => HlsCppEmitter.Emit(design, Options));
    }

    private static Design Single(Channel[] inputs, Block body, FixedType output) => new("single", inputs.Select(c => c.Name).ToSeq(), [], ["y"],
        [.. inputs, new Channel("y", [1], output, "y")], [],
        [new Stage("y", new Kernel([1], body), inputs.Select(c => c.Name).ToSeq(), "y", new Origin("y", "Test"), Schedule.Unrolled)]);

    [GeneratedRegex(@"static const (signed char|unsigned char|short|unsigned short|int|unsigned int|long long) \w+\[\d+\] = \{\n(\s+(-?\d+(LL)?, ?)+\n)+\};\n")]
    private static partial Regex IntegerArray();

    [GeneratedRegex(@"^namespace demo \{\n.*?^\} // namespace demo\n", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex NamespaceBody();
}
