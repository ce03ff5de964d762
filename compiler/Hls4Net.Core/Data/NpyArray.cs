using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Data;

/// <summary>
/// A tensor in memory: its shape and its elements in row-major (C) order, whatever order the file had.
/// Two arrays are equal when type, shape and every bit are; where they came from does not count.
/// </summary>
public sealed record NpyArray
{
    /// <param name="shape">Extent of each dimension; empty for a single number.</param>
    /// <param name="data">The elements, not copied: one of the types of <see cref="NpyType"/>.</param>
    /// <exception cref="ArgumentException">The number of elements is not the product of the shape, or the type has no NumPy type.</exception>
    public NpyArray(Seq<int> shape, Array data)
    {
        Type = NpyTypes.Of(data.GetType().GetElementType()!);
        if (ElementCount(shape) != data.LongLength)
            throw new ArgumentException($"Shape {shape} does not hold {data.LongLength} elements.", nameof(shape));
        Shape = shape;
        Data = data;
    }

    public Seq<int> Shape { get; }

    public NpyType Type { get; }

    /// <summary>The elements in row-major order, as <c>float[]</c> for <see cref="NpyType.Float32"/> and so on.</summary>
    public Array Data { get; }

    /// <summary>The file, and in an archive the entry, that messages about this array name; empty if it came from no file.</summary>
    public string Source { get; init; } = "";

    public int Count => Data.Length;

    public static NpyArray Of<T>(Seq<int> shape, T[] data)
        where T : unmanaged => new(shape, data);

    /// <summary>Elements that another library left in memory, in row-major order and this machine's byte order.</summary>
    public static NpyArray FromBytes(Seq<int> shape, NpyType type, ReadOnlySpan<byte> bytes)
    {
        var data = type.CreateArray(bytes.Length / type.Size());
        bytes.CopyTo(Bytes(data, 0, data.Length, type.Size()));
        return new NpyArray(shape, data);
    }

    /// <summary>Copies the elements as this machine lays them out; <paramref name="target"/> has exactly their size, at most 2 GiB.</summary>
    public void CopyBytesTo(Span<byte> target) => Bytes(Data, 0, Count, Type.Size()).CopyTo(target);

    public bool Equals(NpyArray? other) =>
        other is not null && Type == other.Type && Shape == other.Shape && SameBits(Data, other.Data, (long)Count * Type.Size());

    public override int GetHashCode() => HashCode.Combine(Type, Shape);

    public override string ToString() => $"{Type.Name()}{Shape}";

    /// <summary>All elements as float64; booleans become 0 and 1.</summary>
    /// <exception cref="UserErrorException">An integer lies beyond ±2⁵³ and no float64 equals it (HLS4014).</exception>
    public double[] ToDoubles()
    {
        var result = new double[Count];
        CopyTo(result, 0);
        return result;
    }

    /// <summary>All elements as int64; booleans become 0 and 1, real numbers must be whole.</summary>
    /// <exception cref="UserErrorException">An element is not a whole number or outside int64 (HLS4013).</exception>
    public long[] ToInt64s()
    {
        var result = new long[Count];
        CopyTo(result, 0);
        return result;
    }

    /// <param name="target">Room for all elements.</param>
    /// <param name="firstRow">Row of the user's file that row 0 of this array is, for messages.</param>
    internal void CopyTo(Span<double> target, long firstRow)
    {
        // Not by the array's own type: to the runtime a ulong[] is a long[] too.
        switch (Type)
        {
            case NpyType.Float64: ((double[])Data).CopyTo(target); break;
            case NpyType.Float32: Widen((float[])Data, target); break;
            case NpyType.Float16: Widen((Half[])Data, target); break;
            case NpyType.Bool: Widen(BoolBytes((bool[])Data), target); break;
            case NpyType.Int8: Widen((sbyte[])Data, target); break;
            case NpyType.UInt8: Widen((byte[])Data, target); break;
            case NpyType.Int16: Widen((short[])Data, target); break;
            case NpyType.UInt16: Widen((ushort[])Data, target); break;
            case NpyType.Int32: Widen((int[])Data, target); break;
            case NpyType.UInt32: Widen((uint[])Data, target); break;
            case NpyType.Int64: WidenExactly((long[])Data, target, firstRow, v => v < 0 ? (ulong)-(Int128)v : (ulong)v); break;
            case NpyType.UInt64: WidenExactly((ulong[])Data, target, firstRow, v => v); break;
            default: throw new InvalidOperationException($"No conversion from {Type}.");
        }
    }

    /// <inheritdoc cref="CopyTo(Span{double}, long)"/>
    internal void CopyTo(Span<long> target, long firstRow)
    {
        // Not by the array's own type: to the runtime a ulong[] is a long[] too.
        switch (Type)
        {
            case NpyType.Int64: ((long[])Data).CopyTo(target); break;
            case NpyType.Bool: Widen(BoolBytes((bool[])Data), target); break;
            case NpyType.Int8: Widen((sbyte[])Data, target); break;
            case NpyType.UInt8: Widen((byte[])Data, target); break;
            case NpyType.Int16: Widen((short[])Data, target); break;
            case NpyType.UInt16: Widen((ushort[])Data, target); break;
            case NpyType.Int32: Widen((int[])Data, target); break;
            case NpyType.UInt32: Widen((uint[])Data, target); break;
            case NpyType.UInt64: Whole((ulong[])Data, target, firstRow, v => v <= long.MaxValue); break;
            case NpyType.Float16: Whole((Half[])Data, target, firstRow, v => IsWhole((double)v)); break;
            case NpyType.Float32: Whole((float[])Data, target, firstRow, v => IsWhole(v)); break;
            case NpyType.Float64: Whole((double[])Data, target, firstRow, IsWhole); break;
            default: throw new InvalidOperationException($"No conversion from {Type}.");
        }
    }

    /// <summary>The index of an element as a Python user writes it: <c>[12, 3]</c>.</summary>
    internal static string IndexText(Seq<int> shape, long flat, long firstRow)
    {
        var index = new long[shape.Count];
        for (var d = shape.Count - 1; d >= 0; d--)
        {
            index[d] = flat % shape[d];
            flat /= shape[d];
        }
        if (index.Length > 0)
            index[0] += firstRow;
        return $"[{string.Join(", ", index)}]";
    }

    /// <summary>The bytes of <paramref name="count"/> elements from <paramref name="start"/>; at most 2 GiB at a time.</summary>
    internal static Span<byte> Bytes(Array data, long start, int count, int elementSize) =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(data), (nint)(start * elementSize)), count * elementSize);

    private static long ElementCount(Seq<int> shape)
    {
        var count = shape.Contains(0) ? 0 : 1L;
        foreach (var extent in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent, nameof(shape));
            count *= extent;
        }
        return count;
    }

    private static bool SameBits(Array a, Array b, long bytes)
    {
        for (var at = 0L; at < bytes; at += 1 << 20)
        {
            var length = (int)Math.Min(1 << 20, bytes - at);
            if (!Bytes(a, at, length, 1).SequenceEqual(Bytes(b, at, length, 1)))
                return false;
        }
        return true;
    }

    private static byte[] BoolBytes(bool[] items) => Array.ConvertAll(items, b => b ? (byte)1 : (byte)0);

    private static bool IsWhole(double value) => value >= -9223372036854775808.0 && value < 9223372036854775808.0 && value == Math.Floor(value);

    private static void Widen<TFrom, TTo>(TFrom[] items, Span<TTo> target)
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo>
    {
        for (var i = 0; i < items.Length; i++)
            target[i] = TTo.CreateChecked(items[i]);
    }

    private void WidenExactly<T>(T[] items, Span<double> target, long firstRow, Func<T, ulong> magnitude)
        where T : INumberBase<T>
    {
        for (var i = 0; i < items.Length; i++)
        {
            var m = magnitude(items[i]);
            var significantBits = m == 0 ? 0 : 64 - BitOperations.LeadingZeroCount(m) - BitOperations.TrailingZeroCount(m);
            if (significantBits > 53)
                throw new UserErrorException(Messages.IntegerTooLargeForDouble(Source, IndexText(Shape, i, firstRow), Text(items[i])));
            target[i] = double.CreateChecked(items[i]);
        }
    }

    private void Whole<T>(T[] items, Span<long> target, long firstRow, Func<T, bool> fits)
        where T : INumberBase<T>
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (!fits(items[i]))
                throw new UserErrorException(Messages.NotWhole(Source, Type.Name(), IndexText(Shape, i, firstRow), Text(items[i])));
            target[i] = long.CreateChecked(items[i]);
        }
    }

    private static string Text<T>(T value)
        where T : INumberBase<T> => value.ToString(null, CultureInfo.InvariantCulture);
}
