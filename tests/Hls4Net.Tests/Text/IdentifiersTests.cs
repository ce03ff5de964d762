using System.Text.RegularExpressions;
using Hls4Net.Core.Text;

namespace Hls4Net.Tests.Text;

public sealed partial class IdentifiersTests
{
    public static TheoryData<string> HostileNames =>
    [
        "", " ", "module", "MODULE", "class", "entity", "int", "con", "NULL", "a/b", "a\\b", "../../etc/passwd", "a\"b", "a'b", "a\nb", "a\r\nb",
        "a*/b", "//", "<script>", "0", "3d", "_", "__", "_x_", "a__b", "é", "日本語", "a b", "a;b", "$finish", "`define", "\0", new string('x', 5000),
    ];

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void Any_name_becomes_a_legal_identifier(string name)
    {
        var identifier = Identifiers.Legal(name);
        Assert.Matches(Shape(), identifier);
        Assert.InRange(identifier.Length, 1, 80);
        Assert.False(ReservedWords.Contains(identifier));
    }

    [Fact]
    public void Different_names_get_identifiers_that_differ_without_case()
    {
        var identifiers = new Identifiers("x_3");
        string[] names = ["a/b", "a.b", "a_b", "A_B", "a_b_2", "x", "X", "x.", ""];
        var given = names.Select(identifiers.Of).Append(identifiers.Fresh("x")).ToList();
        Assert.Equal(given.Count, given.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.DoesNotContain("x_3", given);
        Assert.Equal(given[..names.Length], names.Select(identifiers.Of));
    }

    [Fact]
    public void An_inner_scope_hides_nothing_and_is_forgotten()
    {
        var outer = new Identifiers();
        Assert.Equal("x", outer.Of("x"));
        Assert.Equal("x_2", outer.Inner().Fresh("x"));
        Assert.Equal("x_2", outer.Inner().Fresh("x"));
        Assert.Equal("x_2", outer.Fresh("x"));
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$")]
    private static partial Regex Shape();
}
