using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Onnx;

/// <summary>What is wrong with a model is said by the right rule, in words that name the thing.</summary>
public sealed class OnnxDiagnosticsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names() => [.. RefusedModels.All.Select(m => m.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_is_refused_or_warned_of_by_its_rule(string name)
    {
        var model = RefusedModels.All.Single(m => m.Name == name);
        var path = Path.Combine(_folder.Path, "model.onnx");
        File.WriteAllBytes(path, model.Write(_folder.Path));
        var diagnostics = new DiagnosticBag();
        var options = new ImportOptions { Outputs = [.. model.Outputs] };
        if (model.Rule.Severity == Severity.Error)
            Assert.Throws<UserErrorException>(() => OnnxImporter.Import(path, options, diagnostics));
        else
            Record.Exception(() => OnnxImporter.Import(path, options, diagnostics));
        var found = diagnostics.Items.Where(d => d.Rule == model.Rule).ToArray();
        Assert.True(found.Length > 0, $"{model.Rule.Id} is missing in: {string.Join('\n', diagnostics.Items)}");
        Assert.All(model.Says, words => Assert.Contains(found, d => d.ToString().Contains(words, StringComparison.Ordinal)));
    }

    [Fact]
    public void No_two_messages_have_the_same_number() =>
        Assert.Empty(Messages.Rules.GroupBy(r => r.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(" and ", g.Select(r => r.Title))}"));

    [Fact]
    public void Every_rule_on_models_and_operators_has_a_model_and_an_explanation()
    {
        var rules = Messages.Rules.Where(r => r.Id.StartsWith("HLS1", StringComparison.Ordinal) || r.Id.StartsWith("HLS2", StringComparison.Ordinal)).ToArray();
        Assert.Equal(rules.Length, rules.DistinctBy(r => r.Id).Count());
        Assert.All(rules, r => Assert.True(r.Explanation.Length > 80, $"{r.Id} is not explained."));
        var tested = RefusedModels.All.Select(m => m.Rule).Append(Messages.CannotReadModelRule).ToHashSet();
        Assert.Empty(rules.Where(r => !tested.Contains(r)).Select(r => r.Id));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        var missing = Path.Combine(_folder.Path, "none.onnx");
        Assert.Contains(missing, Refusal(missing, Messages.CannotReadModelRule).Where);
        Assert.Contains("directory", Refusal(_folder.Path, Messages.CannotReadModelRule).Message);
        var empty = Path.Combine(_folder.Path, "empty.onnx");
        File.WriteAllBytes(empty, []);
        Assert.Contains("empty", Refusal(empty, Messages.NotOnnxRule).Message);
    }

    [Fact]
    public void Fifty_problems_are_reported_in_one_run()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Output("v50");
        for (var k = 0; k < 50; k++)
            builder.Node($"Unknown{k}", [k == 0 ? "x" : $"v{k}"], [$"v{k + 1}"]);
        Assert.Equal(50, Errors(builder).Count(d => d.Rule == Messages.UnsupportedOperatorRule));
    }

    [Fact]
    public void Fifty_nodes_that_are_wrong_in_different_ways_are_reported_once_each_and_what_reads_them_not_at_all()
    {
        (string Type, string[] Inputs, (string, object)[] Attributes)[] bad =
        [
            ("Frobnicate", ["x"], []), ("Transpose", ["x"], [("permm", new long[] { 1, 0 })]), ("Flatten", ["x"], [("axis", 1.5f)]), ("Cast", ["x"], []),
            ("Transpose", ["x"], [("perm", new long[] { 1, 1 })]), ("Add", ["x"], []), ("Relu", ["x", "x"], []), ("MatMul", ["x", "c"], []),
            ("Add", ["x", "n"], []), ("RandomNormalLike", ["x"], []), ("If", ["x"], [("then_branch", new Hls4Net.Operators.Onnx.Proto.GraphProto())]), ("LSTM", ["x"], []),
            ("NonZero", ["x"], []), ("GRU", ["x"], []), ("Div", ["x", "o"], []), ("Reshape", ["x", "x"], []), ("Unsqueeze", ["x", "far"], []),
        ];
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Constant("c", [3, 2], [1, 2, 3, 4, 5, 6]).Constant("n", [2], [1, double.NaN])
            .Constant("o", [2], [1, 0]).Constant("far", [1], [7], DataType.Int64);
        for (var k = 0; k < 50; k++)
        {
            var (type, inputs, attributes) = bad[k % bad.Length];
            builder.Node(type, inputs, [$"bad{k}"], attributes).Node("Relu", [$"bad{k}"], [$"behind{k}"]).Node("Add", [$"behind{k}", "x"], [$"last{k}"]).Output($"last{k}");
        }
        var errors = Errors(builder);
        var atNaN = Enumerable.Range(0, 50).Count(k => bad[k % bad.Length].Inputs.Contains("n"));
        // The constant with NaN is one problem, however many nodes read it.
        Assert.Single(errors, d => d.Rule == Messages.NotFiniteWeightRule);
        Assert.Equal(50 - atNaN + 1, errors.Count);
        for (var k = 0; k < 50; k++)
        {
            if (!bad[k % bad.Length].Inputs.Contains("n"))
                Assert.Single(errors, d => d.Where.StartsWith($"node 'bad{k}' ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void An_unknown_attribute_behind_a_refused_node_is_reported_although_the_shape_is_unknown()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Node("Unknown", ["x"], ["a"])
            .Node("Transpose", ["a"], ["b"], ("permm", new long[] { 0, 1 })).Node("Transpose", ["b"], ["y"], ("perm", new long[] { 0, 1 })).Output("y");
        var errors = Errors(builder);
        Assert.Equal(2, errors.Count);
        Assert.Contains(errors, d => d.Rule == Messages.UnreadAttributeRule && d.Advice == "Did you mean 'perm'?");
    }

    [Fact]
    public void A_message_about_a_name_of_ten_thousand_characters_is_short_and_no_advice_repeats_the_mistake()
    {
        var name = string.Concat(Enumerable.Repeat("long ", 2000));
        var builder = new OnnxModelBuilder().Input(name, [1, -1, -1]).Node("Relu", [name], ["y"]).Output("y").Constant("c", [1], [double.NaN]).Node("Add", [name, "c"], [name + "2"]).Output(name + "2");
        Assert.All(Errors(builder), d => Assert.InRange(d.ToString().Length, 1, 1500));
        Assert.Equal("", Messages.DidYouMean("y", ["y"]));
        Assert.Equal("Did you mean 'z'?", Messages.DidYouMean("y", ["y", "z"]));
        Assert.Equal(400 * 2 / 3 + 3 + 100, new Diagnostic(Messages.CycleRule, new string('n', 10_000), "").Where.Length);
    }

    [Fact]
    public void Problems_behind_a_refused_node_are_reported_if_its_shape_is_stated()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Node("Unknown", ["x"], ["a"]).Node("Transpose", ["a"], ["y"], ("perm", new long[] { 0, 0 })).Output("y");
        Assert.DoesNotContain(Errors(builder), d => d.Rule == Messages.AttributeValueRule);
        builder.Graph.ValueInfo.Add(OnnxModelBuilder.Info("a", [1, 2]));
        Assert.Contains(Errors(builder), d => d.Rule == Messages.AttributeValueRule);
    }

    [Fact]
    public void Names_with_line_breaks_do_not_break_messages()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Node("Un\nknown", ["x"], ["y\r\n\u0007"]).Output("y\r\n\u0007");
        Assert.All(Errors(builder), d => Assert.DoesNotContain(d.ToString(), char.IsControl));
    }

    [Fact]
    public void What_no_chosen_output_needs_is_not_looked_at()
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Input("y", [1, 2], DataType.String)
            .Node("Relu", ["x"], ["mu"]).Node("RandomNormalLike", ["mu"], ["noise"]).Node("Magic", ["mu", "noise", "nan"], ["z"])
            .Constant("nan", [1], [double.NaN]).Output("z");
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(builder.ToBytes(), "m", null, new ImportOptions { Outputs = ["mu"] }, diagnostics);
        Assert.Equal(["mu"], graph.Outputs);
        Assert.Equal(["x"], graph.Inputs);
        Assert.Equal([Messages.UnusedInputRule], diagnostics.Items.Select(d => d.Rule));
    }

    private static List<Diagnostic> Errors(OnnxModelBuilder builder)
    {
        var diagnostics = new DiagnosticBag();
        Assert.Throws<UserErrorException>(() => OnnxImporter.Import(builder.ToBytes(), "m", null, new ImportOptions(), diagnostics));
        return [.. diagnostics.Items];
    }

    private static Diagnostic Refusal(string path, Rule rule)
    {
        var diagnostics = new DiagnosticBag();
        Assert.Throws<UserErrorException>(() => OnnxImporter.Import(path, new ImportOptions(), diagnostics));
        var found = Assert.Single(diagnostics.Items);
        Assert.Equal(rule, found.Rule);
        return found;
    }
}
