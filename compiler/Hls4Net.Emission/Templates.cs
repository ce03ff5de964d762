using System.Collections.Concurrent;
using HandlebarsDotNet;

namespace Hls4Net.Emission;

/// <summary>
/// Fills the templates of <c>runtime-templates/</c>; the only place that knows the template engine. Values are inserted as they are
/// (the output is program text, not HTML), and a name that the model does not have is a fault, not an empty string.
/// </summary>
public static class Templates
{
    private static readonly IHandlebars Engine = Handlebars.Create(new HandlebarsConfiguration
    {
        NoEscape = true,
        ThrowOnUnresolvedBindingExpression = true,
    });

    /// <summary>Compiled templates by path: the same path always gives the same template.</summary>
    private static readonly ConcurrentDictionary<string, HandlebarsTemplate<object, object>> Compiled = new(StringComparer.Ordinal);

    /// <summary>The text of an output file.</summary>
    /// <param name="path">Below <c>runtime-templates/</c> and without <c>.hbs</c>, for example <c>hls/firmware.cpp</c>.</param>
    /// <param name="model">An object whose properties the template names.</param>
    /// <exception cref="InvalidOperationException">The template is missing or names what the model does not have: our own mistake.</exception>
    public static string Render(string path, object model)
    {
        var template = Compiled.GetOrAdd(path, p => Engine.Compile(ResourceFiles.Read($"runtime-templates/{p}.hbs").ReplaceLineEndings("\n")));
        try
        {
            return template(model);
        }
        catch (HandlebarsException e)
        {
            throw new InvalidOperationException($"The template '{path}' does not fit its model: {e.Message}", e);
        }
    }
}
