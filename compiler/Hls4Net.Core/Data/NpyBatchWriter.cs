using System.Runtime.InteropServices;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Data;

/// <summary>
/// Writes a .npy file of shape [N, row shape…] some rows at a time; N is what was written when it is committed. Disposing
/// without a commit leaves no file.
/// </summary>
/// <typeparam name="T">Element type, one of those of <see cref="NpyType"/>.</typeparam>
public sealed class NpyBatchWriter<T> : IDisposable
    where T : unmanaged
{
    private readonly AtomicFile _file;
    private readonly string _path;
    private readonly NpyType _type = NpyTypes.Of(typeof(T));
    private readonly Seq<int> _rowShape;
    private readonly int _rowSize;

    /// <exception cref="Diagnostics.UserErrorException">The file cannot be written (HLS4016).</exception>
    public NpyBatchWriter(string path, Seq<int> rowShape)
    {
        _path = path;
        _rowShape = rowShape;
        _rowSize = rowShape.Aggregate(1, (product, extent) => product * extent);
        ArgumentOutOfRangeException.ThrowIfZero(_rowSize, nameof(rowShape));
        _file = AtomicFile.Create(path);
        _file.Write(Header());
    }

    /// <summary>Rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Appends whole rows in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of elements is not a multiple of a row.</exception>
    /// <exception cref="Diagnostics.UserErrorException">The file cannot be written (HLS4016).</exception>
    public void Append(ReadOnlySpan<T> rows)
    {
        if (rows.Length % _rowSize != 0)
            throw new ArgumentException($"{rows.Length} elements are not whole rows of {_rowSize}.", nameof(rows));
        const int chunk = 1 << 20;
        for (var done = 0; done < rows.Length; done += chunk)
            _file.Write(NpyElements.LittleEndian(MemoryMarshal.AsBytes(rows[done..Math.Min(rows.Length, done + chunk)]), _type.Size()));
        Rows += rows.Length / _rowSize;
    }

    /// <summary>Completes the file and puts it in its place.</summary>
    /// <exception cref="Diagnostics.UserErrorException">The file cannot be written (HLS4016).</exception>
    public void Commit()
    {
        // The header reserves room for any number of rows, so that its length never changes.
        AtomicFile.Guard(_path, () => _file.Stream.Seek(0, SeekOrigin.Begin));
        _file.Write(Header());
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private byte[] Header() => NpyHeader.Format(_type, _rowShape.Select(e => (long)e).Prepend(Rows).ToSeq());
}
