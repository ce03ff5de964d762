using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using HandlebarsDotNet;

namespace Hls4Net.Emission;

/// <summary>
/// Fills the templates of <c>runtime-templates/</c>; the only place that knows the template engine. Program text takes values as they are;
/// in templates of <c>.html</c> they are escaped, and only <c>{{{ }}}</c> takes markup. A name that the model does not have is a fault, not
/// an empty string.
/// </summary>
public static class Templates
{
    private static readonly IHandlebars ProgramText = Handlebars.Create(new HandlebarsConfiguration
    {
        NoEscape = true,
        ThrowOnUnresolvedBindingExpression = true,
    });

    private static readonly IHandlebars Html = Handlebars.Create(new HandlebarsConfiguration
    {
        TextEncoder = new HtmlEncoder(),
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
        var template = Compiled.GetOrAdd(path, p => (p.EndsWith(".html", StringComparison.Ordinal) ? Html : ProgramText).Compile(ResourceFiles.Read($"runtime-templates/{p}.hbs").ReplaceLineEndings("\n")));
        try
        {
            return template(model);
        }
        catch (HandlebarsException e)
        {
            throw new InvalidOperationException($"The template '{path}' does not fit its model: {e.Message}", e);
        }
    }

    /// <summary>Whatever a text holds, it stays text, in an element and in an attribute of quotation marks.</summary>
    private sealed class HtmlEncoder : ITextEncoder
    {
        public IFormatProvider? FormatProvider => CultureInfo.InvariantCulture;

        public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

        public void Encode(string? text, TextWriter target) => target.Write(WebUtility.HtmlEncode(text));

        public void Encode<T>(T? text, TextWriter target)
            where T : IEnumerator<char>
        {
            var all = new StringBuilder();
            while (text?.MoveNext() == true)
                all.Append(text.Current);
            Encode(all, target);
        }
    }
}
