using System.Text.Json.Nodes;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

[Collection(nameof(Console))]
public sealed class EventsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Toy_events_are_drawn_described_and_converted()
    {
        Assert.Equal(ExitCode.Done, (await Run("--generate", "background", "--events", "3000", "--ghosts", "0.5", "--ids", "-o", _folder["x.h5"])).ExitCode);
        var document = JsonNode.Parse((await Run(_folder["x.h5"], "-o", _folder["x.npy"], "--order", "grouped", "--json")).Output)!;
        Assert.Equal((3000, true), (document["events"]!.GetValue<int>(), document["hasIds"]!.GetValue<bool>()));
        Assert.InRange(document["ghosts"]!.GetValue<int>(), 1300, 1700);
        Assert.Equal(["electronOrPhoton", "muon", "jet"], document["objects"]!.AsArray().Select(o => Camel(o!["kind"]!.GetValue<string>())));
        Assert.Equal([3000, 56], Npy.Read(_folder["x.npy"]).Shape);
        // Conversion through features gives a file without ghosts; generating features directly gives the same numbers.
        await Run("--generate", "background", "--events", "3000", "-o", _folder["y.npy"]);
        await Run("--generate", "background", "--events", "3000", "-o", _folder["y.h5"]);
        await Run(_folder["y.h5"], "-o", _folder["z.npy"]);
        Assert.Equal(Npy.Read(_folder["y.npy"]), Npy.Read(_folder["z.npy"]));
        await Run(_folder["y.npy"], "-o", _folder["z.h5"]);
        Assert.Equal(File.ReadAllBytes(_folder["y.h5"]), File.ReadAllBytes(_folder["z.h5"]));
    }

    [Fact]
    public async Task The_table_names_objects_and_what_had_no_slot()
    {
        File.WriteAllText(_folder["x.csv"], "1;a;1;30000;1;" + string.Concat(Enumerable.Repeat("j,60000,20000,0,0;", 12)) + "\n");
        var result = await Run(_folder["x.csv"], "-o", _folder["x.npy"]);
        Assert.Contains("Dark Machines (text), 1 events", result.Output, StringComparison.Ordinal);
        Assert.Contains("2 objects had no slot and were left out", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--generate", "backgroud", "Did you mean 'background'?")]
    [InlineData("--generate", "background", "--generate needs a file to write")]
    [InlineData("--units", "keV", "GeV, MeV")]
    [InlineData("--order", "grouped", "where there is no FILE")]
    public async Task What_an_option_does_not_take_is_said(string option, string value, string says)
    {
        var result = await Run(option, value);
        Assert.Equal(ExitCode.UserError, result.ExitCode);
        Assert.Contains(says, result.Errors, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task A_refused_file_leaves_no_output_behind()
    {
        File.WriteAllText(_folder["x.csv"], "1;a;1;30000;1;j,60000,20000,0,0\n2;a;1;30000;1;j,60000,20000,0\n");
        Assert.Equal(ExitCode.UserError, (await Run(_folder["x.csv"], "-o", _folder["x.npy"])).ExitCode);
        Assert.Equal(ExitCode.UserError, (await Run(_folder["x.csv"], "-o", _folder["x.h5"])).ExitCode);
        Assert.Equal(["x.csv"], _folder.Names);
    }

    private static string Camel(string text) => char.ToLowerInvariant(text[0]) + string.Concat(text[1..].Split(' ').Select((w, i) => i == 0 ? w : char.ToUpperInvariant(w[0]) + w[1..]));

    private static Task<CommandResult> Run(params string[] arguments) => CommandLine.RunAsync(EventsCommand.Create(), arguments);
}
