using Hls4Net.Core.Emulation;

namespace Hls4Net.Verification.Comparison;

/// <summary>A built firmware that runs events: simulated Verilog or compiled C++. Disposing of it lets go of what the tool holds.</summary>
public interface IExecution : IDisposable
{
    /// <summary>The tool, as the user knows it.</summary>
    string Tool { get; }

    /// <summary>The outputs for a batch.</summary>
    /// <param name="inputs">Raw integers for every input; a setting has one event.</param>
    /// <param name="cancellation">Stops the tool.</param>
    IReadOnlyDictionary<string, RawBatch> Run(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation);

    /// <summary>All values of the design that can be seen, outputs included, for a batch.</summary>
    /// <inheritdoc cref="Run"/>
    IReadOnlyDictionary<string, RawBatch> Trace(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation);
}
