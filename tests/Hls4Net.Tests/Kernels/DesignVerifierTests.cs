using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Primitives;

namespace Hls4Net.Tests.Kernels;

public sealed class DesignVerifierTests
{
    private static readonly FixedType Byte = new(true, 8, 4);

    [Fact]
    public void Sound_designs_have_no_problems()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var problems = DesignVerifier.Verify(RandomDesigns.Draw(seed));
            Assert.True(problems.Count == 0, $"Seed {seed}: {string.Join(' ', problems)}");
        }
    }

    [Fact]
    public void A_channel_that_is_a_bit_too_narrow_is_found_in_every_design()
    {
        var found = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var ranges = RangeAnalysis.Run(design);
            foreach (var channel in design.Channels.Where(c => c.Type is not null && !design.Inputs.Contains(c.Name)))
            {
                var exact = ranges.Hull(channel.Name).Type;
                if (exact.Width < 2)
                    continue;
                var narrow = channel with { Type = exact with { Width = exact.Width - 1, Integer = exact.Integer - 1 } };
                var broken = design with { Channels = design.Channels.Select(c => c == channel ? narrow : c).ToSeq() };
                Assert.Contains($"of the channel '{channel.Name}' can be", string.Join(' ', DesignVerifier.Verify(broken)));
                found++;
            }
        }
        Assert.InRange(found, 100, int.MaxValue);
    }

    [Theory]
    [InlineData("twice", "the channel 'x' is there twice")]
    [InlineData("input", "the input 'nothing' is not a channel")]
    [InlineData("input twice", "the input 'x' is there twice")]
    [InlineData("setting", "the setting 'y' is not an input")]
    [InlineData("output", "nothing computes the output 'nothing'")]
    [InlineData("output twice", "the output 'y' is there twice")]
    [InlineData("order", "the stage 's' reads 'late', which nothing before it computes")]
    [InlineData("overwrites", "the stage 's' writes 'x', which is there already")]
    [InlineData("no channel", "the stage 's' writes 'elsewhere', which is not a channel")]
    [InlineData("unwritten", "nothing computes the channel 'lonely'")]
    [InlineData("zero", "the channel 'lonely' has the shape [0, 3]")]
    [InlineData("huge", "the channel 'lonely' has the shape [65536, 65536]")]
    [InlineData("count", "the stage 's' computes [5] elements for 4")]
    [InlineData("constant clash", "the constant 'x' is there twice")]
    [InlineData("constant count", "the constant 'w' has 1 numbers for the shape [2]")]
    [InlineData("constant integers", "the constant 'w' has 2 integers for 1 numbers")]
    [InlineData("constant range", "the constant 'w' holds an integer outside fixed<8,4>")]
    [InlineData("constant untyped", "the constant 'w' has no type, and channels have")]
    [InlineData("constant stray", "the constant 'w' has integers without a type")]
    [InlineData("untyped", "the channel 'x' has no type, and others have")]
    public void A_design_whose_parts_do_not_fit_together_has_that_problem(string what, string problem)
    {
        var d = Sound();
        var w = new ConstantTensor([1], [Dyadic.One], Byte, [16]);
        var broken = what switch
        {
            "twice" => d with { Channels = [.. d.Channels, d.Channels[0]] },
            "input" => d with { Inputs = ["x", "nothing"] },
            "input twice" => d with { Inputs = ["x", "x"] },
            "setting" => d with { Settings = ["y"] },
            "output" => d with { Outputs = ["nothing"] },
            "output twice" => d with { Outputs = ["y", "y"] },
            "order" => d with { Stages = [d.Stages[0] with { Inputs = ["late"] }] },
            "overwrites" => d with { Stages = [d.Stages[0] with { Output = "x" }] },
            "no channel" => d with { Stages = [d.Stages[0] with { Output = "elsewhere" }] },
            "unwritten" => d with { Channels = [.. d.Channels, new("lonely", [1], Byte, "l")] },
            "zero" => d with { Channels = [.. d.Channels, new("lonely", [0, 3], Byte, "l")] },
            "huge" => d with { Channels = [.. d.Channels, new("lonely", [65536, 65536], Byte, "l")] },
            "count" => d with { Stages = [d.Stages[0] with { Computation = new Kernel([5], Load(0)) }] },
            "constant clash" => d with { Constants = [new("x", w)] },
            "constant count" => d with { Constants = [new("w", w with { Shape = [2] })] },
            "constant integers" => d with { Constants = [new("w", w with { Raw = [1, 2] })] },
            "constant range" => d with { Constants = [new("w", w with { Raw = [128] })] },
            "constant untyped" => d with { Constants = [new("w", w with { Type = null, Raw = [] })] },
            "constant stray" => d with { Constants = [new("w", w with { Type = null })] },
            "untyped" => d with { Channels = [d.Channels[0] with { Type = null }, d.Channels[1]] },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        Assert.Contains($"In the design 'd' {problem}.", DesignVerifier.Verify(broken));
        Assert.StartsWith("The design is not sound after a test: ", Assert.Throws<InvalidOperationException>(() => DesignVerifier.Demand(broken, "a test")).Message);
    }

    public static TheoryData<string, string> BrokenKernels => new()
    {
        { "%0 = add %0 %0", "reads in %0 what is not computed before it" },
        { "%0 = load 0 i0 %1 = square %2", "reads in %1 what is not computed before it" },
        { "%0 = load 0 i0 %1 = square %-1", "reads in %1 what is not computed before it" },
        { "%0 = load 0 i0 %1 = sum over [2] from %1 { %0 = index i1 }", "reads in %1 what is not computed before it" },
        { "", "has a block without a result" },
        { "%0 = load 2 i0", "loads input 2, which is not there" },
        { "%0 = load -1 i0", "loads input -1, which is not there" },
        { "%0 = load 1 i0", "loads input 1, which is not there" },
        { "%0 = load 0 1+i0", "loads elements 1 to 4 of 'x', which has 4" },
        { "%0 = load 0 2-1*i0", "loads elements -1 to 2 of 'x', which has 4" },
        { "%0 = load 0 2000000000*i0", "loads elements 0 to 6000000000 of 'x', which has 4" },
        { "%0 = load 0 i1", "loads an element of 'x' by the index of a loop that is not around it: 1 are" },
        { "%0 = index i1", "uses the index of a loop that is not around it: 1 are" },
        { "%0 = load 0 i0 %1 = select %0 %0 %0", "selects by a value of fixed<8,4>, which is no truth value" },
        { "%0 = load 0 i0 %1 = lookup %0 TABLE", "looks up a table for ufixed<2,2> with an operand of fixed<8,4>" },
        { "%0 = load 0 i0 %1 = square %0 %2 = lookup %1 TABLE", "looks up a table for ufixed<2,2> with an operand of no one type" },
        { "%0 = load 0 i0 %1 = cast %0 ufixed<2,2,TRN,SAT> %2 = lookup %1 Table(Function = RealFunction(Name = \"exp\", Parameters = []), Data = null)",
            "looks up the table of exp, which has no entries" },
        { "%0 = load 0 i0 %1 = cast %0 ufixed<2,2,TRN,SAT> %2 = lookup %1 SHORT", "looks up a table with 3 entries for ufixed<2,2>" },
        { "%0 = load 0 i0 %1 = cast %0 ufixed<2,2,TRN,SAT> %2 = lookup %1 OUTSIDE", "looks up a table with an entry outside fixed<8,4>" },
        { "%0 = largest over [2] where -1+i1 below 1 from %0 { %0 = index i1 }", "reads in %0 what is not computed before it" },
        { "%0 = index i0 %1 = largest over [2] from %0 { %0 = index i1 }", "has an accumulator or a first value for what is no sum" },
        { "%0 = largest over [2] in fixed<8,4,TRN,SAT> { %0 = index i1 }", "has an accumulator or a first value for what is no sum" },
        { "%0 = largest over [2] where i0+i1 below 4 { %0 = index i1 }", "" },
        { "%0 = smallest over [2] where i0+i1 below 3 { %0 = index i1 }", "takes a maximum or minimum over no elements" },
        { "%0 = sum over [2] where i2 below 3 { %0 = index i1 }", "guards by the index of a loop that is not around it: 2 are" },
        { "%0 = sum over [0] { %0 = index i1 }", "reduces over [0] inside loops over [4]" },
        { "%0 = sum over [] { %0 = index i0 }", "reduces over [] inside loops over [4]" },
        { "%0 = sum over [3] { %0 = load 0 i0+i1 }", "loads elements 0 to 5 of 'x', which has 4" },
        { "%0 = sum over [3] where i0+i1 below 4 { %0 = load 0 i0+i1 }", "" },
        { "%0 = sum over [3] where -1+i0+i1 below 4 { %0 = load 0 -1+i0+i1 }", "" },
        { "%0 = sum over [3] where -1+i0+i1 below 4 { %0 = sum over [2] { %0 = load 0 -1+i0+i1 } }", "" },
        { "%0 = sum over [3] where -1+i0+i1 below 5 { %0 = load 0 -1+i0+i1 }", "loads elements 0 to 4 of 'x', which has 4" },
        { "%0 = sum over [3] where i0+i1 below 0 { %0 = load 0 9 }", "" },
        { "%0 = load 0 i0 %1 = literal 0p0 %2 = divide %0 %1 3", null! },
    };

    [Theory]
    [MemberData(nameof(BrokenKernels))]
    public void A_kernel_that_makes_no_sense_has_that_problem(string body, string? problem)
    {
        var text = Sound().ToText().Replace("%0 = load 0 i0", body, StringComparison.Ordinal)
            .Replace("TABLE", "Table(Function = RealFunction(Name = \"t\", Parameters = []), Data = TableData(Input = ufixed<2,2>, Output = fixed<8,4>, Entries = [1 2 3 4]))", StringComparison.Ordinal)
            .Replace("SHORT", "Table(Function = RealFunction(Name = \"t\", Parameters = []), Data = TableData(Input = ufixed<2,2>, Output = fixed<8,4>, Entries = [1 2 3]))", StringComparison.Ordinal)
            .Replace("OUTSIDE", "Table(Function = RealFunction(Name = \"t\", Parameters = []), Data = TableData(Input = ufixed<2,2>, Output = fixed<8,4>, Entries = [1 2 3 128]))", StringComparison.Ordinal);
        var problems = DesignVerifier.Verify(DesignText.Parse(text.Replace("channel \"y\" [4] fixed<8,4>", "channel \"y\" [4] fixed<64,32>", StringComparison.Ordinal)));
        if (problem is null)
            Assert.StartsWith("In the design 'd' the ranges cannot be computed: ", Assert.Single(problems));
        else if (problem.Length == 0)
            Assert.Empty(problems);
        else
            Assert.Equal($"In the design 'd' the stage 's' {problem}.", problems[0]);
    }

    [Theory]
    [InlineData(2, 0, 0, "wires element 0 of input 2, which is not there")]
    [InlineData(1, 0, 0, "wires element 0 of input 1, which is not there")]
    [InlineData(0, 4, 0, "wires element 4 of input 0, which is not there")]
    [InlineData(0, -1, 0, "wires element -1 of input 0, which is not there")]
    [InlineData(-2, 0, 1, "wires element 0 of input -2, which is not there")]
    [InlineData(-1, 0, 1, "")]
    [InlineData(0, 3, 0, "")]
    public void A_wiring_takes_what_is_there(int input, int element, int fills, string problem)
    {
        var d = Sound();
        var wiring = new Wiring([0, 0, 0, input], [0, 0, 0, element], Enumerable.Repeat(Dyadic.One, fills).ToSeq());
        var problems = DesignVerifier.Verify(d with { Stages = [d.Stages[0] with { Computation = wiring, Inputs = ["x", ""] }] });
        Assert.Equal(problem.Length == 0 ? [] : [$"In the design 'd' the stage 's' {problem}."], problems);
        var shorter = d with { Stages = [d.Stages[0] with { Computation = new Wiring([0], [0], []) }] };
        Assert.Equal(["In the design 'd' the stage 's' wires 1 inputs and 1 elements for 4."], DesignVerifier.Verify(shorter));
    }

    [Fact]
    public void A_number_finer_than_its_channel_is_a_problem_unless_it_is_one_constant_that_fits()
    {
        var d = Sound();
        Design Of(params Instruction[] body) => d with { Stages = [d.Stages[0] with { Computation = new Kernel([4], new Block(body.ToSeq())) }] };
        Assert.Empty(DesignVerifier.Verify(Of(new Literal(new Dyadic(1, -4)))));
        Assert.NotEmpty(DesignVerifier.Verify(Of(new Literal(new Dyadic(1, -5)))));
        Assert.NotEmpty(DesignVerifier.Verify(Of(new Literal(new Dyadic(1, 3)))));
        // 2^-3 · 2^-3 · 2^2: on the grid, though the product has six fraction bits.
        Assert.Empty(DesignVerifier.Verify(Of(new Literal(new Dyadic(1, -3)), new Multiply(0, 0), new Shift(1, 2))));
        Assert.NotEmpty(DesignVerifier.Verify(Of(new Load(0, new Affine(0, [1])), new Shift(0, -1))));
    }

    private static Block Load(int input) => new([new Load(input, new Affine(0, [1]))]);

    private static Design Sound() => new("d", ["x"], [], ["y"], [new("x", [4], Byte, "x"), new("y", [4], Byte, "y")], [],
        [new Stage("s", new Kernel([4], Load(0)), ["x", ""], "y", new Origin("n", "Op"), Schedule.Unrolled)]);
}
