using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Typing;

/// <summary>What is known of the operand and the result of a function when its table is made.</summary>
/// <param name="Where">The node, for messages.</param>
/// <param name="Input">The operand's type.</param>
/// <param name="All">The operands that there can be.</param>
/// <param name="Seen">The operands of the calibration data, or null.</param>
/// <param name="Result">The type that the result is wanted in, or null for the compiler's choice.</param>
/// <param name="Error">The error bound in units of the last place that the user named, or null.</param>
/// <param name="IsAddressNamed">Whether the user named the operand's type, which then is the table's address.</param>
internal sealed record TableTask(
    string Where, FixedType Input, Interval All, IReadOnlyList<Calibration.Range>? Seen, Quantizer? Result, double? Error, bool IsAddressNamed);

/// <summary>Makes the table of a function, and says where it cannot be what the function is.</summary>
/// <param name="activationBits">Bits of a result where no type is named.</param>
internal sealed class TableTyping(int activationBits, DiagnosticBag diagnostics)
{
    private const int WidestEntry = 63;

    public Apply Choose(RealFunction function, TableTask task)
    {
        var covered = TableTypes.Covered(task.All, task.Seen);
        var result = task.Result is { Type.Width: <= WidestEntry } named ? named : TableTypes.Results(function, covered, task.All, activationBits);
        CheckValues(function, task, covered, result);
        var sizing = new TableSizing(function, covered, task.All, task.Input, result);
        var asked = task.Error ?? 0.5;
        var table = sizing.Choose(asked, task.IsAddressNamed ? TableData.MaximumInputWidth : TableSizing.ExactBits);
        // A result type that truncates has a unit where one that rounds has half of one.
        var kept = table.Bound.ToDouble();
        if (kept > asked && !(kept <= 1 && result.Rounding is Rounding.Trn or Rounding.TrnZero && task.Error is null))
            diagnostics.Add(Messages.TableBound(task.Where, asked, kept, table.Entries));
        return new Apply(new Table(function, null, table));
    }

    private void CheckValues(RealFunction function, TableTask task, Interval covered, Quantizer result)
    {
        if (!RealFunctions.IsDefined(function, covered.Minimum, covered.Maximum))
            diagnostics.Add(Messages.FunctionUndefined(task.Where, function.ToString(), covered.Minimum.ToDouble(), covered.Maximum.ToDouble()));
        var (low, high) = TableTypes.Extremes(function, covered);
        var (range, unit) = (result.Type.Range, Math.ScaleB(1, -result.Type.Fraction));
        if (low >= range.Minimum.ToDouble() - unit && high <= range.Maximum.ToDouble() + unit)
            return;
        diagnostics.Add(task.Result is null
            ? Messages.FunctionExceedsType(task.Where, low, high, result.Type.ToString())
            : Messages.TypeOverflow(task.Where, result.ToString(), ChooseTypes.Consequence(result), low, high, ""));
    }
}
