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
    private bool _committed;

    private OutputDirectory(string target, string temporary) => (_target, Temporary) = (target, temporary);

    /// <summary>Where files are written until the commit.</summary>
    public string Temporary { get; }

    /// <summary>Prepares a folder.</summary>
    /// <exception cref="UserErrorException">The folder holds other things or cannot be written (HLS5201, HLS5202).</exception>
    public static OutputDirectory Create(string path)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(target))
            throw new UserErrorException(Messages.OutputNotWritable(path, "it is a file"));
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, ManifestName)))
            throw new UserErrorException(Messages.OutputNotOurs(path));
        try
        {
            var parent = Path.GetDirectoryName(target) ?? throw new IOException("it is the root folder");
            Directory.CreateDirectory(parent);
            var temporary = Path.Combine(parent, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
            Directory.CreateDirectory(temporary);
            return new(target, temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.OutputNotWritable(path, e.Message));
        }
    }

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
    public void Commit()
    {
        var old = $"{Temporary}.old";
        if (Directory.Exists(_target))
            Directory.Move(_target, old);
        Directory.Move(Temporary, _target);
        _committed = true;
        if (Directory.Exists(old))
            Directory.Delete(old, recursive: true);
    }

    public void Dispose()
    {
        if (!_committed && Directory.Exists(Temporary))
            Directory.Delete(Temporary, recursive: true);
    }
}
