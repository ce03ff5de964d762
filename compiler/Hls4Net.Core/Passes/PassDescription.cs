using System.Reflection;
using System.Text;

namespace Hls4Net.Core.Passes;

/// <summary>A pass as <c>hls4net passes</c> lists it and as users name it.</summary>
/// <param name="Name">The class's name in kebab-case: <c>fold-batch-norm</c>.</param>
/// <param name="Rewrites">The representation, for example Graph.</param>
/// <param name="Summary">One sentence.</param>
public sealed record PassDescription(string Name, string Rewrites, Promise Promise, string Summary)
{
    /// <summary>All passes of an assembly, ordered by name.</summary>
    public static IReadOnlyList<PassDescription> Of(Assembly assembly) =>
        [.. assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && PassInterface(t) is not null).Select(Of)
            .OrderBy(d => d.Name, StringComparer.Ordinal)];

    /// <summary>The description of a pass's class.</summary>
    /// <exception cref="InvalidOperationException">The class is not a pass, or does not say what it promises.</exception>
    public static PassDescription Of(Type type)
    {
        var rewrites = PassInterface(type) ?? throw new InvalidOperationException($"{type.Name} is not a pass.");
        var attribute = type.GetCustomAttribute<PassAttribute>()
            ?? throw new InvalidOperationException($"The pass {type.Name} does not say what it promises: it needs [Pass(…)].");
        return new(NameOf(type), rewrites.GetGenericArguments()[0].Name, attribute.Promise, attribute.Summary);
    }

    /// <summary>The description of a step from one representation to another, or of one that needs more than the representation.</summary>
    /// <param name="type">A class with <see cref="PassAttribute"/> that is not an <see cref="IPass{TIr}"/>.</param>
    /// <param name="rewrites">What it takes, for example Design.</param>
    /// <exception cref="InvalidOperationException">The class does not say what it promises.</exception>
    public static PassDescription OfStep(Type type, string rewrites)
    {
        var attribute = type.GetCustomAttribute<PassAttribute>()
            ?? throw new InvalidOperationException($"The step {type.Name} does not say what it promises: it needs [Pass(…)].");
        return new(NameOf(type), rewrites, attribute.Promise, attribute.Summary);
    }

    private static Type? PassInterface(Type type) =>
        Array.Find(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IPass<>));

    private static string NameOf(Type type)
    {
        var name = new StringBuilder();
        foreach (var c in type.Name.TakeWhile(char.IsAsciiLetterOrDigit))
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0)
                name.Append('-');
            name.Append(char.ToLowerInvariant(c));
        }
        return name.ToString();
    }
}
