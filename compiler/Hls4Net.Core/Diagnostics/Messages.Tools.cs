namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS50xx: the programs and libraries that Hls4Net calls.</summary>
public static partial class Messages
{
    public static readonly Rule OnnxRuntimeMissingRule = new("HLS5001", Severity.Error, "ONNX Runtime is not installed.",
        """
        Verification runs the model in floating point through ONNX Runtime, the reference for what ONNX means. Any
        libonnxruntime will do; the npm package onnxruntime-node carries one. ./hls4net verify installs it in a checkout;
        without one, run the command that the message shows, or leave that comparison out:
            hls4net verify DIR --with verilator,g++
        """);

    public static readonly Rule OnnxRuntimeUnusableRule = new("HLS5002", Severity.Error, "The ONNX Runtime library cannot be used.",
        "The file is not a shared library for this machine, lacks a library that it needs itself, or is not ONNX Runtime. Remove it or name another one.");

    public static readonly Rule OnnxRuntimeRefusesRule = new("HLS5003", Severity.Error, "ONNX Runtime refuses the model.",
        """
        The model uses an operator, a domain or a version that ONNX Runtime does not have. QONNX models with operators such as
        Quant are an example: they have no floating-point reference there. Leave that comparison out:
            hls4net verify DIR --with verilator,g++
        The comparison of the firmware with the emulator does not depend on it.
        """);

    /// <param name="installCommand">What to type.</param>
    public static Diagnostic OnnxRuntimeMissing(string installCommand) =>
        new(OnnxRuntimeMissingRule, "", "ONNX Runtime is not installed.", $"Install it with: {installCommand}");

    public static Diagnostic OnnxRuntimeUnusable(string path, string reason) =>
        new(OnnxRuntimeUnusableRule, path, $"The library cannot be used: {Clause(reason)}.");

    /// <param name="model">The model's file.</param>
    /// <param name="reason">What ONNX Runtime says.</param>
    public static Diagnostic OnnxRuntimeRefuses(string model, string reason) =>
        new(OnnxRuntimeRefusesRule, model, $"ONNX Runtime refuses the model: {Clause(reason)}.");
}
