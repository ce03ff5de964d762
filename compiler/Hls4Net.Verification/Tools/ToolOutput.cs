using System.Text;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Verification.Tools;

/// <summary>Collects what a program prints: the beginning of each stream, the end of both, all of it in the log. Memory is bounded.</summary>
internal sealed class ToolOutput : IDisposable
{
    private const long MaximumLogBytes = 1L << 30;

    private readonly Lock _lock = new();
    private readonly int _maximum;
    private readonly FileStream? _log;
    private long _logged;
    private bool _closed;

    public ToolOutput(string? logPath, int maximum)
    {
        _maximum = maximum;
        Output = new Sink(this);
        Errors = new Sink(this);
        if (logPath is null)
            return;
        try
        {
            _log = new FileStream(logPath, FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.CannotWrite(logPath, e.Message));
        }
    }

    public Sink Output { get; }

    public Sink Errors { get; }

    public bool Truncated => Output.Dropped || Errors.Dropped;

    /// <summary>The last lines of standard output, then those of standard error, where programs say what is wrong.</summary>
    public string LastLines
    {
        get
        {
            lock (_lock)
                return string.Join('\n', [.. Output.Tail.Lines(10), .. Errors.Tail.Lines(20)]);
        }
    }

    /// <summary>Nothing that still comes is kept.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _log?.Dispose();
        }
    }

    private void Append(Sink sink, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            var room = (int)Math.Min(bytes.Length, _maximum - sink.Kept.Length);
            sink.Kept.Write(bytes[..room]);
            sink.Dropped |= room < bytes.Length;
            // A log that fills the disk is worse than one that ends early; the program itself must not notice either.
            if (_log is not null && _logged < MaximumLogBytes)
                TryLog(bytes);
            sink.Tail.Append(bytes);
        }
    }

    private void TryLog(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _logged += bytes.Length;
            _log!.Write(bytes);
            _log.Flush();
        }
        catch (IOException)
        {
            // The disk is full: what is shown comes from memory.
        }
    }

    /// <summary>One of the two streams.</summary>
    internal sealed class Sink(ToolOutput owner) : Stream
    {
        public MemoryStream Kept { get; } = new();

        public TailBuffer Tail { get; } = new();

        public bool Dropped { get; set; }

        public string Text
        {
            get
            {
                lock (owner._lock)
                    return Encoding.UTF8.GetString(Kept.GetBuffer(), 0, (int)Kept.Length);
            }
        }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => owner.Append(this, buffer);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Write(buffer.AsSpan(offset, count));
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
