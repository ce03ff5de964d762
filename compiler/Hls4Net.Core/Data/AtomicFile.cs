using System.Text;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Core.Data;

/// <summary>
/// A file that appears complete or not at all: it is written under a temporary name in the target's folder and
/// moved onto the target by <see cref="Commit"/>. Disposing without a commit leaves the target as it was.
/// Devices below <c>/dev</c> and <c>/proc</c> are written in place, because moving a file onto one would replace it.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _target;
    private readonly string? _temporary;
    private bool _committed;

    private AtomicFile(string path, string target, string? temporary, FileStream stream)
    {
        _path = path;
        _target = target;
        _temporary = temporary;
        Stream = stream;
    }

    /// <summary>Where the content goes; closed by <see cref="Commit"/>.</summary>
    public FileStream Stream { get; }

    /// <exception cref="UserErrorException">The folder does not exist or cannot be written to (HLS4016).</exception>
    public static AtomicFile Create(string path) => Guard(path, () =>
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("this is not a file name");
        var full = Path.GetFullPath(path);
        if (full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal))
            return new AtomicFile(path, full, null, new FileStream(full, FileMode.Open, FileAccess.Write));
        // A link stays a link: what it points to is replaced.
        var target = new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target))
            throw new IOException("it is a directory");
        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".hls4net-{Guid.NewGuid():N}.tmp");
        return new AtomicFile(path, target, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16));
    });

    /// <summary>Has a file written by something that wants a path of its own, such as a native library.</summary>
    /// <param name="path">Where the file appears when it is complete.</param>
    /// <param name="write">Writes the whole file to the path that it is given, over an empty one.</param>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public static void Write(string path, Action<string> write)
    {
        using var file = Create(path);
        if (file._temporary is null)
            throw new UserErrorException(Messages.CannotWrite(path, "this kind of file cannot be written to a device"));
        file.Stream.Dispose();
        write(file._temporary);
        file.Commit();
    }

    /// <summary>Writes a whole file: UTF-8 without a byte order mark.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a whole file.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> content)
    {
        using var file = Create(path);
        file.Write(content);
        file.Commit();
    }

    /// <summary>Writes to <see cref="Stream"/>; a full disk becomes the user's error.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public void Write(ReadOnlySpan<byte> content)
    {
        try
        {
            Stream.Write(content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.CannotWrite(_path, e.Message));
        }
    }

    /// <summary>Closes the stream and puts the file in its place.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public void Commit() => Guard(_path, () =>
    {
        Stream.Dispose();
        if (_temporary is not null)
            File.Move(_temporary, _target, overwrite: true);
        return _committed = true;
    });

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException) when (!_committed)
        {
            // What could not be flushed belongs to a file that nobody will see.
        }
        if (!_committed && _temporary is not null)
            File.Delete(_temporary);
    }

    /// <summary>Runs an action on a file that is being written and turns what the system refuses into a diagnostic.</summary>
    internal static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.CannotWrite(path, e.Message));
        }
    }
}
