using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Settings;

/// <summary>In which order deployed HLS firmware adds the products of a sum. It matters only where the accumulator saturates.</summary>
public enum HlsStrategy
{
    /// <summary>Ascending.</summary>
    Latency,

    /// <summary>With reuse factor R: those whose index modulo R is 0, then 1, …; ascending among themselves.</summary>
    Resource,

    /// <summary>As <see cref="Resource"/>, each multiplication written out.</summary>
    Unrolled,

    /// <summary>As <see cref="Resource"/>, zero weights left out.</summary>
    Compressed,

    /// <summary>Shift-and-add networks, exact whatever the accumulator's type.</summary>
    DistributedArithmetic,
}

/// <summary>The ways in which deployed HLS firmware computes a softmax.</summary>
public enum HlsSoftmax
{
    /// <summary>The largest input is subtracted first.</summary>
    Stable,

    /// <summary>The inputs address the table of exponentials.</summary>
    Latency,

    /// <summary>One table look-up for each pair of inputs.</summary>
    Legacy,

    /// <summary>1 for the first largest input, 0 for the others.</summary>
    Argmax,
}

/// <summary>
/// What the HLS dialect lets a user choose for a layer beyond the types of its constants, sums and result; null where the user did not.
/// Only layers of that dialect read it.
/// </summary>
public sealed record HlsLayer
{
    /// <summary>Nothing chosen.</summary>
    public static HlsLayer None { get; } = new();

    /// <summary>Number of entries of each table (<c>TableSize</c>); 1024 by default.</summary>
    public int? TableSize { get; init; }

    /// <summary>Type of a table's entries (<c>table</c>, <c>TableT</c>); fixed&lt;18,8,TRN,WRAP&gt; by default.</summary>
    public Quantizer? TableType { get; init; }

    /// <summary>Softmax: type of the exponentials' table (<c>exp_table</c>); fixed&lt;18,8,RND,SAT&gt; by default.</summary>
    public Quantizer? ExpTableType { get; init; }

    /// <summary>Softmax: type of the reciprocals' table (<c>inv_table</c>); fixed&lt;18,8,RND,SAT&gt; by default.</summary>
    public Quantizer? InvTableType { get; init; }

    /// <summary>Softmax: type of the sum that addresses the reciprocals (<c>inv_inp</c>); fixed&lt;18,8,RND,SAT&gt; by default.</summary>
    public Quantizer? InvInputType { get; init; }

    /// <summary>Softmax: type of the differences that address the exponentials (<c>inp_norm</c>); follows from the input by default.</summary>
    public Quantizer? NormInputType { get; init; }

    /// <summary>Type of a slope, threshold or factor of an activation (<c>param</c>).</summary>
    public Quantizer? ParameterType { get; init; }

    /// <summary>
    /// Average pooling: what the quotient is cast to before the result (<c>quotient</c>), as some releases do; nothing by default.
    /// </summary>
    public Quantizer? QuotientType { get; init; }

    /// <summary>
    /// Layer normalisation: the table covers variances up to 2 to the power of minus this (<c>TableRangePower2</c>); 0 by default.
    /// </summary>
    public int? TableRangePower { get; init; }

    /// <summary>Softmax: how it is computed (<c>Implementation</c>); stable by default.</summary>
    public HlsSoftmax? Softmax { get; init; }

    /// <summary>True to leave a softmax out (<c>Skip</c>): the result is its input.</summary>
    public bool Skip { get; init; }

    /// <summary>The order of sums (<c>Strategy</c>); latency by default.</summary>
    public HlsStrategy? Strategy { get; init; }

    /// <summary>The reuse factor (<c>ReuseFactor</c>), which decides the order of sums under some strategies; 1 by default.</summary>
    public int? ReuseFactor { get; init; }
}
