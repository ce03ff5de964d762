using System.Globalization;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Events;

/// <summary>Reads a text file line by line as bytes, in memory that does not grow with the file.</summary>
internal sealed class LineReader(string path, Stream stream) : IDisposable
{
    /// <summary>No event has as many bytes; a file without line ends is no text.</summary>
    private const int LongestLine = 1 << 24;

    private byte[] _buffer = new byte[1 << 20];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its end; it stays valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length < 0 && !_isAtEnd)
            {
                Fill();
                continue;
            }
            line = _buffer.AsSpan(_start, length < 0 ? _end - _start : length);
            _start += length < 0 ? line.Length : length + 1;
            if (length < 0 && line.IsEmpty)
                return false;
            // A mark of the byte order is no part of the text.
            if (Number++ == 0 && line.StartsWith("\uFEFF"u8))
                line = line["\uFEFF"u8.Length..];
            return true;
        }
    }

    /// <summary>What stands before a separator, which is taken away with it.</summary>
    public static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> text, byte separator)
    {
        var length = text.IndexOf(separator);
        var part = length < 0 ? text : text[..length];
        text = length < 0 ? [] : text[(length + 1)..];
        return part;
    }

    public static UserErrorException Malformed(string path, long line, string what) =>
        new(Messages.EventMalformed(path, string.Create(CultureInfo.InvariantCulture, $"line {line}"), what));

    public void Dispose() => stream.Dispose();

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestLine)
                throw Malformed(path, Number + 1, "the line has no end");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        try
        {
            var got = stream.Read(_buffer, _end, _buffer.Length - _end);
            (_end, _isAtEnd) = (_end + got, got == 0);
        }
        catch (IOException e)
        {
            throw new UserErrorException(Messages.CannotRead(path, e.Message));
        }
    }
}
