using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Hls4Net.Transforms.Arithmetic;

namespace Hls4Net.Benchmarks;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        var name = new Argument<string>("NAME") { Description = "which benchmark to run" };
        name.AcceptOnlyFromAmong([.. Table.All.Select(b => b.Name)]);
        var json = new Option<bool>("--json") { Description = "print the figures as JSON" };
        var markdown = new Option<bool>("--markdown") { Description = "print a table with a row for each thing measured and a column for each figure" };
        var matrices = new Option<string?>("--matrices") { Description = "folder of matrices for constant-multiplication, luts and registers" };
        var effort = new Option<Effort>("--effort") { Description = "quick, normal or high, for constant-multiplication, luts and registers", DefaultValueFactory = _ => Effort.Normal };
        var slack = new Option<int>("--depth-slack")
        {
            Description = "adder levels beyond a balanced tree without sharing, for constant-multiplication and registers; -1 for no limit",
            DefaultValueFactory = _ => -1,
        };
        var stages = new Option<int>("--stages") { Description = "stages with logic, for registers", DefaultValueFactory = _ => 4 };
        var peers = new Option<string?>("--peers") { Description = "CSV file of other compilers' adders, for constant-multiplication: each matrix is solved with the levels that the better one took" };
        var model = new Option<string?>("--model") { Description = "model file for emulator; part of a name for networks, back-pressure and estimate-accuracy; ecp5 for calibrate and estimate-accuracy" };
        var events = new Option<int?>("--events") { Description = "number of events for emulator, verify-rate and networks; of designs for calibrate and estimate-accuracy" };
        var patterns = new Option<int?>("--patterns") { Description = $"patterns of gaps and back-pressure for back-pressure, in all; {BackPressure.DefaultPatterns} if nothing is said" };
        var threads = new Option<int>("--threads") { Description = "cores for emulator", DefaultValueFactory = _ => 1 };
        var cache = new Option<string?>("--cache") { Description = "folder to keep what Yosys said in, for calibrate and estimate-accuracy" };
        var seed = new Option<int?>("--seed") { Description = "of the generated designs of estimate-accuracy" };
        var list = string.Concat(Table.All.Select(b => $"\n  {b.Name}: {b.Description}"));
        var root = new RootCommand($"Measures what the README claims, one benchmark at a time.{list}") { name, json, markdown, matrices, effort, slack, stages, peers, model, events, patterns, threads, cache, seed };
        root.SetAction(result => Run(
            Table.All.First(b => b.Name == result.GetRequiredValue(name)),
            new(result.GetValue(matrices), result.GetValue(effort), result.GetValue(slack), result.GetValue(stages), result.GetValue(peers), result.GetValue(model), result.GetValue(events), result.GetValue(patterns), result.GetValue(threads)) { Cache = result.GetValue(cache), Seed = result.GetValue(seed) },
            result.GetValue(json) ? ToJson : result.GetValue(markdown) ? ToMarkdown : ToText));
        return root.Parse(arguments).Invoke();
    }

    private static int Run(Benchmark benchmark, BenchmarkOptions options, Func<Benchmark, IReadOnlyList<Figure>, string> print)
    {
        try
        {
            var figures = benchmark.Measure(options);
            Console.Out.Write(print(benchmark, figures));
            return 0;
        }
        catch (BenchmarkFailedException failure)
        {
            Console.Error.Write($"{benchmark.Name}: {failure.Message}\n");
            return 1;
        }
    }

    private static string ToText(Benchmark benchmark, IReadOnlyList<Figure> figures) =>
        $"{benchmark.Name}: {benchmark.Description}\n"
        + string.Concat(figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"  {f.Name,-44} {f.Value,14:#,0.###} {f.Unit}\n")));

    /// <summary>Rows by what is before the last colon of a figure's name, columns by what is behind it.</summary>
    private static string ToMarkdown(Benchmark benchmark, IReadOnlyList<Figure> figures)
    {
        var cells = figures.Select(f => (Split: f.Name.LastIndexOf(": ", StringComparison.Ordinal), Figure: f)).Where(f => f.Split > 0)
            .Select(f => (Row: f.Figure.Name[..f.Split], Column: f.Figure.Unit.Length > 0 ? $"{f.Figure.Name[(f.Split + 2)..]}, {f.Figure.Unit}" : f.Figure.Name[(f.Split + 2)..], f.Figure.Value)).ToList();
        if (cells.Count == 0)
            throw new BenchmarkFailedException($"{benchmark.Name} is no table; leave --markdown out.");
        string[] columns = [.. cells.Select(c => c.Column).Distinct(StringComparer.Ordinal)];
        var text = new StringBuilder($"| | {string.Join(" | ", columns)} |\n|---{string.Concat(columns.Select(_ => "|---:"))}|\n");
        foreach (var row in cells.GroupBy(c => c.Row, StringComparer.Ordinal))
        {
            var values = row.ToDictionary(c => c.Column, c => c.Value.ToString("#,0.#", CultureInfo.InvariantCulture), StringComparer.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"| {row.Key} | {string.Join(" | ", columns.Select(c => values.GetValueOrDefault(c, "")))} |\n");
        }
        return text.ToString();
    }

    private static string ToJson(Benchmark benchmark, IReadOnlyList<Figure> figures)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteString("benchmark", benchmark.Name);
            writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
            writer.WriteNumber("cores", Environment.ProcessorCount);
            writer.WriteStartArray("figures");
            foreach (var figure in figures)
            {
                writer.WriteStartObject();
                writer.WriteString("name", figure.Name);
                writer.WriteNumber("value", figure.Value);
                writer.WriteString("unit", figure.Unit);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
