namespace Hls4Net.Operators.Trees.Boosters;

/// <summary>Branches on sets of categories, which are whole numbers: a comparison for each member.</summary>
internal static class CategorySets
{
    /// <summary>Continues a branch that asks for the first member of a set by branches for the others, which stand at the end of the tree.</summary>
    /// <param name="place">The branch.</param>
    /// <param name="members">The set.</param>
    /// <param name="inside">Where a member goes.</param>
    /// <param name="outside">Where another number goes.</param>
    public static void Extend(List<BoosterNode> nodes, int place, IReadOnlyList<int> members, int inside, int outside)
    {
        foreach (var member in members.Skip(1))
        {
            nodes.Add(new("BRANCH_EQ", nodes[place].Feature, member, inside, outside));
            nodes[place] = nodes[place] with { Otherwise = nodes.Count - 1 };
            place = nodes.Count - 1;
        }
    }
}
