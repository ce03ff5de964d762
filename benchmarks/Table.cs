namespace Hls4Net.Benchmarks;

/// <summary>Every benchmark, one line each.</summary>
internal static class Table
{
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new("start-up", "warm start of ./hls4net --version, script and tool, 10 runs", _ => StartUp.Measure()),
        new("compile-time", "hls4net compile of the example in a warm process, and of networks of growing size: time and memory with HLS C++ alone and with Verilog", _ => CompileTime.Measure()),
        new("scaling", "compile time and memory of networks of growing size, folded and as HLS C++, and the power of the number of weights with which they grow; --model for part of a schedule's name", Scaling.Measure),
        new("reuse", "one network with reuse factors 1, 2, 4, ... 64: interval, multipliers, tables, adders, registers, latency", _ => ReuseFactors.Measure()),
        new("networks", "the networks of examples/networks at 200 MHz: compiled, verified in Verilator, cells after Yosys, interval, latency; --model for those with this in their name, --markdown for a table, --cache", Networks.Measure),
        new("channels", "channels of the streamed example networks: computed depth, and whether a simulation of their bursts has as many words in use; --model, --events", Channels.Measure),
        new("back-pressure", "the example networks behind AXI4-Stream in Verilator under random gaps, back-pressure and malformed packets: no hang, no lost event; --patterns, --model", BackPressure.Measure),
        new("constant-multiplication", "shift-and-add networks for constant matrices: adders, bits, levels, CPU time", ConstantMultiplication.Measure),
        new("luts", "LUTs of the Verilog of constant matrices after Yosys, beside the adder bits", Luts.Measure),
        new("verify-rate", "hls4net verify of 1,000,000 events of the example through Verilator, once the simulation is built", VerifyRate.Measure),
        new("scores", "the scores Σμ², KL, Rz and masked reconstruction of 100,000 toy events through Verilator and g++ against the emulator; --events, --model for those with this in their name", ScoreHeads.Measure),
        new("evaluate", "hls4net evaluate of 1,000,000 toy events in HDF5 with the example: read, scored, evaluated", EvaluateRate.Measure),
        new("emulator", "events per second of CPU time through the emulator, and how many times the reference interpretation that is", Emulation.Measure),
        new("registers", "bits of registers of constant matrices in four stages, or --stages", Registers.Measure),
        new("timing", "delays by the delay table beside those of Yosys for twenty products with matrices, and how well the order agrees", Timing.Measure),
        new("calibrate", "fits the factors of the estimator of resources to what Yosys makes of generated designs, and writes them into compiler/Hls4Net.Transforms/calibration; --model ecp5 for the other family", Calibrate.Measure),
        new("estimate-time", "CPU time of an estimate of resources in a warm process, for the example and for a network of 101,200 weights", _ => EstimateTime.Measure()),
        new("estimate-accuracy", "estimates of resources beside what Yosys makes of designs that the calibration never saw: errors by resource; --events for another number of generated designs", EstimateAccuracy.Measure),
    ];
}
