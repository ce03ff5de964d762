namespace Hls4Net.Cli.Reporting;

/// <summary>What the process says to its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The user's input cannot be used.</summary>
    public const int UserError = 1;

    /// <summary>The compiler's own mistake.</summary>
    public const int InternalError = 2;

    /// <summary>Verification found a difference.</summary>
    public const int Different = 3;

    /// <summary>A budget is missed.</summary>
    public const int OverBudget = 4;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Cancelled = 130;
}
