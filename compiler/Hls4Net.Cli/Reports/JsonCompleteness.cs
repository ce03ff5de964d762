using System.Collections;
using System.Reflection;

namespace Hls4Net.Cli.Reports;

/// <summary>Whether a record that was read from JSON has everything that cannot be null: the reader leaves null where a field is missing.</summary>
internal static class JsonCompleteness
{
    /// <summary>True if no property of a record, or of records inside it, is null that must not be.</summary>
    public static bool IsComplete(object record)
    {
        var context = new NullabilityInfoContext();
        return record.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && p.CanWrite)
            .All(p => p.GetValue(record) is { } value ? IsValueComplete(value) : context.Create(p).ReadState != NullabilityState.NotNull);
    }

    private static bool IsValueComplete(object value) => value switch
    {
        string or ValueType => true,
        IEnumerable list => list.Cast<object?>().All(e => e is not null && IsValueComplete(e)),
        _ => IsComplete(value),
    };
}
