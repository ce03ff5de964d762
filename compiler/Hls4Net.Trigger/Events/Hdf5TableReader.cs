using Hls4Net.Core.Diagnostics;
using Hls4Net.Trigger.Hdf5;

namespace Hls4Net.Trigger.Events;

/// <summary>
/// Features of events in an HDF5 file, as those of the LHC Olympics: a table that pandas wrote in its fixed format (a group with
/// <c>block0_values</c>, …, and names in <c>axis0</c>), or a file with one dataset of shape [events, features].
/// </summary>
internal sealed class Hdf5TableReader : IEventReader
{
    private const int MostNumbers = 1 << 22;

    private readonly Hdf5File _file;
    private readonly EventUnits _units;
    private readonly List<(Hdf5Dataset Values, int[] Places)> _parts = [];
    private readonly int _width;
    private long _next;

    public Hdf5TableReader(Hdf5File file, EventUnits units)
    {
        (_file, _units) = (file, units);
        if (file.Names().FirstOrDefault(n => file.Has($"{n}/block0_values")) is { } group)
            FeatureNames = OpenPandas(group);
        else
            OpenPlain();
        _width = _parts.Sum(p => p.Places.Length);
        Count = _parts[0].Values.Shape[0];
        if (_parts.Exists(p => p.Values.Shape[0] != Count))
            throw new UserErrorException(Messages.Hdf5Broken(file.Path, "the columns of its table are not equally long"));
    }

    public string Path => _file.Path;

    public EventFormat Format => EventFormat.Hdf5Table;

    public long? Count { get; }

    public IReadOnlyList<string> FeatureNames { get; } = [];

    public EventBlock? Read()
    {
        var rows = (int)Math.Min(Math.Max(1, MostNumbers / Math.Max(1, _width)), Count!.Value - _next);
        if (rows == 0)
            return null;
        var values = new double[rows * _width];
        foreach (var (dataset, places) in _parts)
        {
            var part = new double[rows * places.Length];
            dataset.Read(_next, rows, part);
            for (var i = 0; i < part.Length; i++)
                values[i / places.Length * _width + places[i % places.Length]] = part[i];
        }
        var block = FeatureRows.ToBlock(Path, values, _width, _next, _units);
        _next += rows;
        return block;
    }

    public void Dispose()
    {
        _parts.ForEach(p => p.Values.Dispose());
        _file.Dispose();
    }

    /// <summary>Columns of one type lie together in a block, with their names beside it; axis0 has the order of all.</summary>
    private IReadOnlyList<string> OpenPandas(string group)
    {
        var names = Texts($"{group}/axis0");
        for (var i = 0; _file.Has($"{group}/block{i}_values"); i++)
        {
            var places = Texts($"{group}/block{i}_items").Select(n => names.ToList().IndexOf(n)).ToArray();
            var values = Numbers($"{group}/block{i}_values");
            if (values.Shape.Count != 2 || values.Shape[1] != places.Length || places.Contains(-1))
                throw new UserErrorException(Messages.Hdf5Broken(Path, $"'{group}/block{i}_values' does not fit the names of its columns"));
            _parts.Add((values, places));
        }
        return names;
    }

    private void OpenPlain()
    {
        foreach (var name in _file.Names())
        {
            // A group is no dataset: its members would be.
            if (_file.Names(name).Count > 0)
                continue;
            var dataset = _file.Dataset(name);
            if (dataset.Shape.Count == 2 && dataset.Shape[1] > 0 && dataset.IsNumeric)
                _parts.Add((dataset, [.. Enumerable.Range(0, (int)dataset.Shape[1])]));
            else
                dataset.Dispose();
        }
        if (_parts.Count != 1)
        {
            throw new UserErrorException(Messages.EventFormat(Path, _parts.Count == 0
                ? $"it has no dataset Particles and none of shape [events, features]; it has {Messages.Printable(string.Join(", ", _file.Names()), 200)}"
                : "it has several datasets of shape [events, features]"));
        }
    }

    private IReadOnlyList<string> Texts(string name)
    {
        using var dataset = _file.Dataset(name);
        return dataset.ReadTexts();
    }

    private Hdf5Dataset Numbers(string name)
    {
        var dataset = _file.Dataset(name);
        return dataset.IsNumeric ? dataset : throw new UserErrorException(Messages.Hdf5Broken(Path, $"'{name}' does not hold numbers"));
    }
}
