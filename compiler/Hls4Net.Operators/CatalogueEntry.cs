using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>One ONNX operator that can be imported.</summary>
public sealed class CatalogueEntry
{
    internal CatalogueEntry(string name, int firstOpset, int lastOpset, Action<OnnxNode> import, Func<IEnumerable<OperatorCase>> cases, string remarks,
        IReadOnlyList<string> domains)
    {
        (Name, FirstOpset, LastOpset, Import, Cases, Remarks, Domains) = (name, firstOpset, lastOpset, import, cases, remarks, domains);
    }

    /// <summary>The ONNX operator, for example Gemm.</summary>
    public string Name { get; }

    /// <summary>The domains in which it is known; the standard one is the empty text.</summary>
    public IReadOnlyList<string> Domains { get; }

    /// <summary>The first operator set of the domain in which it is known.</summary>
    public int FirstOpset { get; }

    /// <summary>The last operator set of the domain in which it is known.</summary>
    public int LastOpset { get; }

    /// <summary>What is not supported, in a few words; empty if all of it is.</summary>
    public string Remarks { get; }

    /// <summary>The attributes that the importer asks for, sorted.</summary>
    public IReadOnlyList<string> Attributes => Observe(a => a.Read);

    /// <summary>The attributes that never have an influence on inference and are waved through, sorted.</summary>
    public IReadOnlyList<string> IgnoredAttributes => [.. Observe(a => a.Ignored).Except(Attributes)];

    /// <summary>The attributes that the importer asks for, with their kinds and defaults, sorted.</summary>
    public IReadOnlyList<AttributeDetail> AttributeDetails
    {
        get
        {
            var found = new SortedDictionary<string, (SortedSet<string> Kinds, SortedSet<string> Defaults)>(StringComparer.Ordinal);
            Watch(attributes =>
            {
                foreach (var (name, note) in attributes.Notes)
                {
                    if (!found.TryGetValue(name, out var all))
                        found[name] = all = (new(StringComparer.Ordinal), new(StringComparer.Ordinal));
                    all.Kinds.Add(note.Kind);
                    if (note.Default.Length > 0)
                        all.Defaults.Add(note.Default);
                }
            });
            return [.. found.Select(f => new AttributeDetail(f.Key, string.Join(" or ", f.Value.Kinds), string.Join(" or ", f.Value.Defaults)))];
        }
    }

    /// <summary>Small models of the operator, one line each, that the conformance tests try; the first is the plainest.</summary>
    public IReadOnlyList<string> Examples => [.. Cases().Select(c => $"{c.Name}: {c.Signature}")];

    internal Action<OnnxNode> Import { get; }

    /// <summary>Small models that try the operator with every attribute.</summary>
    internal Func<IEnumerable<OperatorCase>> Cases { get; }

    /// <summary>A list written by hand could differ from what the importer does; so the cases, models of this one node, are imported and watched.</summary>
    private string[] Observe(Func<AttributeReader, IReadOnlySet<string>> names)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        Watch(attributes => found.UnionWith(names(attributes)));
        return [.. found];
    }

    private void Watch(Action<AttributeReader> observe)
    {
        foreach (var operatorCase in Cases())
        {
            OnnxImporter.Import(operatorCase.ToModel(), operatorCase.ToString(), null, new ImportOptions(), new DiagnosticBag(),
                node => observe(node.Attributes));
        }
    }
}

/// <summary>An attribute as the importer asks for it.</summary>
/// <param name="Kind">ONNX's name for what it holds: int, float, string, ints, floats, tensor.</param>
/// <param name="Default">What holds where a node does not have it, "required" if it must, empty if it follows from the inputs.</param>
public sealed record AttributeDetail(string Name, string Kind, string Default);
