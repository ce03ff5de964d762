using System.Globalization;

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

    public static readonly Rule ToolMissingRule = new("HLS5011", Severity.Error, "A program that is needed is not installed.",
        """
        Verification runs other people's programs: Verilator for the Verilog, g++ for the C++. From a checkout, ./hls4net
        installs what a command needs. Elsewhere install the Debian package that the message names, or leave the comparison
        out with --with. hls4net doctor lists what is there.
        """);

    public static readonly Rule ToolFailedRule = new("HLS5012", Severity.Error, "A program that was called failed.",
        """
        The message shows the end of what the program printed. If it failed on code that Hls4Net generated, that is a bug in
        Hls4Net: please report it with the log. If it ran out of memory or disk, or misses a file of its own, mend that.
        """);

    public static readonly Rule ToolTimedOutRule = new("HLS5013", Severity.Error, "A program that was called took too long.",
        """
        The program was ended, with everything that it had started. Large designs take minutes to compile for simulation.
        Fewer vectors or a smaller design take less time.
        """);

    public static readonly Rule ToolCannotStartRule = new("HLS5014", Severity.Error, "A program cannot be started.",
        "The file is there no longer, may not be executed, or is for another kind of machine.");

    public static readonly Rule ToolSilentRule = new("HLS5015", Severity.Error, "A program fails without saying why.",
        """
        A compiler or simulator that refuses its input says so. This program ended with an error and printed nothing: probably it is not
        the program that its name says, or its installation is broken. Run it by hand with --version; hls4net doctor shows which file it is.
        """);

    public static readonly Rule Hdf5MissingRule = new("HLS5021", Severity.Error, "The HDF5 library is not installed.",
        """
        Event files of the ADC2021 challenge are HDF5, which is read and written by the HDF5 Group's own library. ./hls4net installs it in a
        checkout when a command needs it; elsewhere type what the message shows. Other formats (.csv, .npy, .npz) need no library.
        """);

    public static readonly Rule Hdf5UnusableRule = new("HLS5022", Severity.Error, "The HDF5 library cannot be used.",
        "What was found is another library, or an HDF5 before version 1.10, whose interface has other types. Install a newer one.");

    /// <param name="installCommand">What to type.</param>
    public static Diagnostic Hdf5Missing(string installCommand) =>
        new(Hdf5MissingRule, "", "The HDF5 library is not installed.", $"On Debian and Ubuntu: {installCommand}");

    public static Diagnostic Hdf5Unusable(string path, string reason, string installCommand) =>
        new(Hdf5UnusableRule, path, $"The library cannot be used: {Clause(reason)}.", $"On Debian and Ubuntu: {installCommand}");

    /// <param name="tool">The program.</param>
    /// <param name="path">The file that was run.</param>
    /// <param name="exitCode">Its exit code.</param>
    public static Diagnostic ToolSilent(string tool, string path, int exitCode) =>
        new(ToolSilentRule, tool, $"{path} ended with exit code {exitCode.ToString(CultureInfo.InvariantCulture)} and printed nothing.",
            $"Check the installation: {path} --version");

    /// <param name="installCommand">What to type.</param>
    public static Diagnostic OnnxRuntimeMissing(string installCommand) =>
        new(OnnxRuntimeMissingRule, "", "ONNX Runtime is not installed.", $"Install it with: {installCommand}");

    public static Diagnostic OnnxRuntimeUnusable(string path, string reason) =>
        new(OnnxRuntimeUnusableRule, path, $"The library cannot be used: {Clause(reason)}.");

    /// <param name="model">The model's file.</param>
    /// <param name="reason">What ONNX Runtime says.</param>
    public static Diagnostic OnnxRuntimeRefuses(string model, string reason) =>
        new(OnnxRuntimeRefusesRule, model, $"ONNX Runtime refuses the model: {Clause(reason)}.");

    /// <param name="tool">The program.</param>
    /// <param name="purpose">What it is for, as the rest of a sentence that begins with its name.</param>
    /// <param name="package">The Debian package that has it.</param>
    public static Diagnostic ToolMissing(string tool, string purpose, string package) =>
        new(ToolMissingRule, tool, $"It is not installed, and it {purpose}.", $"On Debian and Ubuntu: apt-get install {package}");

    /// <param name="tool">The program.</param>
    /// <param name="exitCode">Its exit code; 128 + n if signal n ended it.</param>
    /// <param name="lastLines">The end of what it printed.</param>
    /// <param name="logPath">Where all of it is, or null.</param>
    public static Diagnostic ToolFailed(string tool, int exitCode, string lastLines, string? logPath)
    {
        var ending = exitCode > 128 && exitCode < 160
            ? $"It was ended by signal {exitCode - 128}{(exitCode == 137 ? ", often for want of memory" : "")}."
            : $"It ended with exit code {exitCode}.";
        return new Diagnostic(ToolFailedRule, tool, ending + Printed(lastLines), LogAdvice(logPath));
    }

    /// <param name="tool">The program.</param>
    /// <param name="limit">How long it was allowed to take.</param>
    /// <param name="lastLines">The end of what it printed.</param>
    /// <param name="logPath">Where all of it is, or null.</param>
    public static Diagnostic ToolTimedOut(string tool, TimeSpan limit, string lastLines, string? logPath) =>
        new(ToolTimedOutRule, tool, $"It had not ended after {limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s and was stopped." + Printed(lastLines),
            LogAdvice(logPath));

    public static Diagnostic ToolCannotStart(string tool, string path, string reason) =>
        new(ToolCannotStartRule, tool, $"{path} cannot be started: {Clause(reason)}.");

    private static string Printed(string lastLines)
    {
        if (string.IsNullOrWhiteSpace(lastLines))
            return " It printed nothing.";
        var lines = lastLines.Split('\n').Select(l => "\n    " + Printable(l.Replace("\t", "    ", StringComparison.Ordinal), 300));
        return $" The last lines that it printed:{string.Concat(lines)}\n";
    }

    private static string LogAdvice(string? logPath) => logPath is null ? "" : $"The full log is {logPath}";
}
