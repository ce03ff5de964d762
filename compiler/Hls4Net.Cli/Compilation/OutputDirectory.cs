using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Cli.Compilation;

/// <summary>
/// A folder that appears complete or not at all: files are collected beside the target and moved into place at the end. A folder that
/// is not empty and was not made by Hls4Net is never touched.
/// </summary>
internal sealed class OutputDirectory : IDisposable
{
    /// <summary>The file by which a folder of ours is known.</summary>
    public const string ManifestName = "hls4net.json";

    private readonly string _target;
    private readonly NewFolder _parent;
    private bool _committed;

    private OutputDirectory(string target, string temporary, NewFolder parent) => (_target, Temporary, _parent) = (target, temporary, parent);

    /// <summary>Where files are written until the commit.</summary>
    public string Temporary { get; }

    /// <summary>Prepares a folder.</summary>
    /// <exception cref="UserErrorException">The folder holds other things or cannot be written (HLS5201, HLS5202).</exception>
    public static OutputDirectory Create(string path)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        NewFolder? made = null;
        try
        {
            if (File.Exists(target))
                throw new IOException("it is a file");
            if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, ManifestName)))
                throw new UserErrorException(Messages.OutputNotOurs(path));
            if (IsOrHolds(target, Environment.CurrentDirectory))
                throw new IOException("it is or holds the current folder, which would be replaced; run the command from elsewhere");
            var parent = Path.GetDirectoryName(target)!;
            made = NewFolder.Create(parent);
            var temporary = Path.Combine(parent, $".hls4net-{Guid.NewGuid():N}.tmp");
            Directory.CreateDirectory(temporary);
            return new(target, temporary, made);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            made?.Dispose();
            // The system's message names a temporary folder, which would only confuse.
            var reason = e is UnauthorizedAccessException ? "you may not write there" : e.Message.Contains(".tmp", StringComparison.Ordinal) ? "the system does not let a folder be made there" : e.Message.TrimEnd('.');
            throw new UserErrorException(Messages.OutputNotWritable(path, reason));
        }
    }

    private static bool IsOrHolds(string folder, string inner) =>
        inner == folder || inner.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Writes a text file below the folder.</summary>
    public void Write(string path, string text)
    {
        var full = Path.Combine(Temporary, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>Writes a binary file below the folder.</summary>
    public void Write(string path, byte[] content)
    {
        var full = Path.Combine(Temporary, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
    }

    /// <summary>Puts the folder in place of an earlier one.</summary>
    /// <exception cref="UserErrorException">The system refuses; the earlier one is still in place (HLS5202).</exception>
    public void Commit()
    {
        var old = $"{Temporary}.old";
        try
        {
            var replaces = Directory.Exists(_target);
            if (replaces)
                Directory.Move(_target, old);
            try
            {
                Directory.Move(Temporary, _target);
                _committed = true;
            }
            catch when (replaces && !Directory.Exists(_target))
            {
                Directory.Move(old, _target);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.OutputNotWritable(_target, $"it cannot be replaced ({e.Message.TrimEnd('.')})"));
        }
        finally
        {
            if (Directory.Exists(old) && Directory.Exists(_target))
                Directory.Delete(old, recursive: true);
        }
    }

    public void Dispose()
    {
        if (_committed)
        {
            _parent.Keep();
            return;
        }
        if (Directory.Exists(Temporary))
            Directory.Delete(Temporary, recursive: true);
        _parent.Dispose();
    }
}
