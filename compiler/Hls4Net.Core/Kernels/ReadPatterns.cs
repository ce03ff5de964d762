using System.Diagnostics.CodeAnalysis;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Kernels;

/// <summary>
/// Tells elements of a kernel that read equal values in the same order, and so compute the same: the inner pixels of a convolution, when
/// what is known of its input is the same for every pixel. The walk over what is read takes a small part of the time of the arithmetic.
/// </summary>
/// <typeparam name="T">What is known of an element, such as an interval.</typeparam>
public sealed class ReadPatterns<T>
    where T : IEquatable<T>
{
    /// <summary>So many elements without a pattern that was seen before say that there are none: the rows of a matrix all differ.</summary>
    private const int Patience = 64;

    private readonly Kernel _kernel;
    private readonly Func<int, int, T> _load;
    private readonly Dictionary<UInt128, T> _known = [];
    private readonly Dictionary<T, int> _classes = [];
    /// <summary>By input and element the number of its value, from 1; 0 where it has not been asked for.</summary>
    private int[][] _loaded = [];

    private int _unseen;

    /// <param name="kernel">What reads.</param>
    /// <param name="load">What is known of an element (linear position) of an input.</param>
    public ReadPatterns(Kernel kernel, Func<int, int, T> load)
    {
        (_kernel, _load) = (kernel, load);
        // Without a reduction the arithmetic is as short as the walk.
        _unseen = kernel.Body.Instructions.Any(i => i is Reduce) ? 0 : Patience;
    }

    /// <summary>The result of an earlier element that reads the same.</summary>
    /// <param name="indices">The element.</param>
    /// <param name="pattern">What to remember its result by; null if that is not worth it.</param>
    public bool IsKnown(ReadOnlySpan<int> indices, out UInt128? pattern, [MaybeNullWhen(false)] out T result)
    {
        (pattern, result) = (null, default);
        if (_unseen >= Patience)
            return false;
        var sum = default(Digest);
        Walk(_kernel.Body, indices, ref sum);
        pattern = sum.Value;
        if (_known.TryGetValue(sum.Value, out result))
        {
            _unseen = int.MinValue;
            return true;
        }
        _unseen++;
        return false;
    }

    /// <summary>Remembers the result of an element that was not known.</summary>
    public void Remember(UInt128? pattern, T result)
    {
        if (pattern is { } key)
            _known[key] = result;
    }

    private void Walk(Block block, ReadOnlySpan<int> indices, ref Digest sum)
    {
        foreach (var instruction in block.Instructions.Span)
        {
            switch (instruction)
            {
                case Load load:
                    sum.Add(ClassOf(load.Input, load.Element.Evaluate(indices)));
                    break;
                case IndexValue index:
                    sum.Add(index.Value.Evaluate(indices));
                    break;
                case Reduce reduce:
                    WalkTerms(reduce, indices, ref sum);
                    break;
            }
        }
    }

    private void WalkTerms(Reduce reduce, ReadOnlySpan<int> indices, ref Digest sum)
    {
        var count = Shapes.Count(reduce.Extents);
        var inner = new int[indices.Length + reduce.Extents.Count];
        indices.CopyTo(inner);
        for (var n = 0; n < count; n++)
        {
            if (Interpreter.Holds(reduce.Where, inner))
                Walk(reduce.Term, inner, ref sum);
            else
                sum.Add(-1);
            Shapes.Advance(inner.AsSpan(indices.Length), reduce.Extents);
        }
    }

    private int ClassOf(int input, int element)
    {
        if (input < _loaded.Length && element < _loaded[input].Length && _loaded[input][element] is var known and not 0)
            return known;
        var value = _load(input, element);
        if (!_classes.TryGetValue(value, out var number))
            _classes.Add(value, number = _classes.Count + 1);
        while (_loaded.Length <= input)
            _loaded = [.. _loaded, []];
        if (_loaded[input].Length <= element)
            Array.Resize(ref _loaded[input], (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)element + 1));
        return _loaded[input][element] = number;
    }

    /// <summary>A sequence of integers in 128 bits.</summary>
    private struct Digest
    {
        private ulong _low;
        private ulong _high;

        public readonly UInt128 Value => new(_high, _low);

        public void Add(int value)
        {
            _low = unchecked((_low ^ (uint)value) * 0x9E3779B97F4A7C15 + 1);
            _low ^= _low >> 32;
            _high = unchecked((_high + (uint)value) * 0xC2B2AE3D27D4EB4F + 0x165667B19E3779F9);
            _high ^= _high >> 29;
        }
    }
}
