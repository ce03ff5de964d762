using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Emission;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Gpp;

/// <summary>The C++ library of a design, built by g++ as its README says and called through its C interface in this process.</summary>
public sealed class LibraryExecution : IExecution
{
    /// <summary>Where <c>compile</c> puts a library, below the output folder.</summary>
    public const string Folder = "library";

    private static readonly string[] Flags = ["-std=c++17", "-O2", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-shared"];

    private readonly nint _library;
    private readonly HlsCppLayout _layout;
    private readonly Design _design;

    private LibraryExecution(nint library, HlsCppLayout layout, Design design) => (_library, _layout, _design) = (library, layout, design);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint Create();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Destroy(nint model);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int RunBatch(nint model, nuint events, nint batch);

    public string Tool => "library";

    /// <summary>Builds a library, or takes it from the build folder, and loads it.</summary>
    /// <param name="folder">The folder with the library's sources.</param>
    /// <param name="layout">The names of its ports.</param>
    /// <exception cref="UserErrorException">g++ is missing or fails.</exception>
    public static LibraryExecution Build(string folder, HlsCppLayout layout, Design design, string buildFolder, CancellationToken cancellation = default)
    {
        var compiler = ExternalTool.Require(KnownTool.Gpp);
        var sources = Path.GetFullPath(folder);
        var built = Path.Combine(Path.GetFullPath(buildFolder), $"lib{layout.Prefix}-{Key(sources, layout.Prefix, compiler)}.so");
        if (!File.Exists(built))
        {
            Directory.CreateDirectory(buildFolder);
            var work = $"{built}.{Guid.NewGuid():N}";
            compiler.RunToSuccess([.. Flags, $"{layout.Prefix}.cpp", "-o", work], new ToolOptions { WorkingDirectory = sources, LogPath = $"{built}.log" }, cancellation);
            File.Move(work, built, overwrite: true);
        }
        return Load(built, layout, design);
    }

    /// <summary>Loads a shared object that holds a design's library, and perhaps others.</summary>
    public static LibraryExecution Load(string path, HlsCppLayout layout, Design design) => new(NativeLibrary.Load(path), layout, design);

    public IReadOnlyDictionary<string, RawBatch> Run(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation)
    {
        var found = Call("run", inputs.ToDictionary(i => i.Key, i => Integers(i.Value), StringComparer.Ordinal), out var code);
        return code == 0
            ? _layout.Outputs.ToDictionary(o => o.Name, o => RawBatch.Of(o.Elements, found[o.Name]), StringComparer.Ordinal)
            : throw new InvalidOperationException($"The library refused the events: code {code}.");
    }

    /// <summary>The outputs for a batch in real numbers.</summary>
    /// <param name="inputs">The numbers of every input, event by event; one event of a setting.</param>
    /// <param name="code">What the library returned: 0, or 2 if a number is none.</param>
    public IReadOnlyDictionary<string, double[]> RunReal(IReadOnlyDictionary<string, double[]> inputs, out int code) => Call("run_real", inputs, out code);

    /// <summary>Calls a function that takes a batch of numbers of 64 bits.</summary>
    private Dictionary<string, T[]> Call<T>(string function, IReadOnlyDictionary<string, T[]> inputs, out int code)
        where T : unmanaged
    {
        var events = _layout.Inputs.Where(i => !_design.Settings.Contains(i.Name)).Select(i => inputs[i.Name].Length / i.Elements).DefaultIfEmpty(1).First();
        var arrays = _layout.Inputs.Select(i => inputs[i.Name]).Concat(_layout.Outputs.Select(o => new T[events * o.Elements])).ToArray();
        var pins = Array.ConvertAll(arrays, a => GCHandle.Alloc(a, GCHandleType.Pinned));
        var batch = GCHandle.Alloc(Array.ConvertAll(pins, p => p.AddrOfPinnedObject()), GCHandleType.Pinned);
        var model = Function<Create>("create")();
        try
        {
            if (model == 0)
                throw new InvalidOperationException("The library gave no model.");
            code = Function<RunBatch>(function)(model, (nuint)events, batch.AddrOfPinnedObject());
            return _layout.Outputs.Select((o, k) => (o, k)).ToDictionary(p => p.o.Name, p => arrays[_layout.Inputs.Count + p.k], StringComparer.Ordinal);
        }
        finally
        {
            Function<Destroy>("destroy")(model);
            batch.Free();
            foreach (var pin in pins)
                pin.Free();
        }
    }

    /// <summary>The outputs: a library shows nothing of its inside.</summary>
    public IReadOnlyDictionary<string, RawBatch> Trace(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation) => Run(inputs, cancellation);

    public void Dispose() => NativeLibrary.Free(_library);

    private T Function<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, $"{_layout.Prefix}_{name}"));

    private static long[] Integers(RawBatch batch) => batch.Wide is null ? batch.Raw : Array.ConvertAll(batch.Wide, w => (long)w);

    private static string Key(string folder, string prefix, ExternalTool compiler)
    {
        var text = string.Join('\0', [compiler.Path, compiler.Version(), .. Flags, File.ReadAllText(Path.Combine(folder, $"{prefix}.h")), File.ReadAllText(Path.Combine(folder, $"{prefix}.cpp"))]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
