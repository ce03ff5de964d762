using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Cli.Compilation;

/// <summary>A folder that is made with those above it; what was made goes again if the command fails before it keeps it.</summary>
internal sealed class NewFolder : IDisposable
{
    /// <summary>Outermost first.</summary>
    private readonly List<string> _made = [];
    private bool _isKept;

    private NewFolder()
    {
    }

    /// <summary>Makes a folder if it does not exist.</summary>
    /// <exception cref="UserErrorException">The system refuses (HLS5202).</exception>
    public static NewFolder Create(string path)
    {
        var folder = new NewFolder();
        try
        {
            folder.Make(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folder.Dispose();
            throw new UserErrorException(Messages.OutputNotWritable(path, e.Message.TrimEnd('.')));
        }
    }

    /// <summary>The command succeeded.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        if (_isKept)
            return;
        _isKept = true;
        foreach (var folder in Enumerable.Reverse(_made))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else has put something there, which is theirs.
                return;
            }
        }
    }

    private void Make(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (Path.GetDirectoryName(folder) is { } above)
            Make(above);
        Directory.CreateDirectory(folder);
        _made.Add(folder);
    }
}
