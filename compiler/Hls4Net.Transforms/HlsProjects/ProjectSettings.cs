using Hls4Net.Core.Diagnostics;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>
/// Answers what an hls4ml configuration says about a layer, in the order in which hls4ml looks: the layer's own entry for the variable, its
/// entry for all of them, the same for its class, the model's. Names are compared without regard to case, as there.
/// </summary>
internal sealed class ProjectSettings
{
    private readonly HlsProject _project;
    private readonly Dictionary<string, Dictionary<string, HlsPrecision>> _precision = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Dictionary<string, HlsAttribute>> _attributes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HlsSection> _types;
    private readonly HashSet<string> _usedNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _usedTypes = new(StringComparer.OrdinalIgnoreCase);

    public ProjectSettings(HlsProject project)
    {
        _project = project;
        _types = new(project.LayerTypes, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, section) in project.LayerNames)
        {
            _precision[name] = new(section.Precision.Where(p => !p.Key.EndsWith("_t", StringComparison.Ordinal)), StringComparer.Ordinal);
            _attributes[name] = new(section.Attributes, StringComparer.Ordinal);
        }
    }

    /// <summary>The type of everything that nothing names.</summary>
    public HlsType Default => _project.Model.Precision.TryGetValue("default", out var found) && found.Type is { } type ? type : HlsType.Fixed(16, 6);

    /// <summary>The widest type that is inferred, or null for no limit.</summary>
    public HlsType? Maximum => _project.Model.Precision.TryGetValue("maximum", out var found) ? found.Type : null;

    public bool IsStreamed => _project.IsStreamed;

    /// <summary>
    /// Notes that hls4ml knows a layer, and under the name of another takes its entries over: a product with a constant matrix is renamed,
    /// and what the configuration says about the old name comes before what it says about the new one.
    /// </summary>
    public void Rename(string name, string fileClass, string newName)
    {
        Know(name, fileClass);
        Know(newName, fileClass);
        var merged = new Dictionary<string, HlsPrecision>(StringComparer.Ordinal);
        var attributes = new Dictionary<string, HlsAttribute>(StringComparer.Ordinal);
        if (_types.TryGetValue(fileClass, out var type))
            (merged, attributes) = (new(Plain(type)), new(type.Attributes));
        if (_project.LayerNames.TryGetValue(name, out var own))
        {
            // The entry replaces that of the class key by key, and the precision is one key.
            if (own.Precision.Count > 0)
                merged = new(Plain(own));
            foreach (var (key, value) in own.Attributes)
                attributes[key] = value;
        }
        var precision = _precision.TryGetValue(newName, out var earlier) ? earlier : _precision[newName] = new(StringComparer.Ordinal);
        foreach (var (variable, value) in merged)
            precision[variable] = value;
        _attributes[newName] = attributes;
        foreach (var (key, value) in Typed(type).Concat(Typed(own)))
            precision[key] = value;
    }

    /// <summary>Notes a layer by the name and class under which it is looked up.</summary>
    public void Know(string name, string layerClass)
    {
        _usedNames.Add(name);
        _usedTypes.Add(layerClass);
    }

    /// <summary>The type for a variable; null is <c>auto</c>.</summary>
    public HlsType? Precision(string name, LayerClass layerClass, string variable)
    {
        if (_precision.TryGetValue(name, out var own) && (own.TryGetValue(variable, out var found) || own.TryGetValue("default", out found)))
            return found.Type;
        if (_types.TryGetValue(layerClass.ToString(), out var type)
            && (type.Precision.TryGetValue(variable, out found) || type.Precision.TryGetValue("default", out found)))
            return found.Type;
        return _project.Model.Precision.TryGetValue(variable, out found) ? found.Type : Default;
    }

    /// <summary>A type that is written as a key of its own (TableT, ExpTableT, …), or null.</summary>
    public HlsType? TypeKey(string name, LayerClass layerClass, string key)
    {
        if (_precision.TryGetValue(name, out var renamed) && renamed.TryGetValue(key, out var found))
            return found.Type;
        if (_project.LayerNames.TryGetValue(name, out var own) && own.Precision.TryGetValue(key, out found))
            return found.Type;
        return _types.TryGetValue(layerClass.ToString(), out var type) && type.Precision.TryGetValue(key, out found) ? found.Type : null;
    }

    /// <summary>Where the configuration names a type that hls4ml does not look at, or null.</summary>
    public HlsPrecision? Ignored(string name, LayerClass layerClass, string variable) =>
        _precision.TryGetValue(name, out var own) && own.TryGetValue(variable, out var found) ? found
        : _types.TryGetValue(layerClass.ToString(), out var type) && type.Precision.TryGetValue(variable, out found) ? found : null;

    /// <summary>What is said about a layer beside types, its own entries before those of its class.</summary>
    public IReadOnlyDictionary<string, HlsAttribute> Attributes(string name, LayerClass layerClass)
    {
        var result = _types.TryGetValue(layerClass.ToString(), out var type)
            ? new Dictionary<string, HlsAttribute>(type.Attributes, StringComparer.Ordinal)
            : new(StringComparer.Ordinal);
        if (_attributes.TryGetValue(name, out var own))
        {
            foreach (var (key, value) in own)
                result[key] = value;
        }
        foreach (var key in new[] { "strategy", "reuse_factor", "compression" })
        {
            if (!result.ContainsKey(key) && _project.Model.Attributes.TryGetValue(key, out var value))
                result[key] = value;
        }
        return result;
    }

    /// <summary>Reports sections for layers and classes that the model does not have.</summary>
    /// <param name="constants">Names of constants, which hls4ml lists as layers.</param>
    public void CheckNames(string file, IReadOnlyCollection<string> constants, DiagnosticBag diagnostics)
    {
        foreach (var (name, section) in _project.LayerNames.Where(s => !_usedNames.Contains(s.Key) && !constants.Contains(s.Key)))
            diagnostics.Add(Messages.UnknownLayer(file, section.Line, name, "layer", [.. _usedNames]));
        var classes = Enum.GetNames<LayerClass>().Concat(HlsClassNames.OfFiles).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, section) in _project.LayerTypes)
        {
            if (!classes.Contains(name))
                diagnostics.Add(Messages.UnknownLayer(file, section.Line, name, "kind of layer", [.. _usedTypes]));
            else if (!_usedTypes.Contains(name) && name != "Constant")
                diagnostics.Add(Messages.HlsWithoutEffect($"{file}:{section.Line}", $"no layer is of the kind '{name}'; hls4ml looks for {string.Join(", ", _usedTypes.Order(StringComparer.Ordinal))} here"));
        }
    }

    private static Dictionary<string, HlsPrecision> Plain(HlsSection section) =>
        new(section.Precision.Where(p => !p.Key.EndsWith("_t", StringComparison.Ordinal)), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, HlsPrecision>> Typed(HlsSection? section) =>
        section?.Precision.Where(p => p.Key.EndsWith("_t", StringComparison.Ordinal)) ?? [];
}

/// <summary>Classes that hls4ml's readers write into configurations, whatever a layer is looked up by later.</summary>
internal static class HlsClassNames
{
    public static readonly string[] OfFiles =
    [
        "InputLayer", "Constant", "MatMul", "Conv", "BatchNormOnnx", "Quant", "LeakyReLU", "ThresholdedReLU", "ELU", "ReLU", "MaxPooling1D", "MaxPooling2D",
        "AveragePooling1D", "AveragePooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "Flatten",
        "Upsample", "Pad", "BipolarQuant", "LayerNormalization",
    ];
}
