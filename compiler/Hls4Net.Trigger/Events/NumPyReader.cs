using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Events;

/// <summary>Arrays of features: a .npy file row by row, an .npz archive of one array as a whole.</summary>
internal sealed class NumPyReader : IEventReader
{
    private const int MostNumbers = 1 << 22;

    private readonly NpyBatchReader? _reader;
    private readonly double[] _all = [];
    private readonly int _width;
    private readonly EventUnits _units;
    private long _next;

    public NumPyReader(string path, bool isArchive, EventUnits units)
    {
        (Path, _units) = (path, units);
        if (isArchive)
        {
            var arrays = Npz.Read(path);
            if (arrays.Count != 1 || arrays.First().Value.Shape.Count < 2)
                throw new UserErrorException(Messages.EventFormat(path, $"the archive has the arrays {string.Join(", ", arrays.Keys)}; one of shape [events, features] is needed"));
            var array = arrays.First().Value;
            (_all, Count) = (array.ToDoubles(), array.Shape[0]);
            _width = array.Count / Math.Max(1, array.Shape[0]);
        }
        else
        {
            _reader = NpyBatchReader.Open(path);
            (_width, Count) = (_reader.RowSize, _reader.Rows);
        }
    }

    public string Path { get; }

    public EventFormat Format => EventFormat.NumPy;

    public long? Count { get; }

    public IReadOnlyList<string> FeatureNames => [];

    public EventBlock? Read()
    {
        var rows = (int)Math.Min(Math.Max(1, MostNumbers / Math.Max(1, _width)), Count!.Value - _next);
        if (rows == 0)
            return null;
        var values = _reader?.ReadDoubles(rows) ?? _all[((int)_next * _width)..(((int)_next + rows) * _width)];
        var block = FeatureRows.ToBlock(Path, values, _width, _next, _units);
        _next += rows;
        return block;
    }

    public void Dispose() => _reader?.Dispose();
}
