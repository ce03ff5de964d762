using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Trigger.Events;

namespace Hls4Net.Cli.Compilation;

/// <summary>What a design takes in, from events of any format.</summary>
internal sealed class FeatureSource
{
    private const int Slice = 4096;

    private readonly EventLayout? _layout;
    private readonly int[]? _columns;
    private readonly int _width;
    private readonly string _path;

    private readonly CompiledFolder _folder;

    /// <summary>For each number that the network reads its place in the layout, or −1 for 0; null where the layout is the network's.</summary>
    private readonly int[]? _places;

    /// <param name="reader">The file.</param>
    /// <param name="folder">The design: without a description of events it has one input.</param>
    /// <param name="options">The order of the features, or their names.</param>
    /// <exception cref="UserErrorException">The features are not the design's (HLS4106).</exception>
    public FeatureSource(IEventReader reader, CompiledFolder folder, EvaluationOptions options)
    {
        (_path, _folder) = (reader.Path, folder);
        var inputs = folder.DataInputs;
        if (inputs.Count != 1 && folder.Events is null)
            throw new UserErrorException(Messages.EventsDoNotFit(_path, $"the design has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => i.Name))}), and events are given to one"));
        _width = folder.Events?.Features ?? Shapes.Count(inputs[0].Shape.ToSeq());
        if (options.Features is { } names)
            _columns = [.. names.Select(n => ColumnOf(reader, n))];
        if (_columns is not null && _columns.Length != _width)
            throw DoesNotFit($"{_columns.Length} features were named");
        if (folder.Manifest.Events is { } events)
        {
            // Rows of numbers need no slots.
            if (_columns is null && reader.Format is not (EventFormat.Hdf5Table or EventFormat.Csv or EventFormat.NumPy))
                (_layout, _places) = events.LayoutOf(_path);
            return;
        }
        EventLayout[] known = [EventLayout.Adc2021(FeatureOrder.Interleaved), EventLayout.Adc2021(FeatureOrder.Grouped)];
        _layout = options.Order is { } order ? EventLayout.Adc2021(order) : Array.Find(known, l => l.Features == _width);
        if (_layout is not null && _layout.Features != _width)
            throw DoesNotFit($"{_layout.Order.ToString().ToLowerInvariant()} events have {_layout.Features}");
    }

    /// <summary>Rows of features as the design's inputs take them.</summary>
    public IReadOnlyDictionary<string, RawBatch> ToInputs(double[] rows)
    {
        if (_folder.Events is { } events)
            return events.ToPorts(rows);
        var input = _folder.DataInputs[0];
        return new Dictionary<string, RawBatch>(StringComparer.Ordinal) { [input.Name] = InputConversion.Quantize(rows, _width, input.Quantizer) };
    }

    /// <summary>Rows of features as the inputs of the network in real numbers.</summary>
    public IReadOnlyDictionary<string, double[]> ToReals(double[] rows) =>
        _folder.Events?.ToReals(rows) ?? new Dictionary<string, double[]>(StringComparer.Ordinal) { [_folder.DataInputs[0].Name] = rows };

    /// <summary>The features of all events of a block, and how many objects had no place among them.</summary>
    public (double[] Values, long Dropped) Of(EventBlock block)
    {
        if (_columns is not null)
            return (Choose(block.Features!, block.Count), 0);
        if (block.Features is { } rows && rows.Length == (long)block.Count * _width)
            return (rows, 0);
        if (!block.HasObjects || _layout is null)
            throw DoesNotFit(block.Features is { } features ? $"the file has {features.Length / block.Count}" : "events of objects have 57, or 56 if grouped");
        if (_places is not null)
            return Place(block, _layout, _places);
        var (values, dropped) = (new double[block.Count * _width], 0L);
        Parallel.For(0, (block.Count + Slice - 1) / Slice, slice =>
        {
            var without = 0L;
            for (var i = slice * Slice; i < Math.Min(block.Count, (slice + 1) * Slice); i++)
                without += _layout.Fill(block, i, values.AsSpan(i * _width, _width));
            Interlocked.Add(ref dropped, without);
        });
        return (values, dropped);
    }

    /// <summary>Objects of a block in the order of a description.</summary>
    private (double[] Values, long Dropped) Place(EventBlock block, EventLayout layout, int[] places)
    {
        var (values, dropped) = (new double[block.Count * _width], 0L);
        Parallel.For(0, (block.Count + Slice - 1) / Slice, slice =>
        {
            var (row, without) = (new double[layout.Features], 0L);
            for (var i = slice * Slice; i < Math.Min(block.Count, (slice + 1) * Slice); i++)
            {
                Array.Clear(row);
                without += layout.Fill(block, i, row);
                for (var k = 0; k < _width; k++)
                    values[i * _width + k] = places[k] < 0 ? 0 : row[places[k]];
            }
            Interlocked.Add(ref dropped, without);
        });
        return (values, dropped);
    }

    private static int ColumnOf(IEventReader reader, string name)
    {
        var column = reader.FeatureNames.ToList().IndexOf(name);
        return column >= 0 ? column : throw new UserErrorException(reader.FeatureNames.Count == 0
            ? Messages.EventsDoNotFit(reader.Path, "its features have no names")
            : Messages.UnknownOptionValue("--features", name, [.. reader.FeatureNames]));
    }

    private double[] Choose(double[] rows, int count)
    {
        var (width, values) = (rows.Length / count, new double[count * _width]);
        for (var i = 0; i < values.Length; i++)
            values[i] = rows[i / _width * width + _columns![i % _width]];
        return values;
    }

    private UserErrorException DoesNotFit(string what) => new(Messages.EventsDoNotFit(_path, $"the network takes {_width} features, and {what}"));
}
