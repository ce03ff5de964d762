using System.Text;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Trigger.Hdf5;

/// <summary>
/// A dataset of numbers or of texts, read some rows at a time. A dataset is stored in chunks that may split rows; the cache holds a whole
/// band of them, so that each is unpacked once.
/// </summary>
public sealed class Hdf5Dataset : IDisposable
{
    /// <summary>The most that the cache of unpacked chunks takes.</summary>
    private const long MostCacheBytes = 512L << 20;

    /// <summary>No filter of HDF5 packs more: deflate at most 1,032 to 1.</summary>
    private const long MostPacking = 2000;

    /// <summary>Small files may hold constants that take no room.</summary>
    private const long AlwaysAllowed = 64L << 20;

    private readonly Hdf5File _file;
    private readonly Hdf5Api _api;
    private readonly string _name;
    private readonly long _type;
    private long _dataset;

    internal Hdf5Dataset(Hdf5File file, string name, long place)
    {
        (_file, _api, _name) = (file, file.Api, name);
        _dataset = Require(_api.OpenDataset(place, name, Hdf5Api.Default));
        _type = _api.TypeOfDataset(_dataset);
        var space = Require(_api.SpaceOf(_dataset));
        Shape = (_api.ExtentsOf(space) ?? throw Hdf5File.Broken(file.Path, _api)).Select(e => (long)e).ToSeq();
        _api.Close("H5Sclose", space);
        CheckExtents();
        if (Shape.Count > 0 && _api.ChunksOf(_dataset, Shape.Count) is { } chunks)
            EnlargeCache(place, chunks);
    }

    /// <summary>All extents.</summary>
    public Seq<long> Shape { get; }

    /// <summary>Rows that one read should ask for: a band of chunks or more.</summary>
    public int PreferredRows { get; private set; } = 1 << 16;

    /// <summary>Whether the elements are integers or real numbers.</summary>
    public bool IsNumeric
    {
        get
        {
            lock (Hdf5Api.Gate)
                return _api.ClassOf(_type) is 0 or 1;
        }
    }

    /// <summary>Rows as float64; integers and narrower reals are converted.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="target">Room for them, row after row.</param>
    /// <exception cref="UserErrorException">The file is damaged (HLS4101).</exception>
    public void Read(long first, int rows, Span<double> target) => Read(first, rows, _api.Double, target);

    /// <inheritdoc cref="Read(long, int, Span{double})"/>
    public void Read(long first, int rows, Span<long> target) => Read(first, rows, _api.Int64, target);

    /// <summary>All elements of a dataset of texts of a fixed length.</summary>
    /// <exception cref="UserErrorException">They are something else, or the file is damaged (HLS4101).</exception>
    public IReadOnlyList<string> ReadTexts()
    {
        lock (Hdf5Api.Gate)
        {
            if (_api.ClassOf(_type) != 3 || _api.IsVariableText(_type) || Shape.Count != 1)
                throw new UserErrorException(Messages.Hdf5Broken(_file.Path, $"'{_name}' is no list of texts of a fixed length"));
            var size = _api.SizeOf(_type);
            var bytes = new byte[Shape[0] * size];
            if (!_api.Read<byte>(_dataset, _type, Hdf5Api.Default, Hdf5Api.Default, bytes))
                throw Hdf5File.Broken(_file.Path, _api);
            return [.. Enumerable.Range(0, (int)Shape[0]).Select(i => Encoding.UTF8.GetString(bytes, i * size, size).TrimEnd('\0', ' '))];
        }
    }

    public void Dispose()
    {
        lock (Hdf5Api.Gate)
        {
            _api.Close("H5Tclose", _type);
            _api.Close("H5Dclose", _dataset);
            _dataset = -1;
        }
    }

    private void Read<T>(long first, int rows, long type, Span<T> target)
        where T : unmanaged
    {
        lock (Hdf5Api.Gate)
        {
            ulong[] count = [(ulong)rows, .. Shape.Skip(1).Select(e => (ulong)e)];
            var start = new ulong[count.Length];
            start[0] = (ulong)first;
            var (fileSpace, memorySpace) = (_api.SpaceOf(_dataset), _api.CreateSpace(count, []));
            var isRead = _api.Select(fileSpace, start, count) && _api.Read(_dataset, type, memorySpace, fileSpace, target);
            var broken = isRead ? null : Hdf5File.Broken(_file.Path, _api);
            _api.Close("H5Sclose", memorySpace);
            _api.Close("H5Sclose", fileSpace);
            if (broken is not null)
                throw broken;
        }
    }

    /// <summary>A damaged head can promise more numbers than fit into any file; reading them would take for ever.</summary>
    private void CheckExtents()
    {
        var bytes = Shape.Aggregate((Int128)Math.Max(1, _api.SizeOf(_type)), (product, extent) => product > long.MaxValue ? product : product * Math.Max(0, extent));
        var length = new FileInfo(_file.Path).Length;
        if (bytes > AlwaysAllowed + (Int128)length * MostPacking)
            throw new UserErrorException(Messages.Hdf5Broken(_file.Path, FormattableString.Invariant($"'{_name}' of shape [{string.Join(", ", Shape)}] does not fit into a file of {length} bytes")));
    }

    private void EnlargeCache(long place, ulong[] chunks)
    {
        // In a damaged file the product can exceed any integer of 64 bits.
        var band = (UInt128)chunks[0] * (ulong)Math.Max(1, _api.SizeOf(_type));
        for (var i = 1; i < chunks.Length && band <= MostCacheBytes; i++)
            band *= ((UInt128)Shape[i] + chunks[i] - 1) / chunks[i] * chunks[i];
        if (band == 0 || band > MostCacheBytes)
            return;
        PreferredRows = (int)Math.Min((ulong)int.MaxValue / 2, chunks[0] * (((1 << 16) + chunks[0] - 1) / chunks[0]));
        var access = _api.CreateProperties(_api.DatasetAccess);
        _api.SetCache(access, (long)band * 2);
        _api.Close("H5Dclose", _dataset);
        _dataset = Require(_api.OpenDataset(place, _name, access));
        _api.Close("H5Pclose", access);
    }

    private long Require(long identifier) => identifier >= 0 ? identifier : throw Hdf5File.Broken(_file.Path, _api);
}
