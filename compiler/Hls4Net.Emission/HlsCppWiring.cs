using System.Globalization;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>
/// Prints a rearrangement: as loops over runs of elements that lie at equal distances where there are few of them, which covers
/// copies, slices and concatenations, else through tables of positions.
/// </summary>
internal sealed class HlsCppWiring(CodeWriter code, CppAlgebra algebra, Identifiers names, Func<int, string, CppTerm> load, Func<string, CppTerm, string> store)
{
    private const int MostRuns = 16;

    /// <summary>Output elements Start … Start + Count − 1 are elements Element + n · Step of Input, or all the same fill.</summary>
    private readonly record struct Run(int Start, int Count, int Input, int Element, int Step);

    public void Print(Wiring wiring)
    {
        var runs = Runs(wiring);
        if (runs.Count <= MostRuns)
        {
            foreach (var run in runs)
                Print(wiring, run);
            return;
        }
        foreach (var group in Enumerable.Range(0, wiring.Input.Count).GroupBy(n => wiring.Input[n]).OrderBy(g => g.Key))
            PrintTable(wiring, group.Key, [.. group]);
    }

    private static List<Run> Runs(Wiring wiring)
    {
        var runs = new List<Run>();
        for (var n = 0; n < wiring.Input.Count; n++)
        {
            var (input, element) = (wiring.Input[n], wiring.Element[n]);
            if (runs.Count > 0 && runs[^1].Input == input)
            {
                var last = runs[^1];
                var step = last.Count == 1 ? element - last.Element : last.Step;
                if (input < 0 || element == last.Element + last.Count * step)
                {
                    runs[^1] = last with { Count = last.Count + 1, Step = input < 0 ? 0 : step };
                    continue;
                }
            }
            runs.Add(new(n, 1, input, element, 0));
        }
        return runs;
    }

    private void Print(Wiring wiring, Run run)
    {
        if (run.Count == 1)
        {
            Store(wiring, run.Input, Number(run.Start), Number(run.Element));
            return;
        }
        var index = OpenLoop(run.Count);
        Store(wiring, run.Input, Position(run.Start, 1, index), Position(run.Element, run.Step, index));
        code.Close();
    }

    private void PrintTable(Wiring wiring, int input, int[] positions)
    {
        // One element needs no table: most of all the literals, which are rarely the same number twice.
        if (positions.Length == 1)
        {
            Store(wiring, input, Number(positions[0]), Number(wiring.Element[positions[0]]));
            return;
        }
        var fill = new HlsCppFill(code, names);
        var to = fill.Positions("to", positions);
        var from = input < 0 ? _ => "" : fill.Positions("from", [.. positions.Select(n => wiring.Element[n])]);
        var index = OpenLoop(positions.Length);
        Store(wiring, input, to(index), from(index));
        code.Close();
    }

    private string OpenLoop(int count)
    {
        var index = names.Fresh("n");
        code.Open(string.Create(CultureInfo.InvariantCulture, $"for (int {index} = 0; {index} < {count}; {index}++) {{"));
        code.Line("#pragma HLS UNROLL");
        return index;
    }

    private void Store(Wiring wiring, int input, string to, string from) =>
        code.Line(store(to, input < 0 ? algebra.Literal(wiring.Fills[-1 - input]) : load(input, from)));

    private static string Position(int start, int step, string index)
    {
        var moving = step switch { 0 => "", 1 => index, -1 => $"-{index}", _ => $"{Number(step)} * {index}" };
        return moving.Length == 0 ? Number(start) : start == 0 ? moving : $"{Number(start)} + {moving}";
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
