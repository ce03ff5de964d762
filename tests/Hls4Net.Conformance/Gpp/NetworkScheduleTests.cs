using System.Globalization;
using System.Text.RegularExpressions;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Operators;
using Hls4Net.Tests.Hardware;
using Hls4Net.Tests.Hls;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Conformance.Gpp;

/// <summary>Streamed and folded designs as C++, whose processes run beside each other on streams as deep as the timetable says.</summary>
public sealed partial class NetworkScheduleTests
{
    private const int Events = 40;

    [Fact]
    public void Streamed_chains_compute_what_the_emulator_computes()
    {
        Compare([.. Streamed.Chains.SelectMany(c => new[] { 1, 2, 3 }.Select(p => ($"{c.Key}, {p} pixels a beat", c.Value(), (StreamOptions?)new(p))))]);
    }

    /// <summary>The bench would see it if a depth were too small: the skip of the network needs all of its beats but the one that is taken.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_stream_that_is_too_short_for_a_skip_makes_all_processes_wait(int fewer, bool isEnough)
    {
        using var batch = new GppBatch();
        var project = batch.Add(Streamed.Chains["skip"](), stream: new());
        var path = Path.Combine(project.ProjectFolder, "firmware/d0.cpp");
        var text = File.ReadAllText(path);
        var deepest = Depth().Matches(text).MaxBy(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))!;
        var depth = int.Parse(deepest.Groups[1].Value, CultureInfo.InvariantCulture);
        File.WriteAllText(path, text.Replace(deepest.Value, deepest.Value.Replace($", {depth})", $", {depth - fewer})", StringComparison.Ordinal), StringComparison.Ordinal));
        var program = batch.Build();
        var events = Networks.Events(project.Design, 6, 1);
        if (isEnough)
            Assert.Null(GppBatch.Difference(program, project.Design, events));
        else
            Assert.Contains("all processes wait for each other", Assert.Throws<UserErrorException>(() => program.Run(project.Design, events, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"HLS4NET_DEPTH\(\w+, (\d+)\)")]
    private static partial Regex Depth();

    [Fact]
    public void Streamed_cases_compute_what_the_emulator_computes()
    {
        var designs = new List<(string, Design, StreamOptions?)>();
        foreach (var operatorCase in Catalogue.Entries.SelectMany(e => e.Cases()))
        {
            var design = OperatorCaseTests.Compile(operatorCase);
            if (design.Inputs.Count == 1)
                designs.Add((operatorCase.ToString(), design, new(1 + designs.Count % 3)));
        }
        Assert.True(Compare(designs) > 100);
    }

    [Fact]
    public void Folded_cases_compute_what_the_emulator_computes()
    {
        var designs = new List<(string, Design, StreamOptions?)>();
        foreach (var (name, design) in Catalogue.Entries.SelectMany(e => e.Cases()).Select(c => (c.ToString(), OperatorCaseTests.Compile(c))).Concat(HlsSamples.All()))
        {
            foreach (var factor in Folded.Sample(design, designs.Count))
                designs.Add(($"{name} by {factor}", Folded.With(design, factor), null));
        }
        Assert.True(Compare(designs) > 40);
    }

    [Fact]
    public void Streamed_and_folded_cases_compute_what_the_emulator_computes()
    {
        var designs = new List<(string, Design, StreamOptions?)>();
        foreach (var (name, design) in Streamed.Chains.Select(c => (c.Key, c.Value())).Concat(Catalogue.Entries.SelectMany(e => e.Cases()).Select(c => (c.ToString(), OperatorCaseTests.Compile(c)))))
        {
            if (design.Inputs.Count == 1 && Folded.Sample(design, 3) is [.., var factor])
                designs.Add(($"{name} by {factor}", Folded.With(design, factor), new(1 + designs.Count % 3)));
        }
        Assert.True(Compare(designs) > 20);
    }

    /// <returns>How many of the designs have pixels.</returns>
    private static int Compare(IReadOnlyList<(string Name, Design Design, StreamOptions? Stream)> designs)
    {
        using var batch = new GppBatch();
        var names = new List<string>();
        foreach (var (name, design, stream) in designs)
        {
            try
            {
                batch.Add(design, stream: stream);
                names.Add(name);
            }
            catch (UserErrorException e) when (e.Diagnostics.All(d => d.Rule == Messages.NoPixelsRule))
            {
                // An input without pixels.
            }
        }
        var program = batch.Build();
        TestContext.Current.SendDiagnosticMessage($"{names.Count} designs in {program.CompileTime}");
        var failures = new List<string>();
        for (var n = 0; n < names.Count; n++)
        {
            var design = batch.Designs[n].Design;
            if (GppBatch.Difference(program, design, Networks.Events(design, Events, n)) is { } difference)
                failures.Add($"{names[n]}: {difference}");
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        return names.Count;
    }
}
