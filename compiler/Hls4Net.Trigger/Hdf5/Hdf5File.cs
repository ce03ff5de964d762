using System.Text;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Hdf5;

/// <summary>An HDF5 file that is read.</summary>
public sealed class Hdf5File : IDisposable
{
    private long _file;

    private Hdf5File(Hdf5Api api, string path, long file) => (Api, Path, _file) = (api, path, file);

    public string Path { get; }

    internal Hdf5Api Api { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="UserErrorException">The library is missing (HLS5021), the file cannot be read (HLS4001) or is damaged (HLS4101).</exception>
    public static Hdf5File Open(string path)
    {
        var api = Hdf5Library.Load().Api;
        try
        {
            using var probe = File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException(Messages.CannotRead(path, e.Message));
        }
        lock (Hdf5Api.Gate)
        {
            var file = api.OpenFile(path, write: false);
            return file >= 0 ? new Hdf5File(api, path, file) : throw Broken(path, api);
        }
    }

    /// <summary>Names below a group, sorted; "/" is the file's own.</summary>
    public IReadOnlyList<string> Names(string group = "/")
    {
        lock (Hdf5Api.Gate)
        {
            var identifier = Api.OpenGroup(_file, group);
            var names = identifier < 0 ? [] : Api.NamesIn(identifier);
            Api.Close("H5Gclose", identifier);
            return names;
        }
    }

    /// <summary>Whether there is a dataset or group of a name, each group before it included.</summary>
    public bool Has(string path)
    {
        lock (Hdf5Api.Gate)
        {
            var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            return Enumerable.Range(1, parts.Length).All(n => Api.LinkExists(_file, string.Join('/', parts[..n])));
        }
    }

    /// <summary>Opens a dataset.</summary>
    /// <exception cref="UserErrorException">There is none of the name (HLS4102), or it is damaged (HLS4101).</exception>
    public Hdf5Dataset Dataset(string name)
    {
        if (!Has(name))
            throw new UserErrorException(Messages.EventDatasetMissing(Path, name, Names()));
        lock (Hdf5Api.Gate)
            return new Hdf5Dataset(this, name, _file);
    }

    /// <summary>An attribute of the file as a number, or null if there is none or it is text.</summary>
    public double? NumberAttribute(string name) => Attribute<double?>(name, (attribute, type) =>
    {
        var value = new double[1];
        return Api.ClassOf(type) is 0 or 1 && Api.ReadAttribute<double>(attribute, Api.Double, value) ? value[0] : null;
    });

    /// <summary>An attribute of the file as text, or null if there is none or it is a number.</summary>
    public string? TextAttribute(string name) => Attribute<string?>(name, (attribute, type) =>
    {
        if (Api.ClassOf(type) != 3)
            return null;
        if (Api.IsVariableText(type))
            return Api.ReadVariableText(attribute, type);
        var bytes = new byte[Api.SizeOf(type)];
        return Api.ReadAttribute<byte>(attribute, type, bytes) ? Encoding.UTF8.GetString(bytes).TrimEnd('\0') : null;
    });

    public void Dispose()
    {
        lock (Hdf5Api.Gate)
        {
            Api.Close("H5Fclose", _file);
            _file = -1;
        }
    }

    internal static UserErrorException Broken(string path, Hdf5Api api) => new(Messages.Hdf5Broken(path, api.LastError()));

    private T? Attribute<T>(string name, Func<long, long, T?> read)
    {
        lock (Hdf5Api.Gate)
        {
            if (!Api.AttributeExists(_file, name))
                return default;
            var attribute = Api.OpenAttribute(_file, name);
            var type = Api.TypeOfAttribute(attribute);
            var value = read(attribute, type);
            Api.Close("H5Tclose", type);
            Api.Close("H5Aclose", attribute);
            return value;
        }
    }
}
