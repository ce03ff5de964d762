using System.CommandLine;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net profile</c>: what fixed point costs, value by value and layer by layer.</summary>
internal static class ProfileCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "The trained network (.onnx), or a folder that `hls4net compile` made." };
        var input = new Option<string>("--input", "-i") { Description = "Events: X.npy of shape [events, …], or X.npz with one array for each input.", Required = true };
        var configuration = new Option<string?>("--config", "-c") { Description = "Types of inputs and layers (YAML)." };
        var precision = new Option<string?>("--precision") { Description = "Type of everything that the configuration does not name, for example 'fixed<16,6>'." };
        var calibrate = new Option<string?>("--calibrate") { Description = "Events (X.npy or X.npz) from which types are chosen." };
        var outputs = new Option<string?>("--outputs") { Description = "Values to compute, separated by commas; everything else is cut away." };
        var report = new Option<string?>("--report") { Description = "PAGE.html that receives tables and plots." };
        return new Command("profile",
            """
            Runs the network in float and in fixed point on the same events and says what quantisation costs: for every value the float range,
            the type, how many numbers are clipped or wrap around, and the error (maximum, mean, signal to quantisation noise in dB, about 6 dB
            for each bit); for every layer what its fixed point alone does to the outputs, so that bits go where they matter.

              hls4net profile model.onnx --input events.npy
              hls4net profile model.onnx --input events.npy -c types.yaml --report profile.html
              hls4net profile model.onnx --input events.npz --precision 'fixed<12,4>' --json
              hls4net profile out/model --input events.npy
            """) { model, input, configuration, precision, calibrate, outputs, report }.WithAction((parsed, reporter, cancellation) => Task.FromResult(Run(
            new CompileOptions(parsed.GetValue(model)!, "", parsed.GetValue(configuration), CompileOptions.DefaultPart, null,
                parsed.GetValue(outputs) is { } names ? CompileOptions.ParseNames("--outputs", names, "names of values") : [], Transforms.Passes.Score.None,
                parsed.GetValue(precision), parsed.GetValue(calibrate), null, [CompileOptions.Hls]),
            parsed.GetValue(input)!, parsed.GetValue(report), reporter, cancellation)));
    }

    private static int Run(CompileOptions options, string input, string? page, Reporter reporter, CancellationToken cancellation)
    {
        var diagnostics = new DiagnosticBag();
        var model = Directory.Exists(options.Model) ? OpenFolder(options) : ProfiledModel.Compile(options, diagnostics);
        reporter.Diagnostics(diagnostics.Items);
        var profile = new ProfileRun(reporter.Progress).Run(model, input, cancellation);
        if (page is not null)
            AtomicFile.WriteAllText(page, ProfilePage.Of(profile));
        reporter.Result(ReportEntries.Of(profile), () => ProfileView.Of(profile));
        return ExitCode.Done;
    }

    /// <summary>In a compiled folder the types are chosen already.</summary>
    private static ProfiledModel OpenFolder(CompileOptions options)
    {
        (string Option, string? Value)[] choices =
            [("--config", options.Configuration), ("--precision", options.Precision), ("--calibrate", options.Calibration), ("--outputs", options.Outputs.Count > 0 ? options.Outputs[0] : null)];
        foreach (var (option, value) in choices.Where(c => c.Value is not null))
            throw new UserErrorException(Messages.BadOptionValue(option, value!, $"possible here: '{options.Model}' is compiled, its types are chosen; give the .onnx file"));
        return ProfiledModel.Open(options.Model);
    }
}
