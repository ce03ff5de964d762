using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Gpp;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Cli.Compilation;

/// <summary>The firmware of a compiled folder, built by each tool.</summary>
internal static class Executions
{
    /// <summary>The HLS C++ compiled by g++ with our own ap_fixed headers.</summary>
    public static IExecution Gpp(CompiledFolder folder, CancellationToken cancellation)
    {
        var options = FirmwareWriter.HlsOptionsOf(folder.Manifest);
        var program = GppRunner.Build(new GppDesign(folder.Design, options, Path.Combine(folder.Path, "hls")), Path.Combine(folder.Path, "build", "gpp"), cancellation);
        return new GppExecution(program, folder.Design);
    }

    /// <summary>The Verilog simulated by Verilator.</summary>
    public static IExecution Verilator(CompiledFolder folder, CancellationToken cancellation)
    {
        // The Verilog that is simulated is the folder's; the design is lowered again only to know where its values are found.
        var hardware = HardwareBuilder.Build(folder.Design, FirmwareWriter.HardwareOptionsOf(folder.Manifest));
        var program = VerilatorRunner.Build(hardware, Path.Combine(folder.Path, "verilog"), Path.Combine(folder.Path, "build", "verilator"), cancellation);
        return new VerilatorExecution(program);
    }

    private sealed class VerilatorExecution(VerilatedProgram program) : IExecution
    {
        public string Tool => "verilator";

        public IReadOnlyDictionary<string, RawBatch> Run(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation) => program.Run(inputs, cancellation);

        public IReadOnlyDictionary<string, RawBatch> Trace(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation) => program.Trace(inputs, cancellation);
    }

    private sealed class GppExecution(GppProgram program, Design design) : IExecution
    {
        public string Tool => "g++";

        public IReadOnlyDictionary<string, RawBatch> Run(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation) =>
            program.Run(design, inputs, cancellation);

        public IReadOnlyDictionary<string, RawBatch> Trace(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation) =>
            program.Trace(design, inputs, cancellation);
    }
}
