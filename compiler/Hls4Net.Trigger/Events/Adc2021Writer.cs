using Hls4Net.Trigger.Hdf5;

namespace Hls4Net.Trigger.Events;

/// <summary>Writes events in the format of the ADC2021 challenge (see <see cref="Adc2021Reader"/>).</summary>
public sealed class Adc2021Writer : IDisposable
{
    private const int ChunkRows = 4096;

    private readonly Hdf5Writer _file;
    private readonly Action<ReadOnlyMemory<double>> _append;

    /// <exception cref="Core.Diagnostics.UserErrorException">The file cannot be written (HLS4016) or the library is missing (HLS5021).</exception>
    public Adc2021Writer(string path)
    {
        _file = new Hdf5Writer(path);
        _append = _file.Append(Adc2021Reader.Particles, [Adc2021Reader.Slots, Adc2021Reader.Columns], ChunkRows);
        _file.Write(Adc2021Reader.Names, ["Pt", "Eta", "Phi", "Class"]);
        _file.Write(Adc2021Reader.Classes, ["MET_class_1", "Four_Ele_class_2", "Four_Mu_class_3", "Ten_Jet_class_4"]);
    }

    /// <summary>Adds events: [events, 19, 4], as the file has them.</summary>
    public void Append(ReadOnlyMemory<double> particles) => _append(particles);

    /// <summary>Names the events; for a black box.</summary>
    public void WriteIds(ReadOnlySpan<long> ids) => _file.Write(Adc2021Reader.Ids, ids);

    /// <summary>Completes the file.</summary>
    /// <exception cref="Core.Diagnostics.UserErrorException">The disk is full (HLS4016).</exception>
    public void Finish() => _file.Finish();

    public void Dispose() => _file.Dispose();
}
