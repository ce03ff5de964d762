using System.CommandLine;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Verification.OnnxRuntime;

namespace Hls4Net.Sweep;

/// <summary>
/// Differential sweeps over operators: thousands of small models, drawn at random or read from folders, through the compiler and through a
/// reference. Prints what differs and exits with 1 if anything does.
/// </summary>
internal static class Program
{
    private static readonly Option<bool> Refusals = new("--refusals") { Description = "also list what is refused, by the compiler or by the reference" };

    private static int Main(string[] arguments) =>
        new RootCommand("Differential sweeps over operators against references.") { Folder(), Random() }.Parse(arguments).Invoke();

    private static Command Folder()
    {
        var path = new Argument<string>("PATH") { Description = "folder with cases: NAME/model.onnx, NAME/test_data_set_0/{input,output}_K.pb" };
        var command = new Command("folder", "Runs cases in the form in which the ONNX project ships them.") { path, Refusals };
        command.SetAction(parsed => Report.Print(FolderCases.Find(parsed.GetRequiredValue(path)).Select(f => (Path.GetFileName(f), FolderCases.Run(f))),
            parsed.GetValue(Refusals)));
        return command;
    }

    private static Command Random()
    {
        var count = new Option<int>("--count") { Description = "how many models", DefaultValueFactory = _ => 50_000 };
        var seed = new Option<int>("--seed") { Description = "the number of the first model; the same number gives the same model" };
        var operators = new Option<string[]>("--operator") { Description = "only these operators" };
        var command = new Command("random", "Draws models of one operator and compares with ONNX Runtime.") { count, seed, operators, Refusals };
        command.SetAction(parsed =>
        {
            var only = parsed.GetValue(operators) ?? [];
            try
            {
                using var library = OnnxRuntimeLocator.Load();
                var among = RandomCases.Operators.Where(e => only.Length == 0 || only.Contains(e.Name)).ToList();
                return Report.Print(Enumerable.Range(parsed.GetValue(seed), parsed.GetValue(count)).Select(n =>
                {
                    var drawn = RandomCases.Case(n, among);
                    return ($"{n}: {drawn.Signature}", RandomTrial.Run(library, drawn, n));
                }), parsed.GetValue(Refusals));
            }
            catch (UserErrorException e)
            {
                Console.Error.Write($"{e.Message}\n");
                return 1;
            }
        });
        return command;
    }
}
