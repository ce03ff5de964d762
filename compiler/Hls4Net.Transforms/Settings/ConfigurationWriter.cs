using System.Globalization;
using Hls4Net.Core.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Hls4Net.Transforms.Settings;

/// <summary>Writes choices into a configuration that exists already, of which everything else stays.</summary>
internal sealed class ConfigurationWriter
{
    private readonly YamlMappingNode _root;

    /// <param name="text">A configuration that could be read; empty for none.</param>
    public ConfigurationWriter(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        _root = stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode mapping ? mapping : new YamlMappingNode();
    }

    /// <summary>Sets a key of an entry; without a key the entry itself, or the type in it where it has more to say.</summary>
    public void Set(string section, string entry, string? key, string value) => Set(section, entry, key, new YamlScalarNode(value) { Style = ScalarStyle.Plain });

    /// <summary>Sets a key to a list, on one line.</summary>
    public void Set(string section, string entry, string key, Seq<long> values) =>
        Set(section, entry, key, new YamlSequenceNode(values.Select(v => new YamlScalarNode(v.ToString(CultureInfo.InvariantCulture)))) { Style = SequenceStyle.Flow });

    /// <summary>The file, with lines of comment before it.</summary>
    public string ToText(IEnumerable<string> header)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        foreach (var line in header)
            writer.Write($"# {line}\n");
        var emitter = new Emitter(writer, new EmitterSettings().WithBestWidth(int.MaxValue).WithNewLine("\n"));
        new YamlStream(new YamlDocument(_root)).Save(emitter, assignAnchors: false);
        // The end of a document is of no use at the end of a file.
        var text = writer.ToString();
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    private void Set(string section, string entry, string? key, YamlNode value)
    {
        var entries = Child(_root, section);
        if (key is null && (!entries.Children.TryGetValue(entry, out var own) || own is not YamlMappingNode))
            entries.Children[entry] = value;
        else
            Child(entries, entry).Children[key ?? "type"] = value;
    }

    private static YamlMappingNode Child(YamlMappingNode parent, string key)
    {
        if (parent.Children.TryGetValue(key, out var child) && child is YamlMappingNode mapping)
            return mapping;
        var added = new YamlMappingNode();
        parent.Children[key] = added;
        return added;
    }
}
