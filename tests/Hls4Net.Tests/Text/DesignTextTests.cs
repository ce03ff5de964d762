using System.Text;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Primitives;

namespace Hls4Net.Tests.Text;

public sealed class DesignTextTests
{
    [Fact]
    public void A_design_is_read_back_equal_and_prints_the_same()
    {
        for (var seed = 0; seed < 500; seed++)
            CheckRoundTrip(RandomDesigns.Draw(seed));
    }

    [Fact]
    public void A_text_survives_a_file()
    {
        foreach (var name in HostileNames.All)
        {
            var channel = new Channel(name, [], null, name);
            var stage = new Stage(name, new Wiring([-1], [0], [Dyadic.One]), [name], name, new Origin(name, name), Schedule.Unrolled);
            var design = new Design(name, [name], [name], [name], [channel], [], [stage]);
            CheckRoundTrip(design);
            Assert.Equal(design, DesignText.Parse(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(design.ToText()))));
            Assert.DoesNotContain(design.ToText(), c => c is not '\n' && (char.IsControl(c) || char.IsSurrogate(c)));
        }
    }

    [Fact]
    public void Every_affine_expression_is_exact_down_to_the_number_of_its_coefficients()
    {
        Seq<int>[] coefficients = [[], [0], [1], [-1], [0, 0], [2, 0], [0, 3], [1, 0, -7], [int.MinValue, int.MaxValue]];
        foreach (var c in coefficients)
        {
            foreach (var offset in new[] { 0, 1, -1, int.MinValue, int.MaxValue })
                CheckRoundTrip(Single(new IndexValue(new Affine(offset, c))));
        }
    }

    [Fact]
    public void Parts_that_need_not_fit_together_are_printed_as_they_are()
    {
        // A text shows what is there, also when it is wrong: that is what it is for.
        var odd = new ConstantTensor([7], [Dyadic.One, new Dyadic(-3, -900)], new FixedType(true, 5, -9), [long.MinValue, long.MaxValue, 0]);
        var untyped = new ConstantTensor([], [new Dyadic(12345678901234567, 77)], null, []);
        var design = Single(new Add(7, -3)) with { Constants = [new("odd", odd), new("untyped", untyped)] };
        CheckRoundTrip(design);
    }

    [Fact]
    public void A_kernel_reads_like_a_list_of_steps()
    {
        var quantizer = new Quantizer(new FixedType(true, 8, 3), Rounding.Rnd, Overflow.Sat);
        var term = new Block([new Load(0, new Affine(1, [3, 1])), new Literal(new Dyadic(5, -3)), new Multiply(0, 1)]);
        var design = Single(new Reduce(Reduction.Sum, [3], [new Guard(new Affine(-1, [0, 1]), 2)], term, quantizer, -1));
        Assert.Equal(
            """
            design "d"
            inputs ("x")
            settings ()
            outputs ("y")
            channel "x" [4] fixed<8,4> is "x"
            channel "y" [] real is ""
            stage "y" of ("x") gives "y" from "n" "Op" UnrolledSchedule
              for [] {
                %0 = sum over [3] where -1+i1 below 2 in fixed<8,3,RND,SAT> {
                  %0 = load 0 1+3*i0+i1
                  %1 = literal 5p-3
                  %2 = multiply %0 %1
                }
              }

            """.ReplaceLineEndings("\n"), design.ToText());
    }

    [Theory]
    [InlineData("", "Line 1: 'design' was expected, and the text ends.")]
    [InlineData("graph \"d\"", "Line 1: 'design' was expected, and there is 'graph'.")]
    [InlineData("design \"d", "Line 1: The text ends inside quotes.")]
    [InlineData("design \"\\q\"", "Line 1: After a backslash comes a quote")]
    [InlineData("design \"d\"\ninputs (x)", "Line 2: '\"' was expected, and there is 'x'.")]
    [InlineData("design \"d\"\ninputs ()\nsettings ()\noutputs ()\nchannel \"x\" [1] fixed<0,0> is \"\"", "Line 5: 'fixed<0,0>': '0' is not a width")]
    [InlineData("design \"d\"\ninputs ()\nsettings ()\noutputs ()\nchannel \"x\" [1] fixed<8,4", "Line 5: 'fixed<8,4': a type is written like")]
    [InlineData("design \"d\"\ninputs ()\nsettings ()\noutputs ()\nchannel \"x\" [1.5]", "Line 5: A small integer was expected.")]
    [InlineData("design \"d\"\ninputs ()\nsettings ()\noutputs ()\nnonsense", "Line 5: 'stage' was expected, and there is 'nonsense'.")]
    [InlineData("design \"d\"\ninputs ()\nsettings ()\noutputs ()\n@", "Line 5: 'stage' was expected, and there is '@'.")]
    public void A_text_that_is_no_design_is_refused_with_its_line(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<IrFormatException>(() => DesignText.Parse(text)).Message);

    [Theory]
    [InlineData("%0 = jump %0", "There is no instruction 'jump'.")]
    [InlineData("%1 = square %0", "'%0' was expected, and there is '%1'.")]
    [InlineData("%0 = square 0", "An operand like %0 was expected, and there is '0'.")]
    [InlineData("%0 = load 0 i1+i0", "'+i0' is out of order.")]
    [InlineData("%0 = load 0 i99999999", "'i99999999' is out of order.")]
    [InlineData("%0 = literal 1.5", "'1.5' is not a number like 5p-3.")]
    [InlineData("%0 = cast %0 fixed<8,3>", "A type with rounding and overflow was expected.")]
    [InlineData("%0 = lookup %0 Table(Function = null)", "Table needs its parameter 'Data'.")]
    [InlineData("%0 = lookup %0 Table(Colour = null)", "Table has no parameter 'Colour'.")]
    [InlineData("%0 = lookup %0 Lamp", "'Lamp' is not a kind of Table.")]
    public void An_instruction_that_makes_no_sense_is_refused_with_its_line(string instruction, string message)
    {
        var text = Single(new Literal(Dyadic.One)).ToText().Replace("%0 = literal 1p0", instruction, StringComparison.Ordinal);
        Assert.Equal($"Line 9: {message}", Assert.Throws<IrFormatException>(() => DesignText.Parse(text)).Message);
    }

    [Fact]
    public void A_large_network_is_printed_and_read_in_about_a_second()
    {
        var random = new Random(1);
        var type = new FixedType(true, 16, 2);
        var values = Enumerable.Range(0, 136_000).Select(_ => Dyadic.FromDouble(random.NextSingle() - 0.5)).ToSeq();
        var tensor = ConstantTensor.Of([136_000], values).Quantize(new Quantizer(type, Rounding.RndConv, Overflow.Sat));
        var design = Single(new Literal(Dyadic.One)) with { Constants = [new("w", tensor)] };
        design.ToText();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var text = design.ToText();
        var printed = watch.Elapsed;
        Assert.Equal(design, DesignText.Parse(text));
        TestContext.Current.TestOutputHelper?.WriteLine($"{text.Length} characters, printed in {printed.TotalMilliseconds} ms, read in {(watch.Elapsed - printed).TotalMilliseconds} ms");
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 160));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
    }

    private static void CheckRoundTrip(Design design)
    {
        var text = design.ToText();
        var read = DesignText.Parse(text);
        Assert.True(design == read, text);
        Assert.Equal(text, read.ToText());
    }

    private static Design Single(Instruction instruction) => new("d", ["x"], [], ["y"],
        [new("x", [4], new FixedType(true, 8, 4), "x"), new("y", [], null, "")], [],
        [new Stage("y", new Kernel([], new Block([instruction])), ["x"], "y", new Origin("n", "Op"), Schedule.Unrolled)]);
}
