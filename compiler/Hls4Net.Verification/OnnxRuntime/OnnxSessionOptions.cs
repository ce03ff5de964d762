namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>How a model is run.</summary>
/// <param name="SingleThreaded">One thread, so that sums are formed in one order; else as many as there are cores.</param>
/// <param name="Optimise">Let the library rewrite the graph first, which changes the order of operations.</param>
public sealed record OnnxSessionOptions(bool SingleThreaded, bool Optimise)
{
    /// <summary>What a reference needs: one thread, the graph as it stands.</summary>
    public static OnnxSessionOptions Plain { get; } = new(SingleThreaded: true, Optimise: false);
}
