using System.Reflection;
using Hls4Net.Core.Graphs;

namespace Hls4Net.Core.Text;

/// <summary>The operators that a text may name. Operators are an open set, so that whoever reads a graph says which there are.</summary>
public sealed class OperatorRegistry
{
    private readonly Dictionary<string, Type> _types;

    /// <summary>The given operators, each by its record's name.</summary>
    /// <exception cref="ArgumentException">Two have the same name, or one is not a sealed operator.</exception>
    public OperatorRegistry(IEnumerable<Type> operators)
    {
        _types = operators.ToDictionary(t => t.Name, StringComparer.Ordinal);
        foreach (var type in _types.Values.Where(t => !t.IsSealed || !t.IsSubclassOf(typeof(Operator))))
            throw new ArgumentException($"{type} is not a sealed operator.", nameof(operators));
    }

    /// <summary>All operators that an assembly defines.</summary>
    public static OperatorRegistry Of(Assembly assembly) => new(assembly.GetTypes().Where(t => t.IsSealed && t.IsSubclassOf(typeof(Operator))));

    /// <summary>The operators, ordered by name.</summary>
    public IReadOnlyList<Type> Types => [.. _types.Values.OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>The record of that name that can stand where a record of type <paramref name="wanted"/> is wanted, or null.</summary>
    internal Type? Find(string name, Type wanted)
    {
        var found = wanted == typeof(Operator) ? _types.GetValueOrDefault(name)
            : wanted.IsAbstract ? wanted.Assembly.GetTypes().FirstOrDefault(t => t.Name == name && t.IsSubclassOf(wanted))
            : wanted;
        return found?.Name == name && !found.IsAbstract ? found : null;
    }
}
