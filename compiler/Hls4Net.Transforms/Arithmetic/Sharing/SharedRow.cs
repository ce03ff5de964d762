using System.Numerics;

namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>A variable of the search: an input, or a sum of terms over other variables, which is a result, a shared part, or both.</summary>
internal sealed class SharedRow
{
    private int[] _saved = [];
    private (int Count, bool IsLive, int Depth, int Limit) _savedState;

    /// <summary>Position among the variables: inputs first, then results, then shared parts.</summary>
    public required int Variable { get; init; }

    /// <summary>The sum.</summary>
    public TermList Terms { get; } = new();

    /// <summary>The terms of this variable in all rows: the column of the matrix whose rows are <see cref="Terms"/>, coded in the same way.</summary>
    public TermList Uses { get; } = new();

    /// <summary>Whether the variable is in use.</summary>
    public bool IsLive { get; set; } = true;

    /// <summary>The adder level at which the variable is there.</summary>
    public int Depth { get; set; }

    /// <summary>The adder level at which the row must be there.</summary>
    public int Limit { get; set; }

    /// <summary>
    /// Σ 2^depth over the terms, and over the constant if the row has one. A tree of adders reaches level d exactly if this is at most
    /// 2^d (Kraft's inequality).
    /// </summary>
    public long Kraft { get; set; }

    /// <summary>2^0 for the constant of a result that has one.</summary>
    public long OwnKraft { get; init; }

    /// <summary>About the smallest integer of the variable.</summary>
    public double Low { get; private set; }

    /// <summary>About the largest integer of the variable.</summary>
    public double High { get; private set; }

    /// <summary>About the bits of the variable.</summary>
    public int Width { get; private set; }

    /// <summary>Sets the range; the variable must not be used anywhere yet.</summary>
    public SharedRow Between(double low, double high)
    {
        (Low, High, Width) = (low, high, Widths.Of(low, high));
        return this;
    }

    /// <summary>Variables of different blocks are not paired.</summary>
    public int Block { get; set; }

    /// <summary>The step whose beginning is saved.</summary>
    public int SavedStep { get; private set; }

    /// <summary>The level that a tree over terms of that Kraft sum reaches.</summary>
    public static int LevelOf(long kraft) => kraft <= 1 ? 0 : 64 - BitOperations.LeadingZeroCount((ulong)(kraft - 1));

    /// <summary>Whether the row still meets its level when its Kraft sum changes.</summary>
    public bool Meets(long growth) => growth <= 0 || Kraft + growth <= 1L << Limit;

    /// <summary>Keeps the row as it is at the beginning of a step.</summary>
    /// <param name="isNew">The row was not in use then.</param>
    public void Save(int step, bool isNew)
    {
        SavedStep = step;
        if (_saved.Length < Terms.Count)
            _saved = new int[2 * Terms.Count];
        Terms.Span.CopyTo(_saved);
        _savedState = (isNew ? 0 : Terms.Count, !isNew, Depth, Limit);
    }

    /// <summary>What the row was at the beginning of the step.</summary>
    public ReadOnlySpan<int> Saved => _saved.AsSpan(0, _savedState.Count);

    /// <summary>Restores everything but the terms, which the caller does because pairs are counted.</summary>
    public void RestoreState() => (IsLive, Depth, Limit) = (_savedState.IsLive, _savedState.Depth, _savedState.Limit);
}
