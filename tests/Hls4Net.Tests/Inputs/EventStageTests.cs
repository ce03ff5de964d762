using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Tests.Typing;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Inputs;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Inputs;

/// <summary>A description of events that nobody uses: what the network reads is what the description says, number by number, from ports, words and links.</summary>
public sealed class EventStageTests
{
    private const int Events = 200;

    /// <summary>Two kinds of objects; angles of 10 and of 48 steps, one with a sign, a number across the middle of a word.</summary>
    private const string Objects =
        """
          objects:
            a: { kind: muon, count: 2, word: 64, at: [link 2, link 0], invalid: pt = 5, pt: { type: uint<7>, lsb: 0.25 GeV, bits: 28..34 }, phi: { type: uint<4>, lsb: 2pi/10, period: 10, bits: 60..63 } }
            b: { kind: jet, count: 3, word: 32, at: [link 1, link 1 bit 32, link 3 bit 7], pt: { type: uint<9>, lsb: 0.5 GeV, bits: 0..8 }, eta: { type: int<6>, lsb: 0.1, bits: 10..15 }, phi: { type: int<7>, lsb: 2pi/48, period: 48, bits: 16..22 } }
        """;

    /// <summary>In the interleaved order; null for what an object does not have.</summary>
    private static readonly (string Object, int Slot, string Quantity, int Low, int Width, bool Signed)?[] Numbers =
    [
        ("a", 0, "pt", 28, 7, false), null, ("a", 0, "phi", 60, 4, false), ("a", 1, "pt", 28, 7, false), null, ("a", 1, "phi", 60, 4, false),
        ("b", 0, "pt", 0, 9, false), ("b", 0, "eta", 10, 6, true), ("b", 0, "phi", 16, 7, true), ("b", 1, "pt", 0, 9, false), ("b", 1, "eta", 10, 6, true), ("b", 1, "phi", 16, 7, true),
        ("b", 2, "pt", 0, 9, false), ("b", 2, "eta", 10, 6, true), ("b", 2, "phi", 16, 7, true),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var ports in new[] { "features", "words", "links" })
            {
                cases.Add(ports, "reads: integers");
                cases.Add(ports, "reads: values");
                cases.Add(ports, "reads: integers\n  arithmetic: fixed<8,6>\n  offset: [1, 0, 2, -3, 0, 4, 5.25, 6, 7, 8, 9, 10, 11, 12, 13]\n  shift: [1, 0, 2, -1, 0, 3, 1, -2, 0, 1, 1, 1, 2, 2, 2]\n  result: fixed<5,4,RND_CONV,SAT>");
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_network_reads_what_the_description_says_and_the_hardware_gives_the_same_bits(string ports, string arithmetic)
    {
        var compiled = Compile($"events:\n  links: {{ count: 4, width: 64 }}\n  ports: {ports}\n  {arithmetic}\n{Objects}");
        var (words, integers) = Draw();
        var coded = new EventCoding(compiled.Events!).ToPorts(integers);
        // Bits that belong to no number are noise.
        var inputs = ports == "features" ? coded : ports == "words" ? WordPorts(words) : LinkPorts(words);
        var design = compiled.Design;
        var found = new Emulator(design).Run(inputs);
        var type = design.Channel("y").Type!.Value;
        for (var e = 0; e < Events; e++)
        {
            for (var k = 0; k < Numbers.Length; k++)
                Assert.Equal(Expected(arithmetic, integers, e, k), new Dyadic(found["y"][e, k], -type.Fraction));
        }
        if (ports != "features")
        {
            foreach (var (port, batch) in coded)
                Assert.Equal(found["y"].Raw, new Emulator(design).Run(coded)["y"].Raw);
        }
        var some = inputs.ToDictionary(i => i.Key, i => RawBatch.Of(i.Value.Elements, i.Value.Raw[..(40 * i.Value.Elements)]), StringComparer.Ordinal);
        var simulated = HardwareSimulation.Run(HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2)), some);
        Assert.Equal(found["y"].Raw[..(40 * Numbers.Length)], simulated["y"].Raw);
    }

    /// <summary>The meaning in words of the description, from the hardware's integers.</summary>
    private static Dyadic Expected(string arithmetic, long[] integers, int e, int k)
    {
        var row = integers.AsSpan(e * Numbers.Length, Numbers.Length);
        var isAbsent = k < 6 && row[k / 3 * 3] == 5;
        if (isAbsent || Numbers[k] is not { } number)
            return isAbsent || !arithmetic.Contains("arithmetic", StringComparison.Ordinal) ? Dyadic.Zero : Stage(0, k);
        var n = row[k];
        if (arithmetic.Contains("arithmetic", StringComparison.Ordinal))
            return Stage(n, k);
        if (arithmetic == "reads: integers")
            return new(n, 0);
        n -= (number.Object, number.Quantity) == ("a", "phi") && n >= 5 ? 10 : 0;
        var step = (number.Object, number.Quantity) switch { ("a", "pt") => 0.25, (_, "pt") => 0.5, (_, "eta") => 0.1, ("a", _) => 2 * Math.PI / 10, _ => 2 * Math.PI / 48 };
        return new Dyadic(n, 0) * Rounded(step);
    }

    /// <summary>To 18 significant bits.</summary>
    private static Dyadic Rounded(double step)
    {
        var scale = 18 - (int)Math.Floor(Math.Log2(step)) - 1;
        return new((BigInteger)Math.Round(Math.ScaleB(step, scale)), -scale);
    }

    /// <summary>Numbers of quarters that wrap at eight bits; then four bits and a half, a tie to the even one.</summary>
    private static Dyadic Stage(long n, int k)
    {
        double[] offset = [1, 0, 2, -3, 0, 4, 5.25, 6, 7, 8, 9, 10, 11, 12, 13];
        int[] shift = [1, 0, 2, -1, 0, 3, 1, -2, 0, 1, 1, 1, 2, 2, 2];
        var quarters = unchecked((sbyte)((sbyte)(4 * n) - (long)(4 * offset[k])));
        var shifted = unchecked((sbyte)(shift[k] >= 0 ? quarters >> shift[k] : quarters << -shift[k]));
        var halves = Math.Clamp(Math.Round(shifted / 2.0, MidpointRounding.ToEven), -16, 15);
        return new((BigInteger)halves, -1);
    }

    /// <summary>Random words of both kinds of objects, and the numbers in them.</summary>
    private static (Dictionary<(string, int), ulong[]> Words, long[] Integers) Draw()
    {
        var random = new Random(17);
        var words = new Dictionary<(string, int), ulong[]>();
        foreach (var thing in Numbers.Where(n => n is not null).Select(n => (n!.Value.Object, n.Value.Slot)).Distinct())
            words[thing] = [.. Enumerable.Range(0, Events).Select(e => e % 9 == 0 ? ulong.MaxValue : e % 9 == 1 ? 0 : e % 9 == 2 && thing.Object == "a" ? 5UL << 28 : ((ulong)random.NextInt64() << 1) ^ (ulong)random.NextInt64(2))];
        var integers = new long[Events * Numbers.Length];
        for (var i = 0; i < integers.Length; i++)
        {
            if (Numbers[i % Numbers.Length] is not { } number)
                continue;
            var bits = (long)(words[(number.Object, number.Slot)][i / Numbers.Length] >> number.Low & long.MaxValue) & ((1L << number.Width) - 1);
            integers[i] = number.Signed && bits >= 1L << (number.Width - 1) ? bits - (1L << number.Width) : bits;
        }
        return (words, integers);
    }

    private static Dictionary<string, RawBatch> WordPorts(Dictionary<(string, int), ulong[]> words) => new(StringComparer.Ordinal)
    {
        ["a"] = RawBatch.Of(4, [.. Enumerable.Range(0, Events).SelectMany(e => new[] { 0, 1 }.SelectMany(s => Halves(words[("a", s)][e])))]),
        ["b"] = RawBatch.Of(3, [.. Enumerable.Range(0, Events).SelectMany(e => new[] { 0, 1, 2 }.Select(s => (long)Low(words[("b", s)][e])))]),
    };

    private static Dictionary<string, RawBatch> LinkPorts(Dictionary<(string, int), ulong[]> words) => new(StringComparer.Ordinal)
    {
        ["links"] = RawBatch.Of(8, [.. Enumerable.Range(0, Events).SelectMany(e => new[]
        {
            words[("a", 1)][e], Low(words[("b", 0)][e]) | words[("b", 1)][e] << 32, words[("a", 0)][e], words[("b", 2)][e] << 7 | 0x55,
        }.SelectMany(Halves))]),
    };

    private static IEnumerable<long> Halves(ulong word) => [(long)Low(word), (long)(word >> 32)];

    private static ulong Low(ulong word) => word & uint.MaxValue;

    [Fact]
    public void A_real_event_becomes_the_nearest_integers_and_angles_go_round()
    {
        var events = Compile($"events:\n{Objects}").Events!;
        // A tie goes up; what is beyond the type saturates; an absent object has the code that says so.
        double[] row = [3.125, 9, -0.4, 0, 1.5, 2.5, 1000, -0.25, -3.2, 0.2, 99, 3.2, 0, 0, 0];
        var integers = new EventCoding(events).ToIntegers([.. row, .. row.Select(r => r / 3)]);
        Assert.Equal([13, 0, 9, 5, 0, 0, 511, -2, -24, 0, 31, -24, 0, 0, 0], integers[..15]);
        Assert.Equal([4, 0, 0, 5, 0, 0, 511, -1, -8, 0, 31, 8, 0, 0, 0], integers[15..]);
        Assert.Equal(-1, new EventCoding(events).FirstOutside(integers));
        Assert.Equal(3, new EventCoding(events).FirstOutside([0, 0, 0, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Equal(1, new EventCoding(events).FirstOutside([0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    /// <summary>Around every edge between two integers, by exact arithmetic.</summary>
    [Theory]
    [InlineData("uint<9>", "0.5 GeV")]
    [InlineData("fixed<9,9,TRN,SAT>", "0.3 GeV")]
    [InlineData("fixed<9,9,TRN_ZERO,SAT>", "1/7")]
    [InlineData("fixed<9,9,RND_CONV,SAT_SYM>", "0.0435")]
    [InlineData("fixed<9,9,RND_ZERO,WRAP>", "700 MeV")]
    [InlineData("fixed<9,7,RND_INF,SAT_ZERO>", "3")]
    public void Every_edge_between_two_integers_is_exact(string type, string step)
    {
        var compiled = Compile($"events: {{ quantities: [pt], objects: {{ a: {{ count: 15, pt: {{ type: '{type}', lsb: {step} }} }} }} }}");
        var (quantizer, lsb) = (compiled.Events!.Features[0].Type, compiled.Events.Features[0].Lsb);
        var values = new List<double>();
        for (var n = -1100; n <= 1100; n++)
        {
            var edge = (lsb * n).ToDyadic().ToDouble() / 2;
            values.AddRange([edge, Math.BitIncrement(edge), Math.BitDecrement(edge)]);
        }
        values.AddRange(Enumerable.Repeat(0.0, (15 - values.Count % 15) % 15));
        var found = new EventCoding(compiled.Events).ToIntegers([.. values]);
        for (var i = 0; i < found.Length; i++)
        {
            var quotient = (Rational)Dyadic.FromDouble(values[i]) / lsb;
            // On a grid of 2^-400 no quotient here that is not a half comes to lie on one.
            var fine = quotient.Scale(400).Floor;
            var isExact = (quotient.Scale(400) - fine).IsZero;
            var expected = Casting.Cast(2 * fine + (isExact ? 0 : 1), 401, new(new(quantizer.Type.Signed, 9, 9), quantizer.Rounding, quantizer.Overflow));
            Assert.Equal(expected, found[i]);
        }
    }

    private static CompiledModel Compile(string section)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(section, "c.yaml", diagnostics);
        diagnostics.ThrowIfErrors();
        var compiled = Pipelines.ToDesign(Identity(15), Score.None, configuration, null, diagnostics);
        Assert.False(diagnostics.HasErrors, string.Join('\n', diagnostics.Items));
        return compiled!;
    }

    private static Graph Identity(int width)
    {
        var values = new List<Value> { new("x", [1, width], null, null) };
        var nodes = new List<Node>();
        TestNetworks.Append(nodes, values, new Reshape([1, width]), "y", [1, width], "x");
        return new("network", [.. values], ["x"], ["y"], [], [.. nodes]);
    }
}
