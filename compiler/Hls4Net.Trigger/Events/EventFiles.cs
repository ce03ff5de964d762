using System.Text;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Trigger.Hdf5;

namespace Hls4Net.Trigger.Events;

/// <summary>Opens event files of every format.</summary>
public static class EventFiles
{
    private static ReadOnlySpan<byte> Hdf5Magic => "HDF\r\n"u8;

    /// <summary>Opens a file; its beginning decides what it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="units">What the user says of its units.</param>
    /// <exception cref="UserErrorException">It cannot be read (HLS4001) or is of no format that is known (HLS4105).</exception>
    public static IEventReader Open(string path, EventUnits units = EventUnits.OfTheFormat)
    {
        var head = Head(path);
        if (head.AsSpan().IndexOf(Hdf5Magic) == 1)
            return OpenHdf5(path, units);
        if (head.AsSpan().IndexOf("NUMPY"u8) == 1)
            return new NumPyReader(path, isArchive: false, units);
        if (head.AsSpan().StartsWith("PK"u8))
            return new NumPyReader(path, isArchive: true, units);
        if (head is [0x1F, 0x8B, ..])
            throw new UserErrorException(Messages.EventFormat(path, "it is compressed with gzip; unpack it first"));
        if (head.Length == 0)
            throw new UserErrorException(Messages.EventFormat(path, "it is empty"));
        if (head.AsSpan().ContainsAnyInRange((byte)0, (byte)8))
            throw new UserErrorException(Messages.EventFormat(path, "it is neither HDF5, NumPy nor text"));
        var line = Encoding.UTF8.GetString(head).Split('\n')[0];
        if (DarkMachinesReader.Recognises(line))
            return new DarkMachinesReader(path, OpenStream(path), units);
        if (line.Contains(',', StringComparison.Ordinal))
            return new CsvTableReader(path, OpenStream(path), units);
        throw new UserErrorException(Messages.EventFormat(path, $"it begins with '{Messages.Printable(line.Trim())}'"));
    }

    /// <summary>Whether a name says that the file is HDF5, which needs the native library.</summary>
    public static bool IsHdf5Name(string path) =>
        path.EndsWith(".h5", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".hdf5", StringComparison.OrdinalIgnoreCase);

    private static IEventReader OpenHdf5(string path, EventUnits units)
    {
        var file = Hdf5File.Open(path);
        try
        {
            return file.Has(Adc2021Reader.Particles) ? new Adc2021Reader(file, units) : new Hdf5TableReader(file, units);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static byte[] Head(string path)
    {
        using var stream = OpenStream(path);
        var head = new byte[4096];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    private static FileStream OpenStream(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException(Messages.CannotRead(path, e.Message));
        }
    }
}
