using System.Numerics;
using System.Runtime.ExceptionServices;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation;

/// <summary>
/// The reference interpretation of a typed design: blocks of events go through the design's own kernels, instruction by instruction; the
/// lanes are 64 bits wide if the range analysis proves that enough, else 128, else unlimited. <see cref="Emulator"/> computes the same, faster.
/// </summary>
public sealed class ReferenceEmulator
{
    private const int BlockSize = 1024;
    private readonly Design _design;
    private readonly int _width;
    private readonly Dictionary<string, int> _fractions;

    /// <summary>Channels whose integers all fit 32 bits with sign.</summary>
    private readonly HashSet<string> _narrow;

    public ReferenceEmulator(Design design)
    {
        _design = design;
        var ranges = RangeAnalysis.Run(design);
        _width = ranges.WorkingWidth;
        _narrow = [.. design.Channels.Select(c => c.Name).Where(c => IsNarrow(ranges, c))];
        _fractions = design.Channels.ToDictionary(c => c.Name, ranges.FractionOf, StringComparer.Ordinal);
    }

    /// <summary>As <see cref="Emulator.Run"/>.</summary>
    public IReadOnlyDictionary<string, RawBatch> Run(
        IReadOnlyDictionary<string, RawBatch> inputs, IReadOnlyCollection<string>? observe = null, EmulationWatch? watch = null)
    {
        var events = EmulatorInputs.Check(_design, inputs);
        foreach (var input in _design.Inputs)
            EmulatorInputs.CheckRange(_design.Channel(input), inputs[input], 0, events);
        var names = observe ?? [.. _design.Outputs];
        return _width <= 63 ? Run<long>(inputs, events, names, watch)
            : _width <= 127 ? Run<Int128>(inputs, events, names, watch)
            : Run<BigInteger>(inputs, events, names, watch);
    }

    private static bool IsNarrow(RangeAnalysis ranges, string channel)
    {
        var hull = ranges.Hull(channel);
        return hull.Low >= int.MinValue && hull.High <= int.MaxValue;
    }

    private Dictionary<string, RawBatch> Run<T>(
        IReadOnlyDictionary<string, RawBatch> inputs, int events, IReadOnlyCollection<string> observe, EmulationWatch? watch)
        where T : IBinaryInteger<T>
    {
        var results = observe.ToDictionary(n => n, n => new T[events * Shapes.Count(_design.ShapeOf(n))], StringComparer.Ordinal);
        var constants = _design.Constants.ToDictionary(c => c.Name, c => ConstantLanes<T>(c.Tensor), StringComparer.Ordinal);
        InParallel((events + BlockSize - 1) / BlockSize, block =>
        {
            var start = block * BlockSize;
            var lanes = Math.Min(BlockSize, events - start);
            var values = new Dictionary<string, Lanes<T>[]>(constants, StringComparer.Ordinal);
            foreach (var name in _design.Inputs)
                values[name] = LoadInput<T>(inputs[name], _design.Channel(name).Type!.Value, _narrow.Contains(name), start, lanes);
            var algebra = new LaneAlgebra<T>(lanes);
            foreach (var stage in _design.Stages)
            {
                values[stage.Output] = watch?.Overflows is not { } overflows
                    ? RunStage(algebra, stage, values)
                    : RunStage(new LaneAlgebra<T>(lanes, (kind, count) => overflows.Add(stage.Output, kind, count)), stage, values);
            }
            foreach (var (name, target) in results)
                Store(values[name], target, start, lanes);
        }, watch);
        return results.ToDictionary(r => r.Key, r => ToBatch(r.Value, Shapes.Count(_design.ShapeOf(r.Key)), events), StringComparer.Ordinal);
    }

    /// <summary>Blocks of events have nothing to do with one another, so that the order in which they run changes no bit.</summary>
    private static void InParallel(int blocks, Action<int> run, EmulationWatch? watch)
    {
        try
        {
            Parallel.For(0, blocks, new ParallelOptions { CancellationToken = watch?.Cancellation ?? default, MaxDegreeOfParallelism = watch?.Threads ?? -1 }, run);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>A stage's elements, on the grid of the output channel.</summary>
    private Lanes<T>[] RunStage<T>(LaneAlgebra<T> algebra, Stage stage, Dictionary<string, Lanes<T>[]> values)
        where T : IBinaryInteger<T>
    {
        var inputs = stage.Inputs.Select(i => i.Length == 0 ? [] : values[i]).ToArray();
        var elements = Evaluations.Run(algebra, stage.Computation, (input, element) => inputs[input][element]);
        var fraction = _fractions[stage.Output];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = new(OnGrid(elements[i], fraction), fraction, _narrow.Contains(stage.Output));
        return elements;
    }

    private static T[] OnGrid<T>(Lanes<T> lanes, int fraction)
        where T : IBinaryInteger<T>
    {
        var shift = fraction - lanes.Fraction;
        var raw = lanes.Raw;
        if (shift == 0)
            return raw;
        var moved = new T[raw.Length];
        for (var lane = 0; lane < moved.Length; lane++)
        {
            moved[lane] = shift > 0 ? raw[lane] << shift : raw[lane] >> -shift;
            if (shift < 0 && moved[lane] << -shift != raw[lane])
                throw new InvalidOperationException("A value does not lie on the grid of its channel's type.");
        }
        return moved;
    }

    private static Lanes<T>[] ConstantLanes<T>(Graphs.ConstantTensor tensor)
        where T : IBinaryInteger<T> =>
        [.. tensor.Raw.Select(raw => new Lanes<T>([T.CreateChecked(raw)], tensor.Type!.Value.Fraction))];

    private static Lanes<T>[] LoadInput<T>(RawBatch batch, FixedType type, bool isNarrow, int start, int lanes)
        where T : IBinaryInteger<T>
    {
        var elements = new Lanes<T>[batch.Elements];
        var isSetting = batch.Events == 1;
        for (var element = 0; element < elements.Length; element++)
        {
            var raw = new T[isSetting ? 1 : lanes];
            for (var lane = 0; lane < raw.Length; lane++)
            {
                var at = (isSetting ? 0 : start + lane) * batch.Elements + element;
                raw[lane] = batch.Wide is null ? T.CreateChecked(batch.Raw[at]) : T.CreateChecked(batch.Wide[at]);
            }
            elements[element] = new(raw, type.Fraction, isNarrow);
        }
        return elements;
    }

    private static void Store<T>(Lanes<T>[] elements, T[] target, int start, int lanes)
        where T : IBinaryInteger<T>
    {
        for (var element = 0; element < elements.Length; element++)
        {
            for (var lane = 0; lane < lanes; lane++)
                target[(start + lane) * elements.Length + element] = elements[element][lane];
        }
    }

    private static RawBatch ToBatch<T>(T[] raw, int elements, int events)
        where T : IBinaryInteger<T>
    {
        if (Array.TrueForAll(raw, r => r >= T.CreateSaturating(long.MinValue) && r <= T.CreateSaturating(long.MaxValue)))
            return new(events, elements, null, Array.ConvertAll(raw, long.CreateChecked));
        return new(events, elements, Array.ConvertAll(raw, BigInteger.CreateChecked), []);
    }
}
