using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Operators;

/// <summary>
/// Boosted trees in the JSON of XGBoost and LightGBM, and in the text of the latter, drawn at random, against evaluations of that JSON by the rules that the libraries document.
/// Numbers have few bits, so that every sum is exact.
/// </summary>
public sealed class BoosterTests
{
    private const int Features = 4;
    private const int Categorical = 3;

    [Theory]
    [InlineData(1, "reg:squarederror", 1, "gbtree")]
    [InlineData(2, "binary:logistic", 1, "gbtree")]
    [InlineData(3, "multi:softprob", 3, "gbtree")]
    [InlineData(4, "binary:hinge", 1, "dart")]
    [InlineData(5, "binary:logitraw", 1, "gbtree")]
    public void Models_of_XGBoost_give_the_sums_of_their_leaves_and_the_labels(int seed, string objective, int classes, string booster)
    {
        var model = new XgboostModels(seed, Features, Categorical).Draw(objective, classes, booster, trees: 9, depth: 4);
        var (compiled, diagnostics) = Compile(model);
        Assert.Contains(diagnostics.Items, d => d.Rule == Messages.CategoriesOfBoosterRule);
        Check(compiled, seed, classes, x => XgboostModels.Scores(model, x));
    }

    [Theory]
    [InlineData(1, "regression", 1)]
    [InlineData(2, "binary sigmoid:2", 1)]
    [InlineData(3, "multiclass num_class:3", 3)]
    [InlineData(4, "multiclassova num_class:3 sigmoid:1", 3)]
    [InlineData(5, "lambdarank", 1)]
    public void Models_of_LightGBM_give_the_sums_of_their_leaves_and_the_labels(int seed, string objective, int classes)
    {
        var model = new LightgbmModels(seed, Features, Categorical).Draw(objective, classes, trees: 9, depth: 4);
        var (compiled, diagnostics) = Compile(model);
        Assert.Contains(diagnostics.Items, d => d.Rule == Messages.CategoriesOfBoosterRule);
        Check(compiled, seed, classes, x => LightgbmModels.Scores(model, x));
        var text = LightgbmModels.Text(model);
        foreach (var file in new[] { text, text.Replace("\n", "\r\n", StringComparison.Ordinal) })
            Check(Compile(Encoding.UTF8.GetBytes(file)).Model, seed, classes, x => LightgbmModels.Scores(model, x));
    }

    [Theory]
    [InlineData("count:poisson", new[] { "score", "prediction" })]
    [InlineData("reg:logistic", new[] { "score", "prediction" })]
    [InlineData("binary:logistic", new[] { "score", "label", "probability" })]
    [InlineData("multi:softmax", new[] { "score", "label", "probability" })]
    [InlineData("reg:squarederror", new[] { "score" })]
    public void Outputs_follow_from_the_objective(string objective, string[] outputs)
    {
        var model = new XgboostModels(1, Features, Categorical).Draw(objective, objective.StartsWith("multi", StringComparison.Ordinal) ? 3 : 1, "gbtree", 2, 2);
        Assert.Equal(outputs, OnnxImporter.Import(Bytes(model), "m.json", null, new ImportOptions(), new DiagnosticBag()).Outputs);
    }

    [Fact]
    public void The_base_score_of_a_probability_becomes_its_logit_and_a_list_of_bases_is_read()
    {
        var model = new XgboostModels(1, Features, Categorical).Draw("binary:logitraw", 1, "gbtree", 0, 1);
        model["learner"]!["learner_model_param"]!["base_score"] = "[8.8079708E-1]";
        var (compiled, _) = Compile(model);
        Assert.Equal(2, Run(compiled, [new double[Features]], "score")[0], 1e-6);
    }

    [Fact]
    public void Averages_of_LightGBM_are_divided_by_their_iterations()
    {
        var model = new LightgbmModels(6, Features, Categorical).Draw("regression", 1, trees: 4, depth: 3);
        model["average_output"] = true;
        var (compiled, _) = Compile(model);
        Check(compiled, 6, 1, x => [LightgbmModels.Scores(model, x)[0] / 4]);
        Check(Compile(Encoding.UTF8.GetBytes(LightgbmModels.Text(model))).Model, 6, 1, x => [LightgbmModels.Scores(model, x)[0] / 4]);
    }

    private static void Check(CompiledModel compiled, int seed, int classes, Func<double[], double[]> expected)
    {
        var random = new Random(seed);
        double[][] events = [.. Enumerable.Range(0, 500).Select(_ => Enumerable.Range(0, Features)
            .Select(f => f == Categorical ? random.Next(-2, 8) : random.Next(-32, 32) / 4.0).ToArray())];
        double[][] wanted = [.. events.Select(expected)];
        Assert.Equal(wanted.SelectMany(w => w), Run(compiled, events, "score"));
        Assert.True(wanted.Select(w => w[0]).Distinct().Count() > 20, "Hardly any two events differ.");
        if (!compiled.Typed.Graph.Outputs.Contains("label"))
            return;
        var labels = wanted.Select(w => classes == 1 ? w[0] > 0 ? 1.0 : 0 : Array.IndexOf(w, w.Max())).ToArray();
        Assert.Equal(labels, Run(compiled, events, "label"));
        Assert.Equal(Math.Max(2, classes), labels.Distinct().Count());
    }

    private static double[] Run(CompiledModel compiled, double[][] events, string output)
    {
        var input = compiled.Typed.Graph.Inputs[0];
        var raw = InputConversion.Quantize([.. events.SelectMany(e => e)], Features, compiled.Typed.InputQuantizers[input]);
        var found = new Emulator(compiled.Design).Run(new Dictionary<string, RawBatch>(StringComparer.Ordinal) { [input] = raw }, [output]);
        return InputConversion.ToDoubles(found[output], compiled.Design.Channel(output).Type!.Value);
    }

    private static (CompiledModel Model, DiagnosticBag Diagnostics) Compile(JsonObject model) => Compile(Bytes(model));

    private static (CompiledModel Model, DiagnosticBag Diagnostics) Compile(byte[] model)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(model, "model.json", null, new ImportOptions(), diagnostics);
        var configuration = ConfigurationReader.Read("inputs: { features: 'fixed<6,4>' }", "types.yaml", diagnostics);
        return (Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics) ?? throw new UserErrorException([.. diagnostics.Items]), diagnostics);
    }

    private static byte[] Bytes(JsonObject model) => Encoding.UTF8.GetBytes(model.ToJsonString(new JsonSerializerOptions { MaxDepth = 1000, WriteIndented = true }));
}
