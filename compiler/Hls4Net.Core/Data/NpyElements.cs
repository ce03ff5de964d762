using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Data;

/// <summary>Moves elements between files and memory: byte order, index order, and no more memory than the file has data.</summary>
internal static class NpyElements
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>
    /// Reads <paramref name="count"/> elements in the order in which they are stored. Where the stream's true length is
    /// not known the array grows with the data that really arrive, so that a claim alone costs no memory.
    /// </summary>
    public static Array Read(Stream stream, NpyType type, bool bigEndian, int count, bool lengthIsKnown, string where)
    {
        var size = type.Size();
        var elements = type.CreateArray(lengthIsKnown ? count : Math.Min(count, ChunkBytes));
        for (var done = 0; done < count;)
        {
            if (done == elements.Length)
                elements = Grow(elements, type, (int)Math.Min(count, 2L * done));
            var part = Math.Min(elements.Length - done, ChunkBytes / size);
            var bytes = NpyArray.Bytes(elements, done, part, size);
            var got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (got < bytes.Length)
                throw new UserErrorException(Messages.DataTruncated(where, (UInt128)count * (UInt128)size, (long)done * size + got));
            Normalise(bytes, type, bigEndian);
            done += part;
        }
        return elements;
    }

    /// <summary>Reads one run of elements into an array that is already there.</summary>
    public static void ReadInto(Stream stream, NpyType type, bool bigEndian, Array target, long start, int count, string where)
    {
        var bytes = NpyArray.Bytes(target, start, count, type.Size());
        var got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (got < bytes.Length)
            throw new UserErrorException(Messages.DataTruncated(where, (UInt128)bytes.Length, got));
        Normalise(bytes, type, bigEndian);
    }

    /// <summary>Elements as little-endian bytes, in chunks.</summary>
    public static void Write(Array elements, NpyType type, Action<ReadOnlySpan<byte>> write)
    {
        var size = type.Size();
        for (var done = 0L; done < elements.LongLength;)
        {
            var part = (int)Math.Min(elements.LongLength - done, ChunkBytes / size);
            write(LittleEndian(NpyArray.Bytes(elements, done, part, size), size));
            done += part;
        }
    }

    /// <summary>The bytes of elements of <paramref name="size"/> bytes, in the file's order.</summary>
    public static ReadOnlySpan<byte> LittleEndian(ReadOnlySpan<byte> bytes, int size)
    {
        if (BitConverter.IsLittleEndian || size == 1)
            return bytes;
        var swapped = bytes.ToArray();
        Swap(swapped, size);
        return swapped;
    }

    /// <summary>Elements whose first index varies fastest → the same elements with the last index varying fastest.</summary>
    public static Array ToRowMajor(Array elements, NpyType type, Seq<int> shape)
    {
        if (shape.Count < 2 || elements.Length < 2)
            return elements;
        var result = type.CreateArray(elements.Length);
        switch (type.Size())
        {
            case 1: Permute<byte>(elements, result, shape); break;
            case 2: Permute<ushort>(elements, result, shape); break;
            case 4: Permute<uint>(elements, result, shape); break;
            default: Permute<ulong>(elements, result, shape); break;
        }
        return result;
    }

    private static void Permute<TBits>(Array source, Array target, Seq<int> shape)
        where TBits : unmanaged
    {
        var from = MemoryMarshal.CreateSpan(ref Reinterpret<TBits>(source), source.Length);
        var to = MemoryMarshal.CreateSpan(ref Reinterpret<TBits>(target), target.Length);
        var strides = new int[shape.Count];
        var stride = 1;
        for (var d = 0; d < strides.Length; d++)
        {
            strides[d] = stride;
            stride *= shape[d];
        }
        var index = new int[shape.Count];
        var at = 0;
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = from[at];
            for (var d = index.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < shape[d])
                    break;
                at -= strides[d] * shape[d];
                index[d] = 0;
            }
        }
    }

    private static ref TBits Reinterpret<TBits>(Array array) =>
        ref System.Runtime.CompilerServices.Unsafe.As<byte, TBits>(ref MemoryMarshal.GetArrayDataReference(array));

    private static Array Grow(Array elements, NpyType type, int count)
    {
        var larger = type.CreateArray(count);
        Array.Copy(elements, larger, elements.Length);
        return larger;
    }

    private static void Normalise(Span<byte> bytes, NpyType type, bool bigEndian)
    {
        if (bigEndian == BitConverter.IsLittleEndian)
            Swap(bytes, type.Size());
        // A .NET bool holds 0 or 1; NumPy reads every other byte as true.
        if (type == NpyType.Bool)
        {
            foreach (ref var b in bytes)
                b = b == 0 ? (byte)0 : (byte)1;
        }
    }

    private static void Swap(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2:
                var two = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                var four = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                var eight = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }
}
