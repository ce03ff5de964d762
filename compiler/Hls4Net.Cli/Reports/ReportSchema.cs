using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Xml.Linq;
using Hls4Net.Cli.Reporting;

namespace Hls4Net.Cli.Reports;

/// <summary>The JSON schema (draft 2020-12) of <c>report.json</c>, from the records that are written. The published one is a file; a test holds it against this.</summary>
internal static class ReportSchema
{
    /// <summary>Where the published schema is, among the tool's own files.</summary>
    public const string Path = "runtime-templates/report/report.schema.json";

    private static readonly JsonSerializerOptions Options = new(Reporter.JsonOptions) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver() };

    /// <summary>The schema's text.</summary>
    /// <param name="documentation">The compiler's XML documentation, from which descriptions are taken.</param>
    /// <param name="isClosed">Whether a property that the schema does not have is an error.</param>
    public static string Make(XDocument documentation, bool isClosed = false)
    {
        var comments = documentation.Descendants("member").GroupBy(m => m.Attribute("name")!.Value, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var schema = Options.GetJsonSchemaAsNode(typeof(Report), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (c, n) => Transform(c, n, comments, isClosed) });
        var root = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "report.json of hls4net" };
        foreach (var (name, value) in schema.AsObject().ToList())
            root[name] = value?.DeepClone();
        return root.ToJsonString(Reporter.JsonOptions) + "\n";
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, Dictionary<string, XElement> comments, bool isClosed)
    {
        if (node is not JsonObject schema)
            return node;
        if (schema["properties"] is JsonObject properties)
        {
            // What is null is left out, so that only what cannot be null must be there.
            var required = context.TypeInfo.Properties.Where(p => !p.IsGetNullable && p.AssociatedParameter is not { HasDefaultValue: true } && properties.ContainsKey(p.Name)).Select(p => (JsonNode)p.Name).ToArray();
            schema["required"] = new JsonArray(required);
            if (isClosed)
                schema["additionalProperties"] = false;
        }
        if (Description(context, comments) is { Length: > 0 } text && !schema.ContainsKey("$ref"))
            schema.Insert(0, "description", text);
        return schema;
    }

    /// <summary>Of a property the comment on the record's parameter, of a record its summary.</summary>
    private static string? Description(JsonSchemaExporterContext context, Dictionary<string, XElement> comments)
    {
        if (context.PropertyInfo is not { } property)
            return context.Path.Length == 0 ? Words(comments.GetValueOrDefault($"T:{context.TypeInfo.Type.FullName}")?.Element("summary")) : null;
        var name = char.ToUpperInvariant(property.Name[0]) + property.Name[1..];
        var parameter = comments.GetValueOrDefault($"T:{property.DeclaringType.FullName}")?.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == name);
        return Words(parameter ?? comments.GetValueOrDefault($"P:{property.DeclaringType.FullName}.{name}")?.Element("summary"));
    }

    private static string? Words(XElement? comment) => comment is null ? null
        : string.Join(' ', string.Concat(comment.DescendantNodes().Select(n => n is XText text ? text.Value : n is XElement { Name.LocalName: "see" } see ? see.Attribute("cref")?.Value.Split('.')[^1] : "")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
