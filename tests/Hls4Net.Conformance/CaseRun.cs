using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Verification.OnnxRuntime;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Conformance;

/// <summary>An operator case imported, with stimuli, and what the interpretations make of them.</summary>
internal sealed class CaseRun
{
    public const int Events = 6;

    private readonly OperatorCase _case;
    private readonly Design _design;

    public CaseRun(OperatorCase operatorCase, Action<OnnxNode>? observe = null)
    {
        _case = operatorCase;
        Graph = OnnxImporter.Import(_case.ToModel(), _case.ToString(), null, new ImportOptions(), new DiagnosticBag(), observe);
        _design = DesignBuilder.Build(Graph);
        var random = new Random(20240607);
        Inputs = Graph.Inputs.ToDictionary(i => i, i => Stimuli(random, InputOf(i), Shapes.Count(Graph[i].Shape)), StringComparer.Ordinal);
    }

    public Graph Graph { get; }

    /// <summary>Event-major numbers by input: multiples of 1/16 for floats, so that ties and equal numbers occur.</summary>
    public IReadOnlyDictionary<string, double[]> Inputs { get; }

    /// <summary>The reals, casts of the model included.</summary>
    public IReadOnlyDictionary<string, double[]> Reals() => new RealEvaluator(_design, applyCasts: true).Run(Inputs, Events);

    /// <summary>The exact numbers of one event by channel.</summary>
    public IReadOnlyDictionary<string, Dyadic[]> Exact(int number) =>
        Evaluate(new ExactAlgebra(), c => [.. c.Tensor.Values], i => [.. Event(i, number).Select(Dyadic.FromDouble)]);

    /// <summary>What the channels can be, given inputs anywhere between −4 and 4.</summary>
    public IReadOnlyDictionary<string, Interval[]> Intervals() =>
        Evaluate(new IntervalAlgebra(), c => [.. c.Tensor.Values.Select(Interval.Of)], i => [.. Event(i, 0).Select(_ => RangeOf(i))]);

    /// <summary>The outputs of ONNX Runtime for one event.</summary>
    public OrderedDictionary<string, NpyArray> OnnxRuntime(OnnxRuntimeLibrary library, int number)
    {
        var model = _case.ToModel();
        using var session = library.Open(_case.Domain == ChannelsLast.Domain ? ReferenceModel.Make(model, _case.ToString(), [])! : model);
        return session.Run(Graph.Inputs.ToDictionary(i => i, i => ToArray(i, Event(i, number)), StringComparer.Ordinal));
    }

    /// <summary>The values of an input or output in one event.</summary>
    public static double[] Event(double[] values, int number) => values[(number * (values.Length / Events))..((number + 1) * (values.Length / Events))];

    private double[] Event(string input, int number) => Event(Inputs[input], number);

    private CaseInput InputOf(string input) => _case.Inputs[int.Parse(input[1..], System.Globalization.CultureInfo.InvariantCulture)];

    private DataType TypeOf(string input) => InputOf(input).Type;

    private Interval RangeOf(string input) => ElementTypes.IsFloat(TypeOf(input)) ? new(-64, 64, 4) : ElementTypes.IntegerType(TypeOf(input))!.Value.Range;

    private static double[] Stimuli(Random random, CaseInput input, int count)
    {
        if (ElementTypes.IsFloat(input.Type) && input.Range is null)
            return [.. Enumerable.Range(0, count * Events).Select(_ => random.Next(-64, 65) / 16.0)];
        var (low, high) = input.Range is { } range ? ((long)range.Low, (long)range.High) : Ends(ElementTypes.IntegerType(input.Type)!.Value);
        return [.. Enumerable.Range(0, count * Events).Select(_ => (double)random.NextInt64(low, high + 1))];
    }

    /// <summary>The ends of a type, as far as float64 tells whole numbers apart.</summary>
    private static (long Low, long High) Ends(FixedType type) =>
        type.Width > 53 ? (type.Signed ? -(1L << 53) : 0, 1L << 53) : ((long)type.MinimumRaw, (long)type.MaximumRaw);

    private NpyArray ToArray(string input, double[] values)
    {
        var shape = Graph[input].Shape;
        return TypeOf(input) switch
        {
            DataType.Float => NpyArray.Of(shape, Array.ConvertAll(values, v => (float)v)),
            DataType.Double => NpyArray.Of(shape, values),
            DataType.Uint8 => NpyArray.Of(shape, Array.ConvertAll(values, v => (byte)v)),
            DataType.Int8 => NpyArray.Of(shape, Array.ConvertAll(values, v => (sbyte)v)),
            DataType.Int32 => NpyArray.Of(shape, Array.ConvertAll(values, v => (int)v)),
            DataType.Int64 => NpyArray.Of(shape, Array.ConvertAll(values, v => (long)v)),
            DataType.Bool => NpyArray.Of(shape, Array.ConvertAll(values, v => v != 0)),
            var other => throw new NotSupportedException($"{other}"),
        };
    }

    private Dictionary<string, T[]> Evaluate<T>(IAlgebra<T> algebra, Func<NamedConstant, T[]> constant, Func<string, T[]> input)
    {
        var values = _design.Constants.ToDictionary(c => c.Name, constant, StringComparer.Ordinal);
        foreach (var name in _design.Inputs)
            values[name] = input(name);
        foreach (var stage in _design.Stages)
        {
            var sources = stage.Inputs.Select(i => i.Length == 0 ? [] : values[i]).ToArray();
            values[stage.Output] = Evaluations.Run(algebra, stage.Computation, (i, e) => sources[i][e]);
        }
        return values;
    }
}
