namespace Hls4Net.Core.Text;

/// <summary>The members of an enumeration as people type them: in small letters.</summary>
public static class MemberNames
{
    public static IEnumerable<string> Of<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(Of);

    public static string Of<T>(T member)
        where T : struct, Enum => member.ToString().ToLowerInvariant();

    /// <summary>The member of that name; null if there is none.</summary>
    public static T? Find<T>(string name)
        where T : struct, Enum
    {
        foreach (var member in Enum.GetValues<T>())
        {
            if (Of(member) == name)
                return member;
        }
        return null;
    }
}
