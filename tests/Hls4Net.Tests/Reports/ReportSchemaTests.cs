using System.Xml.Linq;
using Hls4Net.Cli;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Reports;
using Hls4Net.Core.Data;
using Hls4Net.Emission;
using Hls4Net.Tests.Cli;
using Hls4Net.Tests.Support;
using NJsonSchema;

namespace Hls4Net.Tests.Reports;

/// <summary>The published schema of <c>report.json</c>, which another project's validator holds against what commands write.</summary>
[Collection(nameof(Console))]
public sealed class ReportSchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static XDocument Documentation => XDocument.Load(Path.ChangeExtension(typeof(Versions).Assembly.Location, ".xml"));

    [Fact]
    public void The_published_schema_is_that_of_the_records()
    {
        var path = TestFiles.InRepository(ReportSchema.Path.Split('/'));
        var made = ReportSchema.Make(Documentation);
        if (!File.Exists(path))
            File.WriteAllText(path, made);
        Assert.True(made == File.ReadAllText(path), $"{ReportSchema.Path} is not the schema of the records. If they changed on purpose, delete it, run this test, which writes it, and build again.");
    }

    [Fact]
    public async Task The_command_prints_it()
    {
        var result = await CommandLine.RunAsync(ReportCommand.Create(), "--schema");
        Assert.Equal((0, ResourceFiles.Read(ReportSchema.Path)), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Reports_fit_it_and_have_nothing_that_it_does_not_describe()
    {
        var published = await JsonSchema.FromJsonAsync(ResourceFiles.Read(ReportSchema.Path), TestContext.Current.CancellationToken);
        var closed = await JsonSchema.FromJsonAsync(ReportSchema.Make(Documentation, isClosed: true), TestContext.Current.CancellationToken);
        foreach (var report in await Reports())
        {
            Assert.Empty(published.Validate(report));
            Assert.Empty(closed.Validate(report));
        }
    }

    [Fact]
    public async Task What_is_missing_or_of_another_kind_does_not_fit()
    {
        var published = await JsonSchema.FromJsonAsync(ResourceFiles.Read(ReportSchema.Path), TestContext.Current.CancellationToken);
        var report = (await Reports())[0];
        Assert.NotEmpty(published.Validate(report.Replace("\"verdict\": \"good\"", "\"verdict\": \"fine\"", StringComparison.Ordinal)));
        Assert.NotEmpty(published.Validate(report.Replace("\"format\": 1,", "", StringComparison.Ordinal)));
        Assert.NotEmpty(published.Validate(report.Replace("\"from\": 0", "\"from\": \"x\"", StringComparison.Ordinal)));
    }

    /// <summary>Reports with every section that there is: budgets, a profile, an evaluation, delay lines, tables, and a build without hardware.</summary>
    private async Task<IReadOnlyList<string>> Reports()
    {
        _folder.Write("score.onnx", OnnxBytes.Model([OnnxBytes.Node("MatMul", ["x", "w"], ["h"]), OnnxBytes.Node("Sigmoid", ["h"], ["y"])],
            [OnnxBytes.Value("x", 1, "n", 2)], [OnnxBytes.Value("y", 1, "n", 1)], [OnnxBytes.Tensor("w", [2, 1], 0.3f, 2)]));
        Npy.Write(_folder["x.npy"], NpyArray.Of([40, 2], Enumerable.Range(0, 80).Select(i => i / 40.0).ToArray()));
        Npy.Write(_folder["s.npy"], NpyArray.Of([20, 2], Enumerable.Range(0, 40).Select(i => i / 10.0).ToArray()));
        await Run(CompileCommand.Create(), _folder["score.onnx"], "-o", _folder["a"], "--max-lut", "1000000", "--calibrate", _folder["x.npy"]);
        await Run(ReportCommand.Create(), _folder["a"], "--html", "--input", _folder["x.npy"]);
        await Run(EvaluateCommand.Create(), _folder["a"], "--background", _folder["x.npy"], "--signal", $"s={_folder["s.npy"]}", "--report");
        await Run(CompileCommand.Create(), _folder["score.onnx"], "-o", _folder["b"], "--emit", "hls");
        _folder.Write("stream.onnx", OnnxBytes.Model([OnnxBytes.Node("Conv", ["x", "w"], ["y"])], [OnnxBytes.Value("x", 1, 1, 1, 5, 5)], [OnnxBytes.Value("y", 1, 1, 1, 4, 4)], [OnnxBytes.Tensor("w", [1, 1, 2, 2], 1, 2, 3, -1)]));
        await Run(CompileCommand.Create(), _folder["stream.onnx"], "-o", _folder["c"], "--io", "stream", "--precision", "fixed<8,4>");
        return [.. new[] { "a", "b", "c" }.Select(f => File.ReadAllText(Path.Combine(_folder[f], "report.json")))];
    }

    private static async Task Run(System.CommandLine.Command command, params string[] arguments)
    {
        var result = await CommandLine.RunAsync(command, arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
    }
}
