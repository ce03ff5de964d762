using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Typing;

/// <summary>Every score is its definition, exactly, where the types hold everything.</summary>
public sealed class ScoreHeadTests
{
    private const int Events = 300;

    private delegate double Definition(double[] x, double[] z, double[] r);

    public static TheoryData<string> Heads => [.. Cases.Keys];

    /// <summary>Configurations of a score, and what they mean for the input x and the outputs z and r.</summary>
    private static Dictionary<string, Definition> Cases { get; } = new(StringComparer.Ordinal)
    {
        ["head: mu2"] = (_, z, _) => z.Sum(v => v * v),
        ["head: residual"] = (_, z, r) => z.Zip(r, (a, b) => (a - b) * (a - b)).Sum(),
        ["head: residual\n  of: [r, z]"] = (_, z, r) => z.Zip(r, (a, b) => (a - b) * (a - b)).Sum(),
        ["head: distance\n  centre: 0.5"] = (_, z, _) => z.Sum(v => (v - 0.5) * (v - 0.5)),
        ["head: distance\n  of: r\n  centre: [0.5, -1, 0, 2, 3, 4]"] = (_, _, r) => r.Zip([0.5, -1, 0, 2, 3, 4], (v, c) => (v - c) * (v - c)).Sum(),
        ["head: mse\n  mask: none"] = (x, z, _) => z.Zip(x, (a, b) => (a - b) * (a - b)).Sum(),
        ["head: mse\n  of: r"] = (x, _, r) => r.Zip(x, (a, b) => b == 0 ? 0 : (a - b) * (a - b)).Sum(),
        ["head: mae\n  mask: nonzero"] = (x, z, _) => z.Zip(x, (a, b) => b == 0 ? 0 : Math.Abs(a - b)).Sum(),
        ["head: mae\n  target: r\n  mask: none"] = (_, z, r) => z.Zip(r, (a, b) => Math.Abs(a - b)).Sum(),
        ["head: capsule\n  of: c"] = (_, z, _) => Math.Max(z.Take(3).Sum(v => v * v), z.Skip(3).Sum(v => v * v)),
        ["head: capsule"] = (_, z, _) => z.Sum(v => v * v),
        ["combine: max\n  heads: [{ head: mu2 }, { head: mae, of: r }]"] = (x, z, r) => Math.Max(z.Sum(v => v * v), r.Zip(x, (a, b) => b == 0 ? 0 : Math.Abs(a - b)).Sum()),
        ["combine: and\n  heads: [{ head: mu2, steps: [1, 4, 9.5, 30] }, { head: mu2, of: r, steps: [2, 3] }, { head: mu2, of: r, steps: [7] }]"] =
            (_, z, r) => Math.Min(Math.Min(Steps(z.Sum(v => v * v), 1, 4, 9.5, 30), Steps(r.Sum(v => v * v), 2, 3)), Steps(r.Sum(v => v * v), 7)),
        ["combine: or\n  heads: [{ head: mu2, steps: [1, 4, 9.5, 30] }, { head: mu2, of: r, steps: [2, 3] }]"] =
            (_, z, r) => Math.Max(Steps(z.Sum(v => v * v), 1, 4, 9.5, 30), Steps(r.Sum(v => v * v), 2, 3)),
        ["combine: average\n  heads: [{ head: mu2 }, { head: residual }, { head: mu2, of: r }]"] =
            (_, z, r) => z.Sum(v => v * v) + z.Zip(r, (a, b) => (a - b) * (a - b)).Sum() + r.Sum(v => v * v),
        ["head: mu2\n  steps: [0.25, 1, 100]"] = (_, z, _) => Steps(z.Sum(v => v * v), 0.25, 1, 100),
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_score_is_its_definition_and_every_working_point_compares_with_its_own_threshold(string section)
    {
        var design = Compile(Network(6), $"score:\n  {section}\n  thresholds: 3\n").Design;
        var inputs = Inputs(6);
        var scoreType = design.Channel(design.Outputs[^2]).Type!.Value;
        var thresholds = InputConversion.Quantize([1, 5, 20], 3, new Quantizer(scoreType, Rounding.Trn, Overflow.Sat));
        var threshold = design.Settings.Single();
        var found = new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = inputs, [threshold] = thresholds }, ["z", "r", .. design.Outputs.TakeLast(2)]);
        var (x, z, r) = (InputConversion.ToDoubles(inputs, design.Channel("x").Type!.Value), Values(design, found, "z"), Values(design, found, "r"));
        var scores = Values(design, found, design.Outputs[^2]);
        Assert.Equal("trigger", design.Outputs[^1]);
        Assert.True(scores.Distinct().Count() > 1);
        for (var e = 0; e < Events; e++)
        {
            Assert.Equal(Cases[section](x[(6 * e)..(6 * e + 6)], z[(6 * e)..(6 * e + 6)], r[(6 * e)..(6 * e + 6)]), scores[e]);
            for (var k = 0; k < 3; k++)
                Assert.Equal(scores[e] > InputConversion.ToDoubles(thresholds, scoreType)[k] ? 1 : 0, (int)found["trigger"][e, k]);
        }
    }

    [Theory]
    [InlineData("{ head: mu2 }", "score: { term: 'ufixed<24,22,TRN>' }")]
    [InlineData("{ head: residual }", "score: { term: 'ufixed<24,22,TRN>' }")]
    [InlineData("{ head: distance, centre: 0.5 }", "score: { term: 'ufixed<24,22,TRN>' }")]
    [InlineData("{ head: mse, mask: none }", "score: { term: 'ufixed<24,22,TRN>' }")]
    [InlineData("{ head: mae, mask: none }", "score_terms: { result: 'ufixed<24,22,TRN>' }")]
    [InlineData("{ head: capsule, of: c }", "score_lengths: { term: 'ufixed<24,22,TRN>' }")]
    public void Each_term_of_a_score_is_truncated_before_it_is_added_where_a_type_says_so(string head, string layer)
    {
        // Inputs and weights are multiples of a quarter, so that terms are multiples of 1/256 or 1/16; quarters are kept of them.
        var design = Compile(Network(6), $"score: {head}\nlayers: {{ {layer} }}\n").Design;
        var inputs = Inputs(6);
        var found = new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = inputs, ["threshold"] = RawBatch.Of(1, [0L]) }, ["z", "r", "score"]);
        var (x, z, r, scores) = (InputConversion.ToDoubles(inputs, design.Channel("x").Type!.Value), Values(design, found, "z"), Values(design, found, "r"), Values(design, found, "score"));
        var isDifferent = false;
        for (var e = 0; e < Events; e++)
        {
            double[] Terms(Func<double, double> keep) => [.. Enumerable.Range(6 * e, 6).Select(k => keep(head.Contains("residual", StringComparison.Ordinal) ? Square(z[k] - r[k])
                : head.Contains("distance", StringComparison.Ordinal) ? Square(z[k] - 0.5)
                : head.Contains("mse", StringComparison.Ordinal) ? Square(z[k] - x[k])
                : head.Contains("mae", StringComparison.Ordinal) ? Math.Abs(z[k] - x[k])
                : Square(z[k])))];
            double Score(double[] terms) => head.Contains("capsule", StringComparison.Ordinal) ? Math.Max(terms[..3].Sum(), terms[3..].Sum()) : terms.Sum();
            Assert.Equal(Score(Terms(t => Math.Floor(4 * t) / 4)), scores[e]);
            isDifferent |= Score(Terms(t => t)) != scores[e];
        }
        Assert.True(isDifferent);
        static double Square(double value) => value * value;
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void The_hardware_of_a_score_gives_its_bits_whatever_stages_its_inputs_wait_for(string section)
    {
        var design = Compile(Network(6), $"score:\n  {section}\n  thresholds: 2\n").Design;
        var all = Inputs(6);
        var threshold = design.Settings.Single();
        var most = (long)design.Channel(threshold).Type!.Value.MaximumRaw;
        var inputs = new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(6, all.Raw[..(6 * 40)]), [threshold] = RawBatch.Of(2, [0L, most / 64]) };
        var expected = new Emulator(design).Run(inputs);
        var actual = HardwareSimulation.Run(HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2.5)), inputs);
        foreach (var output in design.Outputs)
            Assert.Equal(Integers(expected[output]), Integers(actual[output]));
    }

    [Theory]
    [InlineData(57)]
    [InlineData(56)]
    public void The_mask_by_pT_leaves_out_every_feature_of_an_absent_object(int features)
    {
        var design = Compile(Network(features), "score: { head: mae, mask: pt }\n").Design;
        var inputs = Inputs(features);
        var found = new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = inputs, ["threshold"] = RawBatch.Of(1, [0L]) }, ["z", "score"]);
        var (x, z, scores) = (InputConversion.ToDoubles(inputs, design.Channel("x").Type!.Value), Values(design, found, "z"), Values(design, found, "score"));
        for (var e = 0; e < Events; e++)
        {
            var expected = 0.0;
            for (var k = 0; k < features; k++)
            {
                var slot = features == 57 ? k / 3 : k < 19 ? k : k < 37 ? k - 18 : k - 37;
                var pt = x[features * e + (features == 57 ? 3 * slot : slot)];
                expected += pt > 0 ? Math.Abs(z[features * e + k] - x[features * e + k]) : 0;
            }
            Assert.Equal(expected, scores[e]);
        }
    }

    [Theory]
    [InlineData("score: { head: mu2 }", "mu2")]
    [InlineData("score: { head: mse, of: r, mask: none, thresholds: 3 }", "mse of r (mask none), 3 thresholds")]
    [InlineData("score: { combine: or, heads: [{ head: mu2, steps: [1, 2] }, { head: mae, target: r, of: z }] }", "or(mu2 (table of 2 steps), mae of z (target r, mask nonzero))")]
    [InlineData("model: { precision: 'fixed<56,28>' }", "none")]
    public void A_score_has_a_text_for_the_manifest(string section, string text)
    {
        var compiled = Pipelines.ToDesign(Network(6), Score.None, ConfigurationReader.Read(section, "c.yaml", new()), null, new());
        Assert.Equal(text, compiled!.Score.ToText());
    }

    [Theory]
    [InlineData("mae", false)]
    [InlineData("mse", true)]
    public void An_autoencoder_of_trees_is_scored_by_the_distance_of_what_it_gives_from_what_it_took(string head, bool isSquared)
    {
        // Boosted: the trees of each target add up to the reconstruction of a feature.
        var trees = new Operators.RandomTrees(4, features: 5, targets: 5, fraction: 2, trees: 30, depth: 3);
        var diagnostics = new DiagnosticBag();
        var graph = Hls4Net.Operators.Onnx.OnnxImporter.Import(trees.ToCase("SUM").ToModel(), "trees", null, new(), diagnostics);
        var configuration = ConfigurationReader.Read($"inputs: {{ x0: 'fixed<6,4>' }}\nscore: {{ head: {head}, of: y0, mask: none }}", "c.yaml", diagnostics);
        var design = Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics)!.Design;
        var random = new Random(3);
        var batch = RawBatch.Of(5, [.. Enumerable.Range(0, Events * 5).Select(_ => (long)random.Next(-32, 32))]);
        var inputs = new Dictionary<string, RawBatch> { ["x0"] = batch, ["threshold"] = RawBatch.Of(1, [0L]) };
        var found = new Emulator(design).Run(inputs);
        var (x, scores) = (InputConversion.ToDoubles(batch, design.Channel("x0").Type!.Value), Values(design, found, "score"));
        for (var e = 0; e < Events; e++)
        {
            var differences = trees.Evaluate("SUM", x[(5 * e)..(5 * e + 5)]).Zip(x[(5 * e)..(5 * e + 5)], (r, v) => r - v);
            Assert.Equal(differences.Sum(d => isSquared ? d * d : Math.Abs(d)), scores[e]);
        }
        var hardware = HardwareSimulation.Run(HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2.5)), inputs);
        Assert.Equal(Integers(found["score"]), Integers(hardware["score"]));
        Assert.True(scores.Distinct().Count() > Events / 4);
    }

    [Theory]
    [InlineData("score: { head: mse, of: q }", "there is no value 'q'")]
    [InlineData("score: { head: kl, of: z }", "means and the log-variances are needed")]
    [InlineData("score: { head: distance, centre: [1, 2] }", "'z' has 6 elements, and the centre 2 numbers")]
    [InlineData("score: { head: mse, mask: pt }", "knows inputs of 57 interleaved or 56 grouped features, and 'x' has 6")]
    [InlineData("score: { head: mu3 }", "'mu3' is not a score; there are mu2, kl")]
    [InlineData("score: { head: mu2, heads: [{ head: kl }] }", "either a 'head' or a list of 'heads'")]
    [InlineData("score: { thresholds: 0 , head: mu2 }", "'0' is not a whole number from 1 to 64")]
    [InlineData("score: { head: mu2, steps: [2, 1] }", "rise from one to the next")]
    [InlineData("score: { of: z }", "A score needs its 'head'")]
    [InlineData("score: { head: distance, centre: x }", "'x' is no number")]
    [InlineData("score: { hed: mu2 }", "Did you mean 'head'?")]
    public void What_is_wrong_with_a_score_is_said(string section, string says)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(section, "c.yaml", diagnostics);
        if (!diagnostics.HasErrors)
            Assert.Null(Pipelines.ToDesign(Network(6), Score.None, configuration, null, diagnostics));
        Assert.Contains(diagnostics.Items, d => d.ToString().Contains(says, StringComparison.Ordinal));
    }

    private static IEnumerable<System.Numerics.BigInteger> Integers(RawBatch batch) =>
        Enumerable.Range(0, batch.Events * batch.Elements).Select(i => batch[i / batch.Elements, i % batch.Elements]);

    private static double Steps(double score, params double[] steps) => steps.Count(s => score >= s);

    private static double[] Values(Core.Kernels.Design design, IReadOnlyDictionary<string, RawBatch> found, string channel) =>
        InputConversion.ToDoubles(found[channel], design.Channel(channel).Type!.Value);

    /// <summary>Events in quarters from −8 to 7.75, of which a third is zero.</summary>
    private static RawBatch Inputs(int width)
    {
        var random = new Random(9);
        return RawBatch.Of(width, [.. Enumerable.Range(0, Events * width).Select(_ => random.Next(3) == 0 ? 0L : random.Next(-32, 32))]);
    }

    private static CompiledModel Compile(Graph graph, string score)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read($"model: {{ precision: 'fixed<56,28>' }}\ninputs: {{ x: 'fixed<6,4>' }}\n{score}", "c.yaml", diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics);
        Assert.False(diagnostics.HasErrors, string.Join('\n', diagnostics.Items));
        return compiled!;
    }

    /// <summary>Outputs z and r of as many elements as the input, with weights in quarters, and c, which is z as two capsules.</summary>
    private static Graph Network(int width)
    {
        var values = new List<Value> { new("x", [1, width], null, null), Weights("w", width, 7), Weights("v", width, 5) };
        var nodes = new List<Node>();
        TestNetworks.Append(nodes, values, new Dense(), "z", [1, width], "x", "w");
        TestNetworks.Append(nodes, values, new Dense(), "r", [1, width], "x", "v");
        if (width % 2 != 0)
            return new("network", values.ToSeq(), ["x"], ["z", "r"], [], nodes.ToSeq());
        TestNetworks.Append(nodes, values, new Reshape([1, 2, width / 2]), "c", [1, 2, width / 2], "z");
        return new("network", values.ToSeq(), ["x"], ["z", "r", "c"], [], nodes.ToSeq());
    }

    private static Value Weights(string name, int width, int period) => new(name, [width, width], null, ConstantTensor.Of([width, width],
        Enumerable.Range(0, width * width).Select(k => k % 11 > 3 ? Dyadic.Zero : Dyadic.FromDouble((k % period - period / 2) / 4.0)).ToSeq()));
}
