namespace Hls4Net.Core.Text;

/// <summary>
/// Finds the items of a sequence by name; made at the first use and made anew for another sequence, so that a <c>with</c> copy of the
/// record that holds it never looks into the sequence that it replaced.
/// </summary>
internal struct NameIndex<T>
{
    // One reference, so that threads that use a record at the same time see all of it or nothing.
    private Content? _content;

    /// <summary>The items by name.</summary>
    /// <exception cref="ArgumentException">Two items have the same name.</exception>
    public IReadOnlyDictionary<string, T> Of(Seq<T> items, Func<T, string> name)
    {
        if (_content is not { } content || !content.Items.IsSameAs(items))
            _content = content = new(items, items.ToDictionary(name, StringComparer.Ordinal));
        return content.ByName;
    }

    private sealed record Content(Seq<T> Items, Dictionary<string, T> ByName);
}
