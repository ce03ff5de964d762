using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators;
using Hls4Net.Operators.Trees;
using Hls4Net.Tests.Support;
using Hls4Net.Verification.OnnxRuntime;

namespace Hls4Net.Conformance;

/// <summary>Every operator of the catalogue on each of its cases.</summary>
public sealed class OperatorTests
{
    private static readonly Lazy<OnnxRuntimeLibrary?> OnnxRuntime = new(() =>
    {
        try
        {
            return OnnxRuntimeLocator.Load();
        }
        catch (UserErrorException)
        {
            return null;
        }
    });

    private static readonly Dictionary<string, OperatorCase> ByName =
        Catalogue.Entries.SelectMany(e => e.Cases()).ToDictionary(c => c.ToString(), StringComparer.Ordinal);

    public static TheoryData<string> Operators() => [.. Catalogue.Entries.Select(e => e.Name)];

    public static TheoryData<string> Cases() => [.. ByName.Keys];

    public static TheoryData<string> StandardCases() => [.. ByName.Where(c => !IsQonnx(c.Value) && c.Value.HasReference).Select(c => c.Key)];

    public static TheoryData<string> QonnxCases() => [.. ByName.Where(c => IsQonnx(c.Value)).Select(c => c.Key)];

    private static bool IsQonnx(OperatorCase operatorCase) => operatorCase.Domain is not ("" or ChannelsLast.Domain or "com.microsoft" or TreeCases.Domain);

    [Theory]
    [MemberData(nameof(StandardCases))]
    public void Shapes_and_reals_are_those_of_ONNX_Runtime(string name)
    {
        if (OnnxRuntime.Value is not { } library)
        {
            TestFiles.Missing("ONNX Runtime (tools/install-onnxruntime.sh)");
            return;
        }
        var run = new CaseRun(ByName[name]);
        var reals = run.Reals();
        for (var number = 0; number < CaseRun.Events; number++)
        {
            foreach (var (output, expected) in run.OnnxRuntime(library, number))
            {
                Assert.Equal(expected.Shape, run.Graph[output].Shape);
                var (wanted, found) = (expected.ToDoubles(), CaseRun.Event(reals[output], number));
                var scale = wanted.Where(double.IsFinite).Select(Math.Abs).Append(1e-3).Max();
                // Outside the domain of a function, and at its poles, both must say so.
                for (var k = 0; k < wanted.Length; k++)
                {
                    Assert.True(wanted[k].Equals(found[k]) || Math.Abs(wanted[k] - found[k]) <= 1e-5 * scale,
                        $"{output}[{k}] of event {number} is {found[k]}, not {wanted[k]}.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(QonnxCases))]
    public void Quantisers_follow_the_QONNX_specification(string name)
    {
        var operatorCase = ByName[name];
        var run = new CaseRun(operatorCase);
        for (var number = 0; number < CaseRun.Events; number++)
        {
            var x = run.Graph.Inputs.Count > 0 ? CaseRun.Event(run.Inputs["x0"], number) : operatorCase.Inputs[0].Values!;
            Assert.Equal(QonnxReference.Evaluate(operatorCase, x), run.Exact(number)["y0"].Select(v => v.ToDouble()));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Exact_values_lie_in_their_intervals(string name)
    {
        var run = new CaseRun(ByName[name]);
        var intervals = run.Intervals();
        for (var number = 0; number < CaseRun.Events; number++)
        {
            foreach (var (channel, values) in run.Exact(number))
            {
                for (var k = 0; k < values.Length; k++)
                    Assert.True(intervals[channel][k].Contains(values[k]), $"{channel}[{k}] is {values[k]}, outside {intervals[channel][k]}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Every_attribute_changes_a_result(string name)
    {
        var entry = Catalogue.Entries.Single(e => e.Name == name);
        var cases = entry.Cases().ToArray();
        Assert.True(cases.Length > 0, $"{name} has no cases.");
        Assert.All(cases, c => Assert.Equal(name, c.Type));
        var read = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operatorCase in cases)
            _ = new CaseRun(operatorCase, node => read.UnionWith(node.Attributes.Read));
        foreach (var attribute in read)
        {
            Assert.True(cases.Where(c => c.Attributes.Any(a => a.Name == attribute)).Any(c => Matters(c, attribute)),
                $"No case of {name} shows that '{attribute}' has an influence.");
        }
    }

    /// <summary>Whether a result is another, or the model is refused, when the attribute is left out or changed.</summary>
    private static bool Matters(OperatorCase operatorCase, string attribute)
    {
        var original = Results(operatorCase);
        var without = operatorCase.Without(attribute);
        var variants = new List<OperatorCase> { without };
        var value = operatorCase.Attributes.First(a => a.Name == attribute).Value;
        if (value is int number)
            variants.Add(without.With(attribute, number == 1 ? 0 : 1));
        if (value is long[] numbers)
            variants.Add(without.With(attribute, (long[])[.. numbers[..^1], numbers[^1] + 1]));
        // A mode of which one value is supported: another must be refused.
        if (value is string text)
            variants.Add(without.With(attribute, $"{text}?"));
        return variants.Any(v => Results(v) != original);
    }

    private static string Results(OperatorCase operatorCase)
    {
        try
        {
            var types = "";
            var run = new CaseRun(operatorCase, node => types = string.Join(' ', node.OutputTypes));
            var exact = run.Exact(0);
            return types + string.Join('\n', run.Graph.Outputs.Select(o => $"{run.Graph[o].Shape} {string.Join(' ', exact[o])}"));
        }
        catch (UserErrorException e)
        {
            return e.Message;
        }
    }
}
