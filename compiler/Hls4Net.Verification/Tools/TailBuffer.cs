using System.Text;

namespace Hls4Net.Verification.Tools;

/// <summary>The last 16 KiB of what passes by.</summary>
internal sealed class TailBuffer
{
    private const int Size = 16 << 10;

    private readonly byte[] _bytes = new byte[Size];
    private long _total;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var last = bytes[Math.Max(0, bytes.Length - Size)..];
        _total += bytes.Length - last.Length;
        foreach (var b in last)
            _bytes[_total++ % Size] = b;
    }

    /// <summary>At most so many last lines, without the empty end.</summary>
    public IReadOnlyList<string> Lines(int maximum)
    {
        var bytes = new byte[(int)Math.Min(_total, Size)];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = _bytes[(_total - bytes.Length + i) % Size];
        var text = Encoding.UTF8.GetString(bytes).TrimEnd();
        if (text.Length == 0)
            return [];
        var lines = text.Split('\n');
        return [.. lines[Math.Max(0, lines.Length - maximum)..].Select(l => l.TrimEnd('\r'))];
    }
}
