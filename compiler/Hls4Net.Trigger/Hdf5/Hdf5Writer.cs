using System.Text;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Hdf5;

/// <summary>An HDF5 file that is written; the same content gives the same bytes with one version of the library.</summary>
public sealed class Hdf5Writer : IDisposable
{
    private const uint Deflate = 4;
    private const ulong Unlimited = ulong.MaxValue;

    private readonly Hdf5Api _api;
    private readonly string _path;
    private long _file;

    /// <summary>Creates a file at a path, over one that is there.</summary>
    /// <exception cref="UserErrorException">The library is missing (HLS5021), or the file cannot be written (HLS4016).</exception>
    public Hdf5Writer(string path)
    {
        (_api, _path) = (Hdf5Library.Load().Api, path);
        lock (Hdf5Api.Gate)
            _file = Require(_api.CreateFile(path));
    }

    /// <summary>Writes a dataset of integers at once.</summary>
    public void Write(string name, ReadOnlySpan<long> values) => Write(name, [(ulong)values.Length], _api.Int64, values);

    /// <summary>Writes a dataset of real numbers at once.</summary>
    public void Write(string name, ReadOnlySpan<ulong> shape, ReadOnlySpan<double> values) => Write(name, shape, _api.Double, values);

    /// <summary>Writes a list of texts, each as long as the longest.</summary>
    public void Write(string name, IReadOnlyList<string> texts)
    {
        lock (Hdf5Api.Gate)
        {
            var size = texts.Max(t => Encoding.UTF8.GetByteCount(t));
            var bytes = new byte[size * texts.Count];
            for (var i = 0; i < texts.Count; i++)
                Encoding.UTF8.GetBytes(texts[i], bytes.AsSpan(i * size));
            var type = _api.TextType(size);
            var creation = Creation([]);
            WriteDataset<byte>(name, [(ulong)texts.Count], type, bytes, creation);
            _api.Close("H5Pclose", creation);
            _api.Close("H5Tclose", type);
        }
    }

    /// <summary>A dataset of real numbers to which rows are added.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rowShape">The extents after the first.</param>
    /// <param name="chunkRows">Rows that are packed together.</param>
    /// <returns>Adds whole rows.</returns>
    public Action<ReadOnlyMemory<double>> Append(string name, ReadOnlySpan<ulong> rowShape, int chunkRows)
    {
        ulong[] row = [.. rowShape];
        var rowSize = row.Aggregate(1UL, (p, e) => p * e);
        var rows = 0UL;
        lock (Hdf5Api.Gate)
        {
            var space = _api.CreateSpace([0, .. row], [Unlimited, .. row]);
            var creation = Creation([(ulong)chunkRows, .. row]);
            _api.Close("H5Dclose", Require(_api.CreateDataset(_file, name, _api.Double, space, creation)));
            _api.Close("H5Pclose", creation);
            _api.Close("H5Sclose", space);
        }
        return values =>
        {
            lock (Hdf5Api.Gate)
            {
                var added = (ulong)values.Length / rowSize;
                var dataset = Require(_api.OpenDataset(_file, name, Hdf5Api.Default));
                RequireDone(_api.Resize(dataset, [rows + added, .. row]));
                var (fileSpace, memorySpace) = (_api.SpaceOf(dataset), _api.CreateSpace([added, .. row], []));
                ulong[] start = [rows, .. row.Select(_ => 0UL)];
                RequireDone(_api.Select(fileSpace, start, [added, .. row]) && _api.Write(dataset, _api.Double, memorySpace, fileSpace, values.Span));
                _api.Close("H5Sclose", memorySpace);
                _api.Close("H5Sclose", fileSpace);
                RequireDone(_api.Close("H5Dclose", dataset));
                rows += added;
            }
        };
    }

    /// <summary>Gives the file an attribute: a whole number, a real number or a text.</summary>
    public void SetAttribute(string name, object value)
    {
        lock (Hdf5Api.Gate)
        {
            var bytes = value is string text ? Encoding.UTF8.GetBytes(text) : [];
            var type = value is string ? _api.TextType(bytes.Length) : value is double ? _api.Double : _api.Int64;
            var space = _api.CreateScalar();
            var attribute = Require(_api.CreateAttribute(_file, name, type, space));
            RequireDone(value switch
            {
                string => _api.WriteAttribute<byte>(attribute, type, bytes.Length == 0 ? [0] : bytes),
                double real => _api.WriteAttribute<double>(attribute, type, [real]),
                _ => _api.WriteAttribute<long>(attribute, type, [Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)]),
            });
            _api.Close("H5Aclose", attribute);
            _api.Close("H5Sclose", space);
            if (value is string)
                _api.Close("H5Tclose", type);
        }
    }

    /// <summary>Closes the file; what could not be written to the disk is known only then.</summary>
    /// <exception cref="UserErrorException">The file cannot be written (HLS4016).</exception>
    public void Finish()
    {
        lock (Hdf5Api.Gate)
        {
            var (file, _) = (_file, _file = -1);
            RequireDone(_api.Close("H5Fclose", file));
        }
    }

    public void Dispose()
    {
        lock (Hdf5Api.Gate)
        {
            _api.Close("H5Fclose", _file);
            _file = -1;
        }
    }

    private void Write<T>(string name, ReadOnlySpan<ulong> shape, long type, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        lock (Hdf5Api.Gate)
        {
            var creation = Creation(values.IsEmpty ? [] : shape);
            WriteDataset(name, shape, type, values, creation);
            _api.Close("H5Pclose", creation);
        }
    }

    private void WriteDataset<T>(string name, ReadOnlySpan<ulong> shape, long type, ReadOnlySpan<T> values, long creation)
        where T : unmanaged
    {
        var space = _api.CreateSpace(shape, []);
        var dataset = Require(_api.CreateDataset(_file, name, type, space, creation));
        RequireDone(_api.Write(dataset, type, Hdf5Api.Default, Hdf5Api.Default, values));
        _api.Close("H5Dclose", dataset);
        _api.Close("H5Sclose", space);
    }

    /// <summary>How a dataset is stored: packed in chunks, or in one piece where there are none.</summary>
    private long Creation(ReadOnlySpan<ulong> chunks)
    {
        var creation = Require(_api.CreateProperties(_api.DatasetCreation));
        RequireDone(_api.OmitTimes(creation) && (chunks.IsEmpty || (_api.SetChunks(creation, chunks) && _api.SetDeflate(creation, Deflate))));
        return creation;
    }

    private long Require(long identifier) => identifier >= 0 ? identifier : throw Refused();

    private void RequireDone(bool done)
    {
        if (!done)
            throw Refused();
    }

    private UserErrorException Refused() => new(Messages.CannotWrite(_path, _api.LastError()));
}
