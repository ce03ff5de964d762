using System.CommandLine;
using Hls4Net.Cli.Commands;

namespace Hls4Net.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // The start-up of the command-line parser costs more than this answer.
        if (args is ["--version"])
        {
            Console.Out.Write($"hls4net {Versions.Compiler}\n");
            return 0;
        }
        var root = new RootCommand(
            """
            Compiles trained neural networks (ONNX) into FPGA firmware: Verilog and HLS C++, with a bit-accurate emulator and
            testbenches that prove the three agree.

              hls4net demo
              hls4net compile model.onnx -o out/model --calibrate events.npy --clock 200MHz
              hls4net verify out/model
            """)
        {
            CompileCommand.Create(),
            EmulateCommand.Create(),
            SimulateCommand.Create(),
            VerifyCommand.Create(),
            ReportCommand.Create(),
            DiffCommand.Create(),
            ProfileCommand.Create(),
            TuneCommand.Create(),
            EventsCommand.Create(),
            EvaluateCommand.Create(),
            VectorsCommand.Create(),
            WeightsCommand.Create(),
            DemoCommand.Create(),
            OpsCommand.Create(),
            PassesCommand.Create(),
            ExplainCommand.Create(),
            DoctorCommand.Create(),
        };
        return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
    }
}
