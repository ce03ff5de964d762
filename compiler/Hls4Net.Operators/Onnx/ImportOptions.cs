using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Onnx;

/// <summary>How a model is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// Names of the values to compute, graph outputs or any value inside the graph, in the order in which the graph shall list them;
    /// empty for the graph's own outputs. What none of them depends on is dropped before it is looked at.
    /// </summary>
    public Seq<string> Outputs { get; init; } = [];

    /// <summary>
    /// True to compute the constants of a BatchNormalization with every step rounded to float32, as tools that fold it with float32 arrays
    /// do; false for exact constants.
    /// </summary>
    public bool Float32Folding { get; init; }

    /// <summary>
    /// True to keep activations, averages, softmax and layer normalisations in one piece, as the HLS dialect computes them; false for the
    /// exact parts that they are made of.
    /// </summary>
    public bool HlsLayers { get; init; }
}
