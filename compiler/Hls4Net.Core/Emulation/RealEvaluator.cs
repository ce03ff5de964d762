using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation;

/// <summary>Runs a design in float64: the reference against which quantisation is measured, and which is held against ONNX Runtime.</summary>
/// <param name="design">A design of the imported or the typed graph.</param>
/// <param name="applyCasts">Whether casts count (quantisers of the model itself) or are left out.</param>
public sealed class RealEvaluator(Design design, bool applyCasts)
{
    private const int BlockSize = 256;

    /// <summary>Runs a batch.</summary>
    /// <param name="inputs">Event-major values for each input, by channel name; a setting has one event.</param>
    /// <param name="events">Number of events.</param>
    /// <param name="observe">Names of the channels to return; null for the outputs.</param>
    /// <param name="undecided">
    /// One for each event: set where a cast rounds a number that lies so close to the edge between two results that float32 may see it on
    /// the other side. Null if nobody asks.
    /// </param>
    /// <returns>Event-major values by channel name.</returns>
    public IReadOnlyDictionary<string, double[]> Run(
        IReadOnlyDictionary<string, double[]> inputs, int events, IReadOnlyCollection<string>? observe = null, bool[]? undecided = null)
    {
        var names = observe ?? [.. design.Outputs];
        var results = names.ToDictionary(n => n, n => new double[events * Shapes.Count(design.ShapeOf(n))], StringComparer.Ordinal);
        var constants = design.Constants.ToDictionary(c => c.Name, c => c.Tensor.Values.Select(v => new[] { v.ToDouble() }).ToArray(), StringComparer.Ordinal);
        for (var start = 0; start < events; start += BlockSize)
        {
            var lanes = Math.Min(BlockSize, events - start);
            var values = new Dictionary<string, double[][]>(constants, StringComparer.Ordinal);
            foreach (var name in design.Inputs)
                values[name] = Load(inputs[name], Shapes.Count(design.ShapeOf(name)), start, lanes, events);
            var near = undecided is null ? null : new bool[lanes];
            var algebra = new RealLanes(new RealAlgebra(applyCasts), applyCasts, lanes, near);
            foreach (var stage in design.Stages)
            {
                var sources = stage.Inputs.Select(i => i.Length == 0 ? [] : values[i]).ToArray();
                values[stage.Output] = Evaluations.Run(algebra, stage.Computation, (input, element) => sources[input][element]);
            }
            near?.CopyTo(undecided!, start);
            foreach (var (name, target) in results)
                Store(values[name], target, start, lanes);
        }
        return results;
    }

    internal static double[][] Load(double[] values, int elements, int start, int lanes, int events)
    {
        var isSetting = values.Length == elements && events != 1;
        var result = new double[elements][];
        for (var element = 0; element < elements; element++)
        {
            result[element] = new double[isSetting ? 1 : lanes];
            for (var lane = 0; lane < result[element].Length; lane++)
                result[element][lane] = values[(isSetting ? 0 : start + lane) * elements + element];
        }
        return result;
    }

    private static void Store(double[][] elements, double[] target, int start, int lanes)
    {
        for (var element = 0; element < elements.Length; element++)
        {
            for (var lane = 0; lane < lanes; lane++)
                target[(start + lane) * elements.Length + element] = elements[element][elements[element].Length == 1 ? 0 : lane];
        }
    }
}
