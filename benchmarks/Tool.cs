using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Hls4Net.Benchmarks;

/// <summary>The command <c>hls4net</c> in this process, so that what it takes to start is not measured.</summary>
internal static class Tool
{
    private const string Output = "out";

    /// <summary>How often the use of memory is looked at; the system keeps the peak, so that little is missed at the end.</summary>
    private const int PollMilliseconds = 5;

    /// <summary>Arguments that compile the example, from ONNX to all artefacts with the quick search for adders.</summary>
    public static string[] CompileExample(string folder) =>
    [
        "compile", Example("encoder.onnx"), "-o", Path.Combine(folder, Output), "--outputs", "mu", "--score", "mu2",
        "--calibrate", Example("calibration.npy"), "--clock", "200MHz", "--effort", "quick",
    ];

    /// <summary>Arguments that hold the Verilog of what was compiled against the emulator.</summary>
    public static string[] VerifyExample(string folder, int events) =>
        ["verify", Path.Combine(folder, Output), "--with", "verilator", "--vectors", events.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Arguments that evaluate what was compiled on files of events.</summary>
    public static string[] EvaluateExample(string folder, string background, string signal, params string[] more) =>
        ["evaluate", Path.Combine(folder, Output), "--background", background, "--signal", $"a4l={signal}", .. more];

    /// <summary>Runs the command.</summary>
    /// <returns>CPU time of this process and of the programs that it ran, and time by the clock, in seconds.</returns>
    /// <exception cref="BenchmarkFailedException">It ended with another exit code than 0.</exception>
    public static (double Cpu, double Wall) Run(string[] arguments) => RunWithOutput(arguments) is var (cpu, wall, _) ? (cpu, wall) : default;

    /// <summary>Runs the command and keeps what it prints to the standard output.</summary>
    /// <inheritdoc cref="Run"/>
    public static (double Cpu, double Wall, string Output) RunWithOutput(string[] arguments)
    {
        var entry = Assembly.Load("hls4net").EntryPoint ?? throw new BenchmarkFailedException("hls4net has no entry point.");
        var (output, errors) = (Console.Out, Console.Error);
        using var said = new StringWriter(CultureInfo.InvariantCulture);
        using var complaints = new StringWriter(CultureInfo.InvariantCulture);
        Console.SetOut(said);
        Console.SetError(complaints);
        try
        {
            var cpu = CpuSeconds();
            var watch = Stopwatch.StartNew();
            var code = (int)entry.Invoke(null, [arguments])!;
            return code == 0 ? (CpuSeconds() - cpu, watch.Elapsed.TotalSeconds, said.ToString())
                : throw new BenchmarkFailedException($"hls4net {arguments[0]} ended with exit code {code}: {said}{complaints}");
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }

    /// <summary>Runs the command in a process of its own.</summary>
    /// <returns>CPU and wall time in seconds, peak memory in MB.</returns>
    /// <exception cref="BenchmarkFailedException">It ended with another exit code than 0.</exception>
    public static (double Cpu, double Wall, double Memory) RunApart(string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Checkout.Root, "hls4net"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new BenchmarkFailedException("./hls4net does not start.");
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        var (cpu, memory) = (TimeSpan.Zero, 0L);
        while (!process.WaitForExit(PollMilliseconds))
        {
            process.Refresh();
            try
            {
                (cpu, memory) = (process.TotalProcessorTime, Math.Max(memory, process.PeakWorkingSet64));
            }
            catch (Exception gone) when (gone is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                // It ended between two looks; what was read last counts.
                break;
            }
        }
        process.WaitForExit();
        return process.ExitCode == 0
            ? (cpu.TotalSeconds, watch.Elapsed.TotalSeconds, memory / (double)(1 << 20))
            : throw new BenchmarkFailedException(string.Create(CultureInfo.InvariantCulture, $"hls4net {arguments[0]} ended with exit code {process.ExitCode}: {errors.Result}"));
    }

    /// <summary>The path of a file of the example.</summary>
    public static string Example(string file) => Path.Combine(Checkout.Root, "examples", "adc2021-vae", file);

    /// <summary>CPU time of this process and of those that it waited for.</summary>
    private static double CpuSeconds()
    {
        const string self = "/proc/self/stat";
        var own = Environment.CpuUsage.TotalTime.TotalSeconds;
        if (!File.Exists(self))
            return own;
        // Behind the name in parentheses: fields 3 and on; 16 and 17 are the children's, in hundredths of a second.
        var text = File.ReadAllText(self);
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return own + (long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture)) / 100.0;
    }
}
