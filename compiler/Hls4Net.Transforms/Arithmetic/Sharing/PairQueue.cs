namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>Pairs by score, the highest first: a binary heap. The platform's queue compares by way of an interface, and takes twice as long.</summary>
internal sealed class PairQueue
{
    private (double Score, ulong Pair)[] _heap = new (double, ulong)[256];
    private int _count;

    public void Enqueue(ulong pair, double score)
    {
        if (_count == _heap.Length)
            Array.Resize(ref _heap, 2 * _count);
        var heap = _heap;
        var place = _count++;
        while (place > 0)
        {
            var above = place - 1 >> 1;
            if (heap[above].Score >= score)
                break;
            heap[place] = heap[above];
            place = above;
        }
        heap[place] = (score, pair);
    }

    public bool TryDequeue(out ulong pair, out double score)
    {
        if (_count == 0)
        {
            (pair, score) = (0, 0);
            return false;
        }
        var heap = _heap;
        (score, pair) = heap[0];
        var last = heap[--_count];
        var place = 0;
        for (var below = 1; below < _count; below = 2 * place + 1)
        {
            if (below + 1 < _count && heap[below + 1].Score > heap[below].Score)
                below++;
            if (heap[below].Score <= last.Score)
                break;
            heap[place] = heap[below];
            place = below;
        }
        heap[place] = last;
        return true;
    }
}
