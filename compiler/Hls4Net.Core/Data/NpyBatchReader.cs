using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Data;

/// <summary>
/// Reads a .npy file of shape [N, row shape…] some rows at a time, so that the file may be larger than memory. Shape and
/// length are checked when it is opened.
/// </summary>
public sealed class NpyBatchReader : IDisposable
{
    private readonly FileStream _stream;
    private readonly NpyHeader _header;
    private readonly string _path;

    private NpyBatchReader(FileStream stream, NpyHeader header, string path)
    {
        _stream = stream;
        _header = header;
        _path = path;
        Rows = header.Shape[0];
        RowShape = header.Shape.Skip(1).Select(e => (int)e).ToSeq();
        RowSize = RowShape.Aggregate(1, (product, extent) => product * extent);
    }

    /// <summary>N, the first extent.</summary>
    public long Rows { get; }

    /// <summary>Extents after the first.</summary>
    public Seq<int> RowShape { get; }

    /// <summary>Elements in one row.</summary>
    public int RowSize { get; }

    public NpyType Type => _header.Type;

    /// <summary>The file, for messages.</summary>
    public string Source => _path;

    /// <summary>The row that the next read begins with.</summary>
    public long NextRow { get; private set; }

    public long RowsLeft => Rows - NextRow;

    /// <exception cref="UserErrorException">The file cannot be read, is malformed, or has no rows to speak of (HLS4001 to HLS4010).</exception>
    public static NpyBatchReader Open(string path)
    {
        var stream = Npy.Open(path);
        try
        {
            return Npy.Guard(path, () =>
            {
                if (!stream.CanSeek)
                    throw new IOException("it is not a regular file, and its shape must be known before its data");
                var header = NpyHeader.Read(stream, path);
                Npy.CheckLength(header, path, stream.Length);
                if (header.Shape.Count == 0)
                    throw new UserErrorException(Messages.ArrayShape(path, "[]", "[N, ...]", "Make it an array of rows: x.reshape(1, -1)."));
                // A row has to fit into one .NET array; the number of rows is free.
                var row = header.Shape.Skip(1).Aggregate((UInt128)1, (p, e) => p > int.MaxValue ? p : p * (UInt128)e);
                if (row > int.MaxValue)
                    throw new UserErrorException(Messages.NpyHeaderBroken(path, "one row has more than 2^31 - 1 elements"));
                if (row == 0)
                    throw new UserErrorException(Messages.ArrayShape(path, ShapeText.Of(header.Shape), "[N, ...]", "A row must have at least one element."));
                return new NpyBatchReader(stream, header, path);
            });
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The next rows as float64, row after row; fewer than asked for at the end, none after it.</summary>
    /// <exception cref="UserErrorException">An integer has no equal float64 (HLS4014), or the file shrank while it was read.</exception>
    public double[] ReadDoubles(int maximumRows)
    {
        var (rows, firstRow) = ReadArray(maximumRows);
        var result = new double[rows.Count];
        rows.CopyTo(result, firstRow);
        return result;
    }

    /// <summary>The next rows as int64, row after row; fewer than asked for at the end, none after it.</summary>
    /// <exception cref="UserErrorException">An element is not a whole number (HLS4013), or the file shrank while it was read.</exception>
    public long[] ReadInt64s(int maximumRows)
    {
        var (rows, firstRow) = ReadArray(maximumRows);
        var result = new long[rows.Count];
        rows.CopyTo(result, firstRow);
        return result;
    }

    /// <summary>Starts over with row 0.</summary>
    public void Rewind() => NextRow = 0;

    public void Dispose() => _stream.Dispose();

    private (NpyArray Rows, long FirstRow) ReadArray(int maximumRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumRows);
        var first = NextRow;
        var rows = (int)Math.Min(Math.Min(maximumRows, Math.Max(1, Array.MaxLength / RowSize)), RowsLeft);
        var elements = Type.CreateArray(rows * RowSize);
        Npy.Guard(_path, () =>
        {
            if (_header.Fortran)
                elements = ReadColumns(rows, elements);
            else
                ReadRun(first * RowSize, elements, 0, elements.Length);
            return 0;
        });
        NextRow += rows;
        return (new NpyArray(RowShape.Prepend(rows).ToSeq(), elements) { Source = _path }, first);
    }

    /// <summary>With the first index varying fastest, the wanted rows are one run per element of a row.</summary>
    private Array ReadColumns(int rows, Array elements)
    {
        for (var column = 0; column < RowSize; column++)
            ReadRun(column * Rows + NextRow, elements, column * rows, rows);
        return NpyElements.ToRowMajor(elements, Type, RowShape.Prepend(rows).ToSeq());
    }

    private void ReadRun(long fileElement, Array target, int start, int count)
    {
        const int chunk = 1 << 20;
        _stream.Position = _header.DataOffset + fileElement * Type.Size();
        for (var done = 0; done < count; done += chunk)
            NpyElements.ReadInto(_stream, Type, _header.BigEndian, target, start + done, Math.Min(chunk, count - done), _path);
    }
}
