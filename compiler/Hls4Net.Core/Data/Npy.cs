using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Data;

/// <summary>
/// Whole .npy files in memory. Format: NumPy enhancement proposal 1, versions 1.0, 2.0 and 3.0; both byte orders and
/// both index orders are read, little-endian row-major is written. For files larger than memory there are
/// <see cref="NpyBatchReader"/> and <see cref="NpyBatchWriter{T}"/>.
/// </summary>
public static class Npy
{
    /// <summary>The most bytes of elements that a read brings into memory unless the caller says otherwise: 4 GiB.</summary>
    public const long DefaultMaximumBytes = 4L << 30;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="UserErrorException">The file cannot be read or is not a well-formed array (HLS4001 to HLS4009).</exception>
    public static NpyArray Read(string path, long maximumBytes = DefaultMaximumBytes)
    {
        using var stream = Open(path);
        return Guard(path, () => Read(stream, path, stream.CanSeek ? stream.Length : null, lengthIsKnown: stream.CanSeek, maximumBytes));
    }

    /// <summary>Writes a whole file, or none.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public static void Write(string path, NpyArray array)
    {
        using var file = AtomicFile.Create(path);
        Write(array, file.Write);
        file.Commit();
    }

    internal static void Write(NpyArray array, Action<ReadOnlySpan<byte>> write)
    {
        write(NpyHeader.Format(array.Type, array.Shape.Select(e => (long)e).ToSeq()));
        NpyElements.Write(array.Data, array.Type, write);
    }

    /// <param name="stream">At the magic; read to its end.</param>
    /// <param name="where">The file, and in an archive the entry, for messages.</param>
    /// <param name="length">Bytes from the magic to the end as the file system or the archive says; null if nobody says.</param>
    /// <param name="lengthIsKnown">Whether <paramref name="length"/> is a fact rather than a claim.</param>
    /// <param name="maximumBytes">Refuse arrays larger than this.</param>
    internal static NpyArray Read(Stream stream, string where, long? length, bool lengthIsKnown, long maximumBytes)
    {
        var header = NpyHeader.Read(stream, where);
        CheckLength(header, where, length);
        if (header.DataBytes > (UInt128)maximumBytes || header.Elements > Array.MaxLength)
            throw new UserErrorException(Messages.TooLargeForMemory(where, header.DataBytes, maximumBytes));
        if (header.Shape.Any(e => e > int.MaxValue))
            throw new UserErrorException(Messages.NpyHeaderBroken(where, $"shape {ShapeText.Of(header.Shape)} has an extent beyond 2^31 - 1"));

        var elements = NpyElements.Read(stream, header.Type, header.BigEndian, (int)header.Elements, lengthIsKnown, where);
        if (stream.ReadByte() >= 0)
            throw new UserErrorException(Messages.TrailingData(where, length is null ? null : length - header.DataOffset - (long)header.DataBytes));
        var shape = header.Shape.Select(e => (int)e).ToSeq();
        if (header.Fortran)
            elements = NpyElements.ToRowMajor(elements, header.Type, shape);
        return new NpyArray(shape, elements) { Source = where };
    }

    /// <exception cref="UserErrorException">Shape and length contradict each other (HLS4007, HLS4008).</exception>
    internal static void CheckLength(NpyHeader header, string where, long? length)
    {
        if (length is not { } total)
            return;
        var there = total - header.DataOffset;
        if (header.DataBytes > (UInt128)Math.Max(0, there))
            throw new UserErrorException(Messages.DataTruncated(where, header.DataBytes, there));
        if (header.DataBytes < (UInt128)Math.Max(0, there))
            throw new UserErrorException(Messages.TrailingData(where, there - (long)header.DataBytes));
    }

    /// <exception cref="UserErrorException">The file cannot be opened (HLS4001).</exception>
    internal static FileStream Open(string path) => Guard(path, () =>
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("this is not a file name");
        if (Directory.Exists(path))
            throw new IOException("it is a directory");
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
    });

    /// <summary>Turns what the system refuses while a file is read into a diagnostic.</summary>
    internal static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException(Messages.CannotRead(path, "there is no such file"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.CannotRead(path, e.Message));
        }
    }
}
