using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Estimation;

/// <summary>What a module of the top takes.</summary>
/// <param name="Module">Its name; all uses of it together.</param>
public sealed record LayerResources(string Module, Resources Resources);

/// <summary>What synthesis is estimated to make of a design.</summary>
/// <param name="Tool">The synthesis that the estimate was calibrated against.</param>
/// <param name="Layers">The modules that the top uses.</param>
/// <param name="Between">What belongs to the top itself.</param>
/// <param name="PackedLuts">
/// Look-up tables of a tool that puts two small functions into one, at least and at most: every position of a carry chain takes one, the
/// functions behind no carry chain one each, or two of at most three inputs share one. By the architecture, not by a vendor's tool. Null for
/// devices without such pairs.
/// </param>
public sealed record ResourceEstimate(string Tool, Seq<LayerResources> Layers, Resources Between, (double Least, double Most)? PackedLuts)
{
    public Resources Total => Layers.Aggregate(Between, (sum, layer) => sum + layer.Resources);
}

/// <summary>What synthesis would make of a netlist, layer by layer.</summary>
public sealed class ResourceEstimator
{
    private readonly LogicBuilder _builder;
    private readonly SynthesisRules _rules;
    private readonly LiveLogic _live;

    private ResourceEstimator(Netlist netlist, SynthesisRules rules)
    {
        _rules = rules;
        _builder = LogicBuilder.Build(netlist, rules);
        _live = LiveLogic.Of(_builder);
    }

    /// <summary>The estimate for the part that a design was made for.</summary>
    /// <exception cref="InvalidOperationException">A kind of cell is not modelled; nothing is ever estimated as zero for that.</exception>
    public static ResourceEstimate Of(HardwareDesign hardware)
    {
        var rules = SynthesisRules.Of(Device.Find(hardware.Part));
        var counts = Count(hardware.Netlist, rules);
        var constants = CalibrationConstants.Of(rules);
        var resources = counts.Select(c => new LayerResources(c.Layer, constants.Apply(c, rules))).ToList();
        return new(constants.Tool, resources.Skip(1).ToSeq(), resources[0].Resources, rules.HasSumsInLuts ? Packed(counts) : null);
    }

    /// <summary>Counts before calibration: what each layer takes, by kind of logic; the first is the top itself.</summary>
    internal static IReadOnlyList<ResourceCounts> Count(Netlist netlist, SynthesisRules rules) => new ResourceEstimator(netlist, rules).Count();

    private static (double, double) Packed(IReadOnlyList<ResourceCounts> counts)
    {
        var most = counts.Sum(c => c.Positions + c.Luts.Sum() - c.Sums + c.ShiftLuts + c.Blocks.MemoryLuts);
        return (most - Math.Floor(counts.Sum(c => c.Small) / 2), most);
    }

    private ResourceCounts[] Count()
    {
        var counts = _builder.Layers.Select(name => new ResourceCounts(name)).ToArray();
        CountLogic(counts);
        foreach (var chain in _live.Blocks.OfType<Chain>())
        {
            counts[chain.Layer].Positions += chain.LivePositions;
            counts[chain.Layer].Pairs += (chain.LivePositions + 1) / 2;
        }
        if (_rules.HasOnePolarity)
        {
            foreach (var bit in _live.Blocks.OfType<FlipFlop>().Where(f => !_builder.Graph.IsLeaf(f.InvertedControl >> 1)))
                counts[bit.Layer].Luts[(int)LogicKind.Gate]++;
        }
        foreach (var block in _live.Blocks.OfType<HardBlock>())
            counts[block.Layer].Blocks += block.Cost;
        ShiftRows.Count(_live, _rules, counts);
        return counts;
    }

    /// <summary>
    /// The mean of two mappings: one counts levels of the widest functions, as synthesis does, the other of plain look-up tables. Before it maps,
    /// synthesis rewrites the logic, so that it finds fewer of the wide functions than the first and more than the second.
    /// </summary>
    private void CountLogic(ResourceCounts[] counts)
    {
        var graph = _builder.Graph;
        var sums = new bool[graph.Count];
        foreach (var sum in _live.Blocks.OfType<Chain>().SelectMany(c => c.LiveSums))
            sums[sum >> 1] = true;
        var roots = _live.Roots.Select(r => r >> 1).Distinct().ToList();
        foreach (var widest in (int[])[_rules.Luts.Inputs, _rules.Luts.Plain])
        {
            foreach (var (node, inputs) in new LutMapper(graph, _rules.Luts, widest, roots).Map())
            {
                var (count, luts) = (counts[graph.LayerOf(node)], _rules.Luts.Count[inputs] / 2.0);
                count.Luts[(int)graph.KindOf(node)] += luts;
                if (sums[node])
                    count.Sums += luts;
                else if (inputs <= 3)
                    count.Small += 0.5;
            }
        }
    }
}

/// <summary>What a layer takes, before calibration.</summary>
/// <param name="Layer">The module; empty for the top itself.</param>
internal sealed record ResourceCounts(string Layer)
{
    /// <summary>Look-up tables, for each <see cref="LogicKind"/>.</summary>
    public double[] Luts { get; } = new double[Enum.GetValues<LogicKind>().Length];

    /// <summary>Of these, look-up tables in front of a position of a carry chain.</summary>
    public double Sums { get; set; }

    /// <summary>Of these, others of at most three inputs.</summary>
    public double Small { get; set; }

    /// <summary>Positions of carry chains.</summary>
    public int Positions { get; set; }

    /// <summary>The same in cells of two positions.</summary>
    public int Pairs { get; set; }

    /// <summary>Look-up tables that shift.</summary>
    public int ShiftLuts { get; set; }

    public int FlipFlops { get; set; }

    /// <summary>Memories and multipliers.</summary>
    public Resources Blocks { get; set; }
}
