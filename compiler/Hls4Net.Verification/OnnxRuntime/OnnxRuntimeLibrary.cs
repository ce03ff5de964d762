using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>
/// A loaded ONNX Runtime: the reference for what a model means in floating point. The library stays loaded until the
/// process ends, because it keeps thread-local state that cannot be unloaded.
/// </summary>
public sealed class OnnxRuntimeLibrary : IDisposable
{
    /// <summary>Errors come back as exceptions with the full message, so the library itself prints nothing below fatal.</summary>
    internal const int LogFatal = 4;

    private OnnxRuntimeLibrary(string path, OrtApi api)
    {
        Path = path;
        Api = api;
        Environment = api.CreateEnvironment(LogFatal);
    }

    /// <summary>The file, or the bare name where the system's loader found it.</summary>
    public string Path { get; }

    /// <summary>The library's own version, such as <c>1.24.3</c>.</summary>
    public string Version => Api.Version;

    internal OrtApi Api { get; }

    internal nint Environment { get; }

    /// <param name="path">A file, or a bare name for the system's loader.</param>
    /// <exception cref="UserErrorException">It cannot be loaded or is something else (HLS5002).</exception>
    public static OnnxRuntimeLibrary Load(string path)
    {
        nint handle;
        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new UserErrorException(Messages.OnnxRuntimeUnusable(path, e.Message));
        }
        var api = OrtApi.TryBind(handle)
            ?? throw new UserErrorException(Messages.OnnxRuntimeUnusable(path, "it is not ONNX Runtime: its function OrtGetApiBase is missing or too new"));
        return new OnnxRuntimeLibrary(path, api);
    }

    /// <summary>Opens a model from a file; external data are looked for beside it.</summary>
    /// <exception cref="OnnxRuntimeException">The library refuses the model.</exception>
    public OnnxSession Open(string modelPath, OnnxSessionOptions? options = null) =>
        new(this, o => Api.CreateSession(Environment, modelPath, o), options ?? OnnxSessionOptions.Plain);

    /// <summary>Opens a model from memory.</summary>
    /// <exception cref="OnnxRuntimeException">The library refuses the model.</exception>
    public OnnxSession Open(byte[] model, OnnxSessionOptions? options = null) =>
        new(this, o => Api.CreateSession(Environment, model, o), options ?? OnnxSessionOptions.Plain);

    public void Dispose() => Api.ReleaseEnvironment(Environment);
}
