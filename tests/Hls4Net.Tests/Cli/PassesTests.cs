using System.Reflection;
using System.Text.Json.Nodes;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Passes;
using Hls4Net.Transforms;

namespace Hls4Net.Tests.Cli;

[Collection(nameof(Console))]
public sealed class PassesTests
{
    [Fact]
    public async Task The_passes_are_listed_in_pipeline_order_with_promise_and_summary()
    {
        var result = await CommandLine.RunAsync(PassesCommand.Create());
        Assert.Equal(ExitCode.Done, result.ExitCode);
        var rows = result.Output.Split('\n').Select(l => l.Trim()).ToList();
        var places = Pipelines.Steps.Select(p => rows.FindIndex(r => r.StartsWith($"{p.Name} ", StringComparison.Ordinal))).ToList();
        Assert.All(places, p => Assert.True(p >= 0));
        Assert.Equal(places.Order(), places);
        Assert.StartsWith("add-input-stages", rows[places[0]]);
        Assert.Contains("may round", rows[places[0]], StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_it_is_one_document()
    {
        var passes = JsonNode.Parse((await CommandLine.RunAsync(PassesCommand.Create(), "--json")).Output)!.AsArray();
        Assert.Equal(Pipelines.Steps.Select(p => p.Name), passes.Select(p => p!["name"]!.GetValue<string>()));
        Assert.All(passes, p => Assert.Contains(p!["promise"]!.GetValue<string>(), new[] { "sameBits", "sameReals", "mayRound" }));
    }

    [Fact]
    public void Everything_that_makes_a_promise_is_listed_once()
    {
        var promising = typeof(Pipelines).Assembly.GetTypes().Count(t => t.GetCustomAttribute<PassAttribute>() is not null);
        Assert.Equal(promising, Pipelines.Steps.Count);
        Assert.Equal(promising, Pipelines.Steps.Select(p => p.Name).Distinct().Count());
        Assert.All(Pipelines.Steps, p => Assert.Matches("^[A-Z][^.]+\\.$", p.Summary));
    }
}
