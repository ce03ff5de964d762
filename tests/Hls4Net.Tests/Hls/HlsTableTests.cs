using System.Globalization;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Hls;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Hls;

/// <summary>Tables and addresses of the HLS dialect against those that the ap_fixed headers gave.</summary>
public sealed class HlsTableTests
{
    private static readonly Quantizer Wide = OperatorRun.Type("fixed<18,8>");
    private static readonly Quantizer Narrow = OperatorRun.Type("fixed<12,3,RND,SAT>");
    private static readonly Quantizer Saturating = HlsSoftmaxTypes.Default;

    /// <summary>The tables of the file and how they are made, in the order of their entries.</summary>
    private static readonly Dictionary<string, Func<IEnumerable<Dyadic>>> Makers = new(StringComparer.Ordinal)
    {
        ["softmax_stable_exp_inpnorm_u15_5"] = () => Powers(HlsSoftmaxTypes.Stable(Input(16, 6), null, 1024, Saturating, Saturating, Saturating, Saturating)),
        ["softmax_stable_exp_inpnorm_u37_17"] = () => Powers(HlsSoftmaxTypes.Stable(Input(38, 18), null, 1024, Saturating, Saturating, Saturating, Saturating)),
        ["softmax_latency_exp_in_16_6"] = () => Powers(HlsSoftmaxTypes.Latency(Input(16, 6), 1024, Saturating, Saturating, Saturating, Saturating)),
        ["softmax_inv_inp_18_8_rnd_sat"] = () => Entries(((HlsSoftmaxByTables)HlsSoftmaxTypes.Latency(Input(16, 6), 1024, Saturating, Saturating, Saturating, Saturating)).Reciprocals),
    };

    static HlsTableTests()
    {
        foreach (var (prefix, size, type) in new[] { ("ts1024_18_8_", 1024, Wide), ("ts256_12_3_rnd_sat_", 256, Narrow) })
        {
            foreach (var curve in Enum.GetValues<HlsCurve>())
                Makers[prefix + curve.ToString().ToLowerInvariant()] = () => Ordered(curve.TableOf(size, type), curve.IsOneSided() ? 0 : size / 2);
            Makers[prefix + "exp_legacy"] = () => Ordered(((HlsSoftmaxLegacy)HlsSoftmaxTypes.Legacy(size, type)).Exponentials, size / 2);
            Makers[prefix + "inv_legacy"] = () => Ordered(((HlsSoftmaxLegacy)HlsSoftmaxTypes.Legacy(size, type)).Reciprocals, 0);
        }
    }

    [Fact]
    public void Every_entry_of_every_table_is_the_one_that_the_headers_computed()
    {
        var rows = File.ReadAllLines(TestFiles.Shared("data/fixed-point/activation_tables.csv"));
        Assert.Equal(Makers.Count, rows.Length);
        foreach (var row in rows)
        {
            var cells = row.Split(',');
            var expected = cells[1..].Select(c => Dyadic.FromDouble(double.Parse(c, CultureInfo.InvariantCulture)));
            Assert.Equal(expected, Makers[cells[0]]());
        }
    }

    [Fact]
    public void Every_address_is_the_one_that_the_headers_computed()
    {
        var entries = new Dictionary<(int, int, int), Table>();
        foreach (var line in File.ReadAllLines(TestFiles.Shared("data/fixed-point/lut_index.csv"))[1..])
        {
            var cells = line.Split(',');
            var numbers = cells[1..].Select(c => long.Parse(c, CultureInfo.InvariantCulture)).ToArray();
            // The plain conversion to int is the address of a table with an entry for each integer of its range.
            var (size, range, below) = cells[0] switch
            {
                "x*ts/16" => ((int)numbers[4], 4, (int)numbers[4] / 2),
                "x*ts/8" => ((int)numbers[4], 3, (int)numbers[4] / 2),
                "x*ts/-8" => ((int)numbers[4], 3, 0),
                _ => (1 << 18, 18, 1 << 17),
            };
            if (!entries.TryGetValue((size, range, below), out var table))
                entries[(size, range, below)] = table = HlsTables.Make(new RealFunction("exp", []), size, below, OperatorRun.Type("int<20>"), i => i);
            var x = new Dyadic(numbers[3], (int)(numbers[1] - numbers[0]));
            var found = Address(below == 0 ? -x : x, table, size, below, range);
            Assert.True(Math.Clamp(numbers[5] + below, 0, size - 1) == found, $"{line}: {found}");
        }
    }

    [Theory]
    [InlineData(HlsCurve.Sigmoid, 1000)]
    [InlineData(HlsCurve.Tanh, 333)]
    [InlineData(HlsCurve.Elu, 1000)]
    [InlineData(HlsCurve.Softplus, 2)]
    public void Tables_may_have_any_number_of_entries(HlsCurve curve, int size)
    {
        var op = new HlsTableActivation(curve, Dyadic.One).Typed(size, Wide, Wide);
        var raw = Enumerable.Range(-1 << 13, 1 << 14).Select(r => (long)r).ToArray();
        var found = OperatorRun.Emulate(op, new FixedType(true, 14, 5), [1], raw, Wide);
        var power = curve.RangePower();
        for (var k = 0; k < raw.Length; k++)
        {
            var x = Math.ScaleB(raw[k], -9);
            var scaled = (int)(x * size / Math.ScaleB(1, power));
            var expected = Math.Floor(Reference(curve, x, scaled, size, power) * 1024);
            // The reference is float64, the table float32: nearer than that to a step they may differ.
            Assert.InRange(found[k] - expected, -1, 1);
            if (curve == HlsCurve.Elu && x >= 0)
                Assert.Equal(raw[k] * 2, found[k]);
        }
        Assert.True(found.Distinct().Count() > Math.Min(size, 300) / 2);
    }

    private static double Reference(HlsCurve curve, double x, int scaled, int size, int power)
    {
        if (curve.IsOneSided())
            return x >= 0 ? x : Math.Exp(-Math.ScaleB(Math.Min(-scaled, size - 1), power) / size) - 1;
        var index = Math.Clamp(scaled + size / 2, 0, size - 1);
        var edge = Math.ScaleB(index - size / 2.0, power) / size;
        return curve switch
        {
            HlsCurve.Sigmoid => 1 / (1 + Math.Exp(-edge)),
            HlsCurve.Tanh => Math.Tanh(edge),
            _ => Math.Log(1 + Math.Exp(edge)),
        };
    }

    private static long Address(Dyadic x, Table table, int size, int below, int range)
    {
        var definition = new Definition("n", [new TensorHandle("x", [1])], ["y"]);
        definition.Output(0, [1], (b, i) => HlsTables.At(b, b.At(definition.Input(0), i[0]), table, size, below, range));
        return (long)Evaluations.Run(new ExactAlgebra(), definition.Steps[0].Computation, (_, _) => x)[0].ToRaw(0);
    }

    private static FixedType Input(int width, int integer) => new(true, width, integer);

    private static IEnumerable<Dyadic> Powers(HlsSoftmaxMethod method) => Entries(((HlsSoftmaxByTables)method).Exponentials);

    private static IEnumerable<Dyadic> Entries(Table table) => table.Data!.Entries.Select(e => new Dyadic(e, -table.Data.Output.Fraction));

    private static IEnumerable<Dyadic> Ordered(Table table, int below)
    {
        var data = table.Data!;
        return Enumerable.Range(0, data.Entries.Count).Select(i => new Dyadic(data.At(i - below), -data.Output.Fraction));
    }
}
