using Hls4Net.Core.Data;
using Hls4Net.Core.Emulation;

namespace Hls4Net.Cli.Compilation;

/// <summary>One .npy file for each output, written block by block; all appear at the end or none.</summary>
internal sealed class OutputFiles : IDisposable
{
    private readonly IReadOnlyList<PortEntry> _outputs;
    private readonly List<NpyBatchWriter<long>> _raw = [];
    private readonly List<NpyBatchWriter<double>> _real = [];

    public OutputFiles(IReadOnlyList<PortEntry> outputs, IReadOnlyDictionary<string, string> paths, bool raw)
    {
        _outputs = outputs;
        foreach (var output in outputs)
        {
            var shape = EventData.RowShape(0, Core.Text.Seq.ToSeq(output.Shape));
            if (raw)
                _raw.Add(new(paths[output.Name], shape));
            else
                _real.Add(new(paths[output.Name], shape));
        }
    }

    public void Append(IReadOnlyDictionary<string, RawBatch> results)
    {
        for (var i = 0; i < _outputs.Count; i++)
        {
            var batch = results[_outputs[i].Name];
            if (_raw.Count > 0)
                _raw[i].Append(batch.Raw);
            else
                _real[i].Append(InputConversion.ToDoubles(batch, _outputs[i].Quantizer.Type));
        }
    }

    public void Commit()
    {
        _raw.ForEach(w => w.Commit());
        _real.ForEach(w => w.Commit());
    }

    public void Dispose()
    {
        _raw.ForEach(w => w.Dispose());
        _real.ForEach(w => w.Dispose());
    }
}
