using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx.Proto;

namespace Hls4Net.Operators.Onnx;

/// <summary>Tensor data in files beside the model. Only files inside the model's folder are ever opened.</summary>
internal sealed class ExternalData(string? folder)
{
    private const int MaximumLinks = 40;

    /// <summary>Exactly <paramref name="needed"/> bytes of the place that the entries describe.</summary>
    /// <exception cref="ImportException">The place is outside the folder, missing, or of another size.</exception>
    public ReadOnlyMemory<byte> Read(IReadOnlyList<StringStringEntryProto> entries, long needed, string where)
    {
        var location = entries.LastOrDefault(e => e.Key == "location")?.Value ?? "";
        if (location.Length == 0)
            throw new ImportException(Messages.ExternalRange(where, "The tensor is said to be in another file, and no file is named."));
        var offset = Number(entries, "offset", where) ?? 0;
        if (Number(entries, "length", where) is { } length && length != needed)
            throw new ImportException(Messages.ExternalRange(where, Invariant($"Its length is stated as {length} bytes; the shape asks for {needed}.")));
        var path = Locate(location, where);
        try
        {
            var size = new FileInfo(path).Length;
            if (offset > size || needed > size - offset)
                throw new ImportException(Messages.ExternalRange(where, Invariant(
                    $"{needed} bytes from byte {offset} of '{location}' are asked for, and the file has {size}.")));
            var bytes = new byte[needed];
            if (needed == 0)
                return bytes;
            using var stream = File.OpenRead(path);
            stream.Position = offset;
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException(Messages.ExternalMissing(where, location, e.Message));
        }
    }

    private static long? Number(IReadOnlyList<StringStringEntryProto> entries, string key, string where)
    {
        if (entries.LastOrDefault(e => e.Key == key) is not { } entry)
            return null;
        return long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ImportException(Messages.ExternalRange(where, $"Its {key} is not a whole number of bytes."));
    }

    private string Locate(string location, string where)
    {
        var outside = new ImportException(Messages.ExternalOutside(where, location));
        var parts = location.Replace('\\', '/').Split('/');
        if (folder is null || location.Contains('\0', StringComparison.Ordinal) || parts[0].Length == 0 || parts[0].Contains(':', StringComparison.Ordinal)
            || parts.Contains("..") || Path.IsPathRooted(location))
            throw outside;
        try
        {
            var root = RealPath(Path.GetFullPath(folder.Length == 0 ? "." : folder));
            var path = Path.Combine(root, Path.Combine(parts));
            if (!File.Exists(path))
                throw new ImportException(Messages.ExternalMissing(where, location, Directory.Exists(path) ? "it is a directory" : "there is no such file"));
            var real = RealPath(path);
            return real.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                ? real
                : throw outside;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ImportException(Messages.ExternalMissing(where, location, e.Message));
        }
    }

    /// <summary>The path with every symbolic link on the way resolved.</summary>
    private static string RealPath(string path)
    {
        for (var links = 0; links < MaximumLinks; links++)
        {
            var next = FollowFirstLink(path);
            if (next is null)
                return path;
            path = next;
        }
        throw new IOException("too many symbolic links");
    }

    private static string? FollowFirstLink(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var current = root;
        var parts = path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var k = 0; k < parts.Length; k++)
        {
            current = Path.Combine(current, parts[k]);
            FileSystemInfo info = Directory.Exists(current) ? new DirectoryInfo(current) : new FileInfo(current);
            if (info.LinkTarget is { } target)
                return Path.GetFullPath(Path.Combine([Path.GetDirectoryName(current)!, target, .. parts[(k + 1)..]]));
        }
        return null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
