using System.Collections;
using System.Runtime.CompilerServices;

namespace Hls4Net.Core.Text;

/// <summary>
/// An immutable sequence that compares by value, so that records which hold one are equal when their contents are.
/// </summary>
[CollectionBuilder(typeof(Seq), nameof(Seq.Create))]
public readonly struct Seq<T> : IReadOnlyList<T>, IEquatable<Seq<T>>
{
    private readonly T[]? _items;

    internal Seq(T[] items) => _items = items;

    public static Seq<T> Empty => default;

    public int Count => Items.Length;

    /// <summary>The items, without a copy.</summary>
    public ReadOnlySpan<T> Span => Items;

    private T[] Items => _items ?? [];

    public T this[int index] => Items[index];

    public static bool operator ==(Seq<T> left, Seq<T> right) => left.Equals(right);

    public static bool operator !=(Seq<T> left, Seq<T> right) => !left.Equals(right);

    public bool Equals(Seq<T> other) => ReferenceEquals(_items, other._items) || Items.AsSpan().SequenceEqual(other.Items);

    /// <summary>Whether both are one sequence in memory, which says more than that they are equal and costs nothing to know.</summary>
    internal bool IsSameAs(Seq<T> other) => ReferenceEquals(_items, other._items);

    public override bool Equals(object? obj) => obj is Seq<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Count);
        foreach (var item in Items.AsSpan(0, Math.Min(Count, 16)))
            hash.Add(item);
        return hash.ToHashCode();
    }

    public Enumerator GetEnumerator() => new(Items);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Items.GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", Items)}]";

    /// <summary>Goes through the items without an allocation.</summary>
    public struct Enumerator
    {
        private readonly T[] _items;
        private int _next;

        internal Enumerator(T[] items) => (_items, _next) = (items, -1);

        public readonly T Current => _items[_next];

        public bool MoveNext() => ++_next < _items.Length;
    }
}

/// <summary>Makes <see cref="Seq{T}"/> values.</summary>
public static class Seq
{
    public static Seq<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    public static Seq<T> ToSeq<T>(this IEnumerable<T> items) => new([.. items]);

    /// <summary>Wraps an array that the caller gives up: nobody may write to it afterwards.</summary>
    public static Seq<T> Own<T>(T[] items) => new(items);
}
