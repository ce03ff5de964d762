namespace Hls4Net.Benchmarks;

/// <summary>What <c>hls4net compile</c> takes for fully connected networks of growing size, with HLS C++ alone and with Verilog as well.</summary>
internal static class CompileTime
{
    private const int WarmRuns = 20;

    private static readonly (string Name, int[] Widths, bool WithVerilog)[] Networks =
    [
        ("16-64-64-64-5", [16, 64, 64, 64, 5], true),
        ("16-128-128-128-5", [16, 128, 128, 128, 5], true),
        ("16-256-256-256-5", [16, 256, 256, 256, 5], true),
        ("16-512-512-512-5", [16, 512, 512, 512, 5], false),
    ];

    public static IReadOnlyList<Figure> Measure()
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-benchmark-");
        try
        {
            // The first run may build, and reads everything into the page cache.
            Run(folder.FullName, Networks[0].Widths, "--emit", "hls");
            return [.. ExampleRows(folder.FullName), .. Networks.SelectMany(n => Rows(folder.FullName, n.Name, n.Widths, n.WithVerilog))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The example in this process: the first time, and when everything that is needed has been compiled just in time.</summary>
    private static Figure[] ExampleRows(string folder)
    {
        var runs = Enumerable.Range(0, WarmRuns).Select(_ => Tool.Run(Tool.CompileExample(folder))).ToArray();
        var warm = runs[(WarmRuns / 2)..].OrderBy(r => r.Cpu).ToArray();
        return
        [
            new("example, first time: CPU", runs[0].Cpu, "s"),
            new("example, warm process: CPU", warm[warm.Length / 2].Cpu, "s"),
            new("example, warm process: wall", warm[warm.Length / 2].Wall, "s"),
        ];
    }

    private static IEnumerable<Figure> Rows(string folder, string name, int[] widths, bool withVerilog)
    {
        yield return new($"{name}: weights", Weights(widths), "");
        foreach (var emit in withVerilog ? (string[])["hls", "verilog,hls"] : ["hls"])
        {
            var (cpu, wall, memory) = Run(folder, widths, "--emit", emit);
            yield return new($"{name}: {emit}, CPU", cpu, "s");
            yield return new($"{name}: {emit}, wall", wall, "s");
            yield return new($"{name}: {emit}, peak memory", memory, "MB");
        }
    }

    /// <summary>Weights and biases of a fully connected network.</summary>
    public static int Weights(int[] widths) => Enumerable.Range(0, widths.Length - 1).Sum(k => (widths[k] + 1) * widths[k + 1]);

    /// <summary>Compiles a network in a process of its own.</summary>
    /// <returns>CPU and wall time in seconds, peak memory in MB.</returns>
    public static (double Cpu, double Wall, double Memory) Run(string folder, int[] widths, params string[] options)
    {
        var model = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(model, RandomNetworks.Dense(widths));
        return Tool.RunApart(["compile", model, "-o", Path.Combine(folder, "out"), .. options]);
    }
}
