using Hls4Net.Core.Data;
using Hls4Net.Core.Text;

namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>A model that ONNX Runtime has accepted. <see cref="Run"/> may be called from several threads.</summary>
public sealed class OnnxSession : IDisposable
{
    private const int KindTensor = 1;
    private static readonly string[] Kinds = ["unknown", "tensor", "sequence", "map", "opaque", "sparse tensor", "optional"];

    private readonly OrtApi _api;
    private nint _session;

    internal OnnxSession(OnnxRuntimeLibrary library, Func<nint, nint> create, OnnxSessionOptions options)
    {
        _api = library.Api;
        var native = _api.CreateSessionOptions();
        try
        {
            _api.SetLogLevel(native, OnnxRuntimeLibrary.LogFatal);
            _api.SetOptimisation(native, options.Optimise ? 99 : 0);
            if (options.SingleThreaded)
                _api.SetThreads(native, 1);
            _session = create(native);
        }
        finally
        {
            _api.ReleaseSessionOptions(native);
        }
        Inputs = Enumerable.Range(0, _api.InputCount(_session)).Select(i => Describe(_api.InputName(_session, i), _api.InputType(_session, i))).ToSeq();
        Outputs = Enumerable.Range(0, _api.OutputCount(_session)).Select(i => Describe(_api.OutputName(_session, i), _api.OutputType(_session, i))).ToSeq();
    }

    /// <summary>Inputs in the graph's order, without initialisers.</summary>
    public Seq<OnnxValueInfo> Inputs { get; }

    /// <summary>Outputs in the graph's order.</summary>
    public Seq<OnnxValueInfo> Outputs { get; }

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">One array per input, with the element type that the model declares.</param>
    /// <param name="outputs">The outputs that are wanted, in the order of the result; all in the graph's order if null.</param>
    /// <exception cref="OnnxRuntimeException">Inputs are missing, unknown or do not fit, or an output has a type that arrays lack.</exception>
    public OrderedDictionary<string, NpyArray> Run(IReadOnlyDictionary<string, NpyArray> inputs, IReadOnlyList<string>? outputs = null)
    {
        ObjectDisposedException.ThrowIf(_session == 0, this);
        outputs ??= [.. Outputs.Select(o => o.Name)];
        var names = new List<Utf8>();
        var values = new List<nint>();
        try
        {
            foreach (var (name, array) in inputs)
            {
                names.Add(new Utf8(name));
                values.Add(ToNative(array));
            }
            names.AddRange(outputs.Select(o => new Utf8(o)));
            var pointers = names.ConvertAll(n => n.Pointer).ToArray();
            var results = _api.Run(_session, pointers[..inputs.Count], [.. values], pointers[inputs.Count..]);
            values.AddRange(results);
            var arrays = new OrderedDictionary<string, NpyArray>(StringComparer.Ordinal);
            foreach (var (name, value) in outputs.Zip(results))
                arrays.Add(name, FromNative(name, value));
            return arrays;
        }
        finally
        {
            values.ForEach(_api.ReleaseValue);
            names.ForEach(n => n.Dispose());
        }
    }

    public void Dispose()
    {
        if (_session != 0)
            _api.ReleaseSession(_session);
        _session = 0;
    }

    private OnnxValueInfo Describe(string name, nint typeInfo)
    {
        try
        {
            var kind = _api.Kind(typeInfo);
            if (kind != KindTensor)
                return new OnnxValueInfo(name, kind >= 0 && kind < Kinds.Length ? Kinds[kind] : $"kind {kind}", null, [], []);
            var tensor = _api.TensorPart(typeInfo);
            var code = _api.ElementType(tensor);
            return new OnnxValueInfo(name, OnnxElementTypes.Name(code), OnnxElementTypes.Type(code), Seq.Own(_api.Shape(tensor)), Seq.Own(_api.Symbols(tensor)));
        }
        finally
        {
            _api.ReleaseTypeInfo(typeInfo);
        }
    }

    private unsafe nint ToNative(NpyArray array)
    {
        var value = _api.CreateTensor([.. array.Shape.Select(e => (long)e)], OnnxElementTypes.Code(array.Type));
        array.CopyBytesTo(new Span<byte>(array.Count == 0 ? null : _api.TensorData(value), array.Count * array.Type.Size()));
        return value;
    }

    private unsafe NpyArray FromNative(string name, nint value)
    {
        if (value == 0 || !_api.IsTensor(value))
            throw new OnnxRuntimeException(0, $"Output '{name}' is no tensor.");
        var info = _api.TensorInfo(value);
        try
        {
            var code = _api.ElementType(info);
            var type = OnnxElementTypes.Type(code)
                ?? throw new OnnxRuntimeException(0, $"Output '{name}' has element type {OnnxElementTypes.Name(code)}, which has no array here.");
            var shape = _api.Shape(info).Select(e => (int)e).ToSeq();
            var bytes = shape.Aggregate(1, (p, e) => p * e) * type.Size();
            return NpyArray.FromBytes(shape, type, new ReadOnlySpan<byte>(bytes == 0 ? null : _api.TensorData(value), bytes)) with { Source = name };
        }
        finally
        {
            _api.ReleaseTensorInfo(info);
        }
    }
}
