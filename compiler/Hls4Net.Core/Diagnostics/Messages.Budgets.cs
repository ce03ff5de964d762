namespace Hls4Net.Core.Diagnostics;

public static partial class Messages
{
    public static readonly Rule BudgetMissedRule = new("HLS5301", Severity.Error, "A budget is missed.",
        """
        The design is compiled and written, but takes more than a budget allows; the exit code is 4. Latency and interval are exact. Look-up
        tables, flip-flops, multiplier blocks and block memories are estimates of what the synthesis makes that `hls4net report` names; the
        benchmark estimate-accuracy says how far they may be off. The message names the layers that take most. The advice is a choice that
        was compiled and meets all budgets; if none of those that were tried does, it is the nearest of them. What a choice costs in
        accuracy was not looked at.
        """);

    public static readonly Rule BudgetWithoutPartRule = new("HLS5302", Severity.Error, "A budget in per cent has nothing to be a part of.",
        """
        A budget such as --max-lut 20% is a share of what a part has. Name the part with --part, and one whose product table is known; or
        give the budget as a number, such as --max-lut 20000.
        """);

    public static readonly Rule BudgetWithoutHardwareRule = new("HLS5303", Severity.Error, "There is no hardware to hold against a budget.",
        """
        Without Verilog nothing is known of cycles and resources: the HLS tool decides them. Leave --emit away, or let it contain verilog.
        """);

    public static Diagnostic BudgetMissed(string budget, string message, string advice) => new(BudgetMissedRule, budget, message, advice);

    public static Diagnostic BudgetWithoutPart(string budget, string value, string reason) => new(BudgetWithoutPartRule, budget, $"'{value}' is a share of a part, {reason}.",
        "Name a part such as --part xcvu13p, or give a number.");

    public static Diagnostic BudgetWithoutHardware(string budget) =>
        new(BudgetWithoutHardwareRule, budget, "Only HLS C++ is asked for.", "Let --emit contain verilog.");
}
