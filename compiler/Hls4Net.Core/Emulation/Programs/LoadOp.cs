using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>Elements of an input, event-major in the user's memory, into slots.</summary>
internal sealed class LoadOp<T>(int input, int[] elements, LaneType type) : LaneOp([], elements.Length, type)
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Events that are read together, so that what they have in memory is still near for the next element.</summary>
    private const int Together = 32;

    public override void Run(LaneWorkspace workspace)
    {
        var batch = workspace.Inputs[input];
        for (var lane = 0; lane < workspace.Lanes; lane += Together)
        {
            if (batch.Wide is not null)
                LoadWide(batch, workspace, lane);
            else if (batch.Events == 1 || lane + Together > workspace.Events)
                LoadLast(batch, workspace, lane);
            else
                LoadWhole(batch, workspace, lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadWhole(RawBatch batch, LaneWorkspace workspace, int lane)
    {
        unchecked
        {
            var stride = batch.Elements;
            var size = workspace.Lanes * Unsafe.SizeOf<T>();
            var events = batch.Raw.AsSpan(checked((workspace.Start + lane) * stride), checked(Together * stride));
            var slot = Target + lane * Unsafe.SizeOf<T>();
            foreach (var element in elements)
            {
                ref var target = ref workspace.At<T>(slot);
                ref var source = ref events[element];
                for (var k = 0; k < Together; k += 4)
                {
                    Unsafe.Add(ref target, k) = T.CreateTruncating(source);
                    Unsafe.Add(ref target, k + 1) = T.CreateTruncating(Unsafe.Add(ref source, stride));
                    Unsafe.Add(ref target, k + 2) = T.CreateTruncating(Unsafe.Add(ref source, 2 * stride));
                    Unsafe.Add(ref target, k + 3) = T.CreateTruncating(Unsafe.Add(ref source, 3 * stride));
                    source = ref Unsafe.Add(ref source, 4 * stride);
                }
                slot += size;
            }
        }
    }

    /// <summary>Events beyond the last are the last one again: every lane holds numbers that an event can have.</summary>
    private void LoadLast(RawBatch batch, LaneWorkspace workspace, int lane)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            ref var target = ref workspace.At<T>(Target + (i * workspace.Lanes + lane) * Unsafe.SizeOf<T>());
            for (var k = 0; k < Together; k++)
                Unsafe.Add(ref target, k) = T.CreateTruncating(batch.Raw[EventAt(batch, workspace, lane + k) * batch.Elements + elements[i]]);
        }
    }

    private void LoadWide(RawBatch batch, LaneWorkspace workspace, int lane)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            ref var target = ref workspace.At<T>(Target + (i * workspace.Lanes + lane) * Unsafe.SizeOf<T>());
            for (var k = 0; k < Together; k++)
                Unsafe.Add(ref target, k) = T.CreateTruncating(batch.Wide![EventAt(batch, workspace, lane + k) * batch.Elements + elements[i]]);
        }
    }

    private static int EventAt(RawBatch batch, LaneWorkspace workspace, int lane) =>
        Math.Min(batch.Events - 1, workspace.Start + Math.Min(lane, workspace.Events - 1));
}

/// <summary>The integers of a channel that somebody asked for, event-major; those that may need more than 64 bits all in 128.</summary>
internal sealed record LaneSink(int Elements, long[] Raw, Int128[]? Wide);

/// <summary>Slots of a channel into the user's memory.</summary>
/// <param name="output">Position among those that were asked for.</param>
/// <param name="slots">One for each element.</param>
/// <param name="types">The slots' lanes.</param>
/// <param name="constants">Which of the slots hold one number for all events.</param>
internal sealed class StoreOp(int output, int[] slots, LaneType[] types, bool[] constants) : LaneOp([slots], 0, LaneType.Int16)
{
    private const int Together = 32;

    public override void Run(LaneWorkspace workspace)
    {
        var sink = workspace.Outputs[output];
        for (var lane = 0; lane < workspace.Events; lane += Together)
        {
            var events = Math.Min(Together, workspace.Events - lane);
            for (var i = 0; i < types.Length; i++)
            {
                switch (types[i])
                {
                    case LaneType.Int16:
                        Store<short>(sink, workspace, i, lane, events);
                        break;
                    case LaneType.Int32:
                        Store<int>(sink, workspace, i, lane, events);
                        break;
                    case LaneType.Int64:
                        Store<long>(sink, workspace, i, lane, events);
                        break;
                    default:
                        Store<Int128>(sink, workspace, i, lane, events);
                        break;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store<T>(LaneSink sink, LaneWorkspace workspace, int element, int lane, int events)
        where T : unmanaged, IBinaryInteger<T>
    {
        ref var source = ref workspace.At<T>(Operands[0][element]);
        var step = constants[element] ? 0 : 1;
        var at = (workspace.Start + lane) * sink.Elements + element;
        for (var k = lane; k < lane + events; k++, at += sink.Elements)
        {
            if (sink.Wide is null)
                sink.Raw[at] = long.CreateTruncating(Unsafe.Add(ref source, step * k));
            else
                sink.Wide[at] = Int128.CreateTruncating(Unsafe.Add(ref source, step * k));
        }
    }
}
