namespace Hls4Net.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["--version"])
            Console.Out.Write($"hls4net {typeof(Program).Assembly.GetName().Version}\n");
        return 0;
    }
}
