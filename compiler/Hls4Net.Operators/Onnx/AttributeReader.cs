using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.AttributeProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// A node's attributes. Records which ones were read: one that nobody read is an error, so that no setting of a model is lost in silence.
/// </summary>
internal sealed class AttributeReader
{
    private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ignored = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AttributeNote> _notes = new(StringComparer.Ordinal);
    private readonly string _where;

    /// <exception cref="ImportException">Two attributes have the same name.</exception>
    public AttributeReader(IEnumerable<AttributeProto> attributes, string where)
    {
        _where = where;
        foreach (var attribute in attributes)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute))
                throw new ImportException(Messages.AttributeKind(where, $"The attribute '{attribute.Name}' is given twice."));
        }
    }

    /// <summary>Attributes that were asked for, whether the node has them or not.</summary>
    public IReadOnlySet<string> Read => _read;

    /// <summary>Attributes that have no influence on inference and were waved through.</summary>
    public IReadOnlySet<string> Ignored => _ignored;

    /// <summary>The kind and default of each attribute that was asked for, as the question put it.</summary>
    public IReadOnlyDictionary<string, AttributeNote> Notes => _notes;

    public bool Has(string name) => _attributes.ContainsKey(name);

    /// <summary>The attributes that nobody asked for.</summary>
    public IEnumerable<string> Unread => _attributes.Keys.Where(n => !_read.Contains(n) && !_ignored.Contains(n)).Order(StringComparer.Ordinal);

    /// <summary>Waves an attribute through that has no influence on inference.</summary>
    public void Ignore(string name) => _ignored.Add(name);

    /// <summary>The integers of an attribute that has no influence on inference, for a remark about them.</summary>
    public IReadOnlyList<long> IgnoredInts(string name)
    {
        Ignore(name);
        return _attributes.TryGetValue(name, out var attribute) ? attribute.Ints : [];
    }

    public long Int(string name, long otherwise) =>
        Find(name, AttributeType.Int, otherwise.ToString(CultureInfo.InvariantCulture))?.I ?? otherwise;

    public long Int(string name) => Required(name, AttributeType.Int).I;

    /// <summary>An integer that is 0 or 1.</summary>
    public bool Flag(string name, bool otherwise)
    {
        var value = Int(name, otherwise ? 1 : 0);
        return value is 0 or 1 ? value == 1 : throw Value(name, value.ToString(CultureInfo.InvariantCulture), "it must be 0 or 1");
    }

    /// <summary>The exact value of a float attribute, which is a float32.</summary>
    public Dyadic Float(string name, float otherwise) =>
        Finite(name, Find(name, AttributeType.Float, otherwise.ToString(CultureInfo.InvariantCulture))?.F ?? otherwise);

    /// <summary>The same, or null where it is NaN.</summary>
    public Dyadic? FloatOrNaN(string name, float otherwise)
    {
        var value = Find(name, AttributeType.Float, otherwise.ToString(CultureInfo.InvariantCulture))?.F ?? otherwise;
        return float.IsNaN(value) ? null : Finite(name, value);
    }

    public string Text(string name, string otherwise) =>
        Find(name, AttributeType.String, otherwise)?.S.ToStringUtf8() ?? otherwise;

    /// <summary>A list of integers, or null if the node does not have it.</summary>
    public long[]? Ints(string name) => Find(name, AttributeType.Ints) is { } found ? [.. found.Ints] : null;

    public Dyadic[]? Floats(string name) =>
        Find(name, AttributeType.Floats) is { } found ? [.. found.Floats.Select(f => Finite(name, f))] : null;

    public string[]? Strings(string name) =>
        Find(name, AttributeType.Strings) is { } found ? [.. found.Strings.Select(s => s.ToStringUtf8())] : null;

    public TensorProto? Tensor(string name) => Find(name, AttributeType.Tensor)?.T;

    public SparseTensorProto? SparseTensor(string name) => Find(name, AttributeType.SparseTensor)?.SparseTensor;

    /// <summary>Numbers and texts as they stand; tensors and graphs are left out.</summary>
    public IReadOnlyDictionary<string, SourceAttribute> ToSource()
    {
        var attributes = new Dictionary<string, SourceAttribute>(StringComparer.Ordinal);
        foreach (var (name, attribute) in _attributes)
        {
            Seq<Dyadic> numbers = attribute.Type switch
            {
                AttributeType.Int => [new Dyadic(attribute.I, 0)],
                AttributeType.Ints => attribute.Ints.Select(i => new Dyadic(i, 0)).ToSeq(),
                AttributeType.Float when float.IsFinite(attribute.F) => [Numbers.Exact(attribute.F)],
                AttributeType.Floats => attribute.Floats.Where(float.IsFinite).Select(f => Numbers.Exact(f)).ToSeq(),
                _ => [],
            };
            attributes[name] = new(numbers, attribute.Type == AttributeType.String ? attribute.S.ToStringUtf8() : "");
        }
        return attributes;
    }

    /// <summary>The refusal of a value.</summary>
    public ImportException Value(string name, string found, string needed) => new(Messages.AttributeValue(_where, name, found, needed));

    private Dyadic Finite(string name, float value) =>
        float.IsFinite(value) ? Numbers.Exact(value) : throw Value(name, value.ToString(CultureInfo.InvariantCulture), "it must be finite");

    private AttributeProto Required(string name, AttributeType type) =>
        Find(name, type, AttributeNote.Required) ?? throw new ImportException(Messages.AttributeKind(_where, $"The attribute '{name}' is missing."));

    private AttributeProto? Find(string name, AttributeType type, string otherwise = "")
    {
        _read.Add(name);
        _notes.TryAdd(name, new(type.ToString().ToLowerInvariant(), otherwise));
        if (!_attributes.TryGetValue(name, out var attribute))
            return null;
        if (attribute.RefAttrName.Length > 0)
            throw new ImportException(Messages.AttributeKind(_where, $"The attribute '{name}' refers to an attribute of a function, outside of any."));
        var actual = attribute.Type == AttributeType.Undefined ? Guess(attribute) : attribute.Type;
        return actual == type && IsPresent(attribute, type)
            ? attribute
            : throw new ImportException(Messages.AttributeKind(_where, $"The attribute '{name}' must be of kind {type}, and is {actual}."));
    }

    /// <summary>Early files leave the kind out.</summary>
    private static AttributeType Guess(AttributeProto attribute) =>
        attribute.HasF ? AttributeType.Float
        : attribute.HasI ? AttributeType.Int
        : attribute.HasS ? AttributeType.String
        : attribute.T is not null ? AttributeType.Tensor
        : attribute.G is not null ? AttributeType.Graph
        : attribute.Floats.Count > 0 ? AttributeType.Floats
        : attribute.Strings.Count > 0 ? AttributeType.Strings
        : AttributeType.Ints;

    /// <summary>A tensor must be there; numbers, texts and lists that are left out are zero or empty.</summary>
    private static bool IsPresent(AttributeProto attribute, AttributeType type) => type switch
    {
        AttributeType.Tensor => attribute.T is not null,
        AttributeType.SparseTensor => attribute.SparseTensor is not null,
        _ => true,
    };
}

/// <summary>What an import function says of an attribute by asking for it.</summary>
/// <param name="Kind">ONNX's name: int, float, string, ints, floats, tensor.</param>
/// <param name="Default">What holds where the node does not have it; empty if that follows from the inputs.</param>
internal sealed record AttributeNote(string Kind, string Default)
{
    /// <summary>In the place of a default: there is none.</summary>
    public const string Required = "required";
}
