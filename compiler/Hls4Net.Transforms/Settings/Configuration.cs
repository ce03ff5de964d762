using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Inputs;
using Hls4Net.Transforms.Pruning;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Transforms.Settings;

/// <summary>Which conventions hold where the user does not say.</summary>
public enum Dialect
{
    /// <summary>Our own: exact constants, rounding to nearest, saturation.</summary>
    Exact,

    /// <summary>
    /// Those of deployed HLS firmware: constants folded in float32 and written as decimal text before they are cast, TRN and WRAP where
    /// a type names no modes.
    /// </summary>
    Hls,
}

/// <summary>The types that the user chose for one layer; null where he left the choice to the compiler.</summary>
/// <param name="Weight">Of the weight matrix.</param>
/// <param name="Bias">Of the constants that are added.</param>
/// <param name="Scale">Of the constants that the layer multiplies by.</param>
/// <param name="Accumulator">Of the running sum; every product is cast to it.</param>
/// <param name="Result">Of the layer's output.</param>
/// <param name="Table">Of the operand of a look-up table.</param>
/// <param name="Line">Line in the configuration file.</param>
public sealed record LayerTypes(
    Quantizer? Weight, Quantizer? Bias, Quantizer? Scale, Quantizer? Accumulator, Quantizer? Result, Quantizer? Table, long Line)
{
    /// <summary>How far a table's results may be from the function, in units of the last place; null for the model's setting.</summary>
    public double? TableError { get; init; }

    public static LayerTypes None { get; } = new(null, null, null, null, null, null, 0);

    /// <summary>Products that one multiplier computes for an event; null for the model's setting.</summary>
    public int? ReuseFactor { get; init; }

    /// <summary>Whether the weights can be loaded at run time; null for the model's setting.</summary>
    public bool? IsLoadable { get; init; }

    /// <summary>Where weights and tables are kept; null for what the command says.</summary>
    public MemoryChoice? Memory { get; init; }

    /// <summary>Of each term of a sum of squares, before it is added.</summary>
    public Quantizer? Term { get; init; }

    /// <summary>Which weights become zero; null for the model's setting.</summary>
    public PruneChoice? Prune { get; init; }

    /// <summary>The error that weights of fewer signed digits may cause, as a share of the layer's output; null for the model's setting.</summary>
    public double? RoundWeights { get; init; }

    /// <summary>The weights as integers of <see cref="Weight"/>, row-major; null to take them from the model.</summary>
    public Seq<long>? WeightIntegers { get; init; }

    /// <summary>The bias as integers of <see cref="Bias"/>; null to take them from the model.</summary>
    public Seq<long>? BiasIntegers { get; init; }

    /// <summary>Choices that only the HLS dialect has.</summary>
    public HlsLayer Hls { get; init; } = HlsLayer.None;
}

/// <summary>What the user's configuration file says about types.</summary>
/// <param name="File">Name of the file, for messages.</param>
/// <param name="Precision">Type of everything that is not named; null for the compiler's choice.</param>
/// <param name="Dialect">Conventions.</param>
/// <param name="WeightBits">Width of weights where no type is named.</param>
/// <param name="ActivationBits">Bits of an activation from its largest calibration value down, where no type is named.</param>
/// <param name="Inputs">Types of the model's inputs, by name, with the line.</param>
/// <param name="Layers">Types of layers, by node or value name.</param>
public sealed record Configuration(
    string File,
    Quantizer? Precision,
    Dialect Dialect,
    int WeightBits,
    int ActivationBits,
    IReadOnlyDictionary<string, (Quantizer Type, long Line)> Inputs,
    IReadOnlyDictionary<string, LayerTypes> Layers)
{
    /// <summary>No configuration: everything is the compiler's choice.</summary>
    public static Configuration Default { get; } = new("", null, Dialect.Exact, 8, 10,
        new Dictionary<string, (Quantizer, long)>(StringComparer.Ordinal), new Dictionary<string, LayerTypes>(StringComparer.Ordinal));

    /// <summary>What is done to inputs before the network, by name.</summary>
    public IReadOnlyDictionary<string, InputStage> Stages { get; init; } = new Dictionary<string, InputStage>(StringComparer.Ordinal);

    /// <summary>How events come to the firmware; null where inputs are as the model has them.</summary>
    public EventDescription? Events { get; init; }

    /// <summary>The score behind the network and its thresholds; null where the file says nothing of them.</summary>
    public ScoreSettings? Score { get; init; }

    /// <summary>The hls4ml configuration that the file is, or null if it is one of ours.</summary>
    public HlsProject? Project { get; init; }

    /// <summary>How far a table's results may be from the function, in units of the last place of the result; null for the compiler's choice.</summary>
    public double? TableError { get; init; }

    /// <summary>The reuse factor of every layer that can be folded and names none; null for unrolled layers.</summary>
    public int? ReuseFactor { get; init; }

    /// <summary>Where <see cref="ReuseFactor"/> was chosen, for messages.</summary>
    public string ReusePlace { get; init; } = "";

    /// <summary>From what the compiler chooses the reuse factors of layers that name none; null to leave that to <see cref="ReuseFactor"/>.</summary>
    public ReuseBudget? ReuseBudget { get; init; }

    /// <summary>Which weights of every layer that does not say otherwise become zero; null for none.</summary>
    public PruneChoice? Prune { get; init; }

    /// <summary>The error that weights of fewer signed digits may cause in every layer that does not say otherwise; null for none.</summary>
    public double? RoundWeights { get; init; }

    /// <summary>Whether the weights of folded layers that say nothing of it can be loaded at run time.</summary>
    public bool IsLoadable { get; init; }

    /// <summary>How events come piece by piece; null for all of an event in one cycle.</summary>
    public StreamOptions? Stream { get; init; }

    /// <summary>What the design may take at most, as written, with the line.</summary>
    public IReadOnlyDictionary<string, (string Limit, long Line)> Budgets { get; init; } = new Dictionary<string, (string, long)>(StringComparer.Ordinal);

    /// <summary>The rounding that a type without modes means.</summary>
    public Rounding DefaultRounding => RoundingOf(Dialect);

    /// <summary>The overflow that a type without modes means.</summary>
    public Overflow DefaultOverflow => OverflowOf(Dialect);

    internal static Rounding RoundingOf(Dialect dialect) => dialect == Dialect.Hls ? Rounding.Trn : Rounding.Rnd;

    internal static Overflow OverflowOf(Dialect dialect) => dialect == Dialect.Hls ? Overflow.Wrap : Overflow.Sat;
}
