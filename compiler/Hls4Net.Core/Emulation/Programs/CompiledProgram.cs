using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Hls4Net.Core.Kernels;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>A program for certain channels, with memory that is used again from run to run.</summary>
internal sealed class CompiledProgram
{
    private readonly LaneProgram _program;
    private readonly Channel[] _inputs;
    private readonly (int Elements, bool IsWide)[] _channels;
    private readonly ConcurrentBag<LaneWorkspace> _workspaces = [];

    private CompiledProgram(LaneProgram program, Channel[] inputs, (int Elements, bool IsWide)[] channels) => (_program, _inputs, _channels) = (program, inputs, channels);

    /// <summary>The program for some channels; null if lanes are not wide enough for it.</summary>
    public static CompiledProgram? Of(Design design, LaneRecording recording, IReadOnlyList<string> channels)
    {
        if (recording.Recorder.IsTooWide || LanePlanner.Plan(recording, channels) is not { } program)
            return null;
        return new(program, [.. design.Inputs.Select(design.Channel)], [.. channels.Select(c => (recording[c].Length, Array.Exists(recording[c], IsWide)))]);

        bool IsWide(LaneTerm term) => recording.Recorder.RangeOf(term) is var range && LaneTypes.Fitting(range.Low, range.High) > LaneType.Int64;
    }

    /// <summary>What receives the results of a number of events.</summary>
    public LaneSink[] CreateSinks(int events) => Array.ConvertAll(_channels, c => c.IsWide
        ? new LaneSink(c.Elements, [], new Int128[events * c.Elements])
        : new LaneSink(c.Elements, GC.AllocateUninitializedArray<long>(events * c.Elements), null));

    /// <summary>Runs events, block by block, on as many cores as the watch allows.</summary>
    /// <param name="inputs">In the design's order.</param>
    /// <param name="outputs">What receives the channels.</param>
    /// <param name="events">Number of events.</param>
    /// <param name="watch">Can stop the run; null if nobody asks.</param>
    public void Run(RawBatch[] inputs, LaneSink[] outputs, int events, EmulationWatch? watch)
    {
        var blocks = (events + _program.Lanes - 1) / _program.Lanes;
        var cancellation = watch?.Cancellation ?? CancellationToken.None;
        var threads = watch?.Threads ?? Environment.ProcessorCount;
        if (Math.Min(blocks, threads) <= 1)
        {
            var workspace = Rent(inputs, outputs);
            for (var block = 0; block < blocks; block++)
            {
                cancellation.ThrowIfCancellationRequested();
                Run(workspace, block, events);
            }
            Return(workspace);
            return;
        }
        try
        {
            Parallel.For(0, blocks, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = threads }, () => Rent(inputs, outputs),
                (block, _, workspace) => Run(workspace, block, events), Return);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private LaneWorkspace Run(LaneWorkspace workspace, int block, int events)
    {
        workspace.Start = block * _program.Lanes;
        workspace.Events = Math.Min(_program.Lanes, events - workspace.Start);
        for (var k = 0; k < _inputs.Length; k++)
            EmulatorInputs.CheckRange(_inputs[k], workspace.Inputs[k], workspace.Start, workspace.Events);
        _program.Run(workspace);
        return workspace;
    }

    private LaneWorkspace Rent(RawBatch[] inputs, LaneSink[] outputs)
    {
        if (!_workspaces.TryTake(out var workspace))
            workspace = _program.CreateWorkspace();
        (workspace.Inputs, workspace.Outputs) = (inputs, outputs);
        return workspace;
    }

    private void Return(LaneWorkspace workspace)
    {
        (workspace.Inputs, workspace.Outputs) = ([], []);
        _workspaces.Add(workspace);
    }
}
