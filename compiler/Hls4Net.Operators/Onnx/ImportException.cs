using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Operators.Onnx;

/// <summary>A node cannot be imported; the importer collects the diagnostic and goes on with the next node.</summary>
internal sealed class ImportException(Diagnostic diagnostic) : Exception(diagnostic.Message)
{
    public Diagnostic Diagnostic { get; } = diagnostic;
}
