using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hls4Net.Verification.Tools;

/// <summary>
/// A program together with everything that it started. Where <c>setsid</c> exists it leads a process group of its own, so
/// that even children whose parent is gone can be ended; elsewhere its descendants are.
/// </summary>
internal sealed partial class ProcessGroup : IDisposable
{
    private const int Kill9 = 9;

    private readonly Process _leader;
    private readonly int _id;
    private readonly bool _hasGroup;
    private readonly List<PosixSignalRegistration> _signals = [];
    private volatile bool _interrupted;

    /// <param name="leader">A process that has just been started, by way of <c>setsid</c> if <paramref name="hasGroup"/>.</param>
    /// <param name="hasGroup">Whether it leads its own group.</param>
    public ProcessGroup(Process leader, bool hasGroup)
    {
        _leader = leader;
        _id = leader.Id;
        _hasGroup = hasGroup;
        // A group of its own does not see the terminal's Ctrl+C, so that it has to be passed on.
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _signals.Add(PosixSignalRegistration.Create(signal, _ => Interrupt()));
    }

    /// <summary>Whether the user or the system asked this process to stop while the program ran.</summary>
    public bool WasInterrupted => _interrupted;

    /// <summary>Ends all of it at once; no error if nothing is left.</summary>
    public void Kill()
    {
        if (_hasGroup && _id > 1)
            _ = SendSignal(-_id, Kill9);
        try
        {
            _leader.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It has ended in the meantime.
        }
    }

    public void Dispose() => _signals.ForEach(s => s.Dispose());

    private void Interrupt()
    {
        _interrupted = true;
        Kill();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
