using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Transforms.Passes;
using Hls4Net.Trigger;
using Spectre.Console;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net demo</c>: the whole chain on the example, in one table.</summary>
internal static class DemoCommand
{
    private const string Example = "examples/adc2021-vae";
    private static readonly (string File, string Name)[] Signals =
        [("signal_a4l.npy", "A → 4ℓ"), ("signal_lq.npy", "LQ → bτ"), ("signal_h0.npy", "h⁰ → ττ"), ("signal_hpm.npy", "h± → τν")];

    public static Command Create()
    {
        var output = new Option<string>("--output", "-o") { Description = "Folder to write.", DefaultValueFactory = _ => "out/adc2021-vae" };
        var clock = new Option<string?>("--clock") { Description = "Target clock. [default: 200MHz]" };
        return new Command("demo",
            """
            Compiles the example (a variational autoencoder on toy collider events), emulates it, verifies it through Verilator,
            g++ and ONNX Runtime, and prints what a trigger team asks first.

              hls4net demo
              hls4net demo --clock 360MHz -o out/fast
            """) { output, clock }.WithAction((parsed, reporter, cancellation) => Task.FromResult(
            Run(parsed.GetValue(output)!, CompileOptions.ParseClock(parsed.GetValue(clock)), reporter, cancellation)));
    }

    private static int Run(string output, double? clock, Reporter reporter, CancellationToken cancellation)
    {
        var options = new CompileOptions(ResourceFiles.FullPath($"{Example}/encoder.onnx"), output, ResourceFiles.FullPath($"{Example}/types.yaml"), CompileOptions.DefaultPart, clock,
            ["mu"], Score.Mu2, null, ResourceFiles.FullPath($"{Example}/calibration.npy"), "adc2021_vae")
        { Command = "hls4net demo", WantsPage = true };
        reporter.Progress("compiling the encoder");
        var diagnostics = new DiagnosticBag();
        FirmwareWriter.Write(options, diagnostics, cancellation);
        reporter.Diagnostics(diagnostics.Items);
        var folder = CompiledFolder.Open(output);
        var samples = Signals.Prepend(("background.npy", "background")).Select(s => Sample.Read(folder, s.Item1, s.Item2)).ToList();
        var run = new VerificationRun(folder, reporter.Progress);
        var verified = run.Check(run.WithCorners([.. samples.Select(s => s.Raw)]), run.ParseTools(null), patterns: null, cancellation);
        reporter.Progress("scoring the events in real numbers and in fixed point");
        foreach (var sample in samples)
            sample.Score(folder);
        var summary = new
        {
            Verification = verified,
            folder.Manifest.Hardware,
            Auc = samples.Skip(1).Select(s => s.Auc(samples[0])).ToArray(),
            DistinctScores = RocCurve.DistinctValues(samples.SelectMany(s => s.Fixed)),
            Folder = output,
        };
        reporter.Result(summary, () => View(folder.Manifest, verified, summary.Auc, summary.DistinctScores, output));
        return verified.Passed ? ExitCode.Done : ExitCode.Different;
    }

    private static Rows View(Manifest manifest, VerificationSummary verified, IReadOnlyList<AucEntry> auc, int distinct, string output)
    {
        var hardware = manifest.Hardware!;
        var table = Reporter.Table("quantity", "value");
        foreach (var check in verified.Checks)
            Reporter.Row(table, $"mismatches against {NameOf(check.Name)}", string.Create(CultureInfo.InvariantCulture, $"{check.Different} of {check.Events} events{(check.Name == "onnxruntime" ? $" ({check.Result})" : "")}"));
        Reporter.Row(table, "latency", $"{ReportView.Latency(hardware)}, fixed");
        Reporter.Row(table, "initiation interval", hardware.ClockMHz is { } mhz
            ? string.Create(CultureInfo.InvariantCulture, $"{hardware.InitiationInterval} cycle = {hardware.InitiationInterval * 1000 / mhz:0.##} ns at {mhz:0.##} MHz")
            : "1");
        Reporter.Row(table, "adders", string.Create(CultureInfo.InvariantCulture, $"{hardware.Adders} ({hardware.AdderBits} adder bits), {hardware.Multipliers} squarers or multipliers, {hardware.RomBits} table bits"));
        Reporter.Row(table, "register bits", hardware.RegisterBits.ToString(CultureInfo.InvariantCulture));
        foreach (var entry in auc)
            Reporter.Row(table, $"AUC {entry.Signal}", string.Create(CultureInfo.InvariantCulture, $"{100 * entry.Float:0.0} % in float, {100 * entry.Fixed:0.0} % in fixed point (ties counted half)"));
        Reporter.Row(table, "distinct scores", distinct.ToString(CultureInfo.InvariantCulture));
        return new Rows(
            new Text("ADC2021-style autoencoder on TOY events: score Σμ² over 3 latents against a run-time threshold\n"),
            table,
            new Text($"Verilog: {output}/verilog   HLS C++: {output}/hls   more: hls4net report {output}\n"));
    }

    private static string NameOf(string tool) => tool switch
    {
        "verilator" => "Verilog (Verilator)",
        "g++" => "HLS C++ (g++)",
        _ => "ONNX Runtime",
    };

    /// <summary>Area under the ROC curve of one signal against the background.</summary>
    private sealed record AucEntry(string Signal, double Float, double Fixed);

    /// <summary>One file of events and its scores.</summary>
    private sealed class Sample(string name, double[] values, IReadOnlyDictionary<string, RawBatch> raw)
    {
        private double[] _float = [];

        public IReadOnlyDictionary<string, RawBatch> Raw => raw;

        public double[] Fixed { get; private set; } = [];

        public static Sample Read(CompiledFolder folder, string file, string name)
        {
            var input = folder.DataInputs[0];
            var values = Npy.Read(ResourceFiles.FullPath($"{Example}/{file}")).ToDoubles();
            var elements = Core.Primitives.Shapes.Count(input.Shape.ToSeq());
            var batch = InputConversion.Quantize(values, elements, input.Quantizer);
            return new(name, values, new Dictionary<string, RawBatch>(StringComparer.Ordinal) { [input.Name] = batch });
        }

        public void Score(CompiledFolder folder)
        {
            var score = folder.Manifest.Outputs.First(o => o.Name.StartsWith("score", StringComparison.Ordinal));
            var result = new Emulator(folder.Design).Run(new Dictionary<string, RawBatch>(raw.Concat(folder.SettingValues(0, isRaw: false)), StringComparer.Ordinal), [score.Name]);
            Fixed = InputConversion.ToDoubles(result[score.Name], score.Quantizer.Type);
            var design = DesignBuilder.Build(folder.ReadImported());
            var inputs = new Dictionary<string, double[]>(StringComparer.Ordinal) { [folder.DataInputs[0].Name] = values };
            foreach (var setting in design.Settings)
                inputs[setting] = new double[Core.Primitives.Shapes.Count(design.ShapeOf(setting))];
            _float = new RealEvaluator(design, applyCasts: true).Run(inputs, raw.Values.First().Events, [score.Name])[score.Name];
        }

        public AucEntry Auc(Sample background) => new(name, RocCurve.Area(background._float, _float), RocCurve.Area(background.Fixed, Fixed));
    }
}
