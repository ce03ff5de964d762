using System.Runtime.InteropServices;

namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>A string in native memory, zero-terminated UTF-8.</summary>
internal sealed class Utf8(string text) : IDisposable
{
    public nint Pointer { get; } = Marshal.StringToCoTaskMemUTF8(text);

    public void Dispose() => Marshal.FreeCoTaskMem(Pointer);
}
