using System.IO.Compression;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Core.Data;

/// <summary>
/// .npz files: zip archives with one .npy per array, stored (<c>numpy.savez</c>) or deflated
/// (<c>numpy.savez_compressed</c>). The order of the entries is kept in both directions.
/// </summary>
public static class Npz
{
    private static readonly DateTimeOffset EarliestZipTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads all arrays, in the archive's order.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="maximumBytes">The most bytes of elements that all arrays together may have.</param>
    /// <exception cref="UserErrorException">The file cannot be read (HLS4001), is no archive of arrays (HLS4015), or an entry is malformed.</exception>
    public static OrderedDictionary<string, NpyArray> Read(string path, long maximumBytes = Npy.DefaultMaximumBytes)
    {
        using var stream = Npy.Open(path);
        return Npy.Guard(path, () =>
        {
            try
            {
                return Read(stream, path, maximumBytes);
            }
            catch (InvalidDataException e)
            {
                throw new UserErrorException(Messages.NpzBroken(path, e.Message));
            }
        });
    }

    /// <summary>Writes all arrays in the given order, or nothing; the same arrays give the same bytes.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="arrays">Names without <c>.npy</c>, each once.</param>
    /// <param name="compress">Deflate the entries, as <c>numpy.savez_compressed</c> does.</param>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NpyArray>> arrays, bool compress = false)
    {
        using var file = AtomicFile.Create(path);
        AtomicFile.Guard(path, () =>
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            using var archive = new ZipArchive(file.Stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, array) in arrays)
            {
                if (!names.Add(name))
                    throw new InvalidOperationException($"Two arrays are named '{name}'.");
                var entry = archive.CreateEntry(name + ".npy", compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
                entry.LastWriteTime = EarliestZipTime;
                using var content = entry.Open();
                Npy.Write(array, content.Write);
            }
            return names.Count;
        });
        file.Commit();
    }

    private static OrderedDictionary<string, NpyArray> Read(Stream stream, string path, long maximumBytes)
    {
        var arrays = new OrderedDictionary<string, NpyArray>(StringComparer.Ordinal);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        foreach (var entry in archive.Entries)
        {
            var name = entry.FullName;
            if (!name.EndsWith(".npy", StringComparison.Ordinal))
                throw new UserErrorException(Messages.NpzBroken(path, $"its entry '{Messages.Printable(name)}' is not a .npy file"));
            name = name[..^".npy".Length];
            if (entry.IsEncrypted)
                throw new UserErrorException(Messages.NpzBroken(path, $"its entry '{Messages.Printable(name)}' is encrypted"));
            var where = $"{path}[{Messages.Printable(name)}]";
            using var content = new Crc32Stream(entry.Open());
            var array = Npy.Read(content, where, entry.Length, lengthIsKnown: false, maximumBytes);
            if (content.Crc != entry.Crc32)
                throw new UserErrorException(Messages.NpzBroken(path, $"the checksum of its entry '{Messages.Printable(name)}' is wrong"));
            if (!arrays.TryAdd(name, array))
                throw new UserErrorException(Messages.NpzBroken(path, $"it has two entries '{Messages.Printable(name)}'"));
            maximumBytes -= (long)array.Count * array.Type.Size();
        }
        return arrays;
    }
}
