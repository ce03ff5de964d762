namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>What decides which two parts of a row are added next, beside how high they reach.</summary>
/// <param name="LevelCost">
/// How much a level counts: parts that are added level by level leave fewer of them for registers, and room in time for constants.
/// </param>
/// <param name="GrowthCost">How much it counts that a sum is higher than both of its operands.</param>
internal readonly record struct SumOrder(double LevelCost, double GrowthCost)
{
    /// <summary>Longer rows are added in the first order only.</summary>
    public const int LongestTried = 24;

    /// <summary>The orders that are tried for each row; of those with as many bits the first is taken.</summary>
    public static readonly SumOrder[] All = [new(1, 0.5), new(2, 0.5), new(0.5, 0.25), new(0.5, 0.5), new(0.25, 0.5), new(0.25, 0.1), new(0, 0.5), new(0, 0)];
}
