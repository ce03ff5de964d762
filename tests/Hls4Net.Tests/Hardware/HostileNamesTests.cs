using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Emission;
using Hls4Net.Operators;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Tests.Hardware;

/// <summary>Names that users give, and that once broke the Verilog.</summary>
public sealed class HostileNamesTests
{
    private static readonly FixedType Type = new(true, 8, 4);

    [Theory]
    [InlineData("x", "fc", "y")]
    [InlineData("in", "y", "net")]
    [InlineData("net_fc", "fc", "net_sum")]
    public void No_name_in_a_module_is_the_name_of_the_module(string input, string node, string output)
    {
        foreach (var prefix in new[] { input, node, output, "net" })
        {
            foreach (var module in Hardware(prefix, input, node, output).Netlist.Modules)
            {
                var names = module.Nets.Select(n => n.Name).Concat(module.Ports.Select(p => p.Name)).Concat(module.Cells.OfType<Instance>().Select(i => i.Name));
                Assert.DoesNotContain(module.Name, names, StringComparer.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public void Braces_match_in_every_statement_however_long_the_names()
    {
        var longName = string.Concat(Enumerable.Repeat("encoder/layers.0/", 10));
        foreach (var file in VerilogEmitter.Emit(Hardware("net", longName + "in", longName + "fc", longName + "out")).Where(f => f.Path.EndsWith(".v", StringComparison.Ordinal)))
        {
            var code = string.Join('\n', file.Text.Split('\n').Select(line => line.Split("//")[0]));
            foreach (var statement in code.Split(';'))
            {
                var depth = 0;
                foreach (var c in statement)
                {
                    depth += c switch { '{' => 1, '}' => -1, _ => 0 };
                    Assert.True(depth >= 0, $"{file.Path}: {statement}");
                }
                Assert.True(depth == 0, $"{file.Path}: {statement}");
            }
        }
    }

    private static HardwareDesign Hardware(string prefix, string input, string node, string output)
    {
        var random = new Random(1);
        var network = new NetworkWriter("network");
        var x = network.Input(input, [1, 6], new FixedType(true, 16, 6));
        var weights = network.Constant("w", [6, 5], Type, () => random.Next(-120, 120));
        var bias = network.Constant("b", [5], Type, () => random.Next(-120, 120));
        var sum = network.Add($"{node}", new Dense(), [x, weights, bias], [1, 5], null);
        var y = network.Add(output, new Quantize(new(Type, Rounding.Rnd, Overflow.Sat)), [sum], [1, 5], Type);
        return HardwareBuilder.Build(network.ToDesign(y), new(prefix, LevelsPerCycle: 3));
    }
}
