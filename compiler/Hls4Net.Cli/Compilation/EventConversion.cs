using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Trigger.Events;

namespace Hls4Net.Cli.Compilation;

/// <summary>Writes events to a file: features to .npy, objects to HDF5 of the ADC2021 challenge or to a table of the Dark Machines challenge.</summary>
internal sealed class EventConversion
{
    private const int ClassColumn = 3;
    private readonly EventLayout _layout;
    private readonly bool _isTable;

    public EventConversion(string path, FeatureOrder order)
    {
        IsHdf5 = EventFiles.IsHdf5Name(path);
        _isTable = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        if (!IsHdf5 && !_isTable && !path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException(Messages.BadOptionValue("--output", path, "a name that ends in .npy (features), .h5 (objects, ADC2021) or .csv (objects, Dark Machines)"));
        (Path, _layout) = (path, EventLayout.Adc2021(IsHdf5 ? FeatureOrder.Interleaved : order));
    }

    public string Path { get; }

    public bool IsHdf5 { get; }

    /// <summary>Objects for which there was no slot, until now.</summary>
    public long Dropped { get; private set; }

    /// <summary>Writes all blocks, or nothing.</summary>
    /// <param name="blocks">Events with objects.</param>
    /// <returns>How many events were written.</returns>
    public long Write(IEnumerable<EventBlock> blocks)
    {
        if (_isTable)
            return DarkMachinesWriter.Write(Path, blocks);
        var count = 0L;
        if (IsHdf5)
        {
            AtomicFile.Write(Path, temporary => count = WriteHdf5(temporary, blocks));
            return count;
        }
        using var writer = new NpyBatchWriter<double>(Path, [_layout.Features]);
        foreach (var block in blocks)
        {
            writer.Append(FeaturesOf(block));
            count += block.Count;
        }
        writer.Commit();
        return count;
    }

    private long WriteHdf5(string path, IEnumerable<EventBlock> blocks)
    {
        using var writer = new Adc2021Writer(path);
        var (count, ids) = (0L, new List<long>());
        foreach (var block in blocks)
        {
            writer.Append(ParticlesOf(FeaturesOf(block)));
            ids.AddRange(block.Ids ?? []);
            count += block.Count;
        }
        if (ids.Count > 0)
            writer.WriteIds([.. ids]);
        writer.Finish();
        return count;
    }

    private double[] FeaturesOf(EventBlock block)
    {
        if (!block.HasObjects)
            throw new UserErrorException(Messages.EventsDoNotFit(Path, "the file has features and no objects, and only objects can be put into slots"));
        var values = new double[block.Count * _layout.Features];
        for (var i = 0; i < block.Count; i++)
            Dropped += _layout.Fill(block, i, values.AsSpan(i * _layout.Features, _layout.Features));
        return values;
    }

    /// <summary>pT, eta and phi with the class that ADC2021 gives each place: 1 MET, 2 electrons, 3 muons, 4 jets, 0 for an empty one.</summary>
    private double[] ParticlesOf(double[] features)
    {
        int[] classes = [1, .. _layout.Groups.SelectMany((g, i) => Enumerable.Repeat(i + 2, g.Count))];
        var particles = new double[features.Length / 3 * 4];
        for (var i = 0; i < features.Length / 3; i++)
        {
            features.AsSpan(3 * i, 3).CopyTo(particles.AsSpan(4 * i));
            var slot = i % _layout.Slots;
            particles[4 * i + ClassColumn] = slot == 0 || features[3 * i] > 0 ? classes[slot] : 0;
        }
        return particles;
    }
}
