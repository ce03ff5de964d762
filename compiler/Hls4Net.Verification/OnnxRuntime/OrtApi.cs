using System.Runtime.InteropServices;

namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>
/// The functions of ONNX Runtime's C interface that are needed here. The library exports one function that leads to a
/// table of function pointers. Their order is the order of declaration in <c>onnxruntime_c_api.h</c>; the first 102, the
/// whole of version 1 of the interface, are promised never to move, and no other is used, so any library will do.
/// </summary>
internal sealed unsafe class OrtApi
{
    private const uint InterfaceVersion = 1;

    private readonly nint* _table;

    private OrtApi(nint* table, string version)
    {
        _table = table;
        Version = version;
    }

    /// <summary>The library's version, such as <c>1.24.3</c>.</summary>
    public string Version { get; }

    /// <param name="library">A loaded library.</param>
    /// <returns>Null if the library is not ONNX Runtime or does not speak version 1 of its interface.</returns>
    public static OrtApi? TryBind(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var entry))
            return null;
        var apiBase = ((delegate* unmanaged<nint*>)entry)();
        var table = ((delegate* unmanaged<uint, nint*>)apiBase[0])(InterfaceVersion);
        var version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)apiBase[1])());
        return table is null ? null : new OrtApi(table, version ?? "unknown");
    }

    public nint CreateEnvironment(int logLevel)
    {
        using var name = new Utf8("hls4net");
        nint result;
        Check(((delegate* unmanaged<int, nint, nint*, nint>)_table[3])(logLevel, name.Pointer, &result));
        return result;
    }

    public nint CreateSession(nint environment, string path, nint options)
    {
        var text = OperatingSystem.IsWindows() ? Marshal.StringToCoTaskMemUni(path) : Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            nint result;
            Check(((delegate* unmanaged<nint, nint, nint, nint*, nint>)_table[7])(environment, text, options, &result));
            return result;
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    public nint CreateSession(nint environment, ReadOnlySpan<byte> model, nint options)
    {
        fixed (byte* bytes = model)
        {
            nint result;
            Check(((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)_table[8])(environment, bytes, (nuint)model.Length, options, &result));
            return result;
        }
    }

    public nint[] Run(nint session, nint[] inputNames, nint[] inputs, nint[] outputNames)
    {
        var outputs = new nint[outputNames.Length];
        fixed (nint* names = inputNames, values = inputs, wanted = outputNames, results = outputs)
        {
            Check(((delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)_table[9])(
                session, 0, names, values, (nuint)inputs.Length, wanted, (nuint)outputs.Length, results));
        }
        return outputs;
    }

    public nint CreateSessionOptions() => Get(10);

    public void SetLogLevel(nint options, int level) => Set(22, options, level);

    public void SetOptimisation(nint options, int level) => Set(23, options, level);

    public void SetThreads(nint options, int threads)
    {
        Set(24, options, threads);
        Set(25, options, threads);
    }

    public int InputCount(nint session) => GetCount(30, session);

    public int OutputCount(nint session) => GetCount(31, session);

    public nint InputType(nint session, int index) => GetItem(33, session, index);

    public nint OutputType(nint session, int index) => GetItem(34, session, index);

    public string InputName(nint session, int index) => GetName(36, session, index);

    public string OutputName(nint session, int index) => GetName(37, session, index);

    /// <summary>A tensor with memory of its own.</summary>
    public nint CreateTensor(ReadOnlySpan<long> shape, int elementType)
    {
        fixed (long* extents = shape)
        {
            nint result;
            Check(((delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)_table[48])(Get(78), extents, (nuint)shape.Length, elementType, &result));
            return result;
        }
    }

    public bool IsTensor(nint value) => GetInt(50, value) != 0;

    public byte* TensorData(nint value) => (byte*)Get(51, value);

    /// <summary>The tensor part of a declared type, owned by it; 0 if it is no tensor.</summary>
    public nint TensorPart(nint typeInfo) => Get(55, typeInfo);

    /// <summary>An <c>ONNXType</c>: tensor, sequence, map …</summary>
    public int Kind(nint typeInfo) => GetInt(56, typeInfo);

    public int ElementType(nint tensorInfo) => GetInt(60, tensorInfo);

    public long[] Shape(nint tensorInfo)
    {
        var shape = new long[GetCount(61, tensorInfo)];
        fixed (long* extents = shape)
            Check(((delegate* unmanaged<nint, long*, nuint, nint>)_table[62])(tensorInfo, extents, (nuint)shape.Length));
        return shape;
    }

    public string[] Symbols(nint tensorInfo)
    {
        var names = new nint[GetCount(61, tensorInfo)];
        fixed (nint* pointers = names)
            Check(((delegate* unmanaged<nint, nint*, nuint, nint>)_table[63])(tensorInfo, pointers, (nuint)names.Length));
        return Array.ConvertAll(names, n => Marshal.PtrToStringUTF8(n) ?? "");
    }

    /// <summary>Type and shape of a tensor that exists; to be released.</summary>
    public nint TensorInfo(nint value) => Get(65, value);

    public void ReleaseEnvironment(nint item) => Release(92, item);

    public void ReleaseSession(nint item) => Release(95, item);

    public void ReleaseValue(nint item) => Release(96, item);

    public void ReleaseTypeInfo(nint item) => Release(98, item);

    public void ReleaseTensorInfo(nint item) => Release(99, item);

    public void ReleaseSessionOptions(nint item) => Release(100, item);

    private nint Get(int function)
    {
        nint result;
        Check(((delegate* unmanaged<nint*, nint>)_table[function])(&result));
        return result;
    }

    private nint Get(int function, nint item)
    {
        nint result;
        Check(((delegate* unmanaged<nint, nint*, nint>)_table[function])(item, &result));
        return result;
    }

    private int GetInt(int function, nint item)
    {
        int result;
        Check(((delegate* unmanaged<nint, int*, nint>)_table[function])(item, &result));
        return result;
    }

    private int GetCount(int function, nint item)
    {
        nuint result;
        Check(((delegate* unmanaged<nint, nuint*, nint>)_table[function])(item, &result));
        return (int)result;
    }

    private nint GetItem(int function, nint item, int index)
    {
        nint result;
        Check(((delegate* unmanaged<nint, nuint, nint*, nint>)_table[function])(item, (nuint)index, &result));
        return result;
    }

    private string GetName(int function, nint session, int index)
    {
        var allocator = Get(78);
        nint name;
        Check(((delegate* unmanaged<nint, nuint, nint, nint*, nint>)_table[function])(session, (nuint)index, allocator, &name));
        var text = Marshal.PtrToStringUTF8(name) ?? "";
        Check(((delegate* unmanaged<nint, nint, nint>)_table[76])(allocator, name));
        return text;
    }

    private void Set(int function, nint item, int value) => Check(((delegate* unmanaged<nint, int, nint>)_table[function])(item, value));

    private void Release(int function, nint item) => ((delegate* unmanaged<nint, void>)_table[function])(item);

    /// <exception cref="OnnxRuntimeException">The status is an error.</exception>
    private void Check(nint status)
    {
        if (status == 0)
            return;
        var code = ((delegate* unmanaged<nint, int>)_table[1])(status);
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)_table[2])(status)) ?? "no message";
        Release(93, status);
        throw new OnnxRuntimeException(code, message);
    }
}
