namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>What ONNX Runtime says when it refuses: a model that it cannot read, an operator that it does not have, inputs that do not fit.</summary>
public sealed class OnnxRuntimeException(int code, string message) : Exception(message)
{
    /// <summary>An <c>OrtErrorCode</c>; 0 where the refusal is ours because a value has no counterpart here.</summary>
    public int Code { get; } = code;
}
