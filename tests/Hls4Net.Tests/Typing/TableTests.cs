using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Typing;

/// <summary>Tables as the compiler chooses them, on every operand that there is.</summary>
[Trait("Speed", "Slow")]
public sealed class TableTests
{
    public static TheoryData<int, string> Narrow =>
        [.. from f in Enumerable.Range(0, ReferenceFunctions.Samples.Count) from t in (string[])["fixed<8,4>", "ufixed<6,2>"] select (f, t)];

    public static TheoryData<int, string> Wide =>
        [.. from f in Enumerable.Range(0, ReferenceFunctions.Samples.Count) from t in (string[])["fixed<15,4>"] select (f, t)];

    [Theory]
    [MemberData(nameof(Narrow))]
    public void Of_a_narrow_operand_every_result_is_the_correctly_rounded_value(int sample, string operand)
    {
        var function = ReferenceFunctions.Samples[sample];
        var run = new TableRun(function, operand, "");
        var type = run.Table.Folded!.Pieces.Select(p => p.Data.Output.Fraction).Max();
        foreach (var (x, y) in run.Results())
        {
            var rounding = new Quantizer(new FixedType(true, 62, 62 - type), Rounding.RndConv, Overflow.Sat);
            var expected = new Dyadic(RealFunctions.Quantize(function, x, rounding), -type);
            // Where the type of the result ends, so does the result.
            var isClipped = expected > run.Range.Maximum || expected < run.Range.Minimum;
            var isStraight = run.Table.Folded.Folding == Folding.Rectifier && x.Sign > 0;
            Assert.True(isStraight ? y == x : y == expected || (isClipped && (y == run.Range.Maximum || y == run.Range.Minimum || -y == run.Range.Maximum)),
                $"{function}({x.ToDouble()}) is {y.ToDouble()}, not {expected.ToDouble()}.");
        }
    }

    [Theory]
    [MemberData(nameof(Wide))]
    public void Of_a_wide_operand_no_result_is_farther_off_than_half_a_unit_in_the_last_place_or_the_bound_that_is_said(int sample, string operand)
    {
        var function = ReferenceFunctions.Samples[sample];
        var run = new TableRun(function, operand, "");
        var bound = run.Table.Folded!.Bound.ToDouble();
        Assert.Equal(run.Diagnostics.Items.Any(d => d.Rule == Messages.TableBoundRule), bound > 0.5);
        var unit = Math.ScaleB(1, -run.Table.Folded!.Pieces.Max(p => p.Data.Output.Fraction));
        var (low, high) = (run.Range.Minimum.ToDouble(), run.Range.Maximum.ToDouble());
        Assert.InRange(run.Table.Folded.Entries, 1, 1 << 14);
        foreach (var (x, y) in run.Results())
        {
            var real = RealFunctions.Evaluate(function, x.ToDouble());
            if (!double.IsFinite(real))
                continue;
            Assert.True(Math.Abs(y.ToDouble() - Math.Clamp(real, low, high)) <= bound * unit + 1e-12, $"{function}({x.ToDouble()}) is {y.ToDouble()}, not {real}, in units of {unit}.");
        }
    }

    [Theory]
    [InlineData("sigmoid", Folding.Complement)]
    [InlineData("tanh", Folding.Odd)]
    [InlineData("cos", Folding.Even)]
    [InlineData("gelu", Folding.Ramp)]
    [InlineData("softplus", Folding.Ramp)]
    [InlineData("exp", Folding.None)]
    public void What_symmetry_gives_and_what_is_constant_is_not_stored(string name, Folding folding)
    {
        var run = new TableRun(new RealFunction(name, []), "fixed<12,6>", "");
        Assert.Equal(folding, run.Table.Folded!.Folding);
        // Of 4096 operands half follow from the others, and sigmoid, tanh and the exponential of what is very negative are constant.
        Assert.InRange(run.Table.Folded.Entries, 1, 2050);
    }

    [Theory]
    [InlineData("tanh", 8, 700)]
    [InlineData("tanh", 2, 2100)]
    [InlineData("sigmoid", 1, 2100)]
    [InlineData("log", 1, 8200)]
    public void A_larger_error_takes_fewer_entries_and_is_kept(string name, double error, int most)
    {
        var function = new RealFunction(name, []);
        var run = new TableRun(function, "fixed<18,5>", $"model: {{ table_error: {error} }}");
        Assert.InRange(run.Table.Folded!.Entries, 1, most);
        var unit = Math.ScaleB(1, -run.Table.Output!.Value.Fraction);
        foreach (var (x, y) in run.Results().Where(r => r.X.Sign > 0))
            Assert.InRange(y.ToDouble() - RealFunctions.Evaluate(function, x.ToDouble()), -error * unit - 1e-12, error * unit + 1e-12);
    }

    /// <summary>What a bound below one unit takes is the same as half a unit; a table that cannot keep it says so.</summary>
    [Theory]
    [InlineData("sigmoid", "fixed<24,5>", 0.5, true)]
    [InlineData("tanh", "fixed<30,6>", 0.75, true)]
    [InlineData("cos", "fixed<20,4>", 0.5, true)]
    [InlineData("exp", "fixed<22,1>", 0.5, true)]
    [InlineData("sin", "fixed<24,10>", 0.5, false)]
    [InlineData("sin", "fixed<24,10>", 0.9, false)]
    public void A_stated_error_is_kept_or_said_not_to_be(string name, string operand, double error, bool isKept)
    {
        var function = new RealFunction(name, []);
        var run = new TableRun(function, operand, $"layers: {{ f: {{ table_error: {error} }} }}");
        var bound = run.Table.Folded!.Bound.ToDouble();
        Assert.Equal(isKept, bound <= error);
        Assert.Equal(!isKept, run.Diagnostics.Items.Any(d => d.Rule == Messages.TableBoundRule));
        var unit = Math.ScaleB(1, -run.Table.Folded.Fraction);
        foreach (var (x, y) in run.Results(20000))
            Assert.InRange((y.ToDouble() - RealFunctions.Evaluate(function, x.ToDouble())) / unit, -bound - 1e-7, bound + 1e-7);
    }

    /// <summary>The first and last operand of each result are where exact evaluation has them.</summary>
    [Theory]
    [InlineData("sigmoid", "fixed<17,4>", TableSlope.Rising)]
    [InlineData("softplus", "fixed<17,4>", TableSlope.Falling)]
    [InlineData("cos", "fixed<17,4>", TableSlope.Either)]
    public void Results_of_operands_that_share_an_address_step_where_the_rounded_function_does(string name, string operand, TableSlope slope)
    {
        var function = new RealFunction(name, []);
        var run = new TableRun(function, operand, "");
        Assert.Contains(run.Table.Folded!.Pieces, p => p.Thresholds is not null && p.Slope == slope);
        var rounding = new Quantizer(new FixedType(true, 62, 62 - run.Table.Folded.Fraction), Rounding.RndConv, Overflow.Sat);
        var random = new Random(1);
        var results = run.Results().ToList();
        var steps = Enumerable.Range(1, results.Count - 1).Where(k => results[k].Y != results[k - 1].Y && run.Table.Folded.Folding != Folding.Ramp).ToList();
        foreach (var k in steps.Where(_ => random.Next(8) == 0).SelectMany(k => new[] { k - 1, k }))
            Assert.Equal(new Dyadic(RealFunctions.Quantize(function, results[k].X, rounding), -run.Table.Folded.Fraction), results[k].Y);
    }

    [Theory]
    [InlineData("log", "fixed<8,4>", "HLS3060", true)]
    [InlineData("log", "ufixed<8,4>", "HLS3060", true)]
    [InlineData("sqrt", "ufixed<8,4>", "HLS3060", false)]
    [InlineData("exp", "fixed<12,6>", "HLS3061", true)]
    [InlineData("exp", "fixed<12,3>", "HLS3061", false)]
    [InlineData("sin", "fixed<20,10>", "HLS3062", true)]
    [InlineData("sin", "fixed<12,4>", "HLS3062", false)]
    public void What_a_table_cannot_be_is_said(string name, string operand, string rule, bool isSaid)
    {
        var run = new TableRun(new RealFunction(name, []), operand, "");
        Assert.Equal(isSaid, run.Diagnostics.Items.Any(d => d.Rule.Id == rule));
    }

    [Fact]
    public void A_named_result_type_is_that_of_the_entries_and_is_warned_of_where_it_clips()
    {
        var run = new TableRun(new RealFunction("tanh", []), "fixed<10,4>", "layers: { f: { result: 'fixed<6,0,RND_CONV,SAT>' } }");
        Assert.Contains(run.Diagnostics.Items, d => d.Rule == Messages.TypeOverflowRule);
        foreach (var (x, y) in run.Results())
            Assert.Equal(Casting.Apply(Dyadic.FromDouble(Math.Tanh(x.ToDouble())), new(new FixedType(true, 6, 0), Rounding.RndConv, Overflow.Sat)), y);
    }

    [Theory]
    [InlineData("sigmoid", "fixed<9,4>", 1)]
    [InlineData("tanh", "fixed<9,4>", 1)]
    [InlineData("gelu", "fixed<9,4>", 1)]
    [InlineData("cos", "fixed<9,4>", 2)]
    [InlineData("log", "fixed<16,3>", 3)]
    [InlineData("exp", "fixed<16,2>", 1)]
    [InlineData("gelu", "fixed<18,4>", 1)]
    [InlineData("cos", "fixed<18,4>", 1)]
    public void The_hardware_of_a_folded_table_computes_what_the_emulator_computes(string name, string operand, int leastPieces)
    {
        var run = new TableRun(new RealFunction(name, []), operand, "");
        Assert.InRange(run.Table.Folded!.Pieces.Count, leastPieces, 8);
        var hardware = HardwareBuilder.Build(run.Design, new("top", LevelsPerCycle: null));
        var type = run.Design.Channel("x").Type!.Value;
        var raw = Enumerable.Range(0, 300).Select(k => (long)TableData.RawOf(k * 7919 % (1 << type.Width), type)).ToArray();
        var inputs = new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, raw) };
        var expected = new Emulator(run.Design).Run(inputs)["y"];
        var actual = HardwareSimulation.Run(hardware, inputs, (model, _) => Assert.Null(model.FirstNetOutsideItsRange()))["y"];
        for (var e = 0; e < raw.Length; e++)
            Assert.Equal(expected[e, 0], actual[e, 0]);
    }

    private sealed class TableRun
    {
        private readonly CompiledModel _model;

        public TableRun(RealFunction function, string operand, string configuration)
        {
            var values = new List<Value> { new("x", [1], null, null), new("y", [1], null, null) };
            var apply = Apply.Of(function.Name, function.Parameters);
            var graph = new Graph("g", values.ToSeq(), ["x"], ["y"], [], [new("f", apply, ["x"], ["y"], new Origin("f", "Function"))]);
            var settings = ConfigurationReader.Read($"inputs: {{ x: '{operand}' }}\n{configuration}", "c.yaml", Diagnostics);
            _model = Pipelines.ToDesign(graph, Score.None, settings, null, Diagnostics) ?? throw new UserErrorException([.. Diagnostics.Items]);
            Table = _model.Typed.Graph.Nodes.Select(n => n.Operator).OfType<Apply>().Single().Table;
        }

        public DiagnosticBag Diagnostics { get; } = new();

        public Table Table { get; }

        public Design Design => _model.Design;

        public Interval Range => _model.Design.Channel("y").Type!.Value.Range;

        /// <summary>Of all operands, ascending, or of so many at equal distances.</summary>
        public IEnumerable<(Dyadic X, Dyadic Y)> Results(int most = int.MaxValue)
        {
            var type = _model.Design.Channel("x").Type!.Value;
            var count = (int)Math.Min(1L << type.Width, most);
            var raw = new long[count];
            for (var code = 0; code < count; code++)
                raw[code] = (long)type.MinimumRaw + code * (1L << type.Width) / count;
            var output = new Emulator(_model.Design).Run(new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, raw) })["y"];
            var fraction = _model.Design.Channel("y").Type!.Value.Fraction;
            for (var code = 0; code < count; code++)
                yield return (new Dyadic(raw[code], -type.Fraction), new Dyadic(output[code, 0], -fraction));
        }
    }
}
