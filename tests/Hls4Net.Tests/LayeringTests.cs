using System.Reflection;

namespace Hls4Net.Tests;

public sealed class LayeringTests
{
    private static readonly string[] TopToBottom =
        ["hls4net", "Hls4Net.Verification", "Hls4Net.Trigger", "Hls4Net.Emission", "Hls4Net.Transforms", "Hls4Net.Operators", "Hls4Net.Core"];

    [Theory]
    [InlineData("Hls4Net.Core")]
    [InlineData("Hls4Net.Operators")]
    [InlineData("Hls4Net.Transforms")]
    [InlineData("Hls4Net.Emission")]
    [InlineData("Hls4Net.Trigger")]
    [InlineData("Hls4Net.Verification")]
    public void A_project_depends_only_on_projects_below_it(string name)
    {
        var rank = Array.IndexOf(TopToBottom, name);
        var references = Assembly.Load(name).GetReferencedAssemblies().Select(a => a.Name!);
        foreach (var reference in references.Where(r => TopToBottom.Contains(r)))
            Assert.True(Array.IndexOf(TopToBottom, reference) > rank,
                $"{name} must not use {reference}: dependencies point one way, down the list in compiler/README.md.");
    }
}
