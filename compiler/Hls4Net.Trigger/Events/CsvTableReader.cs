using System.Buffers.Text;
using System.Text;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Events;

/// <summary>Features separated by commas, with a line of names or without.</summary>
internal sealed class CsvTableReader : IEventReader
{
    private const int MostNumbers = 1 << 21;

    private readonly LineReader _lines;
    private readonly EventUnits _units;
    private readonly int _width;
    private double[]? _firstRow;
    private long _next;

    public CsvTableReader(string path, Stream stream, EventUnits units)
    {
        (Path, _units, _lines) = (path, units, new LineReader(path, stream));
        if (!_lines.TryRead(out var line))
            throw new UserErrorException(Messages.EventFormat(path, "it is empty"));
        var fields = Encoding.UTF8.GetString(line.Trim(" \t\r"u8)).Split(',', StringSplitOptions.TrimEntries);
        _width = fields.Length;
        if (fields.All(f => TryParse(Encoding.UTF8.GetBytes(f), out _)))
            _firstRow = ParseRow(line.Trim(" \t\r"u8));
        else
            FeatureNames = fields;
    }

    public string Path { get; }

    public EventFormat Format => EventFormat.Csv;

    public long? Count => null;

    public IReadOnlyList<string> FeatureNames { get; } = [];

    public EventBlock? Read()
    {
        List<double> rows = [.. _firstRow ?? []];
        _firstRow = null;
        while (rows.Count < MostNumbers && _lines.TryRead(out var line))
        {
            line = line.Trim(" \t\r"u8);
            if (!line.IsEmpty)
                rows.AddRange(ParseRow(line));
        }
        if (rows.Count == 0)
            return null;
        var block = FeatureRows.ToBlock(Path, [.. rows], _width, _next, _units);
        _next += block.Count;
        return block;
    }

    public void Dispose() => _lines.Dispose();

    private double[] ParseRow(ReadOnlySpan<byte> line)
    {
        var fields = line.Count((byte)',') + 1;
        if (fields != _width)
            throw LineReader.Malformed(Path, _lines.Number, $"there are {fields} fields instead of the {_width} of the first line");
        var row = new double[_width];
        for (var i = 0; i < row.Length; i++)
        {
            var field = LineReader.Take(ref line, (byte)',').Trim(" \t"u8);
            if (!TryParse(field, out row[i]) || !double.IsFinite(row[i]))
                throw LineReader.Malformed(Path, _lines.Number, $"{(FeatureNames.Count > 0 ? $"'{Messages.Printable(FeatureNames[i])}'" : $"field {i}")} is '{Messages.Printable(Encoding.UTF8.GetString(field))}'");
        }
        return row;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out double value) => Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && used > 0;
}
