using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>
/// What hls4ml does with ±1 after it has inferred types. A scale before the sign becomes a threshold, −bias / scale rounded down to a step of
/// what it is compared with, whatever sign the scale has. A dense layer with ±1 as weights behind such a threshold gets the narrowest integer type, and
/// loses its bias. Since ±1 are held as 1 and 0, only layers that know may read them; others are refused by name.
/// </summary>
internal sealed class BinaryLayers(List<ProjectLayer> layers, IReadOnlyCollection<string> outputs, DiagnosticBag diagnostics)
{
    public void Run()
    {
        foreach (var sign in layers.Where(l => l.Function == "binary_tanh").ToList())
            MakeThreshold(sign);
        foreach (var dense in layers.Where(l => l is { Class: LayerClass.Dense, WeightQuantizer.IsBinary: true }))
            Narrow(dense);
        foreach (var layer in layers.Where(l => l.Types.GetValueOrDefault("result") is { IsBinary: true }))
            CheckReaders(layer);
    }

    private void MakeThreshold(ProjectLayer sign)
    {
        if (Producer(sign) is not { } scale || !scale.Class.IsScale())
            return;
        if (Readers(scale).Count() != 1 || outputs.Contains(scale.Output.Name) || scale.WeightData.Values.Any(v => v.IsZero))
        {
            Refuse(sign, "hls4ml makes a threshold of the scale before this sign, which others read too or which is 0");
            return;
        }
        var compared = Producer(scale)!.Type("result");
        var threshold = FloatTensor.Fill([], Dyadic.Zero) - scale.BiasData / scale.WeightData;
        sign.Threshold = Floored(threshold, compared.Fraction);
        sign.Types["threshold"] = compared;
        sign.Inputs[0] = scale.Inputs[0];
        sign.Class = LayerClass.BatchNormalizationQuantizedTanh;
        layers.Remove(scale);
    }

    private void Narrow(ProjectLayer dense)
    {
        if (Producer(dense) is not { Class: LayerClass.BatchNormalizationQuantizedTanh })
            return;
        var type = HlsType.Int(BitOperations.Log2((uint)dense.Terms * 2 - 1) + 2, true);
        (dense.Types["accum"], dense.Types["result"], dense.Bias) = (type, type, null);
        foreach (var next in Readers(dense).Where(l => l.Threshold is not null))
        {
            next.Threshold = Floored(next.Threshold!, 0);
            next.Types["threshold"] = type;
        }
    }

    private static FloatTensor Floored(FloatTensor numbers, int fraction) => numbers with
    {
        Values = Array.ConvertAll(numbers.Values, v => new Dyadic(Casting.Round(v.Mantissa, -v.Exponent - fraction, Rounding.Trn), -fraction)),
    };

    private void CheckReaders(ProjectLayer layer)
    {
        if (outputs.Contains(layer.Output.Name))
            Refuse(layer, "hls4ml holds −1 and 1 as 0 and 1, and gives these out; end the model before this node or after a scale");
        foreach (var reader in Readers(layer))
        {
            var isPadded = reader.Windows is { } windows && windows.Before.Concat(windows.After).Any(p => p > 0);
            if (isPadded || !(reader.Class.IsProduct() || reader.Class.IsScale() || reader.Class is LayerClass.Reshape or LayerClass.Transpose))
                Refuse(reader, $"hls4ml holds the values −1 and 1 of '{layer.Name}' as 0 and 1, which this layer takes as they are");
        }
    }

    private void Refuse(ProjectLayer layer, string message) => diagnostics.Add(Messages.HlsLayerUnknown(Messages.At(layer.Origin), message));

    private ProjectLayer? Producer(ProjectLayer layer) => layers.Find(l => l.Output.Name == layer.Inputs[0].Name);

    private IEnumerable<ProjectLayer> Readers(ProjectLayer layer) => layers.Where(l => l.Inputs.Any(i => i.Name == layer.Output.Name));
}
